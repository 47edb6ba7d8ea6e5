"""The whole app as one person comes to know it: from signing up to taking everything away and leaving for good."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from zipfile import ZipFile

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core import clock
from core.identity import find_user, profile
from core.insights import generate
from core.store import UserId
from tests.conftest import empty_database
from tests.e2e.comparing import looks_as_before
from tests.e2e.conftest import new_email
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import categorise, tick, visit
from tests.e2e.test_linking import link
from tests.e2e.test_second_factor import letters, link_in, typed
from tests.e2e.test_signing_in import await_cookie, sign_in, sign_up
from tests.machine import stores
from tests.standins.plaid import PlaidStandIn

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, bank: PlaidStandIn
) -> Iterator[Server]:
    with ExitStack() as stack:
        environment = dict(bank.environment)
        if request.param == stores.POSTGRESQL:
            made = empty_database(request.getfixturevalue("postgres_server"))
            environment["DATABASE_URL"] = stack.enter_context(made)
        yield stack.enter_context(serving(tmp_path_factory.mktemp("data"), **environment))


def come_in(page: Page, server: Server, email: str) -> None:
    """Sign up, follow the letter's link, sign in and set an authenticator app up."""
    sign_up(page, server.url, email)
    page.goto(link_in(letters(server, email)[0]))
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text(re.compile("is confirmed"))).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    sign_in(page, email)
    await_cookie(page)
    expect(page.get_by_text("0 of 6 done")).to_be_visible()
    looks_as_before(page, "first-steps")
    page.goto(f"{server.url}/settings")
    page.get_by_role("tab", name="Signing in").click()
    page.get_by_role("button", name="Set up").first.click()
    secret = page.get_by_role("dialog").locator("code").inner_text().replace(" ", "").strip()
    app = pyotp.TOTP(secret)
    typed(page, "Code from the app", app.at(clock.now()))
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("10 unused")).to_be_visible()


def put_right(page: Page) -> None:
    """Give a transaction its category, and make a rule of it."""
    visit(page, "/transactions")
    expect(page.get_by_text(re.compile(r"^\d+ transactions"))).to_be_visible()
    looks_as_before(page, "transactions")
    tick(page, 1, "1 transaction is selected.")
    categorise(page, "coffee", "Change 1 transaction")
    expect(page.get_by_text(re.compile("into Coffee")).first).to_be_visible()
    visit(page, "/categories?rule=Uber&category=9")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save the rule").click()
    expect(dialog).to_have_count(0)
    page.get_by_role("tab", name="Rules").click()
    expect(page.get_by_text("Where the text has “Uber”")).to_be_visible()


def plan(page: Page) -> None:
    """Set a budget and a goal."""
    visit(page, "/budgets")
    page.get_by_role("button", name="Add a budget").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Category").click()
    page.keyboard.type("groceries")
    page.keyboard.press("Enter")
    dialog.get_by_role("spinbutton").fill("300")
    dialog.get_by_role("button", name="Set the budget").click()
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("$300.00")
    expect(page.get_by_role("button", name="Set the budget")).to_have_count(0)
    looks_as_before(page, "budgets")
    visit(page, "/goals")
    page.get_by_role("button", name="New goal").click()
    page.get_by_label("Name", exact=True).fill("Roof")
    page.get_by_label("Target in USD", exact=True).fill("2400")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=re.compile("Roof"))).to_be_visible()


def ask(page: Page, server: Server, user: UserId) -> None:
    """See what is noticed, ask the coach, and take a report away."""
    with server.house() as house:
        generate(house.store, user, house.caches.of(user), profile(house.store, user).today)
    visit(page, "/insights")
    expect(page.get_by_role("heading", name="Insights")).to_be_visible()
    looks_as_before(page, "insights")
    visit(page, "/coach")
    box = page.get_by_placeholder("Ask about your money")
    box.fill("What is my net worth?")
    box.press("Enter")
    expect(page.get_by_text("Answered without a language model")).to_be_visible()
    looks_as_before(page, "coach")
    visit(page, "/report")
    page.get_by_role("button", name="PDF or HTML").click()
    with page.expect_download() as begun:
        page.get_by_role("dialog").get_by_role("button", name="Download").click()
    assert Path(begun.value.path()).read_bytes().startswith(b"%PDF")


def leave(page: Page, email: str, folder: Path) -> None:
    """Take everything away, and delete it."""
    visit(page, "/settings")
    page.get_by_role("tab", name="Your data").click()
    page.get_by_role("button", name="Export everything").click()
    expect(page.get_by_text("Your file is ready")).to_be_visible()
    with page.expect_download() as begun:
        page.get_by_role("button", name="Download").click()
    begun.value.save_as(folder / "all.zip")
    with ZipFile(folder / "all.zip") as archive:
        assert archive.testzip() is None
        assert email.encode() in archive.read("tables/users.json")
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Delete everything").click()
    page.get_by_label("Your e-mail address, to be sure").fill(email)
    page.get_by_role("button", name="Delete everything for good").click()
    # The button's own words say nearly the same before it is done.
    expect(page.get_by_text("Everything of yours is deleted.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Try the demo", exact=True)).to_be_visible()


@pytest.mark.parametrize("server", stores.BOTH, indirect=True)
def test_from_signing_up_to_leaving_for_good(page: Page, server: Server, tmp_path: Path) -> None:
    email = new_email("whole")
    come_in(page, server, email)
    visit(page, "/accounts")
    link(page)
    visit(page, "/")
    expect(page.get_by_text("Net worth").first).to_be_visible()
    expect(page.get_by_text("2 of 6 done")).to_be_visible()
    looks_as_before(page, "overview")
    with server.house() as house:
        user = find_user(house.store, email)
    assert user is not None
    put_right(page)
    plan(page)
    ask(page, server, user)
    visit(page, "/")
    expect(page.get_by_text("Net worth").first).to_be_visible()
    expect(page.get_by_text("First steps")).to_have_count(0)
    leave(page, email, tmp_path)
    with server.house() as house:
        assert find_user(house.store, email) is None


@pytest.mark.parametrize("server", stores.BOTH[:1], indirect=True)
def test_a_newcomer_looks_around_in_the_demo(page: Page, server: Server) -> None:
    page.goto(server.url)
    looks_as_before(page, "landing")
    page.get_by_role("button", name="Try the demo", exact=True).click()
    expect(page.get_by_text("Net worth").first).to_be_visible()
    looks_as_before(page, "demo-overview")
    for name in ("analytics", "bills", "forecast"):
        visit(page, f"/{name}")
        expect(page.locator("h1").first).to_be_visible()
        looks_as_before(page, f"demo-{name}")
