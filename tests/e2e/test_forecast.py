"""The forecast, in a real browser: a contract tried without, a line typed, and a category's rows."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.demo import start_demo
from core.identity import start_session
from tests.e2e.conftest import give_cookie
from tests.e2e.server import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def own_page(page: Page, server: Server) -> Page:
    """Open a page signed in as somebody with a demo household of their own."""
    with server.house() as house:
        guest = start_demo(house)
        give_cookie(page.context, server, start_session(house.store, guest, agent="tests"))
    return page


def test_something_is_tried_and_a_category_leads_to_its_rows(own_page: Page, app: str) -> None:
    page = own_page
    page.goto(f"{app}/forecast")
    expect(page.get_by_text("In 90 days", exact=True)).to_be_visible()
    page.get_by_text("What if …").click()
    without = page.get_by_label("Without")
    without.click()
    without.fill("Harborline")
    page.get_by_role("option", name=re.compile("Harborline Mortgage")).click()
    expect(page.get_by_text(re.compile(r"With what you try, .* more after 90 days"))).to_be_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Back to how it is").click()
    expect(page.get_by_text("With what you try")).to_have_count(0)
    line = page.get_by_label("Warn me below (USD)")
    line.fill("500000")
    line.press("Enter")
    expect(page.get_by_text(re.compile(r"there will be less than \$500,000\.00"))).to_be_visible()
    # While the screen is drawn anew, another link may come to stand where one is clicked.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.get_by_role("link", name=re.compile("Food & drink")).click()
    expect(page).to_have_url(re.compile(r"/transactions\?.*category=8"))
    expect(page.get_by_text(re.compile(r"^\d+ transactions · in"))).to_be_visible()
