"""What is usual in a group, by median and median absolute deviation; where rows are few, a larger group is leaned on.

Amounts are compared by their logarithms: twice as much is as far off as half as much. Each row is held against
the others of its group, never against itself.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.insights.anomalies.grouping import Flags, Floats, Ints, Ranked

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


def level_in(values: Floats, groups: Ints, ranked: Ranked, wider: Level | None) -> Level:
    """Return the level of each row's group, leaning on that of a wider one; rows of group -1 have the wider one."""
    middle, deviation, others = middles(values, groups, ranked)
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


def middles(values: Floats, groups: Ints, ranked: Ranked) -> tuple[Floats, Floats, Ints]:
    """Return for each row the median of the others in its group, that of their distances from it, and their number.

    The distances are those from the median of the whole group. A row alone has itself as median, and no distance.
    `ranked` are the rows by group and value.
    """
    distances = np.abs(values - ranked.medians(values))
    deviation = Ranked.of(groups, np.argsort(distances)).medians_of_others(distances)
    others = ranked.others
    return ranked.medians_of_others(values), np.where(others > 0, deviation, 0.0), others


def newcomers(groups: Ints) -> Flags:
    """Return which rows, given in the order of time, are the first of their group."""
    first = np.zeros(len(groups), dtype=bool)
    first[np.unique(groups, return_index=True)[1]] = True
    return first
