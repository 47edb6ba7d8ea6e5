"""Whatever goes wrong between here and Plaid ends in the right ledger or in a clear sentence, and nothing is lost.

Five hundred schedules of faults, made from their numbers, hit real syncs over HTTP. After each the ledger is either
where the bank stands or where it was, and one calm sync later where the bank stands.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from core.banking import (
    Institution,
    ItemSync,
    LinkedItem,
    begin_visit,
    keep_item,
    link_sandbox,
    look_at_visit,
    remove_item,
    sync_item,
)
from core.banking.plaid import Patience, PlaidProvider
from core.banking.plaid.client import PlaidClient
from core.cache import verify
from core.config import Settings
from core.errors import BankError, BankTemporaryError
from core.identity import Operator
from core.ledger import Changes, edit_transactions
from core.runtime import Runtime, open_runtime
from core.store import Account, Store, Transaction, UserId
from tests.core.banking.house import House, sign_in_and_share
from tests.core.ledger.household import add_person
from tests.standins.plaid import CLIENT_ID, SECRET, Fault, Item, PlaidStandIn, account, transaction
from tests.standins.plaid.faults import EVERYWHERE, HANG, LOST, SYNCING

SCHEDULES: Final = 500
BATCHES: Final = 20
"""So many tests share the schedules, each with a household of its own."""
SYNC: Final = "/transactions/sync"
NAMELESS: Final = Institution("", "Bank")
FIRST_DAY: Final = date(2026, 3, 1)
HASTY: Final = Patience(timeout=(2.0, HANG * 0.75), tries=3, first_wait=0.002, longest_wait=0.05)
CALM: Final = Patience(timeout=(10.0, 30.0), tries=3, first_wait=0.01, longest_wait=0.1)
SENTENCES: Final = (
    "Plaid can't be reached.",
    "Plaid's answer can't be read.",
    "Plaid was asked too often and wants a pause.",
    "Something between here and Plaid answered in its place.",
    "Plaid has a fault of its own right now.",
    "Plaid is under maintenance.",
    "The bank is down right now.",
    "The bank does not answer right now.",
    "The bank is still gathering the data.",
    "The bank's data keeps changing while it is read.",
    "Plaid no longer knows how far this bank was read.",
    "Plaid gave no reason.",
    "Plaid says: ",
)
"""How what the person reads may begin: each says who is at fault, none speaks of JSON, sockets or codes."""

Shown = dict[str, tuple[str, date, Decimal, str, bool, str]]


class Household:
    """One person whose banks are hit by one schedule after the other."""

    def __init__(self, folder: Path, bank: PlaidStandIn) -> None:
        settings = Settings(
            fintrack_data_dir=folder, plaid_client_id=CLIENT_ID, plaid_secret=SecretStr(SECRET), plaid_base_url=bank.url
        )
        self.bank = bank
        self.home: Runtime = open_runtime(settings)
        self.user: UserId = add_person(self.home.store)
        self.hasty = PlaidProvider(PlaidClient(settings, HASTY), settings, ready_waits=(0.001,))
        self.calm = PlaidProvider(PlaidClient(settings, CALM), settings, ready_waits=())

    def link(self, item: Item) -> int:
        token = f"access-{item.item_id}"
        self.bank.items[token] = item
        linked = LinkedItem(item.item_id, token, Institution("ins_1", f"Bank {item.item_id}"))
        return keep_item(self.home.store, self.home.vault, self.user, "plaid", linked)

    def sync(self, number: int, provider: PlaidProvider) -> ItemSync:
        return sync_item(self.home.store, self.home.vault, {"plaid": provider}, self.user, number)

    def shown(self, number: int) -> Shown:
        """Return the living rows of an item by key; fails when one is there twice."""
        question = (
            select(Transaction, Account.provider_key)
            .join(Account, Account.id == Transaction.account_id)
            .where(Account.item_id == number, Transaction.removed_at.is_(None))
        )
        with self.home.store.read() as session:
            rows = [
                (str(row.provider_key), (str(holder), row.date, row.amount, row.name, row.pending, row.note))
                for row, holder in session.execute(question)
            ]
        assert len(rows) == len(dict(rows)), "a row is doubled"
        return dict(rows)

    def write_notes(self, number: int, dice: Random, notes: dict[str, str]) -> None:
        """Let the person write on some rows."""
        question = (
            select(Transaction.id, Transaction.provider_key)
            .join(Account)
            .where(Account.item_id == number, Transaction.removed_at.is_(None))
        )
        with self.home.store.read() as session:
            rows = [(identity, str(key)) for identity, key in session.execute(question)]
        for identity, key in dice.sample(rows, min(2, len(rows))):
            notes[key] = f"note of {key[:6]}"
            edit_transactions(self.home.store, self.user, [identity], Changes(note=notes[key]))


def told(item: Item, notes: dict[str, str]) -> Shown:
    """Return what the ledger should show of an item."""
    return {
        key: (
            row["account_id"],
            date.fromisoformat(row["date"]),
            -Decimal(str(row["amount"])),
            row["name"],
            row["pending"],
            notes.get(key, ""),
        )
        for key, row in item.rows.items()
    }


def spend(item: Item, dice: Random, **more: Any) -> str:
    holder = dice.choice(item.accounts)["account_id"]
    day = FIRST_DAY + timedelta(days=dice.randrange(60))
    return item.add(transaction(holder, round(dice.uniform(-500, 500), 2), day, f"Shop {dice.random()}", **more))


def move(item: Item, dice: Random, notes: dict[str, str]) -> None:
    """Let a few things happen at the bank; the person's notes go with what posts."""
    for _ in range(dice.randrange(8)):
        what = dice.choice(["add", "add", "pending", "modify", "remove", "post"])
        key = dice.choice(list(item.rows)) if item.rows else None
        waiting = [key for key, row in item.rows.items() if row["pending"]]
        if what in {"add", "pending"} or key is None:
            spend(item, dice, pending=what == "pending")
        elif what == "modify":
            item.modify(key, amount=round(dice.uniform(-500, 500), 2))
        elif what == "remove":
            item.remove(key)
        elif waiting:
            old = dice.choice(waiting)
            new = item.post(old)
            if old in notes:
                notes[new] = notes.pop(old)


