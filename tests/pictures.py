"""Take the README's pictures anew from the running app with the demo: `.venv/bin/python -m tests.pictures`."""

import io
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from core.clerk import put_in_order
from core.demo import start_demo
from core.identity import profile, start_session
from core.insights import generate
from core.planning import budget_month, month_of, set_limits
from core.runtime import Runtime
from core.store import UserId
from tests.e2e.conftest import give_cookie
from tests.e2e.server import Server, serving
from tests.machine.browser import FLAGS, find

ROOT: Final = Path(__file__).resolve().parent.parent
PICTURES: Final = ROOT / "docs" / "pictures"
QUALITY: Final = 82
SETTLED_MS: Final = 7000
SHOTS: Final = (
    # name, page, width, height, colour scheme
    ("overview", "", 1440, 1100, "light"),
    ("transactions", "transactions?kind=spending", 1440, 800, "light"),
    ("accounts", "accounts", 1440, 800, "dark"),
    ("investments", "investments", 1440, 800, "light"),
    ("reconcile", "reconcile", 1440, 800, "light"),
    ("budgets", "budgets", 1440, 900, "light"),
    ("subscriptions", "subscriptions", 1440, 800, "light"),
    ("bills", "bills", 1440, 900, "dark"),
    ("insights", "insights", 1440, 800, "light"),
    ("analytics", "analytics?view=flow", 1440, 1500, "light"),
    ("explore", "explore", 1440, 1200, "dark"),
    ("forecast", "forecast", 1440, 850, "light"),
    ("phone", "", 390, 844, "dark"),
)
QUESTIONS: Final = ("How much did I spend on groceries last month?", "What is my net worth?")
STATEMENT: Final = b"""Date,Description,Amount
2026-10-02,Paper Lantern Books,-28.78
2026-10-03,Salary Halden Instruments,2410.00
2026-10-05,Four Lakes Energy,-176.01
2026-10-06,Third Kettle Coffee,-5.76
"""


def plan(house: Runtime, user: UserId) -> None:
    """Let the household have the budgets that its past months suggest."""
    today = profile(house.store, user).today
    month = month_of(today, 1)
    view = budget_month(house.store, user, house.caches.of(user), month, today)
    wanted = {one.category_id: one.suggestion for one in view.unbudgeted if one.category_id and one.suggestion}
    set_limits(house.store, user, month.start, dict(wanted))


def take(browser: Browser, server: Server, token: str) -> None:
    """Open each screen as the demo household and keep what it looks like."""
    for name, address, width, height, scheme in SHOTS:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        give_cookie(context, server, token)
        page = context.new_page()
        page.goto(f"{server.url}/{address}")
        keep(page, name)
        context.close()
    context = browser.new_context(viewport={"width": 1440, "height": 800})
    give_cookie(context, server, token)
    page = context.new_page()
    page.goto(f"{server.url}/import_file")
    page.locator('input[type="file"]').set_input_files(
        {"name": "october.csv", "mimeType": "text/csv", "buffer": STATEMENT}
    )
    page.get_by_role("tab", name="New (4)").wait_for()
    keep(page, "import")
    context.close()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    give_cookie(context, server, token)
    page = context.new_page()
    page.goto(f"{server.url}/coach")
    for question in QUESTIONS:
        box = page.get_by_placeholder("Ask about your money")
        box.fill(question)
        box.press("Enter")
        page.wait_for_timeout(SETTLED_MS)
    keep(page, "coach")
    context.close()


def keep(page: Page, name: str) -> None:
    """Write one picture once the screen has come to rest."""
    page.get_by_role("heading", level=1).first.wait_for()
    page.wait_for_timeout(SETTLED_MS)
    image = Image.open(io.BytesIO(page.screenshot()))
    image.save(PICTURES / f"{name}.webp", quality=QUALITY, method=6)
    print(f"{name}.webp: {(PICTURES / f'{name}.webp').stat().st_size // 1024} KB")


def main() -> None:
    """Start a server of its own on made-up data, and take every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server:
        with server.house() as house:
            user = start_demo(house)
            while not put_in_order(house.store, user):
                pass
            plan(house, user)
            generate(house.store, user, house.caches.of(user), profile(house.store, user).today)
            token = start_session(house.store, user, agent="pictures")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find() or None, args=list(FLAGS))
            take(browser, server, token)
            browser.close()


if __name__ == "__main__":
    main()
