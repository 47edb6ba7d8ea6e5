"""Reconciling: an account's rows against what a statement says, to the cent, and then locked.

The rows are added up from the last statement that was found to agree. Before the first one, from the
account's known balance worked back over its rows. What a bank changes later in a period that agreed
is followed, but never silently: that reconciliation then says that it no longer holds, and why.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Literal

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from core import clock
from core.banking.causes import EDGE_DAYS, Cause, Row, likely_causes
from core.errors import NotFoundError, ValidationError
from core.ledger import category_of, settle
from core.store import (
    Account,
    AuditEvent,
    Balance,
    ImportBatch,
    Reconciliation,
    Store,
    Transaction,
    TransactionEvent,
    User,
    UserId,
    next_change,
)

Source = Literal["person", "file", "bank"]

Begins = tuple[date, Decimal]
"""An opening balance: what the account held at the end of a day."""

CORRECTION: Final = "Balance correction"
OFFERS: Final = 6
MOST_DISTURBED: Final = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A statement balance that is known already: from a file, or from the bank. Sign as `Account.current`."""

    source: Source
    day: date
    stated: Decimal
    told_by: str
    """The file's name, or the bank's."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """An account beside a statement. Amounts in `currency`; owed is negative."""

    account_id: int
    currency: str
    opening: Decimal
    opening_day: date | None
    """The end of this day is where adding up begins; None for the beginning of the account."""
    after_statement: bool
    """Whether the opening balance is one that a statement confirmed."""
    day: date
    stated: Decimal
    rows: tuple[Row, ...]
    """The posted rows of the period, newest first."""
    ledger: Decimal
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> Decimal:
        """Return what the statement has more than the rows."""
        return self.stated - self.ledger


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A row that changed after its period agreed with a statement: `what` says how."""

    row: Row
    what: str


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
    """What the statement has more than the rows have today; zero while it holds."""
    disturbances: tuple[Disturbance, ...]

    @property
    def holds(self) -> bool:
        """Tell whether the rows still agree with it."""
        return not self.off_by and not self.disturbances


def statement_offers(store: Store, user: UserId, account_id: int) -> tuple[Offer, ...]:
    """Return the statement balances known of an account and later than its last reconciliation, newest first.

    Raises:
        NotFoundError: the account is not there or not this user's.
    """
    with store.read() as session:
        account = _account(session, user, account_id)
        last = _last(session, account_id)
        batches = session.scalars(
            select(ImportBatch)
            .where(
                ImportBatch.account_id == account_id,
                ImportBatch.undone_at.is_(None),
                ImportBatch.stated_balance.is_not(None),
            )
            .order_by(ImportBatch.stated_day.desc())
            .limit(OFFERS)
        )
        offers = [
            Offer("file", one.stated_day, one.stated_balance, one.filename)
            for one in batches
            if one.stated_day is not None and one.stated_balance is not None
        ]
        if account.item_id is not None:
            told = session.scalars(
                select(Balance)
                .where(Balance.account_id == account_id, Balance.removed_at.is_(None))
                .order_by(Balance.day.desc())
                .limit(1)
            )
            offers += [Offer("bank", one.day, one.current, "the bank") for one in told]
    fresh = {(one.day, one.stated): one for one in offers if last is None or one.day > last.day}
    return tuple(sorted(fresh.values(), key=lambda one: one.day, reverse=True))


def compare(
    store: Store, user: UserId, account_id: int, day: date, stated: Decimal, begins: Begins | None = None
) -> Comparison:
    """Add an account's rows up to `day` and hold them against `stated`; nothing is written.

    `begins` counts for an account that was never reconciled: the balance that its statement opens with.

    Raises:
        NotFoundError: the account is not there or not this user's.
        ValidationError: the day lies in the future or in a period that was reconciled already.
    """
    with store.read() as session:
        return _compare(session, user, account_id, day, stated, begins)