def schedule(dice: Random, item: Item) -> list[Fault]:
    """Return what happens to the calls of a sync, one after the other; a `Fault()` lets one pass."""
    makers = [*EVERYWHERE.values(), *LOST.values(), *SYNCING.values()]

    def mutation() -> Fault:
        return Fault(before=lambda: spend(item, dice) and None)

    faults = []
    for _ in range(dice.randint(1, 12)):
        kind = dice.random()
        if kind < 0.25:
            faults.append(Fault())
        elif kind < 0.4:
            faults.append(mutation())
        else:
            faults += [dice.choice(makers)(dice)] * dice.choice([1, 1, 1, 2, 4])
    return faults


@pytest.fixture(scope="module")
def bank() -> Iterator[PlaidStandIn]:
    with PlaidStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def household(bank: PlaidStandIn, tmp_path: Path) -> Iterator[Household]:
    home = Household(tmp_path, bank)
    yield home
    home.home.close()


@pytest.mark.parametrize("batch", range(BATCHES))
def test_any_schedule_of_faults_ends_in_the_right_ledger_or_a_clear_error(household: Household, batch: int) -> None:
    ended = {"right": 0, "told": 0}
    for seed in range(batch, SCHEDULES, BATCHES):
        dice = Random(seed)
        household.bank.faults.clear()
        household.bank.page_limit = dice.choice([1, 3, 7, 500])
        item = Item(f"item-{seed}", "ins_1", [account("depository", "checking", current=1.0, name="Checking")])
        number, notes = household.link(item), dict[str, str]()
        for _ in range(dice.randrange(12)):
            spend(item, dice, pending=dice.random() < 0.3)
        if dice.random() < 0.7:
            assert household.sync(number, household.calm).error == ""
            household.write_notes(number, dice, notes)
        before = household.shown(number)
        move(item, dice, notes)

        household.bank.last.clear()
        household.bank.fail(SYNC, *schedule(dice, item))
        result = household.sync(number, household.hasty)
        household.bank.faults.clear()
        after = household.shown(number)
        if result.error:
            ended["told"] += 1
            assert result.error.startswith(SENTENCES), (seed, result.error)
            assert after == before, f"schedule {seed} failed and changed the ledger"
        elif result.ready:
            ended["right"] += 1
            assert after == told(item, notes), f"schedule {seed} ended in a wrong ledger"
        else:
            assert after == before, f"schedule {seed}: what is not ready yet changed the ledger"

        assert household.sync(number, household.calm).error == ""
        assert household.shown(number) == told(item, notes), f"schedule {seed}: one calm sync did not mend it"
    assert verify(household.home.caches.of(household.user), household.home.store) == []
    # Both ends have to be seen, or the schedules show nothing.
    assert ended["right"] > 2
    assert ended["told"] > 2


ROUTES: Final[dict[str, Callable[[PlaidProvider, str], object]]] = {
    "/accounts/balance/get": lambda provider, token: provider.fresh_accounts(token),
    "/accounts/get": lambda provider, token: provider.accounts(token),
    "/institutions/get_by_id": lambda provider, token: provider.institution_of(token, NAMELESS).color,
    "/item/get": lambda provider, token: provider.state_of(token),
    "/item/public_token/exchange": lambda provider, _: provider.sandbox_item(),
    "/item/remove": lambda provider, token: provider.remove(token),
    "/link/token/create": lambda provider, _: provider.begin_link(UserId(7)),
    "/link/token/get": lambda provider, _: provider.look_at_link(provider.begin_link(UserId(7)).token),
    "/sandbox/public_token/create": lambda provider, _: provider.sandbox_item(),
    SYNC: lambda provider, token: provider.changes(token, "").added,
}


