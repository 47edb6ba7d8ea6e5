"""How often something comes, and the days on which it is then due: weeks, months with short ends, weekends, drift."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final, Literal

CadenceName = Literal[
    "weekly",
    "every two weeks",
    "twice a month",
    "four-weekly",
    "monthly",
    "every two months",
    "quarterly",
    "half-yearly",
    "yearly",
]

YEAR: Final = 365.2425
MONTH: Final = YEAR / 12
HALF: Final = 15
LAST: Final = 31
"""The due day of what comes at the end of each month."""
_SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Cadence:
    """How often something comes: every so many months, else every so many days."""

    name: CadenceName
    months: int
    days: float
    """The length of one period."""
    slack: int
    """How many days off the due day still count as on time."""
    per_year: int


CADENCES: Final = (
    Cadence("weekly", 0, 7, 1, 52),
    Cadence("every two weeks", 0, 14, 3, 26),
    Cadence("twice a month", 0, MONTH / 2, 3, 24),
    Cadence("four-weekly", 0, 28, 3, 13),
    Cadence("monthly", 1, MONTH, 5, 12),
    Cadence("every two months", 2, 2 * MONTH, 6, 6),
    Cadence("quarterly", 3, 3 * MONTH, 7, 4),
    Cadence("half-yearly", 6, 6 * MONTH, 10, 2),
    Cadence("yearly", 12, YEAR, 12, 1),
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cadence tied to days. Slots are numbered; one payment is due in each."""

    cadence: Cadence
    anchors: tuple[int, ...]
    """Due days of the month (31 is the last), or the ordinal of one due day where it goes by days."""
    step: float = 0.0
    """Days from one payment to the next where they drift through the calendar; 0 where they do not."""
    phase: int = 0
    """For every so many months: which of them."""

    def slot(self, day: int) -> tuple[int, int]:
        """Return the slot that lies nearest to `day` (an ordinal), and how many days late it is there.

        Paid on the workday before or after a due weekend is on time.
        """
        cadence = self.cadence
        if cadence.name == "twice a month":
            options = [(slot * 2 + place, late) for place, (slot, late) in enumerate(self._months(day))]
            return min(options, key=lambda option: abs(option[1]))
        if cadence.months:
            month, late = next(self._months(day))
            return month, late
        length = int(cadence.days)
        slot = (day - self.anchors[0] + length // 2) // length
        return slot, day - self.anchors[0] - slot * length

    def _months(self, day: int) -> Iterator[tuple[int, int]]:
        month, of_month = month_and_day(day)
        for anchor in self.anchors:
            near, late = month, of_month - min(anchor, _length(month))
            if late > HALF:
                near, late = month + 1, of_month - _length(month) - min(anchor, _length(month + 1))
            elif late < -HALF:
                near, late = month - 1, of_month + _length(month - 1) - min(anchor, _length(month - 1))
            yield near, _weekend_forgiven(day, late)

    def due(self, slot: int) -> int:
        """Return the ordinal of the day on which slot `slot` is due, weekends not thought of."""
        if self.cadence.name == "twice a month":
            return _ordinal(slot // 2, self.anchors[slot % 2])
        if self.cadence.months:
            return _ordinal(slot, self.anchors[0])
        return self.anchors[0] + slot * int(self.cadence.days)

    @property
    def stride(self) -> int:
        """Return how far the numbers of two slots that follow each other lie apart."""
        return max(1, self.cadence.months)


@cache
def month_and_day(day: int) -> tuple[int, int]:
    """Return the number of the month (years * 12 and months from 0) and the day of it."""
    when = date.fromordinal(day)
    return when.year * 12 + when.month - 1, when.day


def _weekend_forgiven(day: int, late: int) -> int:
    weekday = (day - late - 1) % 7
    if weekday >= _SATURDAY and late in {_SATURDAY - 1 - weekday, 7 - weekday}:
        return 0
    return late


@cache
def _length(month: int) -> int:
    return monthrange(*_year_and_month(month))[1]


def _year_and_month(month: int) -> tuple[int, int]:
    return month // 12, month % 12 + 1


def _ordinal(month: int, anchor: int) -> int:
    return date(*_year_and_month(month), min(anchor, _length(month))).toordinal()
