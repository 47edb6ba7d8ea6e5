"""The analysis in a real browser: a click on a bar, a stream, a day, a merchant leads to its rows."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.steps import visit

pytestmark = pytest.mark.browser


def at_rest(page: Page) -> None:
    """Wait until nothing is drawn any more."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def test_a_click_on_a_bar_leads_to_its_rows_and_back(demo_page: Page, app: str) -> None:
    page = demo_page
    page.goto(f"{app}/analytics?period=12m&view=flow")
    bars = page.locator(".st-key-flow_chart .barlayer .point")
    expect(bars.first).to_be_visible()
    at_rest(page)
    box = bars.nth(4).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2)
    page.wait_for_timeout(300)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.2, delay=50)
    page.wait_for_url(re.compile(r"/transactions\?from="))
    expect(page.get_by_text(re.compile(r"^\d+ transactions? · in"))).to_be_visible()
    assert re.search(r"from=\d{4}-\d\d-01&to=\d{4}-\d\d-(28|29|30|31)", page.url)
    page.go_back()
    expect(page.get_by_role("heading", name="Analytics")).to_be_visible()
    expect(bars.first).to_be_visible()
    at_rest(page)
    page.wait_for_url(re.compile(r"/analytics\?.*view=flow"))


def test_a_stream_and_a_day_are_links(demo_page: Page, app: str) -> None:
    page = demo_page
    page.goto(f"{app}/analytics?view=flow")
    page.locator(".streams a.name", has_text="Food").first.click()
    page.wait_for_url(re.compile(r"/transactions\?.*kind=spending"))
    expect(page.get_by_text(re.compile(r"Only spending, Food"))).to_be_visible()
    visit(page, "/analytics?view=days")
    day = page.locator(".year a.l4").first
    expect(day).to_be_visible()
    day.click()
    page.wait_for_url(re.compile(r"/transactions\?from=(\d{4}-\d\d-\d\d)&to=\1&kind=spending"))
    expect(page.get_by_text(re.compile(r"^\d+ transactions? · in"))).to_be_visible()


def test_a_category_opens_and_a_merchant_tells_all(demo_page: Page, app: str) -> None:
    page = demo_page
    page.goto(f"{app}/analytics")
    group = page.locator(".bars .opens").first
    expect(group).to_be_visible()
    group.locator(".turn").first.click(force=True)
    expect(group.locator("ol a").first).to_be_visible()
    page.get_by_text("Merchants", exact=True).click()
    page.wait_for_url(re.compile("view=merchants"))
    page.get_by_placeholder("Search merchants").fill("greenleaf")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("text=greenleaf"))
    page.goto(f"{app}/analytics?view=merchants&merchant=Greenleaf+Market")
    expect(page.get_by_role("heading", name="Greenleaf Market")).to_be_visible()
    page.get_by_role("link", name="See the rows").click()
    expect(page.get_by_text(re.compile("by the name of “Greenleaf Market”"))).to_be_visible()
