"""What the ledger should have of a bank connection after any course of events, and what it has."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import select

from core.store import Account, Store, Transaction
from core.store import Item as StoredItem
from tests.standins.plaid import Item

Kind = Literal["everything", "last month", "nothing"]
NEAR: Final = timedelta(days=14)
"""How far apart a pending one and its posting may be dated where the bank gives no link between them."""


class Words(NamedTuple):
    """What the person wrote on a transaction."""

    name: str = ""
    category: int | None = None
    note: str = ""


class Told(NamedTuple):
    """A transaction as the ledger should show it."""

    account: str
    day: date
    amount: Decimal
    name: str
    pending: bool


@dataclass
class Known:
    """The model of one item: the bank's side, and what the ledger should have of it."""

    number: int
    bank: Item
    rows: dict[str, Told] = field(default_factory=dict)
    """What the last sync told, by key."""
    words: dict[str, Words] = field(default_factory=dict)
    ids: dict[str, int] = field(default_factory=dict)
    """Which row of the store each key has ever had."""
    links: dict[str, str | None] = field(default_factory=dict)
    """Which pending one each told row replaced, as the bank said."""
    waiting: dict[str, bool] = field(default_factory=dict)
    """Whether the bank last called it pending, for every key ever told."""
    balances: dict[str, Decimal | None] = field(default_factory=dict)
    unlinked: list[tuple[str, str]] = field(default_factory=list)
    """Postings without the bank's link since the last sync: old key and new."""
    halves: list[Callable[[], object]] = field(default_factory=list)
    """What is left to do of postings of which the bank has told one half."""
    open_halves: set[str] = field(default_factory=set)

    @property
    def gathering(self) -> tuple[int, int]:
        """Return how many answers are still to come that are not the whole history."""
        return self.bank.not_ready, self.bank.early

    def kind_since(self, before: tuple[int, int]) -> Kind:
        """Return what the sync was told that came since `before`."""
        not_ready, early = before
        if self.bank.not_ready < not_ready:
            return "nothing"
        return "last month" if self.bank.early < early else "everything"

    def told(self, keys: Collection[str], *, whole: bool) -> dict[str, Told]:
        """Return how the ledger should show what a sync tells of: no pending one beside its posted one."""
        linked = {self.bank.rows[key]["pending_transaction_id"] for key in keys}
        if not whole:
            linked |= {self.links[key] for key in self.rows}
        shown = [(key, self.bank.rows[key]) for key in keys if key not in linked]
        return {
            key: Told(
                row["account_id"],
                date.fromisoformat(row["date"]),
                -Decimal(str(row["amount"])),
                row["name"],
                row["pending"],
            )
            for key, row in shown
        }

    def moved(self, rows: dict[str, Told], *, whole: bool) -> dict[str, str]:
        """Return which new keys take over the row of a pending one, when a sync tells of `rows`."""
        pairs = {}
        for key in rows:
            old = self.bank.rows[key]["pending_transaction_id"]
            if key not in self.ids and old in self.ids and self.waiting[old]:
                pairs[key] = old
        for old, new in self.unlinked if whole else ():
            before, after = self.rows.get(old), rows.get(new)
            if not before or not after or new in self.ids or old in pairs.values():
                continue
            # Without the bank's word, the amount has to be the same and the day near: it may have been changed before.
            if before.amount == after.amount and abs(before.day - after.day) <= NEAR:
                pairs[new] = old
        return pairs

    def synced(self, kind: Kind) -> None:
        """Note what a sync told of: everything, the last month without a word of what is gone, or the accounts only."""
        self.balances = {one["account_id"]: balance_of(one) for one in self.bank.accounts}
        if kind == "nothing":
            return
        whole = kind == "everything"
        told = self.told(list(self.bank.rows) if whole else self.bank.recent(), whole=whole)
        pairs = self.moved(told, whole=whole)
        before = {} if whole else self.rows
        for new, old in pairs.items():
            self.ids[new] = self.ids.pop(old)
            self.words[new] = self.words.pop(old, Words())
        self.rows = {key: row for key, row in before.items() if key not in pairs.values()} | told
        self.waiting |= {key: row.pending for key, row in told.items()}
        self.links |= {key: self.bank.rows[key]["pending_transaction_id"] for key in told}
        if whole:
            self.unlinked.clear()


def balance_of(told: dict[str, Any]) -> Decimal:
    sign = -1 if told["type"] == "credit" else 1
    return sign * Decimal(str(told["balances"]["current"]))


def kept_rows(store: Store, known: Known) -> list[tuple[str, tuple[Told, Words, int]]]:
    """Return the living rows of an item in the store with their keys and ids."""
    question = (
        select(Transaction, Account.provider_key)
        .join(Account, Account.id == Transaction.account_id)
        .where(Account.item_id == known.number, Transaction.removed_at.is_(None))
    )
    with store.read() as session:
        return [
            (
                str(row.provider_key),
                (
                    Told(str(holder), row.date, row.amount, row.name, row.pending),
                    Words(row.own_name, row.own_category_id, row.note),
                    row.id,
                ),
            )
            for row, holder in session.execute(question)
        ]


def last_synced(store: Store, known: Known) -> datetime | None:
    """Return when the store says that an item was synced."""
    with store.read() as session:
        return session.scalar(select(StoredItem.last_synced_at).where(StoredItem.id == known.number))
