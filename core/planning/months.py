"""The months that a person plans by: from their own first day to the day before the next one begins."""

from dataclasses import dataclass
from datetime import date, timedelta

from core import clock


@dataclass(frozen=True, slots=True)
class PlanMonth:
    """One month of a person's; with the first day 25, "November" goes from 25 November to 24 December."""

    start: date
    """The first day of the calendar month in which it begins: what the month is called and kept by."""
    first: date
    last: date

    @property
    def days(self) -> int:
        """Return how many days it has."""
        return (self.last - self.first).days + 1

    def elapsed(self, today: date) -> int:
        """Return how many of its days have begun by `today`: 0 before it, all of them after it."""
        return min(max((today - self.first).days + 1, 0), self.days)

    def moved(self, months: int) -> "PlanMonth":
        """Return the month that is so many months later."""
        return month_called(clock.add_months(self.start, months), self.first.day)


def month_called(day: date, first_day: int = 1) -> PlanMonth:
    """Return the person's month that begins in the calendar month of `day`; `first_day` is 1 to 28."""
    first = day.replace(day=first_day)
    return PlanMonth(clock.month_start(day), first, clock.add_months(first, 1) - timedelta(days=1))


def month_of(day: date, first_day: int = 1) -> PlanMonth:
    """Return the person's month that `day` lies in."""
    return month_called(day - timedelta(days=first_day - 1), first_day)
