"""An account's balance by its rows: from where they are added up, which count, and what became of the locked ones.

They are added up from the first of these that is there: the last statement that agreed; the opening balance that the
person typed; for an account that a bank feeds its newest balance, worked back over the rows dated until then; for any
other the last balance said before that day, else the first one after it. Of an account of which no balance was ever
said, the first statement sets the start.

Which count: posted rows up to the statement's day that no earlier statement has locked. So a row that came late, or
was left out, counts for the statement after.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, Literal, cast

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from core import clock
from core.banking.causes import EDGE_DAYS, Row, may_count
from core.ledger import REMOVED
from core.store import Account, Balance, Reconciliation, Transaction, TransactionEvent, User, UserId

Basis = Literal["statement", "person", "balance", "nothing"]

Begins = tuple[date, Decimal]
"""An opening balance: what the account held at the end of a day."""

CORRECTION_KEYS: Final = "correction:"
"""How the file keys of corrections begin."""
ANOTHER: Final = "Choose another one."
"""What to do where the account that was asked for is not there."""
_WATCHED: Final = ("amount", "date", REMOVED)
"""The fields of a locked row whose change moves a balance."""
_ROW: Final = (
    Transaction.id,
    Transaction.date,
    Transaction.amount,
    Transaction.own_name,
    Transaction.merchant_name,
    Transaction.name,
    Transaction.pending,
    Transaction.removed_at,
    Transaction.reconciliation_id,
)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """An account's rows added up to a day. Sums in its currency, our sign."""

    basis: Basis
    basis_day: date | None
    """The day of the statement or balance that it rests on."""
    opening: Decimal | None
    """What was there before the first row that counts; None where nothing is known of it."""
    opening_day: date
    """The end of this day is where adding up begins."""
    changed: Decimal
    """By how much a bank has changed locked rows since the last statement agreed."""
    inside: tuple[Row, ...]
    around: tuple[Row, ...]

    @property
    def total(self) -> Decimal:
        """Return the sum of the rows that count, and of what changed."""
        return sum((row.amount for row in self.inside), self.changed)


@dataclass(frozen=True, slots=True)
class Drift:
    """A locked row that is no longer as it was: what was counted of it on a day, and what is now; negative is out."""

    row: Row
    date_then: date
    amount_then: Decimal
    removed_then: bool

    def by(self, day: date) -> Decimal:
        """Return by how much it changed the balance at the end of `day`, on which or after which it was locked."""
        then = Decimal(0) if self.removed_then else self.amount_then
        # A row counted in ahead of its day stays so; one whose day moved over the edge is out until that day.
        out = self.row.removed or self.row.date > day >= self.date_then
        return (Decimal(0) if out else self.row.amount) - then


def today_in(session: Session, user: UserId) -> date:
    """Return today's date where `user` lives."""
    person = session.get_one(User, user)
    return clock.today(person.time_zone, person.demo_days_ahead)


def last_agreed(session: Session, account_id: int) -> Reconciliation | None:
    """Return the last reconciliation of an account that was not reopened, None before the first."""
    return session.scalar(
        select(Reconciliation)
        .where(Reconciliation.account_id == account_id, Reconciliation.reopened_at.is_(None))
        .order_by(Reconciliation.day.desc())
        .limit(1)
    )


def touched_accounts(session: Session, user: UserId) -> list[int]:
    """Return the accounts of `user` with locked rows that were changed or removed after they were locked."""
    # One pass over the history, not over the locked rows: few of them are ever changed. Joined with the accounts,
    # SQLite would begin at these and look at every row.
    changed = session.scalars(
        select(Transaction.account_id)
        .join(TransactionEvent, TransactionEvent.transaction_id == Transaction.id)
        .join(Reconciliation, Transaction.reconciliation_id == Reconciliation.id)
        .where(
            TransactionEvent.user_id == user,
            TransactionEvent.field.in_(_WATCHED),
            TransactionEvent.at > Reconciliation.created_at,
        )
        .distinct()
    )
    living_ones = select(Account.id).where(Account.user_id == user, Account.removed_at.is_(None))
    return list(session.scalars(living_ones.where(Account.id.in_(changed.all())).order_by(Account.id)))


def living(session: Session, account_id: int) -> list[Reconciliation]:
    """Return the reconciliations of an account that were not reopened, the newest first."""
    return list(
        session.scalars(
            select(Reconciliation)
            .where(Reconciliation.account_id == account_id, Reconciliation.reopened_at.is_(None))
            .order_by(Reconciliation.day.desc(), Reconciliation.id.desc())
        )
    )


