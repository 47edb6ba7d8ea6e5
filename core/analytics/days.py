"""The days of a year: what was spent on each, and on which weekdays.

Figures are in the currency of totals at each day's rate; positive is money out, refunds lessen it. A year's days are
those from the first one that anything is known of to the last that has begun.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core.analytics.spans import DAY
from core.analytics.spending import daily
from core.cache import UserCache, facts, home_currency, shown_accounts

NOTHING: Final = Decimal(0)
LEVELS: Final = 4
"""How many shades a day with spending has: a quarter of such days each."""
WEEK: Final = 7
MONTHS: Final = 12
DEAREST: Final = 5


@dataclass(frozen=True, slots=True)
class DaySpent:
    """One day; `level` is 0 where nothing was spent, else 1 to 4 by the quarter of the year's days that it is in."""

    day: date
    spent: Decimal
    rows: int
    level: int


@dataclass(frozen=True, slots=True)
class WeekdaySpent:
    """All days of a year that are the same one of the week; 0 is Monday."""

    weekday: int
    days: int
    spent: Decimal
    dearest: tuple[DaySpent, ...]

    @property
    def average(self) -> Decimal:
        """Return what such a day comes to."""
        return self.spent / max(1, self.days)


@dataclass(frozen=True, slots=True)
class Quiet:
    """Days in a row on which nothing was spent."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """Return how many they are."""
        return (self.until - self.since).days + 1


@dataclass(frozen=True, slots=True)
class YearDays:
    """All of it, in `currency`."""

    currency: str
    year: int
    years: tuple[int, ...]
    """Those that anything is known of, the newest first."""
    days: tuple[DaySpent, ...]
    weekdays: tuple[WeekdaySpent, ...]
    """In the order of the person's week."""
    spent: Decimal
    quiet_days: int
    longest_quiet: Quiet | None

    @property
    def month_sums(self) -> tuple[Decimal, ...]:
        """Return what was spent in each of the twelve months."""
        return tuple(
            sum((one.spent for one in self.days if one.day.month == month), NOTHING) for month in range(1, MONTHS + 1)
        )

    @property
    def dearest(self) -> DaySpent | None:
        """Return the day on which most was spent."""
        return max((one for one in self.days if one.spent > 0), key=lambda one: (one.spent, one.day), default=None)


def year_days(
    cache: UserCache, year: int, today: date, accounts: Sequence[int] = (), *, week_start: int = 0
) -> YearDays:
    """Return the days of `year` up to `today` on some accounts, or on all that are not hidden."""
    with cache.answering() as answer:
        currency = home_currency(answer)
        first = facts(answer).first
        since, until = bounds(year, today, first)
        spent = daily(answer, shown_accounts(answer, accounts), since, until)
    days = leveled(spent, since, until)
    return YearDays(
        currency=currency,
        year=year,
        years=tuple(range(today.year, min(first.year if first else today.year, today.year) - 1, -1)),
        days=days,
        weekdays=tuple(_weekday((week_start + step) % WEEK, days) for step in range(WEEK)),
        spent=sum((one.spent for one in days), NOTHING),
        quiet_days=sum(one.level == 0 for one in days),
        longest_quiet=longest_quiet(days),
    )


def bounds(year: int, today: date, first: date | None) -> tuple[date, date]:
    """Return the first and the last day of a year that count; the last is before the first where there is none."""
    return max(date(year, 1, 1), first or date(year, 1, 1)), min(date(year, 12, 31), today)


def leveled(spent: Mapping[date, tuple[Decimal, int]], since: date, until: date) -> tuple[DaySpent, ...]:
    """Return every day of a period with the quarter that it is in among those with spending."""
    ordered = sorted(amount for amount, _ in spent.values() if amount > 0)
    limits = [ordered[len(ordered) * part // LEVELS] for part in range(1, LEVELS)] if ordered else []
    days = (since + timedelta(days=number) for number in range(max(0, (until - since).days + 1)))
    known = ((day, *spent.get(day, (NOTHING, 0))) for day in days)
    return tuple(
        DaySpent(day, amount, count, 1 + bisect_right(limits, amount) if amount > 0 else 0)
        for day, amount, count in known
    )


def longest_quiet(days: Sequence[DaySpent]) -> Quiet | None:
    """Return the longest run of days without spending, the last of several; None where there is no such day."""
    longest: Quiet | None = None
    begun: date | None = None
    for one in days:
        if one.level:
            begun = None
            continue
        begun = begun or one.day
        if longest is None or one.day - begun + DAY >= timedelta(days=longest.days):
            longest = Quiet(begun, one.day)
    return longest


def _weekday(weekday: int, days: Sequence[DaySpent]) -> WeekdaySpent:
    same = [one for one in days if one.day.weekday() == weekday]
    dearest = sorted((one for one in same if one.spent > 0), key=lambda one: (one.spent, one.day), reverse=True)
    return WeekdaySpent(weekday, len(same), sum((one.spent for one in same), NOTHING), tuple(dearest[:DEAREST]))
