"""The demo bank in a browser: days that pass at a click, a login that breaks and heals, linking on its own page."""

import re
from itertools import count
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from core import clock
from core.banking import list_connections, remove_item
from core.demo import start_demo
from core.identity import Operator, add_user, profile, start_session
from core.ledger import list_accounts
from core.runtime import Runtime
from core.store import UserId
from tests.e2e.conftest import give_cookie
from tests.e2e.server import Server
from tests.e2e.steps import add_an_account, choose, expect_linked, leave, open_screen

pytestmark = pytest.mark.browser

_numbers = count(1)


@pytest.fixture
def household(page: Page, server: Server) -> tuple[Page, UserId]:
    """Open the accounts of a demo household of its own."""
    with server.house() as house:
        user = start_demo(house, f"10.2.0.{next(_numbers)}")
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    page.goto(f"{server.url}/accounts")
    return page, user


def newcomer(page: Page, house: Runtime, server: Server) -> UserId:
    user = add_user(house.store, house.vault, f"newcomer{next(_numbers)}@example.org", "walnut-tugboat-orchid-77")
    give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    page.goto(f"{server.url}/accounts")
    return user


def sign_in(screen: Page) -> None:
    screen.get_by_label("User name").fill("anybody")
    screen.get_by_label("Password").fill("anything")
    screen.get_by_role("button", name="Sign in").click()


def test_days_pass_at_a_click(household: tuple[Page, UserId], server: Server) -> None:
    page, user = household
    with server.house() as house:
        start = profile(house.store, user).today
    kinds = ""
    for passed in (1, 2, 3):
        page.get_by_role("button", name="Next day").click()
        day = start.toordinal() + passed
        told = page.get_by_text(re.compile(rf"It is \w+ {start.fromordinal(day).day}, \d+ at the demo bank: .+"))
        expect(told).to_be_visible()
        kinds += told.inner_text()
    for kind in ("new", "posted", "changed", "removed"):
        assert kind in kinds, "three days bring one of everything"
    with server.house() as house:
        assert (profile(house.store, user).today - clock.today("UTC")).days == 3


def test_a_login_breaks_on_request_and_heals_on_the_banks_page(household: tuple[Page, UserId]) -> None:
    page, _ = household
    choose(page, "bank", "Break the login", place=2)
    expect(page.get_by_text("Lindenbank wants you to sign in again").first).to_be_visible()
    expect(page.get_by_text("Health 40 of 100")).to_be_visible()
    page.get_by_role("button", name="Next day").click()
    expect(page.get_by_text(re.compile("Lindenbank: .*sign in again")).first).to_be_visible()
    expect(page.get_by_text(re.compile(r"Harborline Bank: .*\d+ new")).first).to_be_visible()
    page.get_by_role("button", name="Reconnect").click()
    screen = open_screen(page)
    expect(screen.get_by_text("Sign in to Lindenbank")).to_be_visible()
    sign_in(screen)
    leave(screen, "You can close this tab")
    expect(page.get_by_text("Lindenbank is connected again.")).to_be_visible()
    expect(page.get_by_text("Up to date")).to_have_count(3)


def test_a_demo_bank_is_linked_as_a_real_one_is(page: Page, server: Server) -> None:
    with server.house() as house:
        user = newcomer(page, house, server)
    add_an_account(page)
    page.get_by_text("Demo bank", exact=True).click()
    page.get_by_role("button", name="Sign in at a demo bank").click()
    screen = open_screen(page)
    screen.get_by_role("button", name="Lindenbank").click()
    sign_in(screen)
    screen.get_by_label("Tagesgeld").uncheck()
    screen.get_by_role("button", name="Share these accounts").click()
    expect(screen.get_by_text("You are signed in")).to_be_visible()
    screen.reload()
    expect(screen.get_by_text("You are signed in")).to_be_visible()
    expect_linked(page, "Lindenbank")
    with server.house() as house:
        assert [one.name for one in list_accounts(house.store, user)] == ["Girokonto"]
    choose(page, "bank", "Choose accounts")
    more = open_screen(page)
    sign_in(more)
    expect(more.get_by_label("Girokonto")).to_be_disabled()
    more.get_by_role("button", name="Share these accounts").click()
    expect(page.get_by_text("Tagesgeld").first).to_be_visible()


def test_a_closed_screen_links_nothing_and_says_so(page: Page, server: Server) -> None:
    with server.house() as house:
        newcomer(page, house, server)
    add_an_account(page)
    page.get_by_text("Demo bank", exact=True).click()
    page.get_by_role("button", name="Sign in at a demo bank").click()
    screen = open_screen(page)
    screen.get_by_role("button", name="Lindenbank").click()
    screen.get_by_role("button", name="Cancel").click()
    expect(screen.get_by_text("Nothing was linked")).to_be_visible()
    expect(page.get_by_text("nothing was linked", exact=False).first).to_be_visible()
    expect(page.get_by_text("No accounts yet")).to_be_visible()


@pytest.mark.parametrize("secret", ["x", "A" * 43, "..%2f..%2fetc%2fpasswd", "%00", "<b>"])
def test_a_made_up_address_leads_nowhere(server: Server, secret: str) -> None:
    for body in (None, urlencode({"step": "share", "bank": "lindenbank", "account": "girokonto"}).encode()):
        with pytest.raises(HTTPError) as failure:
            urlopen(Request(f"{server.url}/demo-bank/{secret.replace('<', '%3C').replace('>', '%3E')}", data=body))
        assert failure.value.code in {400, 404}
        said = failure.value.read().decode()
        assert "lindenbank" not in said.lower()
        assert "Traceback" not in said
        failure.value.close()


def test_another_site_and_a_flood_are_refused(server: Server) -> None:
    address = f"{server.url}/demo-bank/{'A' * 43}"
    with pytest.raises(HTTPError) as foreign:
        urlopen(Request(address, data=b"step=leave", headers={"origin": "https://elsewhere.example"}))
    with pytest.raises(HTTPError) as flood:
        urlopen(Request(address, data=b"x" * 9000))
    assert (foreign.value.code, flood.value.code) == (403, 413)
    foreign.value.close()
    flood.value.close()


@pytest.mark.parametrize("what", ["bank", "account"])
def test_removing_what_another_tab_removed_is_told_in_words(
    household: tuple[Page, UserId], server: Server, what: str
) -> None:
    page, user = household
    choose(page, what, "Remove")
    remove = page.get_by_role("button", name=re.compile("^Remove the "))
    expect(remove).to_be_visible()
    with server.house() as house:
        for bank in list_connections(house.store, user):
            remove_item(house.store, house.vault, house.providers, Operator(user), bank.id, "delete")
    remove.click()
    expect(page.get_by_text(re.compile("is no longer there|is not there"))).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