@pytest.fixture
def hasty(plaid_settings: Settings) -> PlaidProvider:
    return PlaidProvider(PlaidClient(plaid_settings, HASTY), plaid_settings, ready_waits=())


def fault_of(kind: str, route: str) -> Fault:
    """Return a fault; what can be done only once is not done when its answer would be lost, see the last tests."""
    fault = EVERYWHERE[kind](Random(1))
    once = route in {"/item/remove", "/item/public_token/exchange"}
    return replace(fault, wire="reset") if fault.wire and once else fault


@pytest.mark.parametrize("kind", EVERYWHERE)
@pytest.mark.parametrize("route", ROUTES)
def test_what_passes_is_survived_on_every_route(
    plaid: PlaidStandIn, hasty: PlaidProvider, route: str, kind: str
) -> None:
    token = hasty.sandbox_item().access_token
    plaid.fail(route, fault_of(kind, route))
    answer = ROUTES[route](hasty, token)
    assert answer or route == "/item/remove"
    assert plaid.violations == []


@pytest.mark.parametrize("kind", EVERYWHERE)
@pytest.mark.parametrize("route", ROUTES)
def test_what_does_not_pass_is_told_on_every_route(
    plaid: PlaidStandIn, hasty: PlaidProvider, route: str, kind: str
) -> None:
    token = hasty.sandbox_item().access_token
    plaid.fail(route, *[fault_of(kind, route)] * 12)
    if route == "/institutions/get_by_id":
        assert ROUTES[route](hasty, token) == ""  # a bank without its colour is a bank
        return
    with pytest.raises(BankError) as caught:
        ROUTES[route](hasty, token)
    assert isinstance(caught.value, BankTemporaryError)
    assert caught.value.sentence.startswith(SENTENCES)
    assert caught.value.hint


def kept_tokens(house: House) -> dict[str, str]:
    """Return the access tokens in the store by the item's key at Plaid."""
    return {item.provider_key: house.vault.open(item.sealed_token, f"item:{item.id}") for item in house.items()}


AFTER_EXCHANGE: Final = ("/item/get", "/institutions/get_by_id", SYNC, "/accounts/get")
"""What is asked once a login was taken over."""


@pytest.mark.parametrize("kind", [*EVERYWHERE, *LOST])
def test_nothing_that_goes_wrong_after_the_exchange_loses_the_token(
    house: House, plaid: PlaidStandIn, kind: str
) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    for route in AFTER_EXCHANGE:
        plaid.fail(route, *[(EVERYWHERE | LOST)[kind](Random(2))] * 12)
    look_at_visit(*house.all, visit.id)
    ((token, item),) = plaid.items.items()
    assert kept_tokens(house) == {item.item_id: token}
    plaid.faults.clear()
    (kept,) = house.items()
    assert house.sync(kept.id).error == ""
    assert len(house.rows()) == 24


def test_the_token_is_in_the_store_before_anything_else_is_asked(house: House, plaid: PlaidStandIn) -> None:
    seen: list[int] = []
    for route in AFTER_EXCHANGE:
        plaid.fail(route, Fault(before=lambda: seen.append(len(kept_tokens(house)))))
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    assert look_at_visit(*house.all, visit.id).state == "done"
    assert seen
    assert set(seen) == {1}


def test_a_quick_link_keeps_its_token_first_too(
    store: Store, plaid: PlaidStandIn, plaid_settings: Settings, house: House
) -> None:
    seen: list[int] = []
    for route in AFTER_EXCHANGE:
        plaid.fail(route, Fault(before=lambda: seen.append(len(kept_tokens(house)))))
    link_sandbox(store, house.vault, plaid_settings, Operator(house.user))
    assert set(seen) == {1}


def test_a_removal_of_which_nobody_heard_is_a_removal(house: House, plaid: PlaidStandIn, hasty: PlaidProvider) -> None:
    item = keep_item(house.store, house.vault, house.user, "plaid", hasty.sandbox_item())
    house.sync(item)
    plaid.fail("/item/remove", Fault(wire="lost"))
    remove_item(house.store, house.vault, {"plaid": hasty}, Operator(house.user), item, "keep")
    assert house.items() == []
    assert len(house.rows()) == 24


def test_an_exchange_of_which_nobody_heard_is_told(house: House, plaid: PlaidStandIn) -> None:
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    plaid.fail("/item/public_token/exchange", Fault(wire="lost"))
    step = look_at_visit(*house.all, visit.id)
    assert step.state in {"expired", "failed"}
    assert step.sentence
    assert house.items() == []
