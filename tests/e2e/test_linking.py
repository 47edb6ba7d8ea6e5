"""A bank is linked on its own page, mended there, and removed, as a person does it in a browser."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.banking import next_runs
from core.identity import add_user, start_session
from tests.e2e.comparing import looks_as_before
from tests.e2e.conftest import give_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import begin, choose, expect_linked, leave, open_screen, sign_in
from tests.standins.plaid import Fault, PlaidStandIn, account, fill

pytestmark = pytest.mark.browser

BANK = "First Platypus Bank"

_numbers = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, bank: PlaidStandIn) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("data"), **bank.environment) as running:
        yield running


def come_in(page: Page, server: Server) -> None:
    """Sign a new person in and open their accounts."""
    with server.house() as house:
        user = add_user(house.store, house.vault, f"person{next(_numbers)}@example.org", "walnut-tugboat-orchid-77")
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    page.goto(f"{server.url}/accounts")


def share(screen: Page) -> None:
    """Share the accounts that are ticked."""
    screen.get_by_role("button", name="Share these accounts").click()
    leave(screen, "You can close this tab")


def link(page: Page, name: str = BANK) -> None:
    """Go all the way, to where the page has noticed by itself."""
    begin(page)
    screen = open_screen(page)
    screen.get_by_role("button", name=name).click()
    sign_in(screen)
    share(screen)
    expect_linked(page, name)


def test_a_bank_is_linked_broken_mended_and_removed(page: Page, server: Server, bank: PlaidStandIn) -> None:
    come_in(page, server)
    link(page)
    for name in ("Plaid Checking", "Plaid Saving", "Plaid Credit Card"):
        expect(page.get_by_text(name).first).to_be_visible()
    expect(page.get_by_text("Up to date")).to_be_visible()
    expect(page.get_by_text("next in 1 day")).to_be_visible()

    item = list(bank.items.values())[-1]
    item.error = "ITEM_LOGIN_REQUIRED"
    page.get_by_role("button", name="Sync all").click()
    expect(page.get_by_text("The bank wants you to sign in again.").first).to_be_visible()
    looks_as_before(page, "bank-broken")
    page.get_by_role("button", name="Reconnect").click()
    screen = open_screen(page)
    sign_in(screen)
    leave(screen, "You are signed in again")
    expect(page.get_by_text(f"{BANK} is connected again.")).to_be_visible()
    looks_as_before(page, "bank-mended")
    assert item.error is None

    fill(item, 2)
    page.get_by_role("button", name="Sync all").click()
    expect(page.get_by_text("Synced: 2 changes")).to_be_visible()

    choose(page, "bank", "Remove")
    page.get_by_role("button", name="Remove the bank").click()
    expect(page.get_by_text(f"{BANK} is removed. Its accounts stay.")).to_be_visible()
    assert item.removed
    expect(page.get_by_text(f"{BANK} Plaid Checking").first).to_be_visible()
    page.goto(f"{server.url}/transactions")
    expect(page.get_by_text(re.compile(r"^26 transactions · in ")).first).to_be_visible()


def test_leaving_the_banks_page_is_told_and_leaves_nothing(page: Page, server: Server) -> None:
    come_in(page, server)
    begin(page)
    screen = open_screen(page)
    screen.get_by_role("button", name="Cancel").click()
    leave(screen, "Nothing was linked")
    expect(page.get_by_text("nothing was linked")).to_be_visible()
    expect(page.get_by_text("No accounts yet")).to_be_visible()
    begin(page)
    screen = open_screen(page)
    screen.get_by_role("button", name=BANK).click()
    sign_in(screen, "user_locked")
    leave(screen, "Nothing was linked")
    expect(page.get_by_text("The bank has locked this login")).to_be_visible()
    expect(page.get_by_role("link", name="Open the sign-in page")).to_have_count(0)


def test_a_reload_in_the_middle_loses_nothing(page: Page, server: Server) -> None:
    come_in(page, server)
    begin(page)
    screen = open_screen(page)
    screen.get_by_role("button", name=BANK).click()
    page.reload()
    expect(page.get_by_role("link", name="Open the sign-in page")).to_be_visible()
    sign_in(screen)
    share(screen)
    expect_linked(page, BANK)


def test_a_restart_in_the_middle_loses_nothing(page: Page, bank: PlaidStandIn, tmp_path: Path) -> None:
    with serving(tmp_path, **bank.environment) as first:
        come_in(page, first)
        begin(page)
        screen = open_screen(page)
        screen.get_by_role("button", name=BANK).click()
        cookies = page.context.cookies()
    sign_in(screen)
    share(screen)
    with serving(tmp_path, **bank.environment) as second:
        give_cookie(page.context, second, next(one["value"] for one in cookies if one["name"] == "fintrack_session"))
        page.goto(f"{second.url}/accounts")
        expect(page.get_by_text("Plaid Checking").first).to_be_visible()
        expect(page.get_by_text("Up to date")).to_be_visible()


def test_the_same_bank_twice_is_recognised(page: Page, server: Server) -> None:
    come_in(page, server)
    link(page)
    begin(page)
    screen = open_screen(page)
    screen.get_by_role("button", name=BANK).click()
    sign_in(screen)
    share(screen)
    expect(page.get_by_text("is linked already, with Plaid Checking")).to_be_visible()
    with server.house() as house:
        owners = [user for user, _ in next_runs(house.store)]
    assert owners.count(max(owners)) == 1


def test_new_accounts_are_chosen_later(page: Page, server: Server, bank: PlaidStandIn) -> None:
    come_in(page, server)
    link(page)
    list(bank.items.values())[-1].offered.append(
        account("depository", "savings", current=5.0, name="Holiday pot", mask="9999")
    )
    choose(page, "bank", "Choose accounts")
    screen = open_screen(page)
    sign_in(screen)
    screen.get_by_label("Holiday pot").check()
    share(screen)
    expect(page.get_by_text("Holiday pot").first).to_be_visible()


def test_two_tabs_wait_for_the_same_sign_in(page: Page, server: Server) -> None:
    come_in(page, server)
    begin(page)
    expect(page.get_by_role("link", name="Open the sign-in page")).to_be_visible()
    second = page.context.new_page()
    second.goto(f"{server.url}/accounts")
    screen = open_screen(second)
    screen.get_by_role("button", name=BANK).click()
    sign_in(screen)
    share(screen)
    for tab in (page, second):
        expect(tab.get_by_text("Plaid Checking").first).to_be_visible()
        expect(tab.get_by_role("link", name="Plaid Checking")).to_have_count(1)


def test_an_expired_sign_in_offers_a_new_one(page: Page, server: Server, bank: PlaidStandIn) -> None:
    come_in(page, server)
    begin(page)
    expect(page.get_by_role("link", name="Open the sign-in page")).to_be_visible()
    bank.hosted.expire()
    bank.hosted.visits.clear()
    expect(page.get_by_text("The link has expired. Begin again.")).to_be_visible()
    begin(page)
    expect(page.get_by_role("link", name="Open the sign-in page")).to_be_visible()


def test_an_account_is_synced_as_often_as_its_owner_says(page: Page, server: Server) -> None:
    come_in(page, server)
    link(page)
    choose(page, "account", "Edit")
    page.get_by_role("combobox", name="Sync by itself").click()
    page.get_by_role("option", name="Every hour").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text(re.compile(r"next in (1 hour|\d\d minutes)"))).to_be_visible()


def test_a_sign_in_page_that_can_not_be_had_is_told_when_the_window_is_closed(
    page: Page, server: Server, bank: PlaidStandIn
) -> None:
    come_in(page, server)
    bank.fail("/link/token/create", *[Fault(code="INVALID_API_KEYS")] * 3)
    begin(page)
    expect(page.get_by_text("Plaid").first).to_be_visible()
    expect(page.get_by_text("Check PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ENV")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Open the sign-in page")).to_have_count(0)
