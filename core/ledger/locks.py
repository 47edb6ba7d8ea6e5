"""Rows that agree with a statement are locked: the person opens the statement again before they take them away."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.errors import ValidationError
from core.ledger.rows import CHUNK
from core.store import Reconciliation, Transaction


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
