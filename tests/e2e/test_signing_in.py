"""Coming in and leaving, as a person does it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.identity import add_user, start_session
from tests.e2e.conftest import COOKIE, give_cookie, new_email, session_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server

pytestmark = pytest.mark.browser

PASSWORD = "seven otters juggle lanterns"


@pytest.fixture(scope="module")
def server(own_server: Server) -> Server:
    return own_server


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
    page.get_by_role("button", name="Sign in", exact=True).click()


def await_cookie(page: Page) -> str:
    """Wait until the page has fetched its cookie."""
    for _ in range(100):
        if cookie := session_cookie(page.context):
            return cookie
        page.wait_for_timeout(50)
    raise AssertionError("the browser got no session cookie")


def test_sign_up_then_in_then_out(page: Page, app: str, server: Server) -> None:
    email = new_email("ada")
    sign_up(page, app, email)
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, email)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    kept = await_cookie(page)
    (told,) = [one for one in page.context.cookies() if one.get("name") == COOKIE]
    assert (told.get("httpOnly"), told.get("sameSite")) == (True, "Strict")
    assert kept not in page.content()
    page.reload()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()
    # The old cookie, put back by hand, is worth nothing.
    give_cookie(page.context, server, kept)
    page.goto(f"{app}/accounts")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_try_the_demo_is_one_click(page: Page, app: str) -> None:
    page.goto(app)
    page.get_by_role("button", name="Try the demo", exact=True).click()
    expect(page.get_by_text("Net worth").first).to_be_visible()
    await_cookie(page)


def test_a_link_to_a_page_survives_signing_in(page: Page, app: str) -> None:
    email = new_email("link")
    sign_up(page, app, email)
    page.goto(f"{app}/accounts")
    sign_in(page, email)
    expect(page.get_by_text("No accounts yet")).to_be_visible()


def test_what_is_wrong_is_said_in_words(page: Page, app: str) -> None:
    page.goto(f"{app}/sign_up")
    page.get_by_label("First name").fill("Bob")
    page.get_by_label("E-mail").fill("bob@example.org")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Password again").fill("short")
    page.get_by_role("button", name="Sign up").click()
    expect(page.get_by_text("it needs 15 or more")).to_be_visible()
    expect(page.get_by_label("E-mail")).to_have_value("bob@example.org")
    page.goto(f"{app}/sign_in")
    sign_in(page, "bob@example.org", "a wrong phrase of words")
    expect(page.get_by_text("E-mail or password is not right.")).to_be_visible()


def test_signing_out_in_one_tab_ends_the_other(page: Page, app: str, server: Server) -> None:
    email = new_email("tabs")
    with server.house() as house:
        add_user(house.store, house.vault, email, PASSWORD)
    page.goto(f"{app}/sign_in")
    sign_in(page, email)
    await_cookie(page)
    other = page.context.new_page()
    other.goto(f"{app}/accounts")
    expect(other.get_by_text("No accounts yet")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()
    other.get_by_role("link", name="Settings").click()
    expect(other.get_by_text("Where you are signed in")).to_have_count(0)
    other.reload()
    expect(other.get_by_role("heading", name="Sign in")).to_be_visible()


def test_signing_up_without_the_mail_server_says_that_the_account_is_ready(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path / "data", SMTP_HOST="127.0.0.1", SMTP_PORT="9", SMTP_SECURITY="none") as alone:
        sign_up(page, alone.url, "unlucky@example.org")
        expect(page.get_by_text("could not be sent: Settings sends it again")).to_be_visible()
        page.get_by_role("link", name="Sign in").click()
        sign_in(page, "unlucky@example.org")
        expect(page.get_by_role("link", name="Confirm your e-mail address")).to_be_visible()


def test_every_screen_has_an_address(page: Page, app: str, server: Server) -> None:
    with server.house() as house:
        user = add_user(house.store, house.vault, new_email("walker"), PASSWORD)
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    for screen in ("overview", "accounts", "settings", "sign_in", "landing"):
        page.goto(f"{app}/{screen}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text("Page not found")).to_have_count(0)
