"""Counting days: those on which banks work (Monday to Friday, holidays left out) and months."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

SATURDAY: Final = 5


def is_workday(day: date) -> bool:
    """Tell whether banks book on `day`."""
    return day.weekday() < SATURDAY


def workdays_after(day: date, count: int) -> date:
    """Return the day that lies `count` workdays after `day`; with 0, `day` or the next workday."""
    while not is_workday(day):
        day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_workday(day):
            day += timedelta(days=1)
    return day


def workday_before(day: date) -> date:
    """Return `day`, or the last workday before it on a weekend."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def last_workday(day: date) -> date:
    """Return the last workday of the month of `day`."""
    return workday_before(day.replace(day=monthrange(day.year, day.month)[1]))


def due_on(day: date, nominal: int) -> bool:
    """Tell whether what is due on the `nominal` day (1 to 28) of each month is booked on `day`.

    A due date on a weekend moves to the next workday, into the next month if need be.
    """
    if not is_workday(day):
        return False
    return any((day - timedelta(days=back)).day == nominal for back in range(_weekend_before(day) + 1))


def _weekend_before(day: date) -> int:
    return 2 if day.weekday() == 0 else 0


def month_number(start: date, day: date) -> int:
    """Return how many calendar months `day` lies after the month of `start`."""
    return (day.year - start.year) * 12 + day.month - start.month


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
