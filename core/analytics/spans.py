"""Which days a question is about, and which days they are held against.

Months are calendar months, as on the overview; only budgets heed the day on which a person's own month begins.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

from core import clock
from core.clock import EARLIEST

Preset = Literal["30d", "90d", "month", "last_month", "3m", "6m", "12m", "24m", "year", "last_year", "all", "own"]
Comparing = Literal["before", "year", "none"]
"""With the period right before, with the same days of the year before, or with nothing."""
Unit = Literal["day", "week", "month"]

PRESETS: Final[tuple[Preset, ...]] = get_args(Preset)
COMPARISONS: Final[tuple[Comparing, ...]] = get_args(Comparing)
DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)
YEAR: Final = 12
MOST_DAYS: Final = 100
"""Of a longer period weeks are told, not days."""
MOST_WEEKS: Final = 57
"""Of a longer one months."""
_LAST_DAYS: Final = {"30d": 30, "90d": 90}
_LAST_MONTHS: Final = {"3m": 3, "6m": 6, "12m": 12, "24m": 24}
_MONTHS: Final = {**_LAST_MONTHS, "month": 1, "last_month": 1, "year": YEAR, "last_year": YEAR}
"""How many months a period is counted as, however much of them is over."""


@dataclass(frozen=True, slots=True)
class Before:
    """The days that a period is held against, first and last included."""

    since: date
    until: date
    months: int = 0
    """How far they lie back: months, or else days."""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A period and the one that it is held against, if any; first and last days included."""

    since: date
    until: date
    before_since: date | None = None
    before_until: date | None = None

    @property
    def days(self) -> int:
        """Return how many days the period has."""
        return (self.until - self.since).days + 1

    @property
    def compares(self) -> bool:
        """Tell whether the period is held against another."""
        return self.before_since is not None

    @property
    def unit(self) -> Unit:
        """Return in which steps the period is told."""
        return "day" if self.days <= MOST_DAYS else "week" if self.days <= MOST_WEEKS * WEEK.days else "month"

    def parameters(self) -> dict[str, Any]:
        """Return the parameters of a question; without a period to compare with, that one has no days."""
        return {
            "since": self.since,
            "until": self.until,
            "before_since": self.before_since or self.since,
            "before_until": self.before_until or self.since - DAY,
        }


def span_of(
    preset: Preset,
    comparing: Comparing,
    today: date,
    *,
    first: date | None = None,
    own: tuple[date, date] | None = None,
) -> Span:
    """Return the days of a choice as it stands `today`, which ends what is not over.

    "all" begins at `first`, the day of the first transaction; "own" is the range of `own`, its ends in any order.
    """
    since, until = _days(preset, today, first, own)
    before = held_against(preset, comparing, since, until)
    return Span(since, until) if before is None else Span(since, until, before.since, before.until)


def held_against(preset: Preset, comparing: Comparing, since: date, until: date) -> Before | None:
    """Return what a period is held against, if anything.

    A range of a person's own that begins with a month and holds all of it is counted in months, as are those that are
    named after months; any other in days.
    """
    if comparing == "none" or preset == "all":
        return None
    months = YEAR if comparing == "year" else _MONTHS.get(preset, 0)
    if not months and preset == "own" and since.day == 1 and until >= clock.month_end(since):
        months = (until.year - since.year) * YEAR + until.month - since.month + 1
    if months:
        return Before(*_months_before(since, until, months), months=months)
    days = (until - since).days + 1
    return Before(since - timedelta(days=days), since - DAY, days=days)


def stretches(since: date, until: date, unit: Unit) -> list[tuple[date, date]]:
    """Cut a period into days, weeks or calendar months, in order.

    Weeks are counted back from the last day, so that only the first one can be short; months begin on their first day.
    """
    found: list[tuple[date, date]] = []
    end = until
    while end >= since:
        start = end if unit == "day" else clock.month_start(end) if unit == "month" else end - WEEK + DAY
        found.append((max(start, since), end))
        if start <= since:
            break
        end = start - DAY
    return found[::-1]


def _days(preset: Preset, today: date, first: date | None, own: tuple[date, date] | None) -> tuple[date, date]:
    start = clock.month_start(today)
    if preset in _LAST_DAYS:
        return today - timedelta(days=_LAST_DAYS[preset] - 1), today
    if preset in _LAST_MONTHS:
        return clock.add_months(start, 1 - _LAST_MONTHS[preset]), today
    if preset == "last_month":
        return clock.add_months(start, -1), start - DAY
    if preset == "year":
        return today.replace(month=1, day=1), today
    if preset == "last_year":
        return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)
    if preset == "all" and first is not None:
        return min(max(first, EARLIEST), today), today
    if preset == "own" and own is not None:
        ends = sorted(min(max(day, EARLIEST), today) for day in own)
        return ends[0], ends[1]
    return start, today


def _months_before(since: date, until: date, months: int) -> tuple[date, date]:
    """Return a period so many months before; one that ends with its month does so there too, but for a running one."""
    whole = (until + DAY).day == 1 and since.day == 1
    end = clock.add_months(until + DAY, -months) - DAY if whole else clock.add_months(until, -months)
    return clock.add_months(since, -months), end
