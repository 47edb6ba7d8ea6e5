"""A first, quick look at many groups of payments at once: on which cadences each may be a series.

It lets through too much rather than too little; `core.planning.evidence` decides.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from core.planning.cadence import CADENCES, Cadence
from core.planning.evidence import ALIKE, NEEDED, PICKED, SAME, SHORT

Ints = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]

_EPOCH: Final = 719_163
"""The ordinal of 1 January 1970."""
_LOOSE: Final = 3
"""Days beyond a cadence's slack that a quick look forgives, as it knows the due day less well."""
_KNOWN: Final = 3.0
"""What a known service is given."""
_BEST: Final = 2.0
"""The most that one amount tells."""
_BEST_PICKED: Final = 0.5
_PAIR: Final = 2


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups of payments one after the other, each by date."""

    starts: Ints
    counts: Ints
    days: Ints
    amounts: Ints
    """Without sign."""
    namesakes: Ints
    """For each group, how many payments have the very same name as its first."""
    service: Flags
    habit: Flags
    income: Flags
    """For each group."""


def promising(groups: Groups) -> Flags:
    """Return for each group (down) and cadence (across) whether there may be a series."""
    same, alike = _steadiness(groups)
    of_month = _month_positions(groups.days)
    hopes = np.zeros((len(groups.starts), len(CADENCES)), dtype=bool)
    for column, cadence in enumerate(CADENCES):
        # What a glance rules out, mostly pairs, needs no look at its days.
        open_ = np.flatnonzero(_possible(groups, cadence, same, alike))
        if len(open_):
            some, rows = _some(groups, open_)
            hopes[open_, column] = _on(some, cadence, of_month[rows], same[open_])
    return hopes


def _some(groups: Groups, picked: Ints) -> tuple[Groups, Ints]:
    """Return the groups that are `picked`, and which rows are theirs."""
    counts = groups.counts[picked]
    starts = np.cumsum(counts) - counts
    rows = np.arange(counts.sum()) + np.repeat(groups.starts[picked] - starts, counts)
    some = Groups(
        starts=starts,
        counts=counts,
        days=groups.days[rows],
        amounts=groups.amounts[rows],
        namesakes=groups.namesakes[picked],
        service=groups.service[picked],
        habit=groups.habit[picked],
        income=groups.income[picked],
    )
    return some, rows


def _possible(groups: Groups, cadence: Cadence, same: Floats, alike: Floats) -> Flags:
    """Tell which groups their amounts and their number do not rule out."""
    kept: Flags = ~groups.habit | groups.service | ((same >= 0.6) & (groups.counts > 3) & (cadence.days >= SHORT))
    if cadence.days < SHORT:
        kept &= groups.income | (same >= 0.4) | (alike >= 0.8)
    if cadence.months == 12:
        return kept | _taking_turns(groups)
    kept &= (groups.counts != _PAIR) | (groups.service & (same == 1) & (cadence.months == 1))
    return kept


def _on(groups: Groups, cadence: Cadence, of_month: Floats, same: Floats) -> Flags:
    counts = groups.counts
    if cadence.months or cadence.name == "twice a month":
        position = of_month / (cadence.months or 0.5)
    else:
        position = groups.days / cadence.days
    used, periods, jitter = _regular(groups, position, cadence)
    coverage = used / np.maximum(periods, 1)
    picked = counts < groups.namesakes
    chance = np.minimum(0.95, (1 + jitter) * np.maximum(1.0, counts / np.maximum(periods, 1)) / cadence.days)
    timing = np.maximum(periods - 1, 0) * _surprise(np.minimum(coverage, 1.0), chance)
    most = np.where(picked, _BEST_PICKED, _BEST) * (used - 1) + np.where(groups.service, _KNOWN, 0.0)
    crowd = np.log(np.maximum(1.0, np.sqrt(groups.namesakes) / np.maximum(used, 1))) + np.where(picked, PICKED, 0.0)
    kept: Flags = (used >= _PAIR) & (coverage >= 0.55) & (used >= 0.35 * counts) & (timing + most - crowd >= NEEDED)
    kept |= (counts > _PAIR) & _even_steps(groups, cadence)
    kept &= (same >= 0.4) | ((coverage >= 0.65) & (used >= 0.35 * groups.namesakes))
    return kept | _taking_turns(groups) if cadence.months == 12 else kept


def _regular(groups: Groups, position: Floats, cadence: Cadence) -> tuple[Floats, Floats, Floats]:
    """Return how many slots are used, of how many, and the mean distance in days; `position` counts periods."""
    number = len(groups.starts)
    group = np.repeat(np.arange(number), groups.counts)
    angle = 2 * np.pi * position
    phase = np.arctan2(np.add.reduceat(np.sin(angle), groups.starts), np.add.reduceat(np.cos(angle), groups.starts))
    turned = position - np.repeat(phase / (2 * np.pi), groups.counts)
    slot = np.rint(turned)
    late = np.abs(turned - slot) * cadence.days
    on_time = np.flatnonzero(late <= (cadence.slack + _LOOSE if cadence.days > SHORT else cadence.slack + 1))
    slot, group, late = slot[on_time], group[on_time], late[on_time]
    first = np.ones(len(group), dtype=bool)
    first[1:] = group[1:] != group[:-1]
    fresh = first.copy()
    fresh[1:] |= slot[1:] != slot[:-1]
    last = np.ones(len(group), dtype=bool)
    last[:-1] = first[1:]
    used = np.bincount(group[fresh], minlength=number).astype(float)
    periods, jitter = np.zeros(number), np.zeros(number)
    periods[group[first]] = slot[last] - slot[first] + 1
    totals = np.bincount(group, weights=late, minlength=number)
    many = np.bincount(group, minlength=number)
    jitter[many > 0] = totals[many > 0] / many[many > 0]
    return used, periods, jitter


def _even_steps(groups: Groups, cadence: Cadence) -> Flags:
    """Tell where payments follow each other after much the same number of days, wherever that leads."""
    gaps = np.diff(groups.days, prepend=groups.days[:1]).astype(float)
    gaps[groups.starts] = np.nan
    whole = np.maximum(np.rint(gaps / cadence.days), 1)
    fits = np.abs(gaps - whole * cadence.days) <= min(cadence.slack + 1, 5)
    even: Flags = np.add.reduceat(fits.astype(float), groups.starts) >= 0.7 * (groups.counts - 1)
    return even


def _taking_turns(groups: Groups) -> Flags:
    """Tell where two payments a year each come again on their day: camp in June and in August."""
    gaps = np.zeros(len(groups.days))
    gaps[2:] = groups.days[2:] - groups.days[:-2]
    place = np.arange(len(gaps)) - np.repeat(groups.starts, groups.counts)
    yearly = (place >= _PAIR) & (np.abs(gaps - CADENCES[-1].days) <= CADENCES[-1].slack)
    turns: Flags = (groups.counts > 3) & (np.add.reduceat(yearly.astype(np.int64), groups.starts) == groups.counts - 2)
    return turns & (groups.counts <= 4 * _PAIR)


def _steadiness(groups: Groups) -> tuple[Floats, Floats]:
    """Return the shares of amounts that are the same as, and alike to, the one before."""
    before, after = groups.amounts[:-1], groups.amounts[1:]
    change = np.ones(len(groups.amounts))
    change[1:] = np.abs(after - before) / np.maximum(np.maximum(after, before), 1)
    change[groups.starts] = np.inf
    pairs = np.maximum(groups.counts - 1, 1)
    same: Floats = np.add.reduceat((change <= SAME).astype(float), groups.starts) / pairs
    alike: Floats = np.add.reduceat((change <= ALIKE).astype(float), groups.starts) / pairs
    return same, alike


def _month_positions(days: Ints) -> Floats:
    """Return months since 1970 with the part of the month that has gone by."""
    dates = (days - _EPOCH).astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    begins = months.astype("datetime64[D]")
    length = ((months + 1).astype("datetime64[D]") - begins).astype(float)
    positions: Floats = months.astype(float) + (dates - begins).astype(float) / length
    return positions


def _surprise(share: Floats, chance: Floats) -> Floats:
    """Return the divergence of `share` from `chance` in each period; 0 where it is no more than that."""
    safe = np.clip(share, 1e-9, 1 - 1e-9)
    told = safe * np.log(safe / chance) + (1 - safe) * np.log((1 - safe) / (1 - chance))
    surprise: Floats = np.where(share > chance, told, 0.0)
    return surprise
