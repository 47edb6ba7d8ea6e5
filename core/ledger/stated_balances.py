"""The balance of an account that no bank connection feeds, from what is said of it: by files, and by the person.

The newest day for which a balance is said counts, and the transactions dated after it move it. An account of which
none was ever said stays without.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.store import Account, Balance, ImportBatch, Transaction


def take_stated(session: Session, account: Account, batch: ImportBatch, stated: Decimal, day: date) -> None:
    """Keep the closing balance that a file states, and for an account without a connection take it over.

    `stated` is in the account's currency; owed is negative.
    What the person said of that day is remembered with the first file that says otherwise.
    """
    batch.stated_balance, batch.stated_day = stated, day
    if account.item_id is not None:
        return
    before = session.get(Balance, (account.id, day))
    told = next((one for one in _others(session, batch) if before and one.stated_balance == before.current), None)
    if told is not None:
        batch.current_before, batch.balance_at_before = told.current_before, told.balance_at_before
    elif before is not None and before.removed_at is None:
        batch.current_before, batch.balance_at_before = before.current, end_of(day)
    _say(session, account, day, stated)


def drop_stated(session: Session, account: Account, batch: ImportBatch) -> None:
    """Take a file's closing balance out again: another file's of the same day counts, else what was known before."""
    if batch.stated_day is None or account.item_id is not None:
        return
    said = session.get(Balance, (account.id, batch.stated_day))
    if said is None or said.removed_at is not None or said.current != batch.stated_balance:
        return
    others = _others(session, batch)
    before = batch.current_before
    if others:
        _say(session, account, batch.stated_day, others[-1].stated_balance)
    elif before is not None and batch.balance_at_before == end_of(batch.stated_day):
        _say(session, account, batch.stated_day, before)
    else:
        _say(session, account, batch.stated_day, None)


def settle(session: Session, account: Account, change: int) -> None:
    """Bring the balance of an account without a connection up to what is now said of it."""
    if account.item_id is not None:
        return
    account.change = change
    session.flush()
    newest = session.scalar(
        select(Balance)
        .where(Balance.account_id == account.id, Balance.removed_at.is_(None))
        .order_by(Balance.day.desc())
        .limit(1)
    )
    if newest is None:
        if account.balance_at is not None:
            account.current = account.balance_at = None
        return
    moved = session.scalar(
        select(func.sum(Transaction.amount)).where(
            Transaction.account_id == account.id,
            Transaction.removed_at.is_(None),
            Transaction.pending.is_(False),
            Transaction.date > newest.day,
        )
    )
    account.current, account.balance_at = newest.current + (moved or Decimal(0)), end_of(newest.day)


def end_of(day: date) -> datetime:
    """Return the last second of a day, when a closing balance holds."""
    return datetime.combine(day, time(23, 59, 59), UTC)


def _say(session: Session, account: Account, day: date, current: Decimal | None) -> None:
    said = session.get(Balance, (account.id, day))
    if said is None:
        said = Balance(account_id=account.id, day=day, user_id=account.user_id)
        session.add(said)
    if current is None:
        said.removed_at = clock.now()
    else:
        said.current, said.removed_at = current, None
    said.change = account.change


def _others(session: Session, batch: ImportBatch) -> list[ImportBatch]:
    """Return the other imports that were not undone and state a balance for the same day, oldest first."""
    return list(
        session.scalars(
            select(ImportBatch)
            .where(ImportBatch.account_id == batch.account_id, ImportBatch.id != batch.id)
            .where(ImportBatch.undone_at.is_(None), ImportBatch.stated_day == batch.stated_day)
            .order_by(ImportBatch.id)
        )
    )
