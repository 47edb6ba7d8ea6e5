"""What a person does in a browser: on the accounts page, and in tables, which are drawn on a canvas."""

import re
import time

from playwright.sync_api import Locator, Page, expect

TRIES = 5


def open_screen(page: Page) -> Page:
    """Open the bank's own page in its new tab."""
    with page.context.expect_page() as tab:
        page.get_by_role("link", name="Open the sign-in page").click()
    return tab.value


def leave(screen: Page, said: str) -> None:
    """Close the bank's tab once it has said how it ended: closing one that is still loading can hang Chromium."""
    expect(screen.get_by_text(said).first).to_be_visible()
    screen.close()


def choose(page: Page, menu: str, option: str, place: int = 0) -> None:
    """Choose from the menu of a bank or an account, the one at `place`; one that a redraw closed is opened again."""
    wanted = page.get_by_text(option, exact=True)
    deadline = time.monotonic() + 20
    while not wanted.is_visible() and time.monotonic() < deadline:
        page.locator(f"[class*=st-key-{menu}_menu_] button:visible").nth(place).click()
        page.wait_for_timeout(500)
    wanted.click()


def add_an_account(page: Page) -> None:
    """Open the dialog by which an account comes, from an empty page or a full one."""
    page.get_by_role("button", name=re.compile("Connect a bank|Add account")).click()


def expect_linked(page: Page, bank: str) -> None:
    """Wait until the page tells that a bank is linked: with what came, or without where the schedule saw it first."""
    expect(page.get_by_text(re.compile(rf"{bank}: \d+ new|The bank is linked")).first).to_be_visible()


def begin(page: Page) -> None:
    """Ask for a new bank."""
    add_an_account(page)
    page.get_by_role("button", name="Go to your bank").click()


def sign_in(screen: Page, user: str = "user_good") -> None:
    """Sign in at the bank, on its own page."""
    screen.get_by_label("User").fill(user)
    screen.get_by_label("Password").fill("pass_good")
    screen.get_by_role("button", name="Sign in").click()


def visit(page: Page, path: str) -> None:
    """Go to another screen of the open app, as the browser's arrows do: a third of what loading the app anew takes."""
    title = page.locator("h1").first.inner_text()
    page.evaluate("path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path)
    expect(page.locator("h1").first).not_to_have_text(title)


def tick(page: Page, row: int, said: str) -> None:
    """Tick a row of the list of transactions, counted from 1; the page says what is selected then."""
    click_in(page, page.get_by_test_id("data-grid-canvas").first, 16, 31 * row + 16)
    expect(page.get_by_text(said)).to_be_visible()


def categorise(page: Page, category: str, button: str) -> None:
    """Put what is ticked into a category: a single key opens the window, and nothing but the keyboard fills it."""
    page.keyboard.press("k")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name=re.compile("Category")).click()
    page.keyboard.type(category)
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name=button).click()


def click_in(page: Page, grid: Locator, right: int, down: int) -> None:
    """Click into a table at pixels from its corner, unhurried: a click before the pointer rests there is lost."""
    x, y = _corner(page, grid)
    page.mouse.move(x + right, y + down)
    page.wait_for_timeout(300)
    page.mouse.click(x + right, y + down, delay=50)
    page.wait_for_timeout(300)


def _corner(page: Page, grid: Locator) -> tuple[float, float]:
    """Return where a table stands once the page is at rest: one that is drawn anew has no place, or soon another."""
    for _ in range(TRIES):
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(grid).to_be_visible()
        grid.scroll_into_view_if_needed()
        before = grid.bounding_box()
        # The grid takes no click before it has painted, and tells nobody when it has.
        page.wait_for_timeout(500)
        if before is not None and before == grid.bounding_box():
            return before["x"], before["y"]
    raise AssertionError("the table never came to rest")
