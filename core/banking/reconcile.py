"""Reconciling: an account's rows against what a statement says, to the cent, and then locked.

`core.banking.reckoning` says from where the rows are added up and which of them count. What a bank changes
later in rows that agreed is followed, but never silently: that reconciliation then says that it no longer
holds, and why.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core import clock
from core.banking.causes import Cause, Row, likely_causes, may_count
from core.banking.reckoning import (
    CORRECTION_KEYS,
    Basis,
    Begins,
    Drift,
    arrived,
    drifted,
    living,
    reckon,
    touched_accounts,
)
from core.errors import NotFoundError, ValidationError
from core.ledger import category_of, settle
from core.store import (
    Account,
    AuditEvent,
    Balance,
    Debt,
    ImportBatch,
    Item,
    Reconciliation,
    Store,
    Transaction,
    User,
    UserId,
    next_change,
)

Source = Literal["person", "file", "bank"]

CORRECTION: Final = "Balance correction"
OFFERS: Final = 6
MOST_DISTURBED: Final = 20
CHUNK: Final = 500
"""How many ids go into one IN list."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A statement balance that is known already: from a file, or from the bank. Sign as `Account.current`."""

    source: Source
    day: date
    stated: Decimal
    told_by: str
    """The file's name, or the bank's."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person says of a statement besides its balance."""

    begins: Begins | None = None
    """The balance that it opens with; counts for an account that was never reconciled."""
    count_in: frozenset[int] = frozenset()
    """Transactions that are on it although they are pending, or dated a few days after it."""
    leave_out: frozenset[int] = frozenset()
    """Transactions that are not on it: they count for the next one."""


NOTHING_SAID: Final = Choices()


@dataclass(frozen=True, slots=True)
class Comparison:
    """An account beside a statement. Amounts in `currency`; owed is negative."""

    account_id: int
    currency: str
    basis: Basis
    """On what the opening balance rests: a statement, a known balance, the person's word, or nothing."""
    basis_day: date | None
    opening: Decimal
    opening_day: date
    """The end of this day is where adding up begins."""
    changed: Decimal
    """By how much the bank has changed reconciled transactions since the last statement."""
    day: date
    stated: Decimal
    rows: tuple[Row, ...]
    """What counts for the period, newest first."""
    around: tuple[Row, ...]
    """What does not count, and could: pending, dated a few days later, or left out; newest first."""
    ledger: Decimal
    causes: tuple[Cause, ...]

    @property
    def difference(self) -> Decimal:
        """Return what the statement has more than the rows."""
        return self.stated - self.ledger

    @property
    def after_statement(self) -> bool:
        """Tell whether the opening balance is one that a statement confirmed."""
        return self.basis == "statement"


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A row that is not what it was when its period agreed with a statement: `what` says how."""

    row: Row
    what: str
    date_then: date
    amount_then: Decimal
    shift: Decimal
    """By how much it moved the balance of the statement's day; zero for one that counts for the next statement."""


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


def statement_offers(store: Store, user: UserId, account_id: int) -> tuple[Offer, ...]:
    """Return the statement balances known of an account and later than its last reconciliation, newest first.

    Raises:
        NotFoundError: the account is not there or not this user's.
    """
    with store.read() as session:
        account = _account(session, user, account_id)
        last = _last(session, account_id)
        today = _today(session, user)
        offers = [*_of_files(session, account), *_of_bank(session, account)]
    fresh: dict[tuple[date, Decimal], Offer] = {}
    for one in offers:
        if one.day <= today and (last is None or one.day > last.day):
            fresh.setdefault((one.day, one.stated), one)
    return tuple(sorted(fresh.values(), key=lambda one: one.day, reverse=True)[:OFFERS])


def _of_files(session: Session, account: Account) -> list[Offer]:
    batches = session.execute(
        select(ImportBatch.stated_day, ImportBatch.stated_balance, ImportBatch.filename)
        .where(
            ImportBatch.account_id == account.id,
            ImportBatch.undone_at.is_(None),
            ImportBatch.stated_balance.is_not(None),
            ImportBatch.stated_day.is_not(None),
        )
        .order_by(ImportBatch.stated_day.desc(), ImportBatch.id.desc())
        .limit(OFFERS)
    )
    return [Offer("file", one.stated_day, one.stated_balance, one.filename) for one in batches]


def _of_bank(session: Session, account: Account) -> list[Offer]:
    """Return the bank's newest balance, and a card's last statement as the bank tells of it."""
    if account.item_id is None:
        return []
    bank = session.get_one(Item, account.item_id).institution_name or "the bank"
    offers = []
    debt = session.get(Debt, account.id)
    if debt is not None and debt.statement_balance is not None and debt.statement_day is not None:
        # What is owed is told positive.
        offers.append(Offer("bank", debt.statement_day, -debt.statement_balance, f"{bank}'s last statement"))
    newest = session.scalar(
        select(Balance)
        .where(Balance.account_id == account.id, Balance.removed_at.is_(None))
        .order_by(Balance.day.desc())
        .limit(1)
    )
    return [*offers, Offer("bank", newest.day, newest.current, bank)] if newest is not None else offers


def compare(
    store: Store, user: UserId, account_id: int, day: date, stated: Decimal, choices: Choices = NOTHING_SAID
) -> Comparison:
    """Add an account's rows up to `day` and hold them against `stated`; nothing is written.

    Raises:
        NotFoundError: the account is not there or not this user's.
        ValidationError: the day lies in the future or in a period that was reconciled already.
    """
    with store.read() as session:
        return _compare(session, user, account_id, day, stated, choices)


