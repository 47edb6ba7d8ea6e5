"""One transaction: all that is known of it and its history; and the categories to choose from."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ledger.editing import tags_in
from core.ledger.following import REFUND
from core.ledger.history import EditEntry, category_titles, entry_of
from core.ledger.joining import JOINED, can_be_parted, words_of
from core.ledger.locks import locked_by
from core.ledger.owned import known_as, own_transaction
from core.ledger.splits import Part, parts_of
from core.store import (
    Account,
    Edit,
    ImportBatch,
    Item,
    Pair,
    Rule,
    Store,
    Transaction,
    TransactionEvent,
    UserId,
)

Decider = Literal["you", "purchase", "rule", "learned", "bank", "merchant", ""]
"""Who says what a transaction is for, in the order in which they are heard; "" when nobody does."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a transaction: who (person, bank or import) changed what."""

    at: dt.datetime
    source: str
    field: str
    before: str
    after: str
    edit: EditEntry | None = None
    """The person's edit that it was part of, which can be undone."""


@dataclass(frozen=True, slots=True)
class PairedWith:
    """The other side of a transfer, or the purchase of a refund, or a refund of a purchase. Out is negative."""

    id: int
    kind: str
    """transfer or refund."""
    is_refund: bool
    """Whether the other one is the refund."""
    state: str
    name: str
    account: str
    date: dt.date
    amount: Decimal
    currency: str


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
    own_name: str = ""
    own_category_id: int | None = None
    tags: tuple[str, ...] = ()
    """The person's own."""
    rule_tags: tuple[str, ...] = ()
    hidden: bool = False
    """Whether budgets leave it out."""
    parts: tuple[Part, ...] = ()
    """What it is split into; none when it is whole."""
    part_titles: tuple[str, ...] = ()
    """The categories of the parts, in their order; "" for none."""
    decided_by: Decider = ""
    rule: str = ""
    """The name of the person's rule that fits it."""
    learned: str = ""
    """The category that the model takes it for, "" when it says nothing."""
    learned_permille: int = 0
    pairs: tuple[PairedWith, ...] = ()


def transaction_detail(store: Store, user: UserId, transaction_id: int) -> TransactionDetail:
    """Return one transaction of `user` with its history, oldest entry first.

    Raises:
        NotFoundError: not there, removed, or somebody else's.
    """
    with store.read() as session:
        row = own_transaction(session, user, transaction_id)
        account = session.get_one(Account, row.account_id)
        item = session.get(Item, account.item_id) if account.item_id else None
        batch = session.get(ImportBatch, row.batch_id) if row.batch_id else None
        rule = session.get(Rule, row.rule_id) if row.rule_id else None
        pair = session.get(Pair, row.pair_id) if row.pair_id else None
        purchase = session.get(Transaction, pair.first_id) if pair and pair.kind == REFUND else None
        category_id, decided_by = decided(row, purchase)
        parts = parts_of(session, [row.id]).get(row.id, ())
        wanted = (category_id, row.category_id, row.learned_category_id, *(one.category_id for one in parts))
        titles = category_titles(session, user, wanted)
        return TransactionDetail(
            id=row.id,
            account_id=account.id,
            account=account.nickname or account.name,
            institution=item.institution_name if item else "",
            date=row.date,
            authorized_date=row.authorized_date,
            amount=row.amount,
            currency=row.currency,
            name=row.own_name or row.rule_name or row.merchant_name or row.name,
            bank_name=row.name,
            merchant_name=row.merchant_name,
            original_text=row.original_text,
            pending=row.pending,
            category_id=category_id,
            category=titles.get(category_id, ""),
            bank_category=titles.get(row.category_id, ""),
            payment_channel=row.payment_channel,
            check_number=row.check_number,
            note=row.note,
            imported_from=batch.filename if batch else "",
            details=_details(row.details),
            history=_history(session, row),
            joined=can_be_parted(session, row),
            reconciled=locked_by(session, row),
            own_name=row.own_name,
            own_category_id=row.own_category_id,
            tags=tags_in(row.own_tags),
            rule_tags=tags_in(row.rule_tags),
            hidden=row.rule_hidden if row.own_hidden is None else row.own_hidden,
            parts=parts,
            part_titles=tuple(titles.get(one.category_id, "") for one in parts),
            decided_by=decided_by,
            rule=rule.name if rule else "",
            learned=titles.get(row.learned_category_id, ""),
            learned_permille=row.learned_permille,
            pairs=_pairs(session, row),
        )


def decided(row: Transaction, purchase: Transaction | None = None) -> tuple[int | None, Decider]:
    """Return what a whole transaction is for and who says so; `purchase` is what it refunds.

    The cache says the same in SQL, see core/cache/reading.py.
    """
    if row.own_category_id is not None:
        return row.own_category_id, "you"
    if purchase is not None and (told := decided(purchase)[0]) is not None:
        return told, "purchase"
    said: tuple[tuple[int | None, Decider], ...] = (
        (row.rule_category_id, "rule"),
        (row.learned_category_id if row.learned_sets else None, "learned"),
        (row.category_id, "bank"),
        (row.merchant_category_id, "merchant"),
    )
    return next((one for one in said if one[0] is not None), (None, ""))


def _history(session: Session, row: Transaction) -> tuple[HistoryEntry, ...]:
    question = (
        select(TransactionEvent, Edit)
        .outerjoin(Edit, (Edit.id == TransactionEvent.edit_id) & (Edit.user_id == row.user_id))
        .where(TransactionEvent.transaction_id == row.id)
        .order_by(TransactionEvent.id)
    )
    return tuple(_entry(event, edit) for event, edit in session.execute(question))


def _pairs(session: Session, row: Transaction) -> tuple[PairedWith, ...]:
    """Return what belongs together with a row: of living pairs alone, not of those that were asked about or refused."""
    living = (Pair.first_id == row.id, Pair.second_id == row.id)
    question = select(Pair).where(living[0] | living[1], Pair.user_id == row.user_id).order_by(Pair.id)
    found = []
    for pair in session.scalars(question.where(Pair.state.in_(["found", "confirmed"]))):
        is_first = pair.first_id == row.id
        other = session.get_one(Transaction, pair.second_id if is_first else pair.first_id)
        if other.removed_at is None:
            account = session.get_one(Account, other.account_id)
            found.append(
                PairedWith(
                    id=other.id,
                    kind=pair.kind,
                    is_refund=is_first and pair.kind == REFUND,
                    state=pair.state,
                    name=known_as(other),
                    account=account.nickname or account.name,
                    date=other.date,
                    amount=other.amount,
                    currency=other.currency,
                )
            )
    return tuple(found)


def _entry(event: TransactionEvent, edit: Edit | None) -> HistoryEntry:
    words = words_of(event.before) if event.field == JOINED else None
    before = words.told() if words else event.before
    deed = entry_of(edit) if edit else None
    return HistoryEntry(event.at, event.source, event.field, before, event.after, deed)


def _details(text: str) -> dict[str, Any]:
    if not text:
        return {}
    details = msgspec.json.decode(text)
    return details if isinstance(details, dict) else {}