def accept(
    store: Store,
    user: UserId,
    account_id: int,
    day: date,
    stated: Decimal,
    source: Source,
    difference: Decimal,
    begins: Begins | None = None,
) -> int:
    """Keep that an account agrees with a statement, lock the rows of its period, and return the reconciliation's id.

    `difference` is what the person saw: when there is one, a correction of that amount makes up for it, with an entry
    in the audit log. The same statement accepted twice is accepted once.

    Raises:
        NotFoundError: the account is not there or not this user's.
        ValidationError: the rows changed since the person looked, or the day can't be taken.
    """
    with store.write() as session:
        change = next_change(session, user)
        same = session.scalar(
            select(Reconciliation.id).where(
                Reconciliation.user_id == user,
                Reconciliation.account_id == account_id,
                Reconciliation.day == day,
                Reconciliation.stated == stated,
                Reconciliation.reopened_at.is_(None),
            )
        )
        if same is not None:
            return same
        seen = _compare(session, user, account_id, day, stated, begins)
        if seen.difference != difference:
            raise ValidationError(
                "The account's transactions changed while you looked.", "Look at the difference again, then accept it."
            )
        entry = Reconciliation(
            user_id=user,
            account_id=account_id,
            day=day,
            stated=stated,
            opening=seen.opening,
            opening_day=seen.opening_day,
            source=source,
            rows=len(seen.rows),
            created_at=clock.now(),
        )
        session.add(entry)
        session.flush()
        _lock(session, account_id, entry)
        if difference:
            entry.correction_id = _correct(session, user, entry, seen, change)
            settle(session, session.get_one(Account, account_id), change)
        _audit(session, user, "reconciled", entry, corrected=bool(difference))
        return entry.id


def reopen(store: Store, user: UserId, reconciliation_id: int) -> None:
    """Take a reconciliation back: its rows are free again, its correction goes. Twice changes nothing.

    Raises:
        NotFoundError: it is not there or not this user's.
        ValidationError: a later statement of the account rests on it.
    """
    with store.write() as session:
        change = next_change(session, user)
        entry = session.scalar(
            select(Reconciliation).where(Reconciliation.id == reconciliation_id, Reconciliation.user_id == user)
        )
        if entry is None:
            raise NotFoundError("This reconciliation is not there.", "Reload the page.")
        if entry.reopened_at is not None:
            return
        last = _last(session, entry.account_id)
        if last is not None and last.id != entry.id:
            raise ValidationError(
                f"The statement of {last.day.isoformat()} rests on this one.", "Reopen the later one first."
            )
        entry.reopened_at = clock.now()
        session.execute(
            update(Transaction).where(Transaction.reconciliation_id == entry.id).values(reconciliation_id=None)
        )
        if entry.correction_id is not None:
            session.execute(
                update(Transaction)
                .where(Transaction.id == entry.correction_id)
                .values(removed_at=clock.now(), change=change)
            )
            settle(session, session.get_one(Account, entry.account_id), change)
        _audit(session, user, "reconciliation reopened", entry, corrected=entry.correction_id is not None)


def list_reconciliations(store: Store, user: UserId, account_id: int) -> tuple[ReconciliationEntry, ...]:
    """Return an account's reconciliations, newest first, each with whether it still holds.

    Raises:
        NotFoundError: the account is not there or not this user's.
    """
    with store.read() as session:
        _account(session, user, account_id)
        rows = session.scalars(
            select(Reconciliation)
            .where(Reconciliation.account_id == account_id, Reconciliation.user_id == user)
            .order_by(Reconciliation.day.desc(), Reconciliation.id.desc())
        )
        return tuple(_entry(session, one) for one in rows)


def reconciled_through(store: Store, user: UserId) -> dict[int, date]:
    """Return for each account of `user` the day of the last statement that it was found to agree with."""
    with store.read() as session:
        rows = session.execute(
            select(Reconciliation.account_id, func.max(Reconciliation.day).label("day"))
            .where(Reconciliation.user_id == user, Reconciliation.reopened_at.is_(None))
            .group_by(Reconciliation.account_id)
        )
        return {row.account_id: row.day for row in rows}


def broken_reconciliations(store: Store, user: UserId) -> tuple[ReconciliationEntry, ...]:
    """Return the last reconciliation of each account where it no longer holds."""
    with store.read() as session:
        lasts = [
            _last(session, account)
            for account in session.scalars(
                select(Account.id).where(Account.user_id == user, Account.removed_at.is_(None))
            )
        ]
        found = [_entry(session, one) for one in lasts if one is not None]
    return tuple(one for one in found if not one.holds)