def reckon(
    session: Session,
    account: Account,
    day: date,
    begins: Begins | None = None,
    count_in: Collection[int] = (),
    leave_out: Collection[int] = (),
) -> Reckoning:
    """Add up the rows of an account to the end of `day`, which lies after its last reconciliation.

    `begins` is the balance that the first statement opens with, where the person says so. `count_in` are rows that
    the person counts although they are pending or dated a few days later, `leave_out` ones that are not on the
    statement.
    """
    chain = living(session, account.id)
    since = min((one.opening_day for one in chain if one.opening_day is not None), default=None)
    if not chain and begins is not None:
        since = begins[0]
    rows = _near(session, account.id, since, chain[0].day if chain else None, day)
    by_rule = [row for row in rows if _counts(row, day)]
    wanted, unwanted = frozenset(count_in), frozenset(leave_out)
    inside = tuple(
        row
        for row in rows
        if row.id not in unwanted and (_counts(row, day) or (row.id in wanted and may_count(row, day)))
    )
    counted = {row.id for row in inside}
    around = tuple(row for row in rows if row.id not in counted)
    if chain:
        changed = sum((one.by(day) for one in drifted(session, chain, chain[0].created_at)), Decimal(0))
        return Reckoning("statement", chain[0].day, chain[0].stated, chain[0].day, changed, inside, around)
    if begins is not None:
        return Reckoning("person", begins[0], begins[1], begins[0], Decimal(0), inside, around)
    first = min((row.date for row in (*by_rule, *inside)), default=day + timedelta(days=1))
    opening_day = min(first - timedelta(days=1), day)
    basis = _known_balance(session, account, day)
    if basis is None:
        return Reckoning("nothing", None, None, opening_day, Decimal(0), inside, around)
    before = basis.current - _posted_until(session, account.id, basis.day)
    return Reckoning("balance", basis.day, before, opening_day, Decimal(0), inside, around)


def drifted(session: Session, chain: Sequence[Reconciliation], since: datetime) -> list[Drift]:
    """Return the rows locked by some reconciliations that were changed or removed after `since`, by day."""
    if not chain:
        return []
    locked = Transaction.reconciliation_id.in_([one.id for one in chain])
    changes = (
        select(TransactionEvent)
        .join(Transaction, TransactionEvent.transaction_id == Transaction.id)
        .where(locked, TransactionEvent.field.in_(_WATCHED), TransactionEvent.at > since)
    )
    before: dict[int, dict[str, str]] = defaultdict(dict)
    for event in session.scalars(changes.order_by(TransactionEvent.id)):
        before[event.transaction_id].setdefault(event.field, event.before)
    touched = changes.with_only_columns(TransactionEvent.transaction_id)
    found = []
    for row in _rows(session, _question().where(Transaction.id.in_(touched))):
        was = before[row.id]
        drift = Drift(
            row,
            date.fromisoformat(was.get("date", row.date.isoformat())),
            Decimal(was.get("amount", str(row.amount))),
            bool(was[REMOVED]) if REMOVED in was else row.removed,
        )
        if (drift.date_then, drift.amount_then, drift.removed_then) != (row.date, row.amount, row.removed):
            found.append(drift)
    return sorted(found, key=lambda drift: (drift.date_then, drift.row.id))


def arrived(session: Session, one: Reconciliation, most: int) -> list[tuple[Row, bool]]:
    """Return free rows dated within a reconciled period, and whether each came after that agreed."""
    question = (
        _question()
        .add_columns(Transaction.created_at)
        .where(
            Transaction.account_id == one.account_id,
            Transaction.reconciliation_id.is_(None),
            Transaction.removed_at.is_(None),
            Transaction.pending.is_(False),
            Transaction.date <= one.day,
            Transaction.date > (one.opening_day or date.min),
        )
        .order_by(Transaction.date, Transaction.id)
        .limit(most)
    )
    return [(_row(row), row.created_at > one.created_at) for row in session.execute(question)]


def _counts(row: Row, day: date) -> bool:
    return not (row.pending or row.removed or row.locked) and row.date <= day


def _near(session: Session, account_id: int, since: date | None, last: date | None, day: date) -> list[Row]:
    """Return the free rows after `since` up to a few days over `day`, and the locked ones near or after `last`."""
    question = _question().where(
        Transaction.account_id == account_id,
        Transaction.date <= day + EDGE_DAYS,
        # A correction that was taken back is no row that a statement could count.
        or_(
            Transaction.removed_at.is_(None),
            Transaction.file_key.is_(None),
            Transaction.file_key.not_like(f"{CORRECTION_KEYS}%"),
        ),
    )
    if since is not None:
        question = question.where(Transaction.date > since)
    if last is not None:
        question = question.where(or_(Transaction.reconciliation_id.is_(None), Transaction.date > last - 2 * EDGE_DAYS))
    return _rows(session, question)


def _known_balance(session: Session, account: Account, day: date) -> Balance | None:
    said = select(Balance).where(Balance.account_id == account.id, Balance.removed_at.is_(None))
    newest, oldest = Balance.day.desc(), Balance.day.asc()
    if account.item_id is not None:
        # A bank's balance of an earlier day is of some minute of it; the newest one goes with the rows that are here.
        return session.scalar(said.order_by(newest).limit(1))
    return (
        session.scalar(said.where(Balance.day < day).order_by(newest).limit(1))
        or session.scalar(said.where(Balance.day > day).order_by(oldest).limit(1))
        or session.scalar(said.where(Balance.day == day).limit(1))
    )


def _posted_until(session: Session, account_id: int, until: date) -> Decimal:
    question = select(func.sum(Transaction.amount)).where(
        Transaction.account_id == account_id,
        Transaction.removed_at.is_(None),
        Transaction.pending.is_(False),
        Transaction.date <= until,
    )
    return session.scalar(question) or Decimal(0)


def _question() -> Select[Any]:
    return select(*cast("Sequence[InstrumentedAttribute[Any]]", _ROW))


def _rows(session: Session, question: Select[Any]) -> list[Row]:
    return [_row(row) for row in session.execute(question)]


def _row(row: Any) -> Row:  # noqa: ANN401 - a row of `_ROW`
    return Row(
        row.id,
        row.date,
        row.amount,
        row.own_name or row.merchant_name or row.name,
        row.pending,
        row.removed_at is not None,
        row.reconciliation_id is not None,
    )
