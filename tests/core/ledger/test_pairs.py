"""Transfers and refunds as they are kept: what is sure counts, what is asked waits, what the person said stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from core import clock
from core.cache import Caches, UserCache, verify
from core.errors import NotFoundError, ValidationError
from core.ledger import (
    AccountRecord,
    Changes,
    TransactionRecord,
    apply_update,
    decide_pair,
    edit_transactions,
    ensure_categories,
    list_pairs,
    pair_by_hand,
    pair_up,
)
from core.store import Account, Pair, Store, Transaction, next_generation
from tests.core.ledger.household import CHECKING, Household, add_person, settle, update

SAVINGS = AccountRecord(key="sav", name="Rainy day", type="savings", current=Decimal(0), mask="4455")
GROCERIES = 8


@dataclass(frozen=True)
class House:
    """A household with two accounts, and its cache."""

    home: Household
    cache: UserCache

    def tell(
        self, *rows: tuple[str, str, str, int, str], cursor: str, since: str, removed: tuple[str, ...] = ()
    ) -> None:
        """Let the bank tell of rows: account, key, amount, day of March, name."""
        records = [
            TransactionRecord(account, date(2026, 3, day), Decimal(amount), name, key=key)
            for account, key, amount, day, name in rows
        ]
        told = update(*records, cursor=cursor, accounts=(CHECKING, SAVINGS), removed=removed)
        apply_update(self.home.store, self.home.user, self.home.item, told, since=since)

    def kinds(self) -> dict[str, str]:
        """Return the kind of each row in the cache, by its name."""
        assert verify(self.cache, self.home.store) == []
        return {row[9]: row[7] for row in self.cache.ask("verify_transactions", first=0, last=10_000)}

    def id_of(self, name: str) -> int:
        return next(row.id for row in self.home.rows() if row.name == name)


@pytest.fixture
def house(store: Store) -> Iterator[House]:
    ensure_categories(store)
    home = settle(store)
    caches = Caches(None, store)
    house = House(home, caches.of(home.user))
    house.tell(
        ("chk", "a", "-500.00", 3, "Transfer to savings 4455"),
        ("sav", "b", "500.00", 4, "Transfer from Everyday"),
        ("chk", "c", "-42.50", 5, "Bookshop Rhodes"),
        ("chk", "d", "42.50", 12, "Bookshop Rhodes REFUND"),
        ("chk", "e", "-90.00", 6, "Bakery"),
        cursor="c1",
        since="",
    )
    yield house
    caches.close()


def test_what_is_sure_counts_at_once(house: House) -> None:
    store, user = house.home.store, house.home.user
    edit_transactions(store, user, [house.id_of("Bookshop Rhodes")], Changes(own_category_id=GROCERIES))
    counts = pair_up(store, user)
    assert (counts.transfers, counts.refunds) == (1, 1)
    kinds = house.kinds()
    assert kinds["Transfer to savings 4455"] == kinds["Transfer from Everyday"] == "transfer"
    assert kinds["Bookshop Rhodes REFUND"] == "spending"
    assert pair_up(store, user).changed == 0
    found = {one.kind: (one.first.name, one.second.name) for one in list_pairs(store, user)}
    assert found == {
        "transfer": ("Transfer to savings 4455", "Transfer from Everyday"),
        "refund": ("Bookshop Rhodes", "Bookshop Rhodes REFUND"),
    }
    lines = house.cache.ask("verify_transactions", first=0, last=10_000)
    assert {row[6] for row in lines if row[9].startswith("Bookshop")} == {GROCERIES}


@pytest.mark.parametrize(("arrived", "found"), [("2200.00", 1), ("1700.00", 0)])
def test_one_transfer_between_currencies_is_found_at_the_days_rate(house: House, arrived: str, found: int) -> None:
    home = house.home
    giro = AccountRecord(key="giro", name="Girokonto", type="checking", currency="EUR", mask="5150")
    days = date(2025, 3, 3), date(2025, 3, 5)  # 1.0465 and 1.0694 dollars for a euro
    told = update(
        TransactionRecord("chk", days[0], Decimal("-2312.50"), "WIRE TRANSFER TO GIROKONTO 5150", key="u"),
        TransactionRecord("giro", days[1], Decimal(arrived), "Transfer from Everyday", currency="EUR", key="v"),
        cursor="c2",
        accounts=(CHECKING, SAVINGS, giro),
    )
    apply_update(home.store, home.user, home.item, told, since="c1")
    assert pair_up(home.store, home.user).transfers == 1 + found


def test_what_the_person_refused_is_never_found_again(house: House) -> None:
    store, user = house.home.store, house.home.user
    pair_up(store, user)
    for one in list_pairs(store, user):
        decide_pair(store, user, one.id, belongs=False)
    assert set(house.kinds().values()) == {"spending", "income"}
    assert pair_up(store, user).changed == 0
    assert list_pairs(store, user) == ()
    assert len(list_pairs(store, user, ("refused",))) == 2


def test_what_the_person_confirmed_stays_when_the_search_would_not_find_it(house: House) -> None:
    store, user = house.home.store, house.home.user
    bakery = house.id_of("Bakery")
    pair = pair_by_hand(store, user, "refund", house.id_of("Bookshop Rhodes"), house.id_of("Bookshop Rhodes REFUND"))
    pair_up(store, user)
    assert {one.id for one in list_pairs(store, user, ("confirmed",))} == {pair}
    with pytest.raises(ValidationError, match="another pair"):
        pair_by_hand(store, user, "refund", bakery, house.id_of("Bookshop Rhodes REFUND"))


def test_a_category_by_hand_is_no_side_of_a_transfer(house: House) -> None:
    store, user = house.home.store, house.home.user
    edit_transactions(store, user, [house.id_of("Transfer to savings 4455")], Changes(own_category_id=GROCERIES))
    assert pair_up(store, user).transfers == 0
    assert house.kinds()["Transfer to savings 4455"] == "spending"


def test_a_pair_ends_when_the_bank_takes_a_side_away(house: House) -> None:
    store, user = house.home.store, house.home.user
    pair_up(store, user)
    house.tell(cursor="c2", since="c1", removed=("b",))
    assert pair_up(store, user).transfers == 0
    assert house.kinds()["Transfer to savings 4455"] == "spending"
    with store.read() as session:
        named = session.scalars(select(Transaction.pair_id).where(Transaction.pair_id.is_not(None))).all()
    assert len(named) == 1


def test_what_was_confirmed_ends_with_a_side_and_counts_again_with_it(house: House) -> None:
    store, user = house.home.store, house.home.user
    pair_up(store, user)
    for one in list_pairs(store, user):
        decide_pair(store, user, one.id, belongs=True)
    house.tell(cursor="c2", since="c1", removed=("b", "c"))
    pair_up(store, user)
    kinds = house.kinds()
    assert kinds["Transfer to savings 4455"] == "spending"
    assert kinds["Bookshop Rhodes REFUND"] == "income"
    back = (("sav", "b", "500.00", 4, "Transfer from Everyday"), ("chk", "c", "-42.50", 5, "Bookshop Rhodes"))
    house.tell(*back, cursor="c3", since="c2")
    pair_up(store, user)
    kinds = house.kinds()
    assert kinds["Transfer to savings 4455"] == kinds["Transfer from Everyday"] == "transfer"
    assert kinds["Bookshop Rhodes REFUND"] == "spending"
    assert pair_up(store, user).changed == 0


def test_refusing_what_was_asked_leaves_the_pair_that_counts(house: House) -> None:
    store, user = house.home.store, house.home.user
    pair_up(store, user)
    first, second = house.id_of("Bakery"), house.id_of("Bookshop Rhodes REFUND")
    with store.write() as session:
        asked = Pair(
            user_id=user, kind="transfer", first_id=first, second_id=second, state="asked", permille=500,
            created_at=clock.now(),
        )  # fmt: skip
        session.add(asked)
        session.flush()
    decide_pair(store, user, asked.id, belongs=False)
    assert house.kinds()["Bookshop Rhodes REFUND"] == "spending"


def test_a_pair_whose_account_was_deleted_leaves_its_number_to_no_stranger(house: House) -> None:
    store, user = house.home.store, house.home.user
    pair_up(store, user)
    later = (
        ("chk", "f", "-70.00", 13, "Transfer to savings 4455 B"),
        ("sav", "g", "70.00", 13, "Transfer from Everyday B"),
    )
    house.tell(*later, cursor="c2", since="c1")
    assert pair_up(store, user).transfers == 2
    with store.write() as session:
        session.delete(session.scalars(select(Account).where(Account.name == "Rainy day")).one())
        next_generation(session, user)
    returned = (("chk", "h", "-33.00", 20, "Florist Rhodes"), ("chk", "i", "33.00", 24, "Florist Rhodes REFUND"))
    house.tell(*returned, cursor="c3", since="c2")
    assert pair_up(store, user).refunds == 2
    house.kinds()
    paired = {row[9]: row[13] for row in house.cache.ask("verify_transactions", first=0, last=10_000)}
    assert paired["Transfer to savings 4455 B"] == ""
    assert paired["Florist Rhodes REFUND"] == "refund"


@pytest.mark.parametrize(
    ("kind", "first", "second", "said"),
    [
        ("transfer", "Bakery", "Bakery", "money out"),
        ("transfer", "Transfer from Everyday", "Bakery", "money out"),
        ("transfer", "Bakery", "Bookshop Rhodes REFUND", "one account to another"),
        ("refund", "Bakery", "Transfer from Everyday", "more than was paid"),
    ],
)
def test_what_is_no_pair_is_refused_in_words(house: House, kind: str, first: str, second: str, said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        pair_by_hand(
            house.home.store,
            house.home.user,
            "refund" if kind == "refund" else "transfer",
            house.id_of(first),
            house.id_of(second),
        )


def test_a_strangers_pairs_can_not_be_decided(house: House) -> None:
    store = house.home.store
    pair_up(store, house.home.user)
    stranger = add_person(store, "eve@example.org")
    with store.read() as session:
        pairs = session.scalars(select(Pair.id)).all()
    for pair in pairs:
        with pytest.raises(NotFoundError):
            decide_pair(store, stranger, pair, belongs=False)
    with pytest.raises(NotFoundError):
        pair_by_hand(store, stranger, "refund", house.id_of("Bakery"), house.id_of("Bookshop Rhodes REFUND"))
    assert pair_up(store, stranger).transfers == 0
