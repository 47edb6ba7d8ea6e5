"""The SQL page in a real browser: asked by keyboard, cancelled while it runs, and from a row to its transaction."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.demo import start_demo
from core.identity import start_session
from tests.e2e.conftest import give_cookie
from tests.e2e.server import Server
from tests.e2e.steps import click_in

pytestmark = pytest.mark.browser
ENDLESS = "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"


@pytest.fixture
def own_page(page: Page, server: Server) -> Page:
    """Open a page signed in as somebody with a demo household of their own."""
    with server.house() as house:
        give_cookie(page.context, server, start_session(house.store, start_demo(house), agent="tests"))
    return page


def ask(page: Page, sql: str) -> None:
    editor = page.get_by_label("Your query")
    editor.fill(sql)
    editor.press("Control+Enter")


def test_a_question_is_asked_cancelled_put_right_and_followed_to_its_transaction(own_page: Page, app: str) -> None:
    page = own_page
    page.goto(f"{app}/query")
    page.get_by_role("button", name="Examples").click()
    page.get_by_test_id("stMenuButtonBody").get_by_text("Income and spending by month").click()
    expect(page.get_by_text(re.compile(r"^\d+ rows in"))).to_be_visible()
    page.get_by_text("Chart", exact=True).click()
    expect(page.locator(".js-plotly-plot")).to_be_visible()
    ask(page, ENDLESS)
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("The query was cancelled.")).to_be_visible()
    ask(page, "SELECT foo FROM transactions")
    expect(page.get_by_text(re.compile("Line 1, column 8: There is no column “foo”"))).to_be_visible()
    ask(page, "SELECT id, name, amount, currency FROM transactions WHERE name = 'Gable & Sons Roofing'")
    expect(page.get_by_text(re.compile(r"^1 row in"))).to_be_visible()
    click_in(page, page.get_by_test_id("stDataFrame"), 22, 53)
    page.wait_for_url(re.compile(r"/transactions\?tx=\d+"))
    expect(page.get_by_text("Gable & Sons Roofing").first).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Past queries").click()
    page.get_by_role("button", name=re.compile("SELECT foo")).click()
    expect(page.get_by_label("Your query")).to_have_value("SELECT foo FROM transactions")