def accept(
    store: Store,
    user: UserId,
    account_id: int,
    day: date,
    stated: Decimal,
    source: Source,
    difference: Decimal,
    choices: Choices = NOTHING_SAID,
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
        seen = _compare(session, user, account_id, day, stated, choices)
        if seen.difference != difference:
            raise ValidationError(
                "The account's transactions changed while you looked.", "Look at the difference again, then accept it."
            )
        entry = Reconciliation(
            user_id=user,
            account_id=account_id,
            day=day,
            stated=stated,
            opening=seen.opening + seen.changed,
            opening_day=seen.opening_day,
            source=source,
            rows=len(seen.rows),
            created_at=clock.now(),
        )
        session.add(entry)
        session.flush()
        _lock(session, entry, [row.id for row in seen.rows])
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
            update(Transaction)
            .where(Transaction.reconciliation_id == entry.id)
            .values(reconciliation_id=None)
            .execution_options(synchronize_session=False)
        )
        if entry.correction_id is not None:
            session.execute(
                update(Transaction)
                .where(Transaction.id == entry.correction_id)
                .values(removed_at=clock.now(), change=change)
                .execution_options(synchronize_session=False)
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
        chain = living(session, account_id)
        return tuple(_entry(session, one, chain) for one in rows)


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
    found = []
    with store.read() as session:
        for account in touched_accounts(session, user):
            chain = living(session, account)
            if chain and _shift(chain[0], drifted(session, chain, chain[0].created_at)):
                found.append(_entry(session, chain[0], chain))
    return tuple(found)


def _compare(
    session: Session, user: UserId, account_id: int, day: date, stated: Decimal, choices: Choices
) -> Comparison:
    account = _account(session, user, account_id)
    if day > _today(session, user):
        raise ValidationError("The statement's date lies in the future.", "Use the date printed on it.")
    last = _last(session, account_id)
    if last is not None and day <= last.day:
        raise ValidationError(
            f"This account is reconciled through {last.day.isoformat()} already.",
            "Use a later statement, or reopen that reconciliation.",
        )
    if last is None and choices.begins is not None and choices.begins[0] >= day:
        raise ValidationError("The opening balance is of a later day than the closing one.", "Swap the two dates.")
    seen = reckon(session, account, day, choices.begins, choices.count_in, choices.leave_out)
    # Where nothing is known of what was there before, the statement itself sets it.
    opening = seen.opening if seen.opening is not None else stated - seen.total
    ledger = opening + seen.total
    edge = seen.opening_day if seen.basis in {"statement", "person"} else None
    return Comparison(
        account_id=account_id,
        currency=account.currency,
        basis=seen.basis,
        basis_day=seen.basis_day,
        opening=opening,
        opening_day=seen.opening_day,
        changed=seen.changed,
        day=day,
        stated=stated,
        rows=_newest_first(seen.inside),
        around=_newest_first([row for row in seen.around if may_count(row, day)]),
        ledger=ledger,
        causes=likely_causes(stated - ledger, seen.inside, seen.around, edge, day),
    )


def _newest_first(rows: Sequence[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.date, row.id), reverse=True))


def _lock(session: Session, entry: Reconciliation, rows: Sequence[int]) -> None:
    for start in range(0, len(rows), CHUNK):
        session.execute(
            update(Transaction)
            .where(Transaction.id.in_(rows[start : start + CHUNK]))
            .values(reconciliation_id=entry.id)
            .execution_options(synchronize_session=False)
        )


def _correct(session: Session, user: UserId, entry: Reconciliation, seen: Comparison, change: int) -> int:
    amount = seen.difference
    correction = Transaction(
        user_id=user,
        account_id=entry.account_id,
        file_key=f"{CORRECTION_KEYS}{entry.id}",
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


def _entry(session: Session, one: Reconciliation, chain: Sequence[Reconciliation]) -> ReconciliationEntry:
    correction = session.get(Transaction, one.correction_id) if one.correction_id else None
    off_by, settled, disturbances = Decimal(0), False, tuple[Disturbance, ...]()
    if one.reopened_at is None:
        # The last one answers for all rows that were locked before it too: its balance rests on theirs.
        last = one.id == chain[0].id
        drifts = drifted(session, chain if last else [one], one.created_at)
        off_by = -_shift(one, drifts)
        settled = not last and not any(drift.by(one.day) for drift in drifted(session, [one], chain[0].created_at))
        disturbances = (*(_changed(drift, one.day) for drift in drifts), *_came(session, one))
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


def _changed(drift: Drift, day: date) -> Disturbance:
    if drift.row.removed:
        what = "removed by the bank"
    elif drift.removed_then:
        what = "brought back by the bank"
    else:
        what = "changed by the bank"
    return Disturbance(drift.row, what, drift.date_then, drift.amount_then, drift.by(day))


def _came(session: Session, one: Reconciliation) -> list[Disturbance]:
    return [
        Disturbance(row, "came afterwards" if late else "left out", row.date, row.amount, Decimal(0))
        for row, late in arrived(session, one, MOST_DISTURBED)
    ]


def _today(session: Session, user: UserId) -> date:
    person = session.get_one(User, user)
    return clock.today(person.time_zone, person.demo_days_ahead)


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
