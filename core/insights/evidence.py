"""Everything that detectors look at, asked for once."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core.cache import UserCache
from core.identity import profile
from core.insights.anomalies import Anomaly, find_anomalies
from core.planning import (
    Bills,
    BudgetMonth,
    GoalEntry,
    Subscriptions,
    bills,
    budget_month,
    kept_line,
    list_goals,
    month_of,
    subscriptions,
)
from core.store import Store, UserId

NEWS: Final = timedelta(days=30)
"""An unusual charge is told of so long after its day."""


@dataclass(frozen=True, slots=True)
class Charge:
    """A transaction that may be told of; `amount` negative is money out, of a split one the whole."""

    id: int
    day: date
    name: str
    amount: Decimal
    currency: str
    account_id: int
    account: str
    category: str
    pending: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """How things stand for one person."""

    today: date
    budgets: BudgetMonth
    """Of the month that has begun, as the person counts months."""
    goals: tuple[GoalEntry, ...]
    recurring: Subscriptions
    bills: Bills
    unusual: tuple[tuple[Anomaly, Charge], ...]
    """Of the last days, newest first."""


def gather(store: Store, user: UserId, cache: UserCache, today: date) -> Evidence:
    """Return how things stand for `user` on `today`.

    Raises:
        NotFoundError: the user is gone.
    """
    who = profile(store, user)
    since = today - NEWS
    anomalies = find_anomalies(cache, today)
    rows = cache.ask("told_rows", ids=[one.transaction_id for one in anomalies], since=since)
    charges = {row[0]: Charge(*row) for row in rows}
    return Evidence(
        today,
        budget_month(store, user, cache, month_of(today, who.month_start_day), today),
        list_goals(store, user, cache, today),
        subscriptions(store, cache, today),
        bills(store, cache, today, currency=who.currency, line=kept_line(store, user)),
        tuple((one, charges[one.transaction_id]) for one in anomalies if one.transaction_id in charges),
    )
