"""Reconciling: an account's rows against what a statement says, to the cent, and then locked.

`core.banking.reckoning` says from where the rows are added up and which of them count, `core.banking.reconciliations`
whether a reconciliation still holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core import clock
from core.banking.causes import Cause, Row, likely_causes, may_count
from core.banking.reckoning import ANOTHER, CORRECTION_KEYS, Basis, Begins, last_agreed, reckon, today_in
from core.banking.statements import Source
from core.errors import NotFoundError, ValidationError
from core.identity import note
from core.ledger import category_of, own_account, settle
from core.store import Account, Reconciliation, Store, Transaction, UserId, next_change

CORRECTION: Final = "Balance correction"
CHUNK: Final = 500
"""How many ids go into one IN list."""


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


def compare(
    store: Store, user: UserId, account_id: int, day: date, stated: Decimal, choices: Choices = NOTHING_SAID
) -> Comparison:
    """Add an account's rows up to `day` and hold them against `stated`; nothing is written.

    `stated` is the statement's closing balance in the account's currency; owed is negative.

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

    `stated` is its closing balance in the account's currency, owed is negative; `difference` is what it has more than
    the rows, as the person saw it: when there is one, a correction of that amount makes up for it, with an entry
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
        note(session, user, "reconciled", account=entry.account_id, reconciliation=entry.id, corrected=bool(difference))
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
        last = last_agreed(session, entry.account_id)
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
        note(session, user, "reconciliation reopened", account=entry.account_id, reconciliation=entry.id)


def _compare(
    session: Session, user: UserId, account_id: int, day: date, stated: Decimal, choices: Choices
) -> Comparison:
    account = own_account(session, user, account_id, ANOTHER)
    if day > today_in(session, user):
        raise ValidationError("The statement's date lies in the future.", "Use the date printed on it.")
    last = last_agreed(session, account_id)
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
