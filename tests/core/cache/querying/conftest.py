"""Money of two people, and the desk at which the first one's queries are answered."""

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

import pytest

from core import clock
from core.cache import Caches, Desk, UserCache
from core.store import Account, Balance, Category, Item, Split, Store, Transaction, UserId, next_change
from tests.core.ledger.household import add_person

TODAY: Final = date(2026, 6, 17)
OTHERS: Final = "Secret of somebody else"


def household(store: Store, email: str, name: str) -> UserId:
    """Add somebody with two accounts in two currencies and some weeks of money called `name`."""
    user = add_person(store, email)
    with store.write() as session:
        change = next_change(session, user)
        now = clock.now()
        item = Item(
            user_id=user, provider="demo", provider_key=email, institution_name=f"Bank of {name}", created_at=now,
        )  # fmt: skip
        session.add(item)
        session.flush()
        accounts = [
            Account(
                user_id=user, item_id=item.id, provider_key=kind, name=f"{name} {kind}", type=kind, currency=currency,
                current=Decimal("1000.50"), balance_at=now, created_at=now, change=change, hidden=kind == "cash",
            )
            for kind, currency in (("checking", "USD"), ("savings", "EUR"), ("cash", "USD"))
        ]  # fmt: skip
        own = Category(
            user_id=user, code=f"OWN_{user}", group="GENERAL_SERVICES", title="Own", kind="spending",
        )  # fmt: skip
        session.add_all([*accounts, own])
        session.flush()
        categories = [None, 1, 8, own.id]
        rows = [
            Transaction(
                user_id=user, account_id=accounts[at % 3].id, provider_key=f"{email} {at}",
                currency=accounts[at % 3].currency, date=TODAY - timedelta(days=at),
                amount=Decimal(at * 37 % 101 - 60) + Decimal("0.25"), name=f"{name} {at % 7}", note="",
                pending=at < 2, created_at=now, category_id=categories[at % 4], change=change,
                own_tags="trip" if at % 9 == 0 else "",
            )
            for at in range(120)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        whole = rows[5]
        session.add_all(
            Split(
                transaction_id=whole.id, position=at, user_id=user, amount=amount, note=f"part {at}", category_id=8,
            )
            for at, amount in ((1, Decimal(-1)), (2, whole.amount + 1))
        )  # fmt: skip
        session.add_all(
            Balance(
                account_id=accounts[at].id, day=TODAY - timedelta(days=back), user_id=user,
                current=Decimal(100 + back), change=change,
            )
            for at in (0, 1) for back in range(3)
        )  # fmt: skip
    return user


@pytest.fixture(scope="module")
def books(sqlite_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, UserId, UserId]]:
    """Open a store with two people's money."""
    path = tmp_path_factory.mktemp("books") / "fintrack.db"
    shutil.copy(sqlite_model, path)
    store = Store(f"sqlite:///{path}")
    yield store, household(store, "ada@example.org", "Ada"), household(store, "bob@example.org", OTHERS)
    store.close()


@pytest.fixture(scope="module")
def cache(books: tuple[Store, UserId, UserId]) -> Iterator[UserCache]:
    """Return the first one's cache, in memory as with an encrypted store."""
    caches = Caches(None, books[0])
    yield caches.of(books[1])
    caches.close()


@pytest.fixture(scope="module")
def desk(cache: UserCache) -> Desk:
    """Return a desk, shared by the tests of a file: to start a process takes a second."""
    return cache.desk("tests")
