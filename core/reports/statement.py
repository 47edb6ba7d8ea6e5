"""A month or a year of a person's money: every figure of the report, asked of the same functions as the screens."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core import clock
from core.analytics import (
    AccountSummary,
    Dates,
    MonthFlow,
    Names,
    PivotRow,
    TransactionFilter,
    View,
    account_summaries,
    explore,
    overview,
)
from core.cache import UserCache, balances_of
from core.clock import EARLIEST
from core.errors import ValidationError
from core.ledger import LIABILITIES
from core.planning import (
    BudgetLine,
    GoalEntry,
    MonthSums,
    Subscription,
    bills,
    budget_month,
    list_goals,
    month_called,
    subscriptions,
)
from core.store import Store, UserId

LARGEST: Final = 10
MERCHANTS: Final = 8
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The month or year that is reported, by its first and last day."""

    first: dt.date
    last: dt.date

    @property
    def is_year(self) -> bool:
        """Tell whether it is a year."""
        return self.last.month != self.first.month


def month_stretch(day: dt.date) -> Stretch:
    """Return the calendar month of a day."""
    first = clock.month_start(day)
    return Stretch(first, clock.add_months(first, 1) - dt.timedelta(days=1))


def year_stretch(year: int) -> Stretch:
    """Return a calendar year."""
    return Stretch(dt.date(year, 1, 1), dt.date(year, 12, 31))


@dataclass(frozen=True, slots=True)
class Against:
    """A figure and the same of the period before; None where there is nothing to tell. Spending is positive."""

    now: Decimal | None
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class Large:
    """One of the largest transactions; `home` is its amount in the currency of totals."""

    id: int
    day: dt.date
    name: str
    category: str
    account: str
    amount: Decimal
    currency: str
    home: Decimal


@dataclass(frozen=True, slots=True)
class Standing:
    """An account at the end of the day before, and at the end, in its own currency; None where nobody told."""

    name: str
    institution: str
    currency: str
    opening: Decimal | None
    closing: Decimal | None
    owed: bool


@dataclass(frozen=True, slots=True)
class Statement:
    """All of the report. Amounts in `currency` unless said; spending positive."""

    stretch: Stretch
    until: dt.date
    """The last day that counts: the end, or today."""
    made_on: dt.date
    person: str
    currency: str
    dates: Dates
    income: Against
    spending: Against
    saved: Against
    worth: Against
    """Net worth at the end, and at the end of the day before."""
    flow: tuple[MonthFlow, ...]
    groups: tuple[PivotRow, ...]
    merchants: tuple[PivotRow, ...]
    names: Names
    budgets: tuple[BudgetLine, ...]
    subscriptions: tuple[Subscription, ...]
    bills: tuple[MonthSums, ...]
    goals: tuple[GoalEntry, ...]
    largest: tuple[Large, ...]
    accounts: tuple[Standing, ...]
    unrated: tuple[tuple[str, int], ...]
    """How many transactions of which currencies are in no total."""
    pending: int
    hidden_accounts: int
    oldest_rate: dt.date | None
    """Of the rates behind net worth, where it is more than a week old."""

    @property
    def savings_rate(self) -> Against:
        """Return the share of the income that was not spent; None without income."""
        return Against(_share(self.saved.now, self.income.now), _share(self.saved.before, self.income.before))


def statement(
    store: Store, cache: UserCache, user: UserId, stretch: Stretch, today: dt.date, person: str = ""
) -> Statement:
    """Return the report on a month or a year, as it stands `today`.

    What is not over is held against the same days of the month or year before.

    Raises:
        ValidationError: it has not begun yet, or lies before all money that is known.
    """
    if stretch.first > today:
        raise ValidationError("This period has not begun yet.", "Choose an earlier one.")
    if stretch.first < EARLIEST:
        raise ValidationError(f"There is no report on years before {EARLIEST.year}.", "Choose a later one.")
    until = min(stretch.last, today)
    span = TransactionFilter(since=stretch.first, until=until)
    # The month that is on is held against as many days of the last one, which days that merely begin a month are not.
    named = "month" if month_stretch(today) == stretch else "own"

    def asked(rows: str, measures: tuple[str, ...], most: int, kind: str | None = None) -> View:
        wanted = TransactionFilter(since=span.since, until=span.until, kind=kind)  # type: ignore[arg-type]
        against = "year" if stretch.is_year else "before"
        return View((rows,), None, measures, wanted, named, against, "value", most)  # type: ignore[arg-type]

    with cache.answering() as answer:
        groups = explore(cache, asked("group", ("spent",), 100), today)
        flows = explore(cache, asked("kind", ("net", "income", "spent"), 5), today)
        merchants = explore(cache, asked("merchant", ("spent", "lines"), MERCHANTS, "spending"), today)
        pending = explore(cache, View(("kind",), None, ("lines",), _pending(span), "own"), today)
        day_before = stretch.first - dt.timedelta(days=1)
        view, before = overview(cache, until), overview(cache, day_before)
        largest = answer("largest_lines", {"since": stretch.first, "until": until, "count": LARGEST})
        accounts = account_summaries(cache)
        standing = {number: known.on([day_before, until]) for number, known in balances_of(answer).items()}
    total = flows.total
    budgets = () if stretch.is_year else budget_month(store, user, cache, month_called(stretch.first), today).lines
    return Statement(
        stretch=stretch,
        until=until,
        made_on=today,
        person=person,
        currency=groups.currency,
        dates=flows.dates,
        income=Against(total.total.income, total.before.income),
        spending=Against(total.total.spent, total.before.spent),
        saved=Against(total.total.value("net"), total.before.value("net")),
        worth=Against(view.worth.net, before.worth.net),
        flow=_flow(view.cash_flow, stretch),
        groups=groups.rows,
        merchants=merchants.rows,
        names=groups.names,
        budgets=budgets,
        subscriptions=subscriptions(store, cache, today).active,
        bills=() if stretch.is_year else bills(store, cache, today, currency=groups.currency, month=stretch.first).sums,
        goals=tuple(one for one in list_goals(store, user, cache, today) if one.ended_at is None),
        largest=tuple(Large(*row) for row in largest),
        accounts=_standings(accounts, standing),
        unrated=flows.unrated,
        pending=pending.total.total.lines,
        hidden_accounts=sum(one.hidden for one in accounts),
        oldest_rate=view.old_rates.worth,
    )


def _standings(accounts: Iterable[AccountSummary], balances: Mapping[int, tuple[Decimal, ...]]) -> tuple[Standing, ...]:
    shown = [one for one in accounts if not one.hidden]
    stood = [balances.get(one.id, (None, None)) for one in shown]
    return tuple(
        Standing(one.name, one.institution, one.currency, before, after, one.type in LIABILITIES)
        for one, (before, after) in zip(shown, stood, strict=True)
    )


def _pending(span: TransactionFilter) -> TransactionFilter:
    return TransactionFilter(since=span.since, until=span.until, pending=True)


def _flow(flow: Sequence[MonthFlow], stretch: Stretch) -> tuple[MonthFlow, ...]:
    """Return the months of the year that is reported, or the twelve up to the month."""
    return tuple(one for one in flow if not stretch.is_year or one.month >= stretch.first)[-12:]


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    return part / whole if part is not None and whole is not None and whole > 0 else None
