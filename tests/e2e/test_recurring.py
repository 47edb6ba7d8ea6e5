"""What recurs, in a real browser: ignored and brought back, and the rent on its day in the calendar."""

import re

import pytest
from playwright.sync_api import Page, expect

from core.demo import start_demo
from core.identity import profile, start_session
from core.planning import Entry, bills
from core.store import UserId
from tests.e2e.conftest import give_cookie
from tests.e2e.server import Server

pytestmark = pytest.mark.browser
NAME = "Nimbus Drive"
RENT = "Harborline Mortgage"


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
    return page


def test_what_is_ignored_leaves_the_list_and_comes_back(own_page: Page, app: str) -> None:
    page = own_page
    page.goto(f"{app}/subscriptions")
    found = page.get_by_role("link", name=NAME)
    expect(found).to_be_visible()
    # The cheapest stands last.
    page.get_by_test_id("stMenuButton").last.click()
    page.get_by_test_id("stMenuButtonBody").get_by_text("Ignore").click()
    expect(page.get_by_text(f"{NAME} is ignored from now on.")).to_be_visible()
    expect(found).to_have_count(0)
    page.get_by_role("tab", name="Ignored").click()
    expect(found).to_be_visible()
    page.get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("You ignore nothing.")).to_be_visible()
    page.get_by_role("tab", name="Active").click()
    expect(found).to_be_visible()
    found.click()
    expect(page.get_by_text(re.compile(rf"with “{NAME}”"))).to_be_visible()
    expect(page.get_by_text(re.compile(r"^\d+ transactions · in"))).to_be_visible()


def next_rent(server: Server, guest: UserId) -> Entry:
    """Return when the household's next rent is due."""
    with server.house() as house:
        who = profile(house.store, guest)
        view = bills(house.store, house.caches.of(guest), who.today, currency=who.currency)
        return next(one for one in view.next if one.name == RENT)


@pytest.mark.parametrize("width", [1440, 390])
def test_the_calendar_shows_the_next_rent_on_its_day(
    own_page: Page, app: str, server: Server, guest: UserId, width: int
) -> None:
    page, rent = own_page, next_rent(server, guest)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{app}/bills?month={rent.day:%Y-%m}")
    days = page.locator(".month .day:not(.outside)")
    expect(days.first).to_be_attached()
    day = days.nth(rent.day.day - 1)
    expect(day.get_by_text(RENT)).to_be_visible()
    expect(day.get_by_text(re.compile(r"2,412"))).to_be_visible()
    empty = page.locator(".month .day.empty").first
    # On a narrow screen only the days that have something are there.
    if width == 390:
        expect(empty).to_be_hidden()
    else:
        expect(empty).to_be_visible()
    page.get_by_role("button", name="Later").click()
    page.wait_for_url(re.compile(r"month=\d{4}-\d\d"))
    expect(page.locator(".month").get_by_text(RENT).first).to_be_visible()
