"""One movement of which a file and a bank connection tell: kept as one row, and told apart again on the person's word.

What the file said goes into the row's history, so that nothing of it is lost and the row can be made again.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError, ValidationError
from core.ledger.judging import JudgedRow
from core.ledger.records import TransactionRecord
from core.ledger.rows import KnownRow, NewRow, insert_rows
from core.ledger.ruling import rule_what_came
from core.ledger.tellings import move_tellings
from core.store import Account, ImportBatch, ImportTelling, Store, Transaction, TransactionEvent, UserId, next_change

JOINED: Final = "joined"
"""The field of the event that says that a file's row and a connection's are one."""
PARTED: Final = "parted"
"""The field of the event that says that they are not."""


class FileWords(msgspec.Struct, frozen=True):
    """What a file said of a movement that a bank connection tells of too; in the history as JSON. Negative is out."""

    date: dt.date
    amount: Decimal
    name: str
    merchant_name: str = ""
    original_text: str = ""
    check_number: str = ""
    details: str = ""
    file_key: str = ""

    def told(self) -> str:
        """Return it in a line for a person."""
        return f"{self.date}: {self.name or self.original_text}"


def joined_event(
    user: UserId, at: dt.datetime, row: int, source: str, said: KnownRow | TransactionRecord, key: str | None
) -> TransactionEvent:
    """Return the history's entry that a file's row `said` and a connection's are one; `source` is bank or import."""
    words = FileWords(
        said.date,
        said.amount,
        said.name,
        said.merchant_name,
        said.original_text,
        said.check_number,
        said.details,
        key or "",
    )
    return TransactionEvent(
        user_id=user,
        transaction_id=row,
        at=at,
        source=source,
        field=JOINED,
        before=msgspec.json.encode(words).decode(),
        after="",
    )


def words_of(event_text: str) -> FileWords | None:
    """Return what a history entry kept of a file's row; None when it is not readable."""
    try:
        return msgspec.json.decode(event_text, type=FileWords)
    except msgspec.MsgspecError:
        return None


def join_rows(
    session: Session, user: UserId, at: dt.datetime, batch: ImportBatch, pairs: Sequence[tuple[JudgedRow, KnownRow]]
) -> None:
    """Note on rows that a connection told of what the file calls them and says of them."""
    if not pairs:
        return
    keys = {row.file_key for row, _ in pairs}
    table = Transaction.__table__
    # The row of an undone import may still carry the key.
    freed = update(table).where(  # type: ignore[arg-type]
        table.c.account_id == batch.account_id, table.c.file_key == bindparam("key"), table.c.removed_at.is_not(None)
    )
    session.connection().execute(freed.values(file_key=None), [{"key": key} for key in keys])
    named = update(table).where(table.c.id == bindparam("row_id"))  # type: ignore[arg-type]
    session.connection().execute(
        named.values(file_key=bindparam("key")), [{"row_id": known.id, "key": row.file_key} for row, known in pairs]
    )
    session.add_all(
        joined_event(user, at, known.id, "import", row.record, row.file_key)
        for row, known in pairs
        if known.provider_key is not None
    )


def can_be_parted(session: Session, row: Transaction) -> bool:
    """Tell whether a connection's row also stands for a file's, of which the history kept enough to make it again."""
    return row.provider_key is not None and row.file_key is not None and _joined(session, row) is not None


def keep_both(store: Store, user: UserId, transaction_id: int) -> int:
    """Tell a file's row and a connection's apart again that were taken for one; return the id of the file's.

    The connection's keeps what the person wrote; the file's comes back as the file told it.

    Raises:
        NotFoundError: the transaction is not there or not this user's.
        ValidationError: it does not stand for a row of a file too.
    """
    with store.write() as session:
        change = next_change(session, user)
        row = session.scalar(
            select(Transaction).where(
                Transaction.id == transaction_id, Transaction.user_id == user, Transaction.removed_at.is_(None)
            )
        )
        if row is None:
            raise NotFoundError("This transaction is not there.", "Go back to the list.")
        words = _joined(session, row)
        if words is None or row.provider_key is None or row.file_key is None:
            raise ValidationError("This transaction is one of the bank's or of a file, not of both.")
        at = clock.now()
        key, told_by = row.file_key, _living_tellers(session, row)
        batch = row.batch_id or max(told_by, default=None)
        row.file_key = row.batch_id = None
        row.change = change
        session.flush()
        account = session.get_one(Account, row.account_id)
        record = TransactionRecord(
            account.provider_key or "",
            words.date,
            words.amount,
            words.name,
            currency=row.currency,
            merchant_name=words.merchant_name,
            original_text=words.original_text,
            check_number=words.check_number,
            details=words.details,
        )
        insert_rows(session, user, change, at, [NewRow(row.account_id, record, key, batch)])
        number = session.scalars(
            select(Transaction.id).where(Transaction.account_id == row.account_id, Transaction.file_key == key)
        ).one()
        move_tellings(session, told_by, row.id, number)
        for one in (row.id, number):
            session.add(
                TransactionEvent(
                    user_id=user, transaction_id=one, at=at, source="person", field=PARTED, after=words.told()
                )
            )
        session.flush()
        rule_what_came(session, user, change)
        return number


def _joined(session: Session, row: Transaction) -> FileWords | None:
    event = session.scalars(
        select(TransactionEvent)
        .where(TransactionEvent.transaction_id == row.id, TransactionEvent.field.in_([JOINED, PARTED]))
        .order_by(TransactionEvent.id.desc())
        .limit(1)
    ).first()
    return words_of(event.before) if event is not None and event.field == JOINED else None


def _living_tellers(session: Session, row: Transaction) -> list[int]:
    return list(
        session.scalars(
            select(ImportTelling.batch_id)
            .join(ImportBatch, ImportBatch.id == ImportTelling.batch_id)
            .where(ImportTelling.transaction_id == row.id, ImportBatch.undone_at.is_(None))
        )
    )
