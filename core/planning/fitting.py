"""Payments put on schedules: for each cadence the due days that most of them keep to."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from core.planning.cadence import CADENCES, HALF, LAST, Cadence, Days, Schedule


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
    paid = _Paid(days, units)
    for cadence in cadences:
        if not 0.3 * cadence.days - 1 <= usual <= 2.6 * cadence.days:
            continue
        for schedule in _schedules(cadence, paid):
            fit = _placed(schedule, paid)
            if fit is not None:
                yield fit
        if cadence.name not in {"weekly", "twice a month"}:
            drifting = _drifting(cadence, days)
            if drifting is not None:
                yield drifting


class _Paid:
    """Payments, with what every cadence asks of them."""

    def __init__(self, days: Sequence[int], units: Sequence[int]) -> None:
        typical = median(units)
        self.days = Days(days)
        self.off = [abs(one - typical) for one in units]
        self.odd = [off > 0.1 * typical for off in self.off]

    @cached_property
    def of_month(self) -> Counter[int]:
        return Counter(self.days.of_month)

    @cached_property
    def anchors(self) -> tuple[int, ...]:
        """Return due days of the month that they may keep to."""
        of_month = self.of_month
        anchors = [day for day, _ in sorted(of_month.items(), key=lambda item: (-item[1], item[0]))[:3]]
        if max(of_month) >= 28:
            anchors.append(LAST)
        anchors.append(_middle(list(of_month.elements())))
        return tuple(dict.fromkeys(anchors))


def _schedules(cadence: Cadence, paid: _Paid) -> Iterator[Schedule]:
    if cadence.months:
        for anchor in paid.anchors:
            yield Schedule(cadence, (anchor,))
    elif cadence.name == "twice a month":
        of_month = paid.of_month
        early = Counter({day: count for day, count in of_month.items() if day <= 22})
        first = early.most_common(1)[0][0] if early else 1
        rest = {day: count for day, count in of_month.items() if 10 <= abs(day - first) <= 20}
        seconds = [*sorted(rest, key=lambda day: (-rest[day], day))[:2], LAST]
        for second in dict.fromkeys(seconds):
            yield Schedule(cadence, (min(first, second), max(first, second)))
    else:
        length = int(cadence.days)
        rests = Counter(day % length for day in paid.days.ordinals)
        around = {rest: sum(rests[(rest + off) % length] for off in (-1, 0, 1)) for rest in range(length)}
        often = max(rests, key=lambda rest: (rests[rest], -rest))
        for due in dict.fromkeys((often, max(around, key=lambda rest: (around[rest], rests[rest], -rest)))):
            yield Schedule(cadence, (due + length,))


def _middle(of_month: list[int]) -> int:
    """Return the middle of days of the month, which may lie around the turn of it."""
    ordered = sorted(of_month)
    turned = [day - LAST if day > HALF else day for day in ordered]
    straight, wrapped = (sum(abs(day - median(some)) for day in some) for some in (ordered, turned))
    centre = round(median(ordered if straight <= wrapped else turned))
    return centre if centre >= 1 else centre + LAST


def _placed(schedule: Schedule, paid: _Paid) -> Fit | None:
    """Return the payments that are on time, one for each slot: of several the nearest to day and amount."""
    slack = schedule.cadence.slack
    best: dict[int, tuple[tuple[bool, int, float], int, int]] = {}
    for position, (slot, late) in enumerate(schedule.slots(paid.days)):
        if -slack <= late <= slack:
            worse = (paid.odd[position], abs(late), paid.off[position])
            if slot not in best or worse < best[slot][0]:
                best[slot] = (worse, position, late)
    if schedule.stride > 1:
        phases = Counter(slot % schedule.stride for slot in best)
        phase = max(phases, key=lambda one: (phases[one], -one)) if phases else 0
        best = {slot: kept for slot, kept in best.items() if slot % schedule.stride == phase}
    if len(best) < 2:
        return None
    slots = sorted(best)
    return Fit(schedule, tuple(best[slot][1] for slot in slots), tuple(slots), tuple(best[slot][2] for slot in slots))


def _drifting(cadence: Cadence, days: Sequence[int]) -> Fit | None:
    """Return the payments that follow each other after the same number of days, whatever the calendar says."""
    near = min(6.0, 0.2 * cadence.days)
    whole = [
        (later - earlier) / periods
        for earlier, later in pairwise(days)
        if (periods := round((later - earlier) / cadence.days))
        and abs(later - earlier - periods * cadence.days) <= near
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
