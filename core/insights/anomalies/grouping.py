"""Rows in groups: in the order of their values, or with those of their group that are near in time.

Each way of grouping is sorted once, and most of that without comparing anything: a hundred thousand rows take a while.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from core.cache import in_groups

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Column = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows by group and then by value: `order`, and for each place in it where its group starts and its size."""

    order: Ints
    starts: Ints
    sizes: Ints

    @classmethod
    def of(cls, groups: Ints, by_value: Ints) -> "Ranked":
        """Return the rows by their groups (numbers from -1 on), given all of them by value."""
        order = by_value[in_groups(groups[by_value])]
        ranked = groups[order]
        begins = np.flatnonzero(np.r_[np.ones(min(1, len(ranked)), dtype=bool), ranked[1:] != ranked[:-1]])
        sizes = np.diff(np.r_[begins, len(ranked)])
        return cls(order, np.repeat(begins, sizes), np.repeat(sizes, sizes))

    @property
    def others(self) -> Ints:
        """Return for each row how many others there are in its group."""
        return self._back(self.sizes - 1)

    def medians(self, values: Floats) -> Floats:
        """Return for each row the median of its group."""
        ordered, starts, sizes = values[self.order], self.starts, self.sizes
        return self._back((ordered[starts + (sizes - 1) // 2] + ordered[starts + sizes // 2]) / 2)

    def medians_of_others(self, values: Floats) -> Floats:
        """Return for each row the median of the others in its group; of a row alone its own value."""
        ordered = values[self.order]
        own = np.arange(len(ordered)) - self.starts
        left = np.maximum(self.sizes - 1, 1)

        def at(place: Ints) -> Floats:
            # What comes after the row itself moves up by one.
            return ordered[self.starts + np.minimum(place + (own <= place), self.sizes - 1)]

        return self._back((at((left - 1) // 2) + at(left // 2)) / 2)

    def quantile(self, values: Floats, share: float) -> Floats:
        """Return for each row the value that `share` of its group does not exceed, itself one of them."""
        places = self.starts + np.floor((self.sizes - 1) * share).astype(np.int64)
        return self._back(values[self.order][places])

    def largest_of_others(self, values: Floats) -> Floats:
        """Return the most of the other rows in each row's group; 0 where there are none."""
        ordered, last = values[self.order], self.starts + self.sizes - 1
        own = np.arange(len(ordered)) == last
        return self._back(
            np.where(~own, ordered[last], np.where(self.sizes > 1, ordered[np.maximum(last - 1, 0)], 0.0))
        )

    def _back(self, ordered: Column) -> Column:
        found = np.empty_like(ordered)
        found[self.order] = ordered
        return found


@dataclass(frozen=True, slots=True)
class Near:
    """For each row those of its group that lie near it in time: in `order` from `first` to before `last`."""

    order: Ints
    first: Ints
    last: Ints

    @classmethod
    def of(cls, groups: Ints, moments: Floats, width: float) -> "Near":
        """Return what lies up to `width` days away; the rows of each group are given by moment."""
        order = in_groups(groups)
        # Groups are laid out one after another on one line, too far apart to be near.
        span = np.ptp(moments) + 3 * width + 1 if len(moments) else 0.0
        line = groups[order] * span + (moments[order] - moments.min(initial=np.inf))
        slack = 1e-6
        return cls(
            order,
            np.searchsorted(line, line - width - slack, "left"),
            np.searchsorted(line, line + width + slack, "right"),
        )

    def counts(self) -> Floats:
        """Return for each row how many there are, itself included."""
        return self._back((self.last - self.first).astype(float))

    def sums(self, values: Floats) -> Floats:
        """Return for each row the sum of their values, its own included."""
        running = np.r_[0.0, np.cumsum(values[self.order])]
        return self._back(running[self.last] - running[self.first])

    def _back(self, ordered: Floats) -> Floats:
        found = np.empty(len(ordered))
        found[self.order] = ordered
        return found
