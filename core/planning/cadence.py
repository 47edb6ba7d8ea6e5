"""How often something comes, and the days on which it is then due: weeks, months with short ends, weekends, drift."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat
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

Slot = tuple[int, int]
"""A slot of a schedule, and days late in it; negative is early."""


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

    def slots(self, days: "Days") -> list[Slot]:
        """Return for each day the slot that lies nearest to it, and how many days late it is there.

        Paid on the workday before or after a due weekend is on time.
        """
        if self.cadence.name == "twice a month":
            pairs = zip(*(days.around(anchor) for anchor in self.anchors), strict=True)
            return [
                (2 * first, late) if abs(late) <= abs(later) else (2 * second + 1, later)
                for (first, late), (second, later) in pairs
            ]
        if self.cadence.months:
            return days.around(self.anchors[0])
        length, anchor = int(self.cadence.days), self.anchors[0]
        numbers = [(day - anchor + length // 2) // length for day in days.ordinals]
        return [(slot, day - anchor - slot * length) for slot, day in zip(numbers, days.ordinals, strict=True)]

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


class Days:
    """Days (ordinals, ascending) as they lie in months; what several cadences ask of them is found out once."""

    def __init__(self, ordinals: Sequence[int]) -> None:
        """Take the days."""
        self.ordinals = ordinals
        self._dates = [_month_and_day(day) for day in ordinals]
        self._around: dict[int, list[Slot]] = {}

    @property
    def of_month(self) -> list[int]:
        """Return their days of the month."""
        return [of_month for _, of_month in self._dates]

    def around(self, anchor: int) -> list[Slot]:
        """Return for each the month (years * 12 and months from 0) whose day `anchor` is nearest, and days late."""
        if anchor not in self._around:
            self._around[anchor] = list(map(_nearest, self.ordinals, self._dates, repeat(anchor)))
        return self._around[anchor]


def _nearest(day: int, lies: tuple[int, int], anchor: int) -> Slot:
    near, of_month = lies
    late = of_month - min(anchor, _length(near))
    if late > HALF:
        near, late = near + 1, of_month - _length(near) - min(anchor, _length(near + 1))
    elif late < -HALF:
        near, late = near - 1, of_month + _length(near - 1) - min(anchor, _length(near - 1))
    weekday = (day - late - 1) % 7
    if weekday >= _SATURDAY and late in (_SATURDAY - 1 - weekday, 7 - weekday):
        return near, 0
    return near, late


@cache
def _month_and_day(day: int) -> tuple[int, int]:
    """Return the number of the month and the day of it."""
    when = date.fromordinal(day)
    return when.year * 12 + when.month - 1, when.day


@cache
def _length(month: int) -> int:
    return monthrange(*_year_and_month(month))[1]


def _year_and_month(month: int) -> tuple[int, int]:
    return month // 12, month % 12 + 1


def _ordinal(month: int, anchor: int) -> int:
    return date(*_year_and_month(month), min(anchor, _length(month))).toordinal()
