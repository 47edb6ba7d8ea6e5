"""How each connection and account does: a score from named parts, each with its reason and what to do.

The score is ours: what has to be true before the numbers can be trusted, weighted by how much a
person can trust them without it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core import clock
from core.banking.items import Connection, list_connections
from core.banking.reconciliations import broken_reconciliations
from core.banking.schedule import INTERVALS
from core.banking.steps import Step, next_step
from core.store import Account, Reconciliation, Store, SyncRun, Transaction, User, UserId

CONNECTION: Final = 40
FRESHNESS: Final = 30
RECONCILED: Final = 10
ERRORS: Final = 20
"""The most points of each part of a connection; together 100."""
BY_HAND_FRESHNESS: Final = 70
BY_HAND_RECONCILED: Final = 30
"""The same for an account that no bank feeds: nothing can break there, only grow old."""

RECENT_RUNS: Final = timedelta(days=7)
STATEMENT_AGE: Final = timedelta(days=45)
"""A monthly statement and two weeks to get to it."""
CONSENT_WARNING: Final = timedelta(days=14)
"""How long before a bank ends a connection the person is asked to sign in again."""
BY_HAND_AGE: Final = timedelta(days=35)


@dataclass(frozen=True, slots=True)
class Part:
    """One reason of a score: `points` out of `most`, why, and what to do ("" when nothing is lost)."""

    name: str
    points: int
    most: int
    reason: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """How something does, 0 to 100."""

    parts: tuple[Part, ...]
    step: Step = "nothing"

    @property
    def score(self) -> int:
        """Return the sum of all parts."""
        return sum(part.points for part in self.parts)


@dataclass(frozen=True, slots=True)
class Checkup:
    """The health of every connection (by item id) and account (by account id) of a person."""

    items: Mapping[int, Health]
    accounts: Mapping[int, Health]

    @property
    def score(self) -> int | None:
        """Return the average of all accounts, rounded; None without any."""
        scores = [one.score for one in self.accounts.values()]
        return round(sum(scores) / len(scores)) if scores else None


@dataclass(frozen=True, slots=True)
class _Account:
    id: int
    item_id: int | None
    schedule: str
    newest: datetime | None
    """When it was last told of: the newest balance or row of an account that no bank feeds."""
    reconciled: date | None
    holds: bool
    """Whether it still agrees with the statements that it was reconciled with."""


def checkup(store: Store, user: UserId) -> Checkup:
    """Return how everything of `user` does."""
    now = clock.now()
    broken = {one.account_id for one in broken_reconciliations(store, user)}
    with store.read() as session:
        person = session.get_one(User, user)
        today = clock.today(person.time_zone, person.demo_days_ahead)
        runs = _recent_runs(session, user, now)
        accounts = _open_accounts(session, user, broken)
        last_rows = _last_rows(session, user)
    connections = {one.id: one for one in list_connections(store, user)}
    fed: dict[int, list[_Account]] = defaultdict(list)
    for account in accounts:
        if account.item_id is not None:
            fed[account.item_id].append(account)
    items = {
        number: _of_connection(one, fed[number], runs.get(number, []), now, today)
        for number, one in connections.items()
    }
    health = {}
    for account in accounts:
        if account.item_id in items:
            own = _reconciled(account, today, RECONCILED)
            shared = tuple(part for part in items[account.item_id].parts if part.name != own.name)
            health[account.id] = Health((*shared, own), items[account.item_id].step)
        else:
            health[account.id] = _by_hand(account, last_rows.get(account.id), today)
    return Checkup(items, health)


def _recent_runs(session: Session, user: UserId, now: datetime) -> dict[int, list[str]]:
    """Return how the last syncs of each item ended, in their order: "" or the code of the failure."""
    runs: dict[int, list[str]] = defaultdict(list)
    for run in session.execute(
        select(SyncRun.item_id, SyncRun.error_code)
        .where(SyncRun.user_id == user, SyncRun.finished_at > now - RECENT_RUNS)
        .order_by(SyncRun.id)
    ):
        runs[run.item_id].append(run.error_code)
    return runs


def _open_accounts(session: Session, user: UserId, broken: Collection[int]) -> list[_Account]:
    through = {
        row.account_id: row.day
        for row in session.execute(
            select(Reconciliation.account_id, func.max(Reconciliation.day).label("day"))
            .where(Reconciliation.user_id == user, Reconciliation.reopened_at.is_(None))
            .group_by(Reconciliation.account_id)
        )
    }
    return [
        _Account(
            row.id,
            row.item_id,
            row.schedule,
            row.balance_at or row.created_at,
            through.get(row.id),
            holds=row.id not in broken,
        )
        for row in session.execute(
            select(Account.id, Account.item_id, Account.schedule, Account.balance_at, Account.created_at).where(
                Account.user_id == user, Account.removed_at.is_(None), Account.closed_at.is_(None)
            )
        )
    ]


def _last_rows(session: Session, user: UserId) -> dict[int, date]:
    """Return the day of the newest row of each account without a connection."""
    # The newest row of each is read off the end of the index; a maximum would read them all.
    newest = (
        select(Transaction.date)
        .where(Transaction.account_id == Account.id, Transaction.removed_at.is_(None))
        .order_by(Transaction.date.desc())
        .limit(1)
        .scalar_subquery()
    )
    by_hand = select(Account.id, newest.label("day")).where(Account.user_id == user, Account.item_id.is_(None))
    return {row.id: row.day for row in session.execute(by_hand)}


def _of_connection(
    connection: Connection, accounts: list[_Account], runs: list[str], now: datetime, today: date
) -> Health:
    step = next_step(connection.error_code)
    if step == "nothing" and _ends_soon(connection, now):
        step = "reconnect"
    reconciled = [_reconciled(one, today, RECONCILED) for one in accounts]
    worst = min(reconciled, key=lambda part: part.points, default=_reconciled(None, today, RECONCILED))
    return Health(
        (
            _connection(connection, step, now),
            _freshness(connection, accounts, now),
            _errors(runs),
            worst,
        ),
        step,
    )


ADVICE: Final[Mapping[Step, str]] = {
    "wait": "It is tried again by itself.",
    "sync": "Sync it again.",
    "reconnect": "Reconnect it: sign in at the bank once more.",
    "bank first": "Put that right at the bank, then reconnect it here.",
    "link again": "Link this bank again; its history is kept.",
    "files": "Import the files that this bank offers.",
    "set up": "Check the Plaid keys in the file .env.",
    "nothing": "",
}
_CONNECTION_POINTS: Final[Mapping[Step, int]] = {"nothing": CONNECTION, "wait": 25, "sync": 25}


def _ends_soon(connection: Connection, now: datetime) -> bool:
    return connection.consent_expires_at is not None and connection.consent_expires_at - now <= CONSENT_WARNING


def _connection(connection: Connection, step: Step, now: datetime) -> Part:
    points = _CONNECTION_POINTS.get(step, 0)
    if connection.error_code or connection.error:
        return Part("Connection", min(points, 25), CONNECTION, connection.error, ADVICE[step])
    if connection.consent_expires_at and _ends_soon(connection, now):
        day = connection.consent_expires_at.date().isoformat()
        reason = f"The bank ends this connection on {day} unless you sign in again."
        return Part("Connection", 30, CONNECTION, reason, ADVICE["reconnect"])
    if connection.new_accounts:
        return Part("Connection", 35, CONNECTION, "The bank has new accounts to share.", "Choose which to add.")
    return Part("Connection", CONNECTION, CONNECTION, "The bank lets us in.")


def _freshness(connection: Connection, accounts: list[_Account], now: datetime) -> Part:
    if connection.last_synced_at is None:
        return Part("Freshness", 0, FRESHNESS, "It was never synced.", "Sync it.")
    age = now - connection.last_synced_at
    wanted = min((INTERVALS[one.schedule] for one in accounts if one.schedule in INTERVALS), default=timedelta(days=7))
    late = age - max(wanted, timedelta(hours=24))
    if late <= timedelta(hours=2):
        return Part("Freshness", FRESHNESS, FRESHNESS, "Its numbers are fresh.")
    days = max(1, age.days)
    points = FRESHNESS * max(0, 14 - days) // 14
    return Part("Freshness", points, FRESHNESS, f"Last synced {days} {_days(days)} ago.", "Sync it.")


def _errors(runs: list[str]) -> Part:
    failed = sum(bool(code) for code in runs)
    if not failed:
        return Part("Errors", ERRORS, ERRORS, "No sync failed in the last 7 days.")
    points = ERRORS * (len(runs) - failed) // len(runs)
    reason = f"{failed} of {len(runs)} syncs failed in the last 7 days."
    return Part("Errors", points, ERRORS, reason, "" if runs and not runs[-1] else "Look at what the last one says.")


def _reconciled(account: _Account | None, today: date, most: int) -> Part:
    through = account.reconciled if account else None
    if account is None or through is None:
        return Part(
            "Reconciled", 0, most, "It was never compared with a statement.", "Reconcile it with your last statement."
        )
    if not account.holds:
        reason = f"It no longer agrees with the statement of {through.isoformat()}."
        return Part("Reconciled", 0, most, reason, "Look at Reconcile what changed.")
    days = (today - through).days
    if timedelta(days=days) <= STATEMENT_AGE:
        return Part("Reconciled", most, most, f"It agrees with the statement of {through.isoformat()}.")
    return Part(
        "Reconciled",
        most // 2,
        most,
        f"The last statement it was compared with is {days} days old.",
        "Reconcile it with a newer one.",
    )


def _by_hand(account: _Account, last_row: date | None, today: date) -> Health:
    told = max((day for day in (account.newest and account.newest.date(), last_row) if day), default=None)
    days = (today - told).days if told else 0
    if told is None or timedelta(days=days) <= BY_HAND_AGE:
        fresh = Part("Freshness", BY_HAND_FRESHNESS, BY_HAND_FRESHNESS, "Its numbers are of the last weeks.")
    else:
        points = BY_HAND_FRESHNESS * max(0, 365 - days) // 365
        reason = f"Nothing was told of it for {days} days."
        fresh = Part("Freshness", points, BY_HAND_FRESHNESS, reason, "Import a file or say its balance.")
    return Health((fresh, _reconciled(account, today, BY_HAND_RECONCILED)))


def _days(number: int) -> str:
    return "day" if number == 1 else "days"
