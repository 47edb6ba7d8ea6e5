"""Plans in a browser: a limit is typed and what is left follows; a goal is made and money put aside."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import Locator, Page, expect

from core.demo import start_demo
from core.identity import profile, start_session
from core.planning import BudgetMonth, budget_month, month_of, set_limit
from core.store import UserId
from tests.e2e.conftest import give_cookie
from tests.e2e.server import Server
from tests.e2e.steps import TRIES, click_in

pytestmark = pytest.mark.browser
FOOD = 8
LIMITS, LEFT = 0, 2
"""Places of the figures on top."""
LIMIT_COLUMN = 240
"""How far right of the table's edge the limits stand, in pixels."""


def plan(server: Server, user: UserId, by: int = 0) -> BudgetMonth:
    with server.house() as house:
        who = profile(house.store, user)
        month = month_of(who.today).moved(by)
        return budget_month(house.store, user, house.caches.of(user), month, who.today)


def figure(page: Page, place: int) -> Locator:
    return page.get_by_test_id("stMetricValue").nth(place)


def type_limit(page: Page, text: str) -> None:
    """Type a limit, once, into the first row of the table: it is drawn on a canvas, so by the place of its column."""
    editor = page.locator("#portal input")
    for _ in range(TRIES):
        click_in(page, page.get_by_test_id("stDataFrame").first, LIMIT_COLUMN, 52)
        page.keyboard.press("Enter")
        page.wait_for_timeout(1000)
        if editor.is_visible():
            break
    editor.fill(text)
    editor.press("Enter")


def test_a_limit_is_typed_and_goes_over_into_the_next_month(page: Page, server: Server) -> None:
    with server.house() as house:
        user = start_demo(house)
        token = start_session(house.store, user, agent="tests")
        month = month_of(profile(house.store, user).today)
        set_limit(house.store, user, FOOD, month.start, Decimal(1000), carries=True)
    give_cookie(page.context, server, token)
    page.goto(f"{server.url}/budgets")
    expect(figure(page, LIMITS)).to_have_text("$1,000.00")
    type_limit(page, "5000")
    expect(figure(page, LIMITS)).to_have_text("$5,000.00")
    now = plan(server, user)
    assert now.lines[0].limit == 5000
    left = f"${now.left:,.2f}"
    expect(figure(page, LEFT)).to_have_text(left)
    page.get_by_role("button", name="Month after").click()
    expect(page.get_by_text(f"+{left} carried in")).to_be_visible()
    assert plan(server, user, 1).lines[0].carried == now.left
    assert f"month={now.month.moved(1).start:%Y-%m}" in page.url
    # For this month only, and emptied: the months after keep theirs.
    page.get_by_text("For this month only").click()
    type_limit(page, "10")
    expect(figure(page, LIMITS)).to_have_text("$10.00")
    assert [plan(server, user, by).lines[0].limit for by in (0, 1, 2)] == [5000, 10, 5000]
    page.reload()
    expect(figure(page, LIMITS)).to_have_text("$10.00")


def test_a_goal_is_made_and_money_put_aside(page: Page, server: Server, demo_cookie: str) -> None:
    give_cookie(page.context, server, demo_cookie)
    page.goto(f"{server.url}/goals")
    page.get_by_role("button", name="New goal").click()
    page.get_by_label("Name", exact=True).fill("Trip to Lisbon")
    page.get_by_label("Target in USD", exact=True).fill("2400")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=re.compile("Trip to Lisbon"))).to_be_visible()
    expect(page.get_by_text("$0.00 of $2,400.00 saved, 0%")).to_be_visible()
    page.get_by_role("button", name="Put money aside").click()
    page.get_by_label("Amount in USD", exact=True).fill("600")
    page.get_by_role("button", name="Put it aside").click()
    expect(page.get_by_text("$600.00 of $2,400.00 saved, 25%")).to_be_visible()
    page.get_by_text("What if?").click()
    expect(page.get_by_text(re.compile(r"With \$600 a month it is there on"))).to_be_visible()
