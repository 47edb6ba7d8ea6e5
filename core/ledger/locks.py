"""Rows that agree with a statement are locked: the person opens the statement again before they take them away.

A bank is followed all the same, and what it does to them goes into their history.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import ValidationError
from core.ledger.rows import CHUNK
from core.store import Reconciliation, Transaction, TransactionEvent, UserId

REMOVED: Final = "removed"
"""The field of the event that says that a bank removed a locked row, or brought it back."""
YES: Final = "yes"


def refuse_locked(session: Session, rows: Sequence[int]) -> None:
    """Refuse to go on when some of the rows, by id, are reconciled with a statement.

    Raises:
        ValidationError: names the statement.
    """
    for start in range(0, len(rows), CHUNK):
        count, day = session.execute(
            select(func.count(), func.max(Reconciliation.day))
            .select_from(Transaction)
            .join(Reconciliation, Transaction.reconciliation_id == Reconciliation.id)
            .where(Transaction.id.in_(rows[start : start + CHUNK]), Reconciliation.reopened_at.is_(None))
        ).one()
        if count:
            noun = "transaction is" if count == 1 else "transactions are"
            raise ValidationError(
                f"{count} of its {noun} reconciled with the statement of {day.isoformat()}.",
                "Reopen that reconciliation first.",
            )


def locked_by(session: Session, row: Transaction) -> date | None:
    """Return the day of the statement with which a row is reconciled, None when it is free."""
    if row.reconciliation_id is None:
        return None
    return session.scalar(
        select(Reconciliation.day).where(
            Reconciliation.id == row.reconciliation_id, Reconciliation.reopened_at.is_(None)
        )
    )


def note_removals(session: Session, user: UserId, at: datetime, rows: Sequence[int], *, back: bool = False) -> None:
    """Write into the history of those rows, by id, that are locked: their bank removed them, or brought them `back`."""
    for start in range(0, len(rows), CHUNK):
        locked = session.scalars(
            select(Transaction.id).where(
                Transaction.id.in_(rows[start : start + CHUNK]), Transaction.reconciliation_id.is_not(None)
            )
        ).all()
        session.add_all(
            TransactionEvent(
                user_id=user,
                transaction_id=row,
                at=at,
                source="bank",
                field=REMOVED,
                before=YES if back else "",
                after="" if back else YES,
            )
            for row in locked
        )