def _compare(
    session: Session, user: UserId, account_id: int, day: date, stated: Decimal, begins: Begins | None
) -> Comparison:
    account = _account(session, user, account_id)
    person = session.get_one(User, user)
    if day > clock.today(person.time_zone, person.demo_days_ahead):
        raise ValidationError("The statement's date lies in the future.", "Use the date printed on it.")
    last = _last(session, account_id)
    if last is not None and day <= last.day:
        raise ValidationError(
            f"This account is reconciled through {last.day.isoformat()} already.",
            "Use a later statement, or reopen that reconciliation.",
        )
    if last is not None:
        opening_day, opening = last.day, last.stated
    elif begins is not None:
        opening_day, opening = begins
        if opening_day >= day:
            raise ValidationError("The opening balance is of a later day than the closing one.", "Swap the two dates.")
    else:
        opening_day, opening = None, _before_all_rows(session, account)
    rows = _rows(session, account_id, opening_day and opening_day - EDGE_DAYS, day + EDGE_DAYS)
    inside = [row for row in rows if _counts(row) and _within(row.date, opening_day, day)]
    taken = {row.id for row in inside}
    around = [row for row in rows if row.id not in taken]
    ledger = opening + sum((row.amount for row in inside), Decimal(0))
    return Comparison(
        account_id=account_id,
        currency=account.currency,
        opening=opening,
        opening_day=opening_day,
        after_statement=last is not None,
        day=day,
        stated=stated,
        rows=tuple(sorted(inside, key=lambda row: (row.date, row.id), reverse=True)),
        ledger=ledger,
        causes=likely_causes(stated - ledger, inside, around, opening_day, day),
    )


def _before_all_rows(session: Session, account: Account) -> Decimal:
    """Return what the account held before its first row, as far as a balance was ever told of it; else zero.

    A bank's newest balance counts: it posts rows with dates that older balances did not hold yet. Files and people
    tell of whole days, so that the first balance they told finds what is amiss in all that came after it.
    """
    question = select(func.sum(Transaction.amount)).where(
        Transaction.account_id == account.id, Transaction.removed_at.is_(None), Transaction.pending.is_(False)
    )
    if account.item_id is not None:
        return (account.current or Decimal(0)) - (session.scalar(question) or Decimal(0))
    first = session.scalar(
        select(Balance)
        .where(Balance.account_id == account.id, Balance.removed_at.is_(None))
        .order_by(Balance.day)
        .limit(1)
    )
    if first is None:
        return Decimal(0)
    return first.current - (session.scalar(question.where(Transaction.date <= first.day)) or Decimal(0))


def _rows(session: Session, account_id: int, since: date | None, until: date) -> list[Row]:
    question = select(
        Transaction.id,
        Transaction.date,
        Transaction.amount,
        Transaction.own_name,
        Transaction.merchant_name,
        Transaction.name,
        Transaction.pending,
        Transaction.removed_at,
        Transaction.provider_key,
        Transaction.reconciliation_id,
    ).where(Transaction.account_id == account_id, Transaction.date <= until)
    if since is not None:
        question = question.where(Transaction.date >= since)
    return [
        Row(
            row.id,
            row.date,
            row.amount,
            row.own_name or row.merchant_name or row.name,
            row.pending,
            row.removed_at is not None,
            row.provider_key is not None,
            row.reconciliation_id is not None,
        )
        for row in session.execute(question)
    ]


def _counts(row: Row) -> bool:
    return not row.pending and not row.removed


def _within(day: date, after: date | None, until: date) -> bool:
    return (after is None or day > after) and day <= until


def _lock(session: Session, account_id: int, entry: Reconciliation) -> None:
    question = update(Transaction).where(
        Transaction.account_id == account_id,
        Transaction.date <= entry.day,
        Transaction.removed_at.is_(None),
        Transaction.pending.is_(False),
    )
    if entry.opening_day is not None:
        question = question.where(Transaction.date > entry.opening_day)
    session.execute(question.values(reconciliation_id=entry.id).execution_options(synchronize_session=False))


