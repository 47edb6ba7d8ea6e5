"""Words to arrange a ledger with: one person, one bank, one checking account."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core import clock
from core.ledger import AccountRecord, StatementRecord, SyncUpdate, TransactionRecord
from core.store import Item, Store, Transaction, User, UserId

CHECKING = AccountRecord(key="chk", name="Everyday", type="checking", current=Decimal("1000.00"))


@dataclass(frozen=True, slots=True)
class Household:
    """A user with one linked item that has not been synced yet."""

    store: Store
    user: UserId
    item: int

    def rows(self) -> list[Transaction]:
        """Return the living transactions, oldest first."""
        with self.store.read() as session:
            return list(
                session.scalars(
                    select(Transaction)
                    .where(Transaction.user_id == self.user, Transaction.removed_at.is_(None))
                    .order_by(Transaction.date, Transaction.id)
                )
            )


def add_person(store: Store, email: str = "ada@example.org") -> UserId:
    """Add a user who can't sign in; return the id."""
    with store.write() as session:
        user = User(email=email, password_hash="!", created_at=clock.now())
        session.add(user)
        session.flush()
        return UserId(user.id)


def settle(store: Store, email: str = "ada@example.org") -> Household:
    """Add a user with one item."""
    person = add_person(store, email)
    with store.write() as session:
        item = Item(user_id=person, provider="demo", provider_key=f"item of {email}", created_at=clock.now())
        session.add(item)
        session.flush()
        return Household(store, person, item.id)


def bought(key: str | None, amount: str, *, day: int = 10, name: str = "Corner shop", **more: Any) -> TransactionRecord:
    """Return a transaction of March 2026 in the checking account."""
    return TransactionRecord("chk", date(2026, 3, day), Decimal(amount), name, key=key, **more)


def update(*added: TransactionRecord, cursor: str = "c1", **more: Any) -> SyncUpdate:
    """Return an update with some new transactions."""
    facts: dict[str, Any] = {"accounts": (CHECKING,), "modified": (), "removed": ()} | more
    return SyncUpdate(added=added, next_cursor=cursor, **facts)


def statement(*rows: TransactionRecord, **more: Any) -> StatementRecord:
    """Return a file's statement of the checking account."""
    return StatementRecord(CHECKING, rows, **more)
