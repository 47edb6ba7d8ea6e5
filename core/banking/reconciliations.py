"""What an account was reconciled with in the past, and whether each still holds.

What a bank changes later in rows that agreed is followed, but never silently: that reconciliation then says that it
no longer holds, and why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.banking.causes import Row
from core.banking.reckoning import ANOTHER, Drift, arrived, drifted, living, touched_accounts
from core.ledger import own_account
from core.store import Reconciliation, Store, Transaction, UserId

MOST_DISTURBED: Final = 20


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A row that is not what it was when its period agreed with a statement: `what` says how."""

    row: Row
    what: str
    date_then: date
    amount_then: Decimal


@dataclass(frozen=True, slots=True)
class ReconciliationEntry:
    """One statement that an account was reconciled with."""

    id: int
    account_id: int
    day: date
    stated: Decimal
    source: str
    rows: int
    correction: Decimal | None
    created_at: datetime
    reopened_at: datetime | None
    off_by: Decimal
    """What the statement has more than its rows have today; zero while it holds."""
    disturbances: tuple[Disturbance, ...]
    settled: bool = False
    """Whether a later statement has taken up what changed here."""

    @property
    def holds(self) -> bool:
        """Tell whether its rows still add up to it."""
        return not self.off_by or self.settled


def list_reconciliations(store: Store, user: UserId, account_id: int) -> tuple[ReconciliationEntry, ...]:
    """Return an account's reconciliations, newest first, each with whether it still holds.

    Raises:
        NotFoundError: the account is not there or not this user's.
    """
    with store.read() as session:
        own_account(session, user, account_id, ANOTHER)
        rows = session.scalars(
            select(Reconciliation)
            .where(Reconciliation.account_id == account_id, Reconciliation.user_id == user)
            .order_by(Reconciliation.day.desc(), Reconciliation.id.desc())
        )
        chain = living(session, account_id)
        return tuple(_entry(session, one, chain) for one in rows)


def broken_reconciliations(store: Store, user: UserId) -> tuple[ReconciliationEntry, ...]:
    """Return the last reconciliation of each account where it no longer holds."""
    found = []
    with store.read() as session:
        for account in touched_accounts(session, user):
            chain = living(session, account)
            if chain and _shift(chain[0], drifted(session, chain, chain[0].created_at)):
                found.append(_entry(session, chain[0], chain))
    return tuple(found)


def _entry(session: Session, one: Reconciliation, chain: Sequence[Reconciliation]) -> ReconciliationEntry:
    correction = session.get(Transaction, one.correction_id) if one.correction_id else None
    off_by, settled, disturbances = Decimal(0), False, tuple[Disturbance, ...]()
    if one.reopened_at is None:
        # The last one answers for all rows that were locked before it too: its balance rests on theirs.
        last = one.id == chain[0].id
        drifts = drifted(session, chain if last else [one], one.created_at)
        off_by = -_shift(one, drifts)
        settled = not last and not any(drift.by(one.day) for drift in drifted(session, [one], chain[0].created_at))
        disturbances = (*(_changed(drift) for drift in drifts), *_came(session, one))
    return ReconciliationEntry(
        one.id,
        one.account_id,
        one.day,
        one.stated,
        one.source,
        one.rows,
        correction.amount if correction else None,
        one.created_at,
        one.reopened_at,
        off_by,
        disturbances[:MOST_DISTURBED],
        settled,
    )


def _shift(one: Reconciliation, drifts: Sequence[Drift]) -> Decimal:
    return sum((drift.by(one.day) for drift in drifts), Decimal(0))


def _changed(drift: Drift) -> Disturbance:
    if drift.row.removed:
        what = "removed by the bank"
    elif drift.removed_then:
        what = "brought back by the bank"
    else:
        what = "changed by the bank"
    return Disturbance(drift.row, what, drift.date_then, drift.amount_then)


def _came(session: Session, one: Reconciliation) -> list[Disturbance]:
    return [
        Disturbance(row, "came afterwards" if late else "left out", row.date, row.amount)
        for row, late in arrived(session, one, MOST_DISTURBED)
    ]
