"""Coming in and leaving, as a person does it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import session_cookie

pytestmark = pytest.mark.browser

PASSWORD = "seven otters juggle lanterns"


def sign_up(page: Page, app: str, email: str) -> None:
    page.goto(f"{app}/sign_up")
    page.get_by_label("First name").fill("Ada")
    page.get_by_label("Last name").fill("Lovelace")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password again").fill(PASSWORD)
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("its account is ready")).to_be_visible()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def await_cookie(page: Page) -> str:
    """Wait until the page has fetched its cookie."""
    for _ in range(100):
        if cookie := session_cookie(page.context):
            return cookie
        page.wait_for_timeout(50)
    raise AssertionError("the browser got no session cookie")


def test_sign_up_then_in_then_out(page: Page, app: str) -> None:
    sign_up(page, app, "ada@example.org")
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, "ada@example.org")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    await_cookie(page)
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Try the demo")).to_be_visible()


def test_try_the_demo_is_one_click(page: Page, app: str) -> None:
    page.goto(app)
    page.get_by_role("button", name="Try the demo").click()
    expect(page.get_by_text("Net worth").first).to_be_visible()
    await_cookie(page)
