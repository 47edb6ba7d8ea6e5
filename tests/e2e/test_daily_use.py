"""A household at its screens: figures that lead to rows, a server that may die."""

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo import start_demo
from core.identity import start_session
from tests.e2e.conftest import COOKIE, give_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import visit

pytestmark = pytest.mark.browser


def net_worth(page: Page) -> str:
    """Return the first large figure of the overview, once it has stopped counting up."""
    value = page.get_by_test_id("stMetricValue").first
    value.wait_for()
    seen = [""] * 3
    while len(set(seen)) > 1 or not seen[-1]:
        page.wait_for_timeout(300)
        seen = [*seen[1:], value.inner_text()]
    return seen[-1]


def test_a_figure_leads_to_its_rows_and_back(demo_page: Page, server: Server) -> None:
    demo_page.goto(server.url)
    net_worth(demo_page)
    demo_page.evaluate("window.loadedOnce = true")
    demo_page.get_by_role("link", name=re.compile("Food & drink")).first.click()
    expect(demo_page.get_by_text(re.compile("Only spending"))).to_be_visible()
    assert "category=" in demo_page.url
    demo_page.go_back()
    expect(demo_page.get_by_text("Net worth").first).to_be_visible()
    assert demo_page.evaluate("window.loadedOnce"), "the app was loaded anew on the way"


def test_a_line_opens_in_a_tab_of_its_own_where_that_is_wanted(demo_page: Page, server: Server) -> None:
    demo_page.goto(server.url)
    net_worth(demo_page)
    with (
        demo_page.context.expect_page(),
        demo_page.context.expect_event("request", lambda request: "/transactions?" in request.url) as asked,
    ):
        demo_page.get_by_role("link", name=re.compile("Food & drink")).first.click(modifiers=["Control"])
    # Playwright misses at times that a tab which it did not open has loaded: it is looked at in one that it opens.
    tab = demo_page.context.new_page()
    tab.goto(asked.value.url)
    expect(tab.get_by_text(re.compile("Only spending"))).to_be_visible()
    expect(demo_page.get_by_role("heading", name="Overview")).to_be_visible()


def test_search_narrows_the_list_and_the_address_carries_it(demo_page: Page, server: Server) -> None:
    demo_page.goto(f"{server.url}/transactions")
    box = demo_page.get_by_placeholder("Search names, notes, bank texts")
    box.fill("greenleaf")
    box.press("Enter")
    expect(demo_page.get_by_text("with “greenleaf”")).to_be_visible()
    assert "text=greenleaf" in demo_page.url
    demo_page.reload()
    expect(demo_page.get_by_text("with “greenleaf”")).to_be_visible()
    demo_page.get_by_role("button", name="Clear filters").click()
    expect(demo_page.get_by_text("with “greenleaf”")).to_have_count(0)


def test_a_killed_server_starts_again_with_everything(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        with server.house() as house:
            token = start_session(house.store, start_demo(house), agent="tests")
        context = browser.new_context()
        give_cookie(context, server, token)
        page = context.new_page()
        page.goto(server.url)
        before = net_worth(page)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(20)
        expect(page.get_by_test_id("stApp")).not_to_have_attribute("data-test-connection-state", "CONNECTED")
        page.get_by_role("link", name=re.compile("Food & drink")).first.click()
        page.wait_for_timeout(500)
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        assert page.url == f"{server.url}/"
        context.close()
    with serving(tmp_path) as server:
        context = browser.new_context()
        context.add_cookies([{"name": COOKIE, "value": token, "url": server.url}])
        page = context.new_page()
        page.goto(server.url)
        assert net_worth(page) == before
        context.close()


SCREENS = (
    "",
    "coach",
    "insights",
    "accounts",
    "transactions",
    "investments",
    "analytics",
    "analytics?view=flow",
    "analytics?view=year",
    "explore",
    "forecast",
    "query",
    "report",
    "budgets",
    "goals",
    "subscriptions",
    "bills",
    "categories",
    "reconcile",
    "import_file",
    "settings",
    "about",
)


def test_no_screen_is_wider_than_the_window(demo_page: Page, server: Server) -> None:
    demo_page.goto(f"{server.url}/goals")
    wide = []
    for screen in SCREENS:
        if "?view" in screen and "analytics" in demo_page.url:
            # Its title is that of the screen before.
            visit(demo_page, "/goals")
        demo_page.set_viewport_size({"width": 1440, "height": 844})
        visit(demo_page, f"/{screen}")
        for width in (1440, 390):
            demo_page.set_viewport_size({"width": width, "height": 844})
            demo_page.wait_for_timeout(800)
            if demo_page.evaluate("document.documentElement.scrollWidth - window.innerWidth") > 0:
                wide.append((screen, width))
    assert wide == []
