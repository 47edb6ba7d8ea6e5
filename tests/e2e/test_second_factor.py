"""Signing in with a second factor, a forgotten password, and the fresh check before a bank, as a person does it."""

import re
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count

import pyotp
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from core import clock
from core.identity import (
    Operator,
    add_user,
    begin_app,
    change_password,
    check_credentials,
    confirm_app,
    end_all_sessions,
    profile,
    start_session,
)
from core.store import Session, UserId
from tests.e2e.conftest import give_cookie, session_cookie
from tests.e2e.server import Server
from tests.e2e.steps import add_an_account
from tests.e2e.test_signing_in import PASSWORD, await_cookie, sign_in, sign_up

pytestmark = pytest.mark.browser

NEW = "four lanterns under a bridge"
_numbers = count(1)


@pytest.fixture(scope="module")
def server(own_server: Server) -> Server:
    return own_server


def letters(server: Server, to: str) -> list[str]:
    """Return the texts of the letters in the outbox to one address, oldest first."""
    found = []
    for path in sorted((server.folder / "outbox").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        if message["To"] == to:
            found.append(str(message.get_content()))
    return found


def link_in(letter: str) -> str:
    (link,) = re.findall(r"http://\S+", letter)
    return str(link)


def typed(page: Page, label: str, code: str) -> None:
    page.get_by_label(label, exact=True).fill(code)
    page.get_by_role("button", name="Confirm", exact=True).click()


def test_a_newcomer_confirms_the_address_sets_an_app_up_and_signs_in_with_it(page: Page, server: Server) -> None:
    email = f"newcomer-{next(_numbers)}@example.org"
    sign_up(page, server.url, email)
    expect(page.get_by_text("No mail server is set up")).to_be_visible()
    page.goto(link_in(letters(server, email)[0]))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text(re.compile("^newcomer.* is confirmed"))).to_be_visible()
    assert "token" not in page.url
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, email)
    await_cookie(page)
    page.goto(f"{server.url}/settings")
    page.get_by_role("tab", name="Signing in").click()
    page.get_by_role("button", name="Set up").first.click()
    secret = page.get_by_role("dialog").locator("code").inner_text().replace(" ", "").strip()
    app = pyotp.TOTP(secret)
    typed(page, "Code from the app", "000000")
    expect(page.get_by_text("This code is not right")).to_be_visible()
    typed(page, "Code from the app", app.at(clock.now()))
    expect(page.get_by_text("Your recovery codes")).to_be_visible()
    codes = page.get_by_role("dialog").locator("code").inner_text().split()
    assert len(codes) == 10
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("10 unused")).to_be_visible()
    old = session_cookie(page.context)
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()
    page.goto(f"{server.url}/sign_in")
    sign_in(page, email)
    expect(page.get_by_text("One more step")).to_be_visible()
    assert session_cookie(page.context) in {None, old}, "no session before the second factor"
    typed(page, "Code from your authenticator app", app.at(clock.now() - timedelta(minutes=5)))
    expect(page.get_by_text("This code is not right")).to_be_visible()
    page.get_by_text("Recovery code", exact=True).click()
    typed(page, "Recovery code", codes[0])
    expect(page.get_by_role("button", name="Sign out", exact=True)).to_be_visible()


def test_a_forgotten_password_is_replaced_by_the_link(page: Page, server: Server) -> None:
    email = f"forgetful-{next(_numbers)}@example.org"
    with server.house() as house:
        user = add_user(house.store, house.vault, email, PASSWORD)
        elsewhere = start_session(house.store, user, agent="elsewhere")
    for asked in ("nobody@example.org", email):
        page.goto(f"{server.url}/forgot_password")
        page.get_by_label("E-mail").fill(asked)
        page.get_by_role("button", name="Send a link").click()
        expect(page.get_by_text("If this address has an account here")).to_be_visible()
    assert letters(server, "nobody@example.org") == []
    for _ in range(100):
        if letters(server, email):
            break
        page.wait_for_timeout(100)
    page.goto(link_in(letters(server, email)[0]))
    page.get_by_label("New password", exact=True).fill(NEW)
    page.get_by_label("New password again").fill(NEW)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("The password is set.")).to_be_visible()
    with server.house() as house:
        assert check_credentials(house.store, house.vault, email, NEW) == user
        assert profile(house.store, user).email_verified
    give_cookie(page.context, server, elsewhere)
    page.goto(f"{server.url}/accounts")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(link_in(letters(server, email)[0]))
    expect(page.get_by_text("This link is not good")).to_be_visible()


def signed_in_long_ago(page: Page, server: Server, email: str) -> UserId:
    """Let a person be signed in whose last check is eleven minutes old."""
    with server.house() as house:
        user = add_user(house.store, house.vault, email, PASSWORD)
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
        with house.store.write() as session:
            session.execute(
                update(Session).where(Session.user_id == user).values(checked_at=clock.now() - timedelta(minutes=11))
            )
    return user


def test_a_bank_is_linked_only_after_a_fresh_check(page: Page, server: Server) -> None:
    signed_in_long_ago(page, server, f"stale-{next(_numbers)}@example.org")
    page.goto(f"{server.url}/accounts")
    add_an_account(page)
    page.get_by_text("Demo bank", exact=True).click()
    expect(page.get_by_text("First confirm that it is you")).to_be_visible()
    expect(page.get_by_role("button", name="Sign in at a demo bank")).to_have_count(0)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password", exact=True).fill("not my password")
    dialog.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.get_by_text("The password is not right.")).to_be_visible()
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_role("button", name="Confirm", exact=True).click()
    page.get_by_role("button", name="Sign in at a demo bank").click()
    expect(page.get_by_role("link", name="Open the sign-in page")).to_be_visible()


@pytest.mark.parametrize("deed", ["sign-out", "password", "factor"])
def test_an_open_page_ends_at_its_next_run_when_its_session_does(page: Page, server: Server, deed: str) -> None:
    with server.house() as house:
        user = add_user(house.store, house.vault, f"open-{next(_numbers)}@example.org", PASSWORD)
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
        page.goto(f"{server.url}/settings")
        page.get_by_role("tab", name="Signing in").click()
        expect(page.get_by_role("button", name="Change the password")).to_be_visible()
        if deed == "sign-out":
            end_all_sessions(house.store, user)
        elif deed == "password":
            change_password(house.store, house.vault, Operator(user), PASSWORD, NEW)
        else:
            secret = begin_app(house.store, house.vault, Operator(user)).secret
            confirm_app(house.store, house.vault, Operator(user), pyotp.TOTP(secret).at(clock.now()))
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("Present password")).to_have_count(0)
