"""One transaction: all that is known of it, its history, and what the person may say of it."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError, ValidationError
from core.ledger.joining import JOINED, can_be_parted, words_of
from core.ledger.locks import locked_by
from core.store import (
    Account,
    Category,
    ImportBatch,
    Item,
    Store,
    Transaction,
    TransactionEvent,
    UserId,
    next_change,
)

LONGEST_TEXT = 500
EDITABLE = ("own_name", "own_category_id", "note")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a transaction: who (person, bank or import) changed what."""

    at: dt.datetime
    source: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class TransactionDetail:
    """Everything known of one transaction. `amount` negative is out, in `currency`."""

    id: int
    account_id: int
    account: str
    institution: str
    date: dt.date
    authorized_date: dt.date | None
    amount: Decimal
    currency: str
    name: str
    bank_name: str
    merchant_name: str
    original_text: str
    pending: bool
    category_id: int | None
    category: str
    bank_category: str
    payment_channel: str
    check_number: str
    note: str
    imported_from: str
    """The file that it came from, or ""."""
    details: dict[str, Any]
    """The bank's further facts: location, counterparties, website."""
    history: tuple[HistoryEntry, ...]
    joined: bool = False
    """Whether it stands for a file's row and a bank connection's, and can be told apart by `keep_both`."""
    reconciled: dt.date | None = None
    """The day of the statement with which it is reconciled: it is locked then."""


def transaction_detail(store: Store, user: UserId, transaction_id: int) -> TransactionDetail:
    """Return one transaction of `user` with its history, oldest entry first.

    Raises:
        NotFoundError: not there, removed, or somebody else's.
    """
    with store.read() as session:
        row = _own(session, user, transaction_id)
        account = session.get_one(Account, row.account_id)
        item = session.get(Item, account.item_id) if account.item_id else None
        batch = session.get(ImportBatch, row.batch_id) if row.batch_id else None
        titles = {
            one.id: one.title
            for one in session.scalars(select(Category).where(Category.id.in_([row.category_id, row.own_category_id])))
        }
        events = session.scalars(
            select(TransactionEvent).where(TransactionEvent.transaction_id == row.id).order_by(TransactionEvent.id)
        )
        category_id = row.own_category_id or row.category_id
        return TransactionDetail(
            id=row.id,
            account_id=account.id,
            account=account.nickname or account.name,
            institution=item.institution_name if item else "",
            date=row.date,
            authorized_date=row.authorized_date,
            amount=row.amount,
            currency=row.currency,
            name=row.own_name or row.merchant_name or row.name,
            bank_name=row.name,
            merchant_name=row.merchant_name,
            original_text=row.original_text,
            pending=row.pending,
            category_id=category_id,
            category=titles.get(category_id or 0, ""),
            bank_category=titles.get(row.category_id or 0, ""),
            payment_channel=row.payment_channel,
            check_number=row.check_number,
            note=row.note,
            imported_from=batch.filename if batch else "",
            details=_details(row.details),
            history=tuple(_entry(one) for one in events),
            joined=can_be_parted(session, row),
            reconciled=locked_by(session, row),
        )


def edit_transaction(
    store: Store,
    user: UserId,
    transaction_id: int,
    *,
    own_name: str | None = None,
    own_category_id: int | None = None,
    note: str | None = None,
    clear_category: bool = False,
) -> None:
    """Set the person's own name, category or note; None leaves a field as it is, "" takes the bank's back.

    Each change goes into the history. A sync never overwrites what is set here.

    Raises:
        NotFoundError: the transaction or category is not there or not this user's.
        ValidationError: a text is too long.
    """
    wanted: dict[str, Any] = {}
    for field, text in (("own_name", own_name), ("note", note)):
        if text is not None:
            if len(text) > LONGEST_TEXT:
                raise ValidationError(f"That text is longer than {LONGEST_TEXT} characters.")
            wanted[field] = text.strip()
    if own_category_id is not None or clear_category:
        wanted["own_category_id"] = None if clear_category else own_category_id
    with store.write() as session:
        row = _own(session, user, transaction_id)
        _check_category(session, user, wanted.get("own_category_id"))
        changed = {field: value for field, value in wanted.items() if getattr(row, field) != value}
        if not changed:
            return
        row.change = next_change(session, user)
        for field, value in changed.items():
            session.add(
                TransactionEvent(
                    user_id=user,
                    transaction_id=row.id,
                    at=clock.now(),
                    source="person",
                    field=field.removeprefix("own_").removesuffix("_id"),
                    before=_told(session, field, getattr(row, field)),
                    after=_told(session, field, value),
                )
            )
            setattr(row, field, value)


def _entry(event: TransactionEvent) -> HistoryEntry:
    words = words_of(event.before) if event.field == JOINED else None
    before = words.told() if words else event.before
    return HistoryEntry(event.at, event.source, event.field, before, event.after)


def _own(session: Session, user: UserId, transaction_id: int) -> Transaction:
    row = session.scalar(
        select(Transaction).where(
            Transaction.id == transaction_id, Transaction.user_id == user, Transaction.removed_at.is_(None)
        )
    )
    if row is None:
        raise NotFoundError("This transaction is not there.", "Go back to the list.")
    return row


def _check_category(session: Session, user: UserId, category_id: int | None) -> None:
    if category_id is None:
        return
    category = session.get(Category, category_id)
    if category is None or category.user_id not in {None, user}:
        raise NotFoundError("This category is not there.", "Choose another one.")


def _told(session: Session, field: str, value: Any) -> str:  # noqa: ANN401 - any column's value
    if field == "own_category_id" and value is not None:
        category = session.get(Category, value)
        return category.title if category else ""
    return "" if value is None else str(value)


def _details(text: str) -> dict[str, Any]:
    if not text:
        return {}
    details = msgspec.json.decode(text)
    return details if isinstance(details, dict) else {}
