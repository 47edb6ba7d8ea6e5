"""Every way in which a bank can fail, as a person sees it: what the Accounts page says, and the next step it offers."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from core.banking import keep_item, sync_item
from core.banking.plaid import PlaidProvider
from core.config import Settings
from core.identity import add_user, start_session
from tests.e2e.conftest import give_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import visit
from tests.standins.plaid import CLIENT_ID, SECRET, Fault, Item, PlaidStandIn
from tests.standins.plaid.webhooks import encoded, post

pytestmark = pytest.mark.browser

SYNC = "/transactions/sync"
BANK = "First Platypus Bank"
_numbers = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, bank: PlaidStandIn) -> Iterator[Server]:
    with serving(
        tmp_path_factory.mktemp("data"),
        **bank.environment,
        PLAID_WEBHOOK_URL="https://money.example.org/plaid/webhook",
    ) as running:
        yield running


@dataclass(frozen=True)
class Person:
    """Somebody who looks at their accounts; `item` is their bank as the bank sees it."""

    page: Page
    item: Item
    accounts: str
    """The address of their accounts."""

    def open(self) -> "Person":
        """Load the page."""
        self.page.goto(self.accounts)
        return self

    def sync(self) -> None:
        """Ask for a sync and wait until it is over."""
        self.page.get_by_role("button", name="Sync all").click()
        expect(self.page.get_by_text(re.compile("could not be synced|^Synced: "))).to_be_visible()

    def badge(self, words: str) -> Locator:
        """Return the line among the bank connections that says how the bank does."""
        return self.page.get_by_text(re.compile(f"{BANK}.*{words}.*Last synced", re.DOTALL)).first

    def told(self, said: str, badge: str, button: str) -> None:
        """Look whether a failure is said with its one next step, and all else is there."""
        expect(self.page.get_by_text(said).first).to_be_visible()
        expect(self.badge(badge)).to_be_visible()
        expect(self.page.get_by_role("button", name=button).first).to_be_visible()
        if badge == "Trying again":
            expect(self.page.get_by_text(re.compile(r"It is tried again by itself in \d minutes\."))).to_be_visible()
        self.sees_rows()

    def sees_rows(self) -> None:
        """Look whether every account is still there."""
        for name in ("Plaid Checking", "Plaid Saving", "Plaid Credit Card"):
            expect(self.page.get_by_text(name).first).to_be_visible()
        assert "Traceback" not in self.page.content()


@pytest.fixture
def person(page: Page, server: Server, bank: PlaidStandIn) -> Person:
    settings = Settings(plaid_client_id=CLIENT_ID, plaid_secret=SECRET, plaid_base_url=bank.url)  # type: ignore[arg-type]
    provider = PlaidProvider.from_settings(settings)
    with server.house() as house:
        user = add_user(house.store, house.vault, f"p{next(_numbers)}@example.org", "seven otters juggle lanterns")
        given = provider.sandbox_item()
        item = keep_item(house.store, house.vault, user, provider.name, given)
        assert not sync_item(house.store, house.vault, {provider.name: provider}, user, item).error
        give_cookie(page.context, server, start_session(house.store, user, agent="tests"))
    return Person(page, bank.item_of(given.access_token), f"{server.url}/accounts")


ROWS = [
    # code, what is said, the badge, the button
    ("INSTITUTION_DOWN", "The bank is down right now.", "Trying again", "Try now"),
    ("RATE_LIMIT_EXCEEDED", "Plaid was asked too often and wants a pause.", "Trying again", "Try now"),
    ("ITEM_LOGIN_REQUIRED", "The bank wants you to sign in again.", "Sign in again", "Reconnect"),
    ("NO_ACCOUNTS", "The bank shares no accounts any more.", "Sign in again", "Reconnect"),
    ("ITEM_LOCKED", "Put that right at the bank, then reconnect it here.", "Act at the bank", "Reconnect"),
    ("ITEM_NOT_FOUND", "Plaid no longer knows this connection.", "Link again", "Link again"),
    ("MFA_NOT_SUPPORTED", "Import the files that this bank offers instead.", "Not supported", "Import files"),
    ("INVALID_API_KEYS", "Check PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ENV", "Set-up needed", "Sync again"),
    ("NEVER_SEEN_BEFORE", "Plaid says: the error NEVER_SEEN_BEFORE.", "Sync failed", "Sync again"),
]


def test_a_failure_is_told_in_words_with_its_one_next_step(person: Person) -> None:
    person.open()
    for code, said, badge, button in ROWS:
        person.item.error = code
        person.sync()
        expect(person.page.get_by_text("1 of 1 could not be synced")).to_be_visible()
        person.told(said, badge, button)
        # It stays said: at another page view.
        visit(person.page, "/goals")
        visit(person.page, "/accounts")
        person.told(said, badge, button)
        # And once it is over, nothing of it is left.
        person.item.error = None
        person.sync()
        expect(person.badge("Up to date")).to_be_visible()
        expect(person.page.get_by_text(said)).to_have_count(0)


HEALS = [
    # what happens to the next sync, what is said of it
    (Fault(code="TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"), "Synced: nothing new"),
    (Fault(code="INVALID_FIELD", message="cursor not associated with access_token"), "Synced: nothing new"),
    (Fault(status=502, body=b"<html>Bad gateway</html>"), "Synced: nothing new"),
    (Fault(code="INVALID_ACCOUNT_ID"), "An account was closed or is no longer shared. The others go on."),
    (Fault(code="PRODUCTS_NOT_SUPPORTED"), "Accounts only: This bank does not offer that."),
    (Fault(code="ITEM_CONCURRENTLY_DELETED"), "This connection was being removed meanwhile. Nothing has to be done."),
]


def test_what_mends_itself_leaves_nothing_to_do(person: Person, bank: PlaidStandIn) -> None:
    person.open()
    for fault, said in HEALS:
        # What was said of the one before goes with the page view.
        visit(person.page, "/goals")
        visit(person.page, "/accounts")
        bank.fail(SYNC, fault)
        person.sync()
        expect(person.page.get_by_text(said).first).to_be_visible()
        expect(person.badge("Up to date")).to_be_visible()
        for button in ("Reconnect", "Link again", "Try now", "Sync again"):
            expect(person.page.get_by_role("button", name=button)).to_have_count(0)
        person.sees_rows()


def test_reconnect_leads_to_the_banks_own_screen_and_heals(person: Person) -> None:
    person.item.error = "ITEM_LOGIN_REQUIRED"
    person.open().sync()
    person.page.get_by_role("button", name="Reconnect").first.click()
    with person.page.context.expect_page() as opened:
        person.page.get_by_role("link", name="Open the sign-in page").click()
    screen = opened.value
    screen.get_by_label("User").fill("user_good")
    screen.get_by_label("Password").fill("pass_good")
    screen.get_by_role("button", name="Sign in").click()
    expect(screen.get_by_role("heading", name="Success")).to_be_visible()
    expect(person.page.get_by_text(f"{BANK} is connected again.").first).to_be_visible()
    expect(person.badge("Up to date")).to_be_visible()


WEBHOOKS = [
    ("ERROR", "The bank wants you to sign in again.", "Reconnect"),
    ("USER_PERMISSION_REVOKED", "The permission to read this bank was withdrawn.", "Reconnect"),
    ("PENDING_EXPIRATION", "The bank ends this connection on ", "Reconnect"),
    ("PENDING_DISCONNECT", "The bank ends this connection on ", "Reconnect"),
    ("NEW_ACCOUNTS_AVAILABLE", "The bank has new accounts to share.", "Choose accounts"),
]


@pytest.mark.parametrize(("code", "said", "button"), WEBHOOKS, ids=[row[0] for row in WEBHOOKS])
def test_what_plaid_tells_by_itself_is_on_the_page(
    person: Person, server: Server, bank: PlaidStandIn, code: str, said: str, button: str
) -> None:
    person.open()
    body = encoded(bank.webhooks.body_of(person.item, "ITEM", code))
    assert post(f"{server.url}/plaid/webhook", body, bank.webhooks.sign(body)) == (200, b"")
    visit(person.page, "/goals")
    visit(person.page, "/accounts")
    expect(person.page.get_by_text(said).first).to_be_visible()
    expect(person.page.get_by_role("button", name=button).first).to_be_visible()
    person.sees_rows()
