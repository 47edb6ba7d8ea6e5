"""All by keyboard: where it is can be seen and heard on every screen, and nothing that matters needs a mouse."""

import re
from decimal import Decimal
from typing import Final

import pytest
import streamlit as st
from playwright.sync_api import Page, expect

from core import clock
from core.identity import add_user
from core.ledger import TransactionRecord, apply_update
from core.store import Item
from tests.core.ledger.household import update
from tests.e2e.conftest import new_email
from tests.e2e.server import Server
from tests.e2e.steps import TRIES, visit
from tests.e2e.test_accessible import INSIDE, settle

pytestmark = pytest.mark.browser

PASSWORD: Final = "seven otters juggle lanterns"
MOST: Final = 160
"""Presses of Tab after which a screen has come to its end, or is a trap."""
NO_THING: Final = {"RootWebArea", "main", "generic", "gridcell", "Canvas"}
"""What can be reached and is nothing to press or to fill in; cells are read out as what is in them."""
ICON: Final = re.compile(r"\w+ icon|")
WATCH: Final = """() => {
    const light = ([r, g, b]) => [r, g, b].map(one => one / 255)
        .map(one => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
        .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0)
    const numbers = colour => colour.match(/[\\d.]+/g).map(Number)
    const strong = colour => {
        const [ground, ring] = [getComputedStyle(document.querySelector('.stApp')).backgroundColor, colour].map(numbers)
        const [dark, bright] = [light(ground), light(ring)].sort((one, other) => one - other)
        return (ring[3] ?? 1) === 1 && (bright + 0.05) / (dark + 0.05) >= 3
    }
    const ringed = one => {
        const { outlineStyle, outlineWidth, outlineColor, borderTopWidth, borderTopColor } = getComputedStyle(one)
        return outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2 && strong(outlineColor)
            || parseFloat(borderTopWidth) >= 1 && strong(borderTopColor)
    }
    window.unseen = new Set()
    window.ended = false
    document.addEventListener('keydown', () => {
        const here = document.activeElement
        window.ended ||= here === document.body
        if (here === document.body || here.matches('canvas, [role="gridcell"], .dvn-scroller')) return
        const around = [here]
        while (around.length < 6 && around.at(-1).parentElement) around.push(around.at(-1).parentElement)
        const { right, width } = here.getBoundingClientRect()
        if (!around.some(ringed) || right <= 0 || !width || !here.checkVisibility({ visibilityProperty: true }))
            window.unseen.add(`${location.pathname} ${here.outerHTML.slice(0, 200)}`)
    }, true)
}"""
"""Before each key: is there a ring of a contrast of three around what has the focus, or a field's frame of it?"""
HERE: Final = """() => {
    const here = document.activeElement
    const words = here.getAttribute('aria-label') || here.labels?.[0]?.innerText || here.innerText || ''
    return [here.getAttribute('role') || here.localName, words.replace(/\\s+/g, ' ')]
}"""


def reach(page: Page, role: str, name: str, key: str = "Tab") -> None:
    """Press a key until the focus is on what has such a role (or is called so in HTML) and such words in its name."""
    for _ in range(MOST):
        page.keyboard.press(key)
        found, words = page.evaluate(HERE)
        if found == role and name in words:
            return
    raise AssertionError(f"no {role} called {name} is reached")


def follow(page: Page, name: str) -> None:
    """Go to a screen by its name in the navigation."""
    reach(page, "a", name)
    page.keyboard.press("Enter")
    expect(page.locator("h1").first).to_have_text(name)
    settle(page)


def enter_table(page: Page) -> None:
    """Press Tab until the focus is in a table."""
    for _ in range(MOST):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('canvas, [role=gridcell]')"):
            page.wait_for_timeout(400)
            return
    raise AssertionError("no table is reached")


def nameless(page: Page) -> list[str]:
    """Return what can be reached and has no name, or only an icon's, as Chromium tells it to readers of the screen."""
    devtools = page.context.new_cdp_session(page)
    nodes = devtools.send("Accessibility.getFullAXTree")["nodes"]
    devtools.detach()
    found = []
    for node in nodes:
        role, name = node.get("role", {}).get("value", ""), node.get("name", {}).get("value", "")
        focusable = any(one["name"] == "focusable" for one in node.get("properties", ()))
        if focusable and not node["ignored"] and role not in NO_THING and ICON.fullmatch(name):
            found.append(f"{page.url} {role} {name!r}")
    return found


def test_the_ring_shows_on_every_ground() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return sum(one * share for one, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    ring = light(st.get_option("theme.dark.primaryColor"))
    for place in ("light", "dark", "light.sidebar", "dark.sidebar"):
        for kind in ("backgroundColor", "secondaryBackgroundColor"):
            ground = light(st.get_option(f"theme.{place}.{kind}"))
            assert (max(ring, ground) + 0.05) / (min(ring, ground) + 0.05) >= 3, f"{place} {kind}"


def test_every_stop_on_every_screen_is_seen_and_named(demo_page: Page, app: str) -> None:
    page, found = demo_page, []
    page.goto(app)
    settle(page)
    page.evaluate(WATCH)
    for name in ("", *INSIDE):
        if name:
            visit(page, f"/{name}")
            settle(page)
            page.locator("main").focus()
        found += nameless(page)
        page.evaluate("window.ended = false")
        for _ in range(MOST // 10):
            for _ in range(10):
                page.keyboard.press("Tab")
            if page.evaluate("window.ended"):
                break
        else:
            found.append(f"{page.url} has no end")
    assert found + page.evaluate("[...window.unseen]") == []


def test_a_closed_navigation_is_not_walked_through_and_an_open_one_is_entered(demo_page: Page, app: str) -> None:
    page = demo_page
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app}/bills")
    settle(page)
    for name in ("Skip to main content", "Navigate to home page", "Expand sidebar"):
        page.keyboard.press("Tab")
        assert page.evaluate(HERE)[1] == name
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Collapse sidebar")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Expand sidebar")).to_be_focused()


