"""How soon the Accounts page notices that a person is done on the bank's own page."""

from pathlib import Path
from statistics import median

import pytest
from playwright.sync_api import Browser, Page

from core.identity import add_user, start_session
from pages.banks.visits import EVERY
from tests.bench.conftest import Figures
from tests.e2e.conftest import SECONDS, give_cookie
from tests.e2e.server import Server, serving
from tests.e2e.steps import begin, open_screen, sign_in
from tests.standins.plaid import CLIENT_ID, SECRET, PlaidStandIn

pytestmark = pytest.mark.bench

VISITS = 8
NOTICED = 5.0
"""Seconds from the last click at the bank to the first change here."""
WAIT = """() => { window.changed = new Promise(done => new MutationObserver(() => {
    if (/Linking|Asking|Keeping|The bank is linked|: \\d+ new/.test(document.body.innerText)) done(Date.now())
}).observe(document.body, {subtree: true, childList: true, characterData: true})) }"""
CLICK = "() => addEventListener('click', () => { name = String(Date.now()) }, true)"
"""A tab's name outlives the page that the click leaves."""


def come_in(page: Page, server: Server, number: int) -> None:
    """Sign a new person in and open their accounts."""
    with server.house() as house:
        user = add_user(house.store, house.vault, f"person{number}@example.org", "walnut-tugboat-orchid-77")
        give_cookie(page.context, server, start_session(house.store, user, agent="bench"))
    page.goto(f"{server.url}/accounts")


def noticed(page: Page, linger: float) -> float:
    """Link a bank, the last click `linger` seconds after all is ready for it; return how long it took to be noticed."""
    begin(page)
    screen = open_screen(page)
    screen.get_by_role("button", name="First Platypus Bank").click()
    sign_in(screen)
    last = screen.get_by_role("button", name="Share these accounts")
    last.wait_for()
    page.evaluate(WAIT)
    screen.evaluate(CLICK)
    screen.wait_for_timeout(linger * 1000)
    last.click()
    screen.get_by_text("You can close this tab").wait_for()
    return (float(page.evaluate("changed")) - float(screen.evaluate("name"))) / 1000


def test_a_finished_visit_is_noticed(tmp_path: Path, browser: Browser, figures: Figures) -> None:
    taken = []
    with (
        PlaidStandIn() as bank,
        serving(tmp_path, PLAID_CLIENT_ID=CLIENT_ID, PLAID_SECRET=SECRET, PLAID_BASE_URL=bank.url) as server,
    ):
        for number in range(VISITS):
            context = browser.new_context()
            context.set_default_timeout(SECONDS * 1000)
            page = context.new_page()
            come_in(page, server, number)
            # The clicks fall on all moments between two looks.
            taken.append(noticed(page, EVERY * number / VISITS))
            context.close()
    note = f"{VISITS} visits, looked at every {EVERY} s"
    figures.add("A bank's visit: from its last click to a change here, median", median(taken), "s", note=note)
    figures.add("A bank's visit: from its last click to a change here, most", max(taken), "s", NOTICED)
    assert max(taken) <= NOTICED
