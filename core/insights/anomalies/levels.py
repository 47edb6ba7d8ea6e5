"""What is usual in a group, by median and median absolute deviation; where rows are few, a larger group is leaned on.

Amounts are compared by their logarithms: twice as much is as far off as half as much. Each row is held against
the others of its group, never against itself.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.insights.anomalies.purchases import Flags, Floats, Ints

MAD_TO_DEVIATION: Final = 1.4826
"""The median absolute deviation of normal values, times this, is their standard deviation."""
LEAN: Final = 1.5
"""The larger group counts like so many rows for what is usual,"""
LEAN_SPREAD: Final = 4.0
"""and like so many for how much it varies, which few rows tell less well,"""
NARROWER: Final = 0.5
"""at this share of its own spread: a part varies less than the whole."""
NARROWEST: Final = 0.12
"""No spread of logarithms is taken to be less: about an eighth more or less is never unusual."""


@dataclass(frozen=True, slots=True)
class Level:
    """For each row what is usual where it belongs: the logarithm of an amount, and how far others lie from it."""

    middle: Floats
    spread: Floats

    def distance(self, values: Floats) -> Floats:
        """Return how many spreads each value lies above what is usual."""
        return (values - self.middle) / self.spread


def level_of_all(values: Floats) -> Level:
    """Return the level of all rows together."""
    return level_in(values, np.zeros(len(values), dtype=np.int64), None)


def level_in(values: Floats, groups: Ints, wider: Level | None) -> Level:
    """Return the level of each row's group, leaning on that of a wider one; rows of group -1 have the wider one."""
    middle, deviation, others = middles(values, groups)
    deviation *= MAD_TO_DEVIATION
    if wider is None:
        return Level(middle, np.maximum(deviation, NARROWEST))
    trust = others / (others + LEAN)
    narrow = wider.spread * NARROWER
    within = np.sqrt((others * deviation**2 + LEAN_SPREAD * narrow**2) / (others + LEAN_SPREAD))
    told = Level(
        trust * middle + (1 - trust) * wider.middle,
        np.maximum(np.sqrt(trust * within**2 + (1 - trust) * wider.spread**2), NARROWEST),
    )
    nowhere = groups < 0
    if nowhere.any():
        told = Level(np.where(nowhere, wider.middle, told.middle), np.where(nowhere, wider.spread, told.spread))
    return told


def middles(values: Floats, groups: Ints) -> tuple[Floats, Floats, Ints]:
    """Return for each row the median of the others in its group, that of their distances from it, and their number.

    The distances are those from the median of the whole group. A row alone has itself as median, and no distance.
    """
    if not len(values):
        return values.copy(), values.copy(), groups.copy()
    median, others = _of_the_others(values, groups)
    whole = _of_all(values, groups)
    deviation, _ = _of_the_others(np.abs(values - whole), groups)
    return median, np.where(others > 0, deviation, 0.0), others


def _sorted(values: Floats, groups: Ints) -> tuple[Ints, Ints, Ints]:
    """Return the rows by group and value, where each row's group starts in that order, and how long it is."""
    order = np.lexsort((values, groups))
    ranked = groups[order]
    begins = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    sizes = np.diff(np.r_[begins, len(ranked)])
    return order, np.repeat(begins, sizes), np.repeat(sizes, sizes)


def _of_all(values: Floats, groups: Ints) -> Floats:
    order, starts, sizes = _sorted(values, groups)
    ordered = values[order]
    found = np.empty_like(values)
    found[order] = (ordered[starts + (sizes - 1) // 2] + ordered[starts + sizes // 2]) / 2
    return found


def _of_the_others(values: Floats, groups: Ints) -> tuple[Floats, Ints]:
    order, starts, sizes = _sorted(values, groups)
    ordered = values[order]
    own = np.arange(len(values)) - starts
    left = np.maximum(sizes - 1, 1)

    def at(place: Ints) -> Floats:
        # What comes after the row itself moves up by one.
        return ordered[starts + np.minimum(place + (own <= place), sizes - 1)]

    found, others = np.empty_like(values), np.empty_like(groups)
    found[order] = (at((left - 1) // 2) + at(left // 2)) / 2
    others[order] = sizes - 1
    return found, others


def quantile(values: Floats, groups: Ints, share: float) -> Floats:
    """Return for each row the value that `share` of its group does not exceed, itself one of them."""
    order, starts, sizes = _sorted(values, groups)
    found = np.empty_like(values)
    found[order] = values[order][starts + np.floor((sizes - 1) * share).astype(np.int64)]
    return found


def newcomers(groups: Ints) -> Flags:
    """Return which rows, given in the order of time, are the first of their group."""
    first = np.zeros(len(groups), dtype=bool)
    first[np.unique(groups, return_index=True)[1]] = True
    return first