def test_a_persons_day_without_a_mouse(page: Page, server: Server) -> None:
    email = new_email("keys")
    with server.house() as house:
        user = add_user(house.store, house.vault, email, PASSWORD)
        with house.store.write() as session:
            item = Item(user_id=user, provider="demo", provider_key=f"item of {email}", created_at=clock.now())
            session.add(item)
            session.flush()
            number = item.id
        today = clock.now().date()
        told = {"Corner Shop": Decimal("-4.50"), "Tram Company": Decimal(-8)}
        known = (TransactionRecord("chk", today, amount, name, key=name) for name, amount in told.items())
        apply_update(house.store, user, number, update(*known), since="")
    keys = page.keyboard
    page.goto(f"{server.url}/sign_in")
    settle(page)
    reach(page, "input", "E-mail")
    keys.type(email)
    reach(page, "input", "Password")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    settle(page)
    _change_transactions(page)
    _set_a_budget(page)
    _ask_and_take_away(page)
    follow(page, "Settings")
    reach(page, "tab", "Profile")
    keys.press("ArrowRight")
    expect(page.get_by_role("tab", name="Signing in")).to_be_focused()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()


def _change_transactions(page: Page) -> None:
    """Filter the list, open what is chosen, and put it into a category."""
    keys = page.keyboard
    follow(page, "Transactions")
    reach(page, "input", "Search")
    keys.type("tram")
    keys.press("Enter")
    expect(page.get_by_text(re.compile("^1 transaction · "))).to_be_visible()
    settle(page)
    _select(page)
    keys.press("k")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_focused()
    expect(dialog.get_by_role("combobox")).to_be_visible()
    reach(page, "combobox", "Category")
    keys.type("public")
    keys.press("Enter")
    reach(page, "button", "Change 1 transaction")
    keys.press("Enter")
    expect(page.get_by_text(re.compile("into Public transport")).first).to_be_visible()
    settle(page)
    _select(page)
    keys.press("o")
    expect(page).to_have_url(re.compile(r"tx=\d+"))
    settle(page)


def _select(page: Page) -> None:
    """Select the first row of the list; a table that is still being painted takes no key."""
    enter_table(page)
    chosen = page.get_by_text("1 transaction is selected.")
    for _ in range(TRIES):
        page.keyboard.press("Shift+Space")
        page.wait_for_timeout(1000)
        settle(page)
        if chosen.is_visible():
            return
    raise AssertionError("no row can be selected")


def _set_a_budget(page: Page) -> None:
    """Add a budget in what opens, leave that, and change the limit in the table."""
    keys = page.keyboard
    follow(page, "Budgets")
    reach(page, "button", "Add a budget")
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_focused()
    reach(page, "combobox", "Category")
    keys.type("groceries", delay=60)
    expect(page.get_by_role("option", name=re.compile("Groceries")).first).to_be_visible()
    page.wait_for_timeout(300)
    keys.press("Enter")
    expect(page.get_by_role("option")).to_have_count(0)
    settle(page)
    reach(page, "input", "Limit a month")
    keys.type("300")
    reach(page, "button", "Set the budget")
    keys.press("Enter")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("$300.00")
    settle(page)
    enter_table(page)
    keys.press("ArrowRight")
    keys.press("Enter")
    cell = page.locator("#portal input")
    expect(cell).to_be_focused()
    # The editor of a cell takes a moment to take up its value, and to hand it over: nobody types within it.
    page.wait_for_timeout(500)
    keys.type("250", delay=60)
    expect(cell).to_have_value("250")
    page.wait_for_timeout(300)
    keys.press("Enter")
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("$250.00")
    settle(page)


def _ask_and_take_away(page: Page) -> None:
    """Ask the coach, and save the report as another file than the usual one."""
    keys = page.keyboard
    follow(page, "Coach")
    reach(page, "textarea", "")
    keys.type("What is my net worth?")
    keys.press("Enter")
    expect(page.get_by_text("Answered without a language model")).to_be_visible()
    settle(page)
    follow(page, "Report")
    reach(page, "button", "PDF or HTML")
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_be_focused()
    reach(page, "radio", "PDF")
    keys.press("ArrowRight")
    keys.press("Space")
    expect(page.get_by_text("One file that any browser shows")).to_be_visible()
    settle(page)
    reach(page, "button", "Download")
    with page.expect_download() as begun:
        keys.press("Enter")
    assert begun.value.suggested_filename.endswith(".html")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("button", name="PDF or HTML")).to_be_focused()
