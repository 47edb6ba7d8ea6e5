"""The one place that knows what time it is, so that tests can say so.

Instants are UTC and timezone-aware; "today" is a date in the user's own time zone.
"""

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)
"""The first and the last day that anything is asked about: a period, a report, a field for a date."""

_frozen: datetime | None = None


def now() -> datetime:
    """Return the present instant, in UTC."""
    return _frozen if _frozen is not None else datetime.now(UTC)


def today(zone: str = "UTC", ahead: int = 0) -> date:
    """Return the present date in an IANA time zone such as "Europe/Berlin", `ahead` days from it for a demo."""
    return now().astimezone(ZoneInfo(zone)).date() + timedelta(days=ahead)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Make `now` return `at` (timezone-aware) in every thread while the block runs. For tests."""
    global _frozen  # noqa: PLW0603 - the clock is process-wide by design
    if at.tzinfo is None:
        raise ValueError("freeze the clock at a timezone-aware instant")
    before, _frozen = _frozen, at.astimezone(UTC)
    try:
        yield
    finally:
        _frozen = before


def month_start(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """Return the last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """Return `day` moved by `months`, held at the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
