"""Taking an import back: its rows go, but not those that another import or a bank connection tells of too."""

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError
from core.ledger.locks import refuse_locked
from core.ledger.rows import remove_rows
from core.ledger.stated_balances import drop_stated, settle
from core.ledger.tellings import forget_tellings, made_by_import, other_tellers
from core.store import (
    Account,
    Balance,
    ImportBatch,
    ImportTelling,
    Store,
    Transaction,
    UserId,
    next_change,
)


def undo_import(store: Store, user: UserId, batch_id: int) -> int:
    """Take back what an import added; return how many transactions left. Undoing twice changes nothing.

    A row of which another import told too belongs to that one from now on; one of which a bank connection tells
    stays. An account that the import made goes with its last row, unless the person did something with it.

    Raises:
        NotFoundError: there is no such import of this user.
        ValidationError: a row that would go is reconciled with a statement.
    """
    with store.write() as session:
        change = next_change(session, user)
        batch = session.scalar(select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.user_id == user))
        if batch is None:
            raise NotFoundError("This import is not there.", "Reload the page.")
        if batch.undone_at is not None:
            return 0
        batch.undone_at = clock.now()
        left = _take_rows_back(session, batch, change)
        forget_tellings(session, batch.id)
        account = session.get_one(Account, batch.account_id)
        drop_stated(session, account, batch)
        settle(session, account, change)
        if account.removed_at is None and _is_bare(session, account):
            account.removed_at = batch.undone_at
        return left


def _take_rows_back(session: Session, batch: ImportBatch, change: int) -> int:
    """Remove the rows of which nothing else tells, hand the others over; return how many left."""
    told = select(ImportTelling.transaction_id).where(ImportTelling.batch_id == batch.id)
    rows = session.execute(
        select(Transaction.id, Transaction.batch_id, Transaction.provider_key, Transaction.file_key).where(
            or_(Transaction.batch_id == batch.id, Transaction.id.in_(told)), Transaction.removed_at.is_(None)
        )
    ).all()
    others = other_tellers(session, batch.id)
    leaving = [row.id for row in rows if row.batch_id == batch.id and row.provider_key is None and row.id not in others]
    refuse_locked(session, leaving)
    remove_rows(session, change, clock.now(), leaving)
    gone = set(leaving)
    table = Transaction.__table__
    handed = [
        {
            "row_id": row.id,
            "batch": others.get(row.id) if row.batch_id == batch.id else row.batch_id,
            # What no file tells of any more is the connection's alone, and a file has to be asked about it again.
            "key": row.file_key if row.id in others or row.provider_key is None else None,
        }
        for row in rows
        if row.id not in gone
    ]
    if handed:
        statement = update(table).where(table.c.id == bindparam("row_id"))  # type: ignore[arg-type]
        session.connection().execute(statement.values(batch_id=bindparam("batch"), file_key=bindparam("key")), handed)
    return len(leaving)


def _is_bare(session: Session, account: Account) -> bool:
    """Tell whether an import made this account and nothing is left of it: no row, no balance, no word of the person."""
    touched = account.nickname or account.hidden or account.closed_at is not None or account.balance_at is not None
    if touched or not made_by_import(session, account):
        return False
    remains = (
        select(ImportBatch.id).where(ImportBatch.account_id == account.id, ImportBatch.undone_at.is_(None)),
        select(Transaction.id).where(Transaction.account_id == account.id, Transaction.removed_at.is_(None)),
        select(Balance.day).where(Balance.account_id == account.id, Balance.removed_at.is_(None)),
    )
    return all(session.execute(one.limit(1)).first() is None for one in remains)
