"""What has to follow when transactions change: the parts of a split one, and the refunds of a purchase."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.ledger.history import SPLIT
from core.ledger.rows import CHUNK
from core.ledger.splits import fitted, pack_parts, parts_of, told_parts, write_parts
from core.store import Pair, Transaction, TransactionEvent, UserId, batched

REFUND: Final = "refund"


def touch_refunds(session: Session, change: int, purchases: Sequence[int]) -> None:
    """Stamp the refunds of some transactions, by id, with `change`: what they are for follows their purchase."""
    for some in batched(purchases, CHUNK):
        refunds = session.scalars(select(Pair.second_id).where(Pair.first_id.in_(some), Pair.kind == REFUND)).all()
        if refunds:
            session.execute(
                update(Transaction)
                .where(Transaction.id.in_(refunds), Transaction.pair_id.is_not(None))
                .values(change=change)
                .execution_options(synchronize_session=False)
            )


def follow_bank(session: Session, user: UserId, change: int, rows: Sequence[int], source: str) -> None:
    """Let everything follow what a bank or file (`source`) now says of some transactions, by id.

    Where the amount of a split one became another, its last part takes the difference, and the history tells.
    """
    touch_refunds(session, change, rows)
    at = clock.now()
    for start in range(0, len(rows), CHUNK):
        split = parts_of(session, rows[start : start + CHUNK])
        if not split:
            continue
        amounts = session.execute(select(Transaction.id, Transaction.amount).where(Transaction.id.in_(split)))
        for row, amount in amounts.all():
            parts = split[row]
            new = fitted(parts, amount)
            if new == parts:
                continue
            write_parts(session, user, row, new)
            session.add(
                TransactionEvent(
                    user_id=user,
                    transaction_id=row,
                    at=at,
                    source=source,
                    field=SPLIT,
                    before=told_parts(session, user, parts),
                    after=told_parts(session, user, new),
                    value_before=pack_parts(parts),
                    value_after=pack_parts(new),
                )
            )
