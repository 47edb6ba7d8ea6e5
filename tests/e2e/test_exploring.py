"""Exploring in a browser: a question is chosen, changed, kept; a cell leads to exactly its rows; the address is all."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.analytics import View, explore
from core.demo import start_demo
from core.identity import profile, start_session
from tests.e2e.conftest import give_cookie
from tests.e2e.server import Server
from tests.e2e.steps import click_in

pytestmark = pytest.mark.browser
FIRST_CELL = (320, 52)
"""Pixels from the table's corner to the first figure of the first row."""


def test_a_cell_leads_to_its_rows_and_the_address_brings_the_view_back(page: Page, server: Server) -> None:
    with server.house() as house:
        user = start_demo(house)
        token = start_session(house.store, user, agent="tests")
        who = profile(house.store, user)
        view = View(("group",), None, ("spent",), span="3m")
        row = explore(house.caches.of(user), view, who.today).rows[0]
    give_cookie(page.context, server, token)
    page.goto(f"{server.url}/explore?rows=group&period=3m")
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    page.get_by_role("button", name="Saved views").click()
    page.get_by_label("Keep this view as").fill("Quarter")
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_text("The view is saved")).to_be_visible()
    page.keyboard.press("Escape")
    click_in(page, page.get_by_test_id("stDataFrame").first, *FIRST_CELL)
    page.get_by_role("button", name="See the rows").click()
    expect(page.get_by_role("heading", name="Transactions")).to_be_visible()
    expect(page).to_have_url(re.compile(rf"category={row.keys[0].value}&.*kind=spending"))
    expect(page.get_by_text(f"{row.total.purchases} transaction").first).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{server.url}/explore?rows=group&period=3m")
    expect(page.get_by_text(f"Spending ${explore_total(server, user):,.2f}")).to_be_visible()
    page.goto(f"{server.url}/explore")
    page.get_by_role("button", name="Saved views").click()
    page.get_by_role("button", name="Quarter", exact=True).click()
    expect(page).to_have_url(re.compile("period=3m"))
    expect(page.get_by_text(f"Spending ${explore_total(server, user):,.2f}")).to_be_visible()


def test_an_area_of_a_treemap_leads_to_its_rows_and_back(demo_page: Page, app: str) -> None:
    page = demo_page
    asked = f"{app}/explore?rows=group&period=3m&chart=treemap"
    page.goto(asked)
    # The first one is all of it, and below the others.
    area = page.locator(".js-plotly-plot .treemaplayer .slice").nth(1)
    click_in(page, area, 60, 60)
    expect(page).to_have_url(re.compile(r"/transactions\?.*category=\d+&.*kind=spending"))
    expect(page.get_by_text(re.compile(r"^\d+ transactions? · in"))).to_be_visible()
    page.go_back()
    expect(page).to_have_url(asked)
    expect(area).to_be_visible()


def explore_total(server: Server, user: object) -> float:
    with server.house() as house:
        who = profile(house.store, user)  # type: ignore[arg-type]
        view = View(("group",), None, ("spent",), span="3m")
        total = explore(house.caches.of(user), view, who.today).total.total.spent  # type: ignore[arg-type]
        return float(total or 0)
