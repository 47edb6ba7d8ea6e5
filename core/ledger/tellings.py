"""Which files told of which transactions, so that undoing one import leaves what another one tells of too."""

from collections.abc import Collection

from sqlalchemy import delete, insert, literal, select
from sqlalchemy.orm import Session, aliased

from core.store import Account, ImportBatch, ImportTelling, Transaction


def note_tellings(session: Session, batch: int, known: Collection[int]) -> None:
    """Note that an import told of the rows that it brought, and of those in `known` that were there."""
    brought = select(literal(batch), Transaction.id).where(Transaction.batch_id == batch)
    session.execute(insert(ImportTelling).from_select(["batch_id", "transaction_id"], brought))
    if known:
        session.execute(insert(ImportTelling), [{"batch_id": batch, "transaction_id": one} for one in set(known)])


def other_tellers(session: Session, batch: int) -> dict[int, int]:
    """Return, for each row of which this import told, another living import that told of it; the newest, if any."""
    own, other = aliased(ImportTelling), aliased(ImportTelling)
    told = (
        select(own.transaction_id, other.batch_id)
        .join(other, other.transaction_id == own.transaction_id)
        .join(ImportBatch, ImportBatch.id == other.batch_id)
        .where(own.batch_id == batch, other.batch_id != batch, ImportBatch.undone_at.is_(None))
        .order_by(other.batch_id)
    )
    return {row.transaction_id: row.batch_id for row in session.execute(told)}


def forget_tellings(session: Session, batch: int) -> None:
    """Drop what an undone import told."""
    session.execute(delete(ImportTelling).where(ImportTelling.batch_id == batch))


def move_tellings(session: Session, batches: Collection[int], before: int, after: int) -> None:
    """Say that some imports told of the row `after`, not of `before`."""
    for batch in batches:
        session.execute(
            delete(ImportTelling).where(ImportTelling.batch_id == batch, ImportTelling.transaction_id == before)
        )
        session.merge(ImportTelling(batch_id=batch, transaction_id=after))


def made_by_import(session: Session, account: Account) -> bool:
    """Tell whether an import made this account: both came at the same instant, in one database transaction."""
    return account.item_id is None and bool(
        session.scalar(
            select(ImportBatch.id)
            .where(ImportBatch.account_id == account.id, ImportBatch.created_at == account.created_at)
            .limit(1)
        )
    )


def left_by_undo(session: Session, account: Account) -> bool:
    """Tell whether a removed account went with the undo of its imports, and was not removed by the person."""
    living = select(ImportBatch.id).where(ImportBatch.account_id == account.id, ImportBatch.undone_at.is_(None))
    return made_by_import(session, account) and session.scalar(living.limit(1)) is None
