"""Categories and rules as a person makes them, in a real browser."""

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.demo import start_demo
from core.identity import start_session
from core.ledger import list_categories
from core.store import UserId
from tests.e2e.conftest import give_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import visit

pytestmark = pytest.mark.browser


@pytest.fixture
def guest(server: Server) -> UserId:
    """Return somebody with a demo household of their own."""
    with server.house() as house:
        return start_demo(house)


@pytest.fixture
def own_page(page: Page, server: Server, guest: UserId) -> Page:
    """Open a page signed in as them."""
    with server.house() as house:
        give_cookie(page.context, server, start_session(house.store, guest, agent="tests"))
    page.goto(f"{server.url}/categories")
    return page


def test_a_rule_is_tried_kept_seen_in_the_list_and_switched_off(
    own_page: Page, app: str, server: Server, guest: UserId
) -> None:
    page = own_page
    page.get_by_role("button", name="New category").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Weekly shop")
    dialog.get_by_role("textbox", name="Name").press("Enter")
    dialog.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Weekly shop is there.")).to_be_visible()
    page.get_by_role("tab", name="Rules").click()
    expect(page.get_by_text("No rules yet")).to_be_visible()
    page.get_by_role("button", name="New rule").click()
    expect(dialog.get_by_role("button", name="Save the rule")).to_be_disabled()
    dialog.get_by_role("textbox", name="Text has").fill("greenleaf")
    dialog.get_by_role("textbox", name="Text has").press("Enter")
    choice = dialog.get_by_role("combobox", name="Category")
    choice.click()
    choice.press_sequentially("Weekly")
    page.get_by_role("option", name="Weekly shop").click()
    expect(dialog.get_by_text(re.compile(r"Fits \d+ of your transactions and changes \d+\."))).to_be_visible()
    dialog.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("Where the text has “greenleaf”: put it into Weekly shop")).to_be_visible()
    with server.house() as house:
        (own,) = (one.id for one in list_categories(house.store, guest) if one.own)
    visit(page, f"/transactions?category={own}")
    expect(page.get_by_text(re.compile(r"^\d+ transactions · in"))).to_be_visible()
    visit(page, "/categories")
    page.get_by_role("tab", name="Rules").click()
    page.get_by_text("On", exact=True).click()
    expect(page.get_by_text("0 transactions")).to_be_visible()
    page.get_by_test_id("stMenuButton").click()
    page.get_by_test_id("stMenuButtonBody").get_by_text("Delete").click()
    page.get_by_role("button", name="Delete the rule").click()
    expect(page.get_by_text("No rules yet")).to_be_visible()


def test_a_link_brings_the_words_of_a_rule(own_page: Page, app: str) -> None:
    own_page.goto(f"{app}/categories?rule=Third+Kettle&category=9")
    dialog = own_page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name="Text has")).to_have_value("Third Kettle")
    expect(dialog.get_by_text(re.compile("Fits"))).to_be_visible()


def test_transfers_are_found_by_themselves_while_the_app_runs(page: Page, tmp_path: Path) -> None:
    with serving(tmp_path / "data", FINTRACK_CATEGORISE="true") as alone:
        with alone.house() as house:
            give_cookie(page.context, alone, start_session(house.store, start_demo(house), agent="tests"))
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            page.goto(f"{alone.url}/categories")
            page.get_by_role("tab", name="Transfers & refunds").click()
            found = page.get_by_text(re.compile(r"\d+ transfers and \d+ refunds"))
            expect(found.or_(page.get_by_text("No transfers or refunds yet"))).to_be_visible()
            if found.count():
                break
            page.wait_for_timeout(1000)
        expect(found).to_be_visible()
        visit(page, "/transactions?kind=transfer")
        expect(page.get_by_text(re.compile(r"transactions · in")).first).to_be_visible()
