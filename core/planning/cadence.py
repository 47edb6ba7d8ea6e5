"""How often something comes, and the days on which it is then due: weeks, months with short ends, weekends, drift."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from statistics import median
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
        month, of_month = _split(day)
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


@dataclass(frozen=True, slots=True)
class Fit:
    """Payments put on a schedule, at most one in each slot."""

    schedule: Schedule
    chosen: tuple[int, ...]
    """The positions of the payments that keep to it, by date."""
    slots: tuple[int, ...]
    late: tuple[int, ...]
    """Days after (positive) or before the due day."""

    @property
    def periods(self) -> int:
        """Return how many payments were due from the first to the last."""
        return (self.slots[-1] - self.slots[0]) // self.schedule.stride + 1

    @property
    def jitter(self) -> float:
        """Return the mean distance from the due day, in days."""
        return sum(abs(late) for late in self.late) / len(self.late)


def fits(days: Sequence[int], units: Sequence[int], cadences: Sequence[Cadence] = CADENCES) -> Iterator[Fit]:
    """Yield how payments on `days` (ordinals, ascending) with amounts `units` keep to each of `cadences`."""
    gaps = [later - earlier for earlier, later in pairwise(days) if later - earlier > 1]
    if not gaps:
        return
    usual = median(gaps)
    typical = median(units)
    for cadence in cadences:
        if not 0.3 * cadence.days - 1 <= usual <= 2.6 * cadence.days:
            continue
        for schedule in _schedules(cadence, days):
            fit = _placed(schedule, days, units, typical)
            if fit is not None:
                yield fit
        if cadence.name not in {"weekly", "twice a month"}:
            drifting = _drifting(cadence, days)
            if drifting is not None:
                yield drifting


def _schedules(cadence: Cadence, days: Sequence[int]) -> Iterator[Schedule]:
    if cadence.months:
        of_month = Counter(_split(day)[1] for day in days)
        anchors = [day for day, _ in sorted(of_month.items(), key=lambda item: (-item[1], item[0]))[:3]]
        if max(of_month) >= 28:
            anchors.append(LAST)
        anchors.append(_middle(list(of_month.elements())))
        for anchor in dict.fromkeys(anchors):
            yield Schedule(cadence, (anchor,))
    elif cadence.name == "twice a month":
        of_month = Counter(_split(day)[1] for day in days)
        early = Counter({day: count for day, count in of_month.items() if day <= 22})
        first = early.most_common(1)[0][0] if early else 1
        rest = {day: count for day, count in of_month.items() if 10 <= abs(day - first) <= 20}
        seconds = [*sorted(rest, key=lambda day: (-rest[day], day))[:2], LAST]
        for second in dict.fromkeys(seconds):
            yield Schedule(cadence, (min(first, second), max(first, second)))
    else:
        length = int(cadence.days)
        rests = Counter(day % length for day in days)
        best = max(rests, key=lambda rest: (rests[rest], -rest))
        yield Schedule(cadence, (best + length,))


def _middle(of_month: list[int]) -> int:
    """Return the middle of days of the month, which may lie around the turn of it."""
    ordered = sorted(of_month)
    turned = [day - LAST if day > HALF else day for day in ordered]
    straight, wrapped = (sum(abs(day - median(some)) for day in some) for some in (ordered, turned))
    centre = round(median(ordered if straight <= wrapped else turned))
    return centre if centre >= 1 else centre + LAST


def _placed(schedule: Schedule, days: Sequence[int], units: Sequence[int], typical: float) -> Fit | None:
    """Return the payments that are on time, one for each slot: of several the nearest to day and amount."""
    slack = schedule.cadence.slack
    best: dict[int, tuple[tuple[bool, int, float], int, int]] = {}
    for position, day in enumerate(days):
        slot, late = schedule.slot(day)
        if abs(late) > slack:
            continue
        worse = (abs(units[position] - typical) > 0.1 * typical, abs(late), abs(units[position] - typical))
        if slot not in best or worse < best[slot][0]:
            best[slot] = (worse, position, late)
    if schedule.stride > 1:
        phases = Counter(slot % schedule.stride for slot in best)
        phase = max(phases, key=lambda one: (phases[one], -one)) if phases else 0
        best = {slot: kept for slot, kept in best.items() if slot % schedule.stride == phase}
        schedule = Schedule(schedule.cadence, schedule.anchors, phase=phase)
    if len(best) < 2:
        return None
    slots = sorted(best)
    return Fit(schedule, tuple(best[slot][1] for slot in slots), tuple(slots), tuple(best[slot][2] for slot in slots))


def _drifting(cadence: Cadence, days: Sequence[int]) -> Fit | None:
    """Return the payments that follow each other after the same number of days, whatever the calendar says."""
    whole = [
        (later - earlier) / periods
        for earlier, later in pairwise(days)
        if (periods := round((later - earlier) / cadence.days)) and abs(later - earlier - periods * cadence.days) <= 6
    ]
    if len(whole) < 2:
        return None
    step, slack = median(whole), min(cadence.slack, 4)
    chosen, slots, late = [0], [0], [0]
    for position in range(1, len(days)):
        gap = days[position] - days[chosen[-1]]
        periods = round(gap / step)
        off = round(gap - periods * step)
        if periods and abs(off) <= slack:
            chosen.append(position)
            slots.append(slots[-1] + periods * max(1, cadence.months))
            late.append(off)
    if len(chosen) < 3:
        return None
    return Fit(Schedule(cadence, (days[0],), step=step), tuple(chosen), tuple(slots), tuple(late))


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


@cache
def _split(day: int) -> tuple[int, int]:
    """Return the number of the month (years * 12 and months from 0) and the day of it."""
    when = date.fromordinal(day)
    return when.year * 12 + when.month - 1, when.day


def _ordinal(month: int, anchor: int) -> int:
    return date(*_year_and_month(month), min(anchor, _length(month))).toordinal()