def _correct(session: Session, user: UserId, entry: Reconciliation, seen: Comparison, change: int) -> int:
    amount = seen.difference
    correction = Transaction(
        user_id=user,
        account_id=entry.account_id,
        file_key=f"correction:{entry.id}",
        date=entry.day,
        amount=amount,
        currency=seen.currency,
        name=CORRECTION,
        # Neither earned nor spent until the person says what it was.
        category_id=category_of("TRANSFER_IN" if amount > 0 else "TRANSFER_OUT"),
        note=f"Makes up for the difference to the statement of {entry.day.isoformat()}.",
        reconciliation_id=entry.id,
        created_at=clock.now(),
        change=change,
    )
    session.add(correction)
    session.flush()
    return correction.id


def _entry(session: Session, one: Reconciliation) -> ReconciliationEntry:
    correction = session.get(Transaction, one.correction_id) if one.correction_id else None
    off_by, disturbances = Decimal(0), tuple[Disturbance, ...]()
    if one.reopened_at is None:
        off_by, disturbances = _state(session, one)
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
        disturbances,
    )


def _state(session: Session, one: Reconciliation) -> tuple[Decimal, tuple[Disturbance, ...]]:
    """Return by how much the rows are off today, and which rows changed since, left or came."""
    inside = [Transaction.date <= one.day]
    if one.opening_day is not None:
        inside.append(Transaction.date > one.opening_day)
    sums = session.scalar(
        select(func.sum(Transaction.amount)).where(
            Transaction.account_id == one.account_id,
            Transaction.removed_at.is_(None),
            Transaction.pending.is_(False),
            *inside,
        )
    )
    off_by = one.stated - one.opening - (sums or Decimal(0))
    return off_by, tuple(_disturbances(session, one, inside))


def _disturbances(session: Session, one: Reconciliation, inside: Sequence[Any]) -> list[Disturbance]:
    rows = session.scalars(
        select(Transaction)
        .where(
            Transaction.account_id == one.account_id,
            or_(
                (Transaction.reconciliation_id == one.id)
                & (
                    Transaction.removed_at.is_not(None)
                    | Transaction.pending.is_(True)
                    | (Transaction.date > one.day)
                    | Transaction.id.in_(
                        select(TransactionEvent.transaction_id).where(
                            TransactionEvent.user_id == one.user_id,
                            TransactionEvent.field.in_(("amount", "date")),
                            TransactionEvent.at > one.created_at,
                        )
                    )
                ),
                and_(
                    Transaction.reconciliation_id.is_(None),
                    Transaction.removed_at.is_(None),
                    Transaction.pending.is_(False),
                    *inside,
                ),
            ),
        )
        .order_by(Transaction.date, Transaction.id)
        .limit(MOST_DISTURBED)
    )
    return [Disturbance(_row(row), _what(row)) for row in rows]


def _what(row: Transaction) -> str:
    if row.removed_at is not None:
        return "removed by the bank"
    if row.reconciliation_id is None:
        return "came afterwards"
    return "changed by the bank"


def _row(row: Transaction) -> Row:
    return Row(
        row.id,
        row.date,
        row.amount,
        row.own_name or row.merchant_name or row.name,
        row.pending,
        row.removed_at is not None,
        row.provider_key is not None,
        row.reconciliation_id is not None,
    )


def _last(session: Session, account_id: int) -> Reconciliation | None:
    return session.scalar(
        select(Reconciliation)
        .where(Reconciliation.account_id == account_id, Reconciliation.reopened_at.is_(None))
        .order_by(Reconciliation.day.desc())
        .limit(1)
    )


def _account(session: Session, user: UserId, account_id: int) -> Account:
    account = session.scalar(
        select(Account).where(Account.id == account_id, Account.user_id == user, Account.removed_at.is_(None))
    )
    if account is None:
        raise NotFoundError("This account is not there.", "Choose another one.")
    return account


def _audit(session: Session, user: UserId, event: str, entry: Reconciliation, *, corrected: bool) -> None:
    detail = json.dumps({"account": entry.account_id, "reconciliation": entry.id, "corrected": corrected})
    session.add(AuditEvent(user_id=user, at=clock.now(), event=event, detail=detail, address=""))
