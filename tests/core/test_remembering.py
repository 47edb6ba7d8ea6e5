"""What a round leaves out because nothing of it changed: a round over everything would come to the same."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.categorising import Lessons, learn_categories
from core.ledger import (
    AccountRecord,
    Changes,
    Part,
    Searches,
    TransactionRecord,
    apply_update,
    change_category,
    decide_pair,
    edit_transactions,
    ensure_categories,
    list_pairs,
    pair_up,
    rename_account,
    split_transaction,
)
from core.rates import take_in_rates
from core.store import Store, Transaction, last_change
from tests.core.ledger.household import CHECKING, Household, bought, settle, update
from tests.core.rates.files import history
from tests.machine.examples import examples

SAVINGS = AccountRecord(key="sav", name="Rainy day", type="savings", current=Decimal(0), mask="4455")
GROCERIES, BOOKS = 158, 182
NAMES: Final = (
    "Transfer to savings 4455", "Transfer from Everyday", "Bookshop Rhodes", "Bookshop Rhodes REFUND", "Bakery",
    "LIDL SAGT DANKE 4711",
)  # fmt: skip
_households = count(1)

Deed = tuple[str, int, int, int]
deeds = st.lists(
    st.tuples(
        st.sampled_from(
            ("row", "row", "row", "row", "gone", "bank", "own", "own", "note", "split", "pair", "name", "hide")
        ),
        st.integers(0, 7),
        st.integers(0, 7),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=10,
)


class Life:
    """A household to which things happen."""

    def __init__(self, store: Store) -> None:
        self.home = settle(store, f"{next(_households)}@example.org")
        self._told = 0

    def tell(self, *rows: TransactionRecord, **more: tuple[Any, ...]) -> None:
        since = f"c{self._told}" if self._told else ""
        self._told += 1
        told = update(*rows, cursor=f"c{self._told}", accounts=(CHECKING, SAVINGS), **more)
        apply_update(self.home.store, self.home.user, self.home.item, told, since=since)

    def happen(self, deed: Deed) -> None:
        what, one, other, day = deed
        rows = self.home.rows()
        if what == "row":
            amount = Decimal(one // 2 * 50 + 50) - Decimal("0.37")
            account, side = ("sav" if one % 2 else "chk"), (1 if other % 2 else -1)
            name, key = NAMES[other % len(NAMES)], f"k{self._told}"
            self.tell(TransactionRecord(account, date(2026, 3, day), amount * side, name, key=key))
        elif what == "gone" and rows:
            self.tell(removed=(str(rows[one % len(rows)].provider_key),))
        elif what == "bank" and rows:
            row = rows[one % len(rows)]
            account = "sav" if row.account_id == max(each.account_id for each in rows) else "chk"
            told = TransactionRecord(account, row.date, row.amount * (1 + other), row.name, key=row.provider_key)
            self.tell(modified=(told,))
        elif rows:
            self._say(what, rows[one % len(rows)], other, (GROCERIES, BOOKS)[day % 2])

    def _say(self, what: str, row: Transaction, other: int, category: int) -> None:
        store, user = self.home.store, self.home.user
        if what == "own":
            said = Changes(own_category_id=category) if other else Changes(clear_category=True)
            edit_transactions(store, user, [row.id], said)
        elif what == "note":
            edit_transactions(store, user, [row.id], Changes(note=f"n{other}"))
        elif what == "split":
            split_transaction(store, user, row.id, [Part(row.amount - 1), Part(Decimal(1))])
        elif what == "pair":
            for pair in list_pairs(store, user, ("found", "asked"))[:1]:
                decide_pair(store, user, pair.id, belongs=other % 2 == 0)
        elif what == "name":
            rename_account(store, user, row.account_id, f"Purse {other}")
        elif what == "hide":
            change_category(store, user, category, hidden=bool(other % 2))


def changes(home: Household, deed: Callable[[], object]) -> int:
    """Return how many changes something makes."""
    with home.store.read() as session:
        before = last_change(session, home.user)
    deed()
    with home.store.read() as session:
        return last_change(session, home.user) - before


@settings(
    max_examples=examples(12),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(lived=deeds)
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_after_a_round_that_remembers_a_whole_one_finds_nothing(store: Store, lived: list[Deed]) -> None:
    ensure_categories(store)
    life, searches, lessons = Life(store), Searches(), Lessons()
    home = life.home
    for deed in lived:
        life.happen(deed)
        if deed[0] == "note" and deed[1] % 2:
            continue
        pair_up(store, home.user, searches)
        learn_categories(store, home.user, lessons)
        assert changes(home, lambda: pair_up(store, home.user)) == 0
        assert changes(home, lambda: learn_categories(store, home.user)) == 0


def test_rows_are_searched_again_only_when_that_may_find_anything_else(store: Store) -> None:
    ensure_categories(store)
    life, searches = Life(store), Searches()
    user = life.home.user
    life.tell(
        TransactionRecord("chk", date(2026, 3, 3), Decimal(-500), NAMES[0], key="a"),
        TransactionRecord("sav", date(2026, 3, 4), Decimal(500), NAMES[1], key="b"),
        TransactionRecord("chk", date(2026, 3, 5), Decimal(-90), "Bakery", key="c"),
    )
    rows = {row.name: row.id for row in life.home.rows()}
    (account, *_) = {row.account_id for row in life.home.rows()}

    def searched(deed: Callable[[], object]) -> bool:
        deed()
        return pair_up(store, user, searches).searched

    bakery = [rows["Bakery"]]
    assert searched(lambda: None)
    assert not searched(lambda: None)
    assert not searched(lambda: edit_transactions(store, user, bakery, Changes(note="bread", own_name="Baker")))
    assert not searched(lambda: learn_categories(store, user))
    assert searched(lambda: edit_transactions(store, user, bakery, Changes(own_category_id=GROCERIES)))
    assert searched(lambda: split_transaction(store, user, bakery[0], [Part(Decimal(-89)), Part(Decimal(-1))]))
    assert searched(lambda: rename_account(store, user, account, "Purse"))
    assert searched(lambda: decide_pair(store, user, list_pairs(store, user)[0].id, belongs=True))
    assert searched(lambda: take_in_rates(store, user, history({date(2025, 7, 29): {"USD": "1.2"}})))
    paid = TransactionRecord("sav", date(2026, 3, 4), Decimal(400), NAMES[1], key="b")
    assert searched(lambda: life.tell(modified=(paid,)))
    assert searched(lambda: life.tell(removed=("b",)))
    assert searched(lambda: life.tell(TransactionRecord("chk", date(2026, 3, 9), Decimal(-1), "Kiosk", key="d")))
    assert not searched(lambda: None)
    assert pair_up(store, user).searched


def test_only_rows_that_changed_are_asked_about_while_the_same_teaches(store: Store) -> None:
    ensure_categories(store)
    life, lessons = Life(store), Lessons()
    user = life.home.user
    life.tell(*(bought(f"k{number}", "-3", name=f"Corner shop {number}") for number in range(12)))
    rows = [row.id for row in life.home.rows()]
    edit_transactions(store, user, rows[:4], Changes(own_category_id=GROCERIES))

    def asked(deed: Callable[[], object]) -> int:
        deed()
        return learn_categories(store, user, lessons).asked

    assert asked(lambda: None) == 8
    assert asked(lambda: None) == 0
    assert asked(lambda: life.tell(bought("new", "-3", name="Corner shop 99"))) == 1
    assert asked(lambda: edit_transactions(store, user, rows[:2], Changes(note="bread"))) == 0
    assert asked(lambda: edit_transactions(store, user, rows[2:3], Changes(own_category_id=BOOKS))) == 9
    assert asked(lambda: edit_transactions(store, user, rows[3:4], Changes(clear_category=True))) == 10
    assert asked(lambda: change_category(store, user, BOOKS, hidden=True)) == 10
    assert asked(lambda: None) == 0
