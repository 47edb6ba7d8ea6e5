"""The settings as a person uses them: a look that follows them, a new address, a backup."""

import pytest
from playwright.sync_api import Browser, Page, expect

from core.identity import add_user, list_events, profile, start_session
from core.store import UserId
from tests.e2e.conftest import give_cookie, new_email
from tests.e2e.server import Server
from tests.e2e.test_second_factor import letters, link_in
from tests.e2e.test_signing_in import PASSWORD, await_cookie, sign_in

pytestmark = pytest.mark.browser

DARK = "rgb(14, 20, 32)"
LIGHT = "rgb(255, 255, 255)"
PASSPHRASE = "brass kettles hum at midnight"


@pytest.fixture(scope="module")
def server(own_server: Server) -> Server:
    return own_server


@pytest.fixture(scope="module", autouse=True)
def owner(server: Server) -> UserId:
    """Add the machine's owner: who comes first."""
    with server.house() as house:
        return add_user(house.store, house.vault, new_email("owner"), PASSWORD)


def expect_ground(page: Page, color: str) -> None:
    expect(page.locator(".stApp")).to_have_css("background-color", color)


def choose_look(page: Page, server: Server, look: str) -> None:
    page.goto(f"{server.url}/settings")
    page.get_by_role("radio", name=look).click()


def test_a_look_is_in_effect_at_once_and_follows_its_person(page: Page, browser: Browser, server: Server) -> None:
    email = new_email("looks")
    with server.house() as house:
        user = add_user(house.store, house.vault, email, PASSWORD)
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.goto(f"{server.url}/settings")
    expect_ground(page, LIGHT)
    page.get_by_role("radio", name="Dark").click()
    expect_ground(page, DARK)
    page.wait_for_timeout(1000)
    assert len(loads) == 2, "one reload"
    page.goto(f"{server.url}/transactions")
    expect_ground(page, DARK)
    page.wait_for_timeout(1000)
    assert len(loads) == 3, "a screen that was not open before is dark from the start"
    elsewhere = browser.new_context()
    other = elsewhere.new_page()
    other.goto(f"{server.url}/accounts")
    expect_ground(other, LIGHT)
    sign_in(other, email)
    expect(other.get_by_role("button", name="Sign out")).to_be_attached()
    expect_ground(other, DARK)
    await_cookie(other)
    other.reload()
    expect(other.get_by_text("No accounts yet")).to_be_visible()
    expect_ground(other, DARK)
    elsewhere.close()
    choose_look(page, server, "System")
    expect_ground(page, LIGHT)


def test_a_new_address_takes_who_asked_for_it(page: Page, browser: Browser, server: Server) -> None:
    old, new = new_email("mover"), new_email("mover.new")
    with server.house() as house:
        user = add_user(house.store, house.vault, old, PASSWORD)
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    page.goto(f"{server.url}/settings")
    page.get_by_role("tab", name="Signing in").click()
    page.get_by_role("button", name="Change the address").click()
    page.get_by_label("New e-mail address").fill(new)
    page.get_by_role("button", name="Send a link to it").click()
    expect(page.get_by_text("The change is made once the link")).to_be_visible()
    link = link_in(letters(server, new)[0])
    elsewhere = browser.new_context()
    stranger = elsewhere.new_page()
    stranger.goto(link)
    expect(stranger.get_by_text("Sign in to that account")).to_be_visible()
    expect(stranger.get_by_role("button", name="Confirm")).to_have_count(0)
    # Who it belongs to signs in, and it goes on.
    stranger.get_by_role("link", name="Sign in").click()
    sign_in(stranger, old)
    expect(stranger.get_by_text("One click, and the address")).to_be_visible()
    await_cookie(stranger)
    stranger.get_by_role("button", name="Confirm").click()
    expect(stranger.get_by_text("is confirmed")).to_be_visible()
    elsewhere.close()
    with server.house() as house:
        assert profile(house.store, user).email == new
        assert "signed in from a new browser" in [one.event for one in list_events(house.store, user)]


def test_the_owner_backs_up_and_takes_a_copy(page: Page, server: Server, owner: UserId) -> None:
    with server.house() as house:
        give_cookie(page.context, server, start_session(house.store, owner, agent="tests"))
    page.goto(f"{server.url}/settings")
    page.get_by_role("tab", name="Your data").click()
    page.get_by_role("button", name="Back up everything").click()
    page.get_by_label("Passphrase").fill(PASSPHRASE)
    page.get_by_label("The same again").fill(PASSPHRASE)
    page.get_by_role("button", name="Back up", exact=True).click()
    expect(page.get_by_text("Your backup is written")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download a copy").click()
    (file,) = (server.folder / "backups").glob("*.ftb")
    assert download.value.suggested_filename == file.name
    assert download.value.path().read_bytes() == file.read_bytes()
