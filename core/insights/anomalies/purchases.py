"""Purchases by column, in an order of their own, so that what is found does not depend on how the rows came."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import numpy as np

from core.cache import joint
from core.insights.anomalies.grouping import Floats, Ints, Near, Ranked

MOST_LEFT_OUT: Final = 65_536
"""Numbers among which no more are left out, but for as many as there are rows, are counted and not sorted."""
Grouping = Literal["people", "merchants", "categories", "shops", "kinds", "charges"]


@dataclass(frozen=True)
class Purchases:
    """What was bought, sorted by person and moment. Groups are numbered from 0; -1 is no category."""

    rows: Ints
    """The place of each among the rows as they were given."""
    people: Ints
    merchants: Ints
    categories: Ints
    amounts: Floats
    """Positive, and comparable with one another: in one currency."""
    prices: Ints
    """A number for each amount to the cent: two rows that have the same may be one charge made twice."""
    moments: Floats
    """Days since some day, with the time of day as a fraction where it is known."""
    timed: bool
    """Whether the time of day is known."""

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.rows)

    @cached_property
    def shops(self) -> Ints:
        """Return a number for each person at each merchant."""
        return joint(self.people, self.merchants)

    @cached_property
    def kinds(self) -> Ints:
        """Return a number for each person in each category; -1 where there is none."""
        return np.where(self.categories < 0, -1, joint(self.people, self.categories))

    @cached_property
    def charges(self) -> Ints:
        """Return a number for each price at each of `shops`."""
        return joint(self.shops, self.prices)

    @cached_property
    def by_amount(self) -> Ints:
        """Return the rows by amount."""
        return np.argsort(self.amounts)

    def ranked(self, grouping: Grouping) -> Ranked:
        """Return the rows by group and amount."""
        if grouping not in self._ranked:
            self._ranked[grouping] = Ranked.of(getattr(self, grouping), self.by_amount)
        return self._ranked[grouping]

    def near(self, grouping: Literal["people", "shops", "charges"], width: float) -> Near:
        """Return for each row those of its group up to `width` days away: groups within which rows are by moment."""
        if (grouping, width) not in self._near:
            self._near[grouping, width] = Near.of(getattr(self, grouping), self.moments, width)
        return self._near[grouping, width]

    @cached_property
    def _ranked(self) -> dict[str, Ranked]:
        return {}

    @cached_property
    def _near(self) -> dict[tuple[str, float], Near]:
        return {}

    @cached_property
    def days(self) -> Ints:
        """Return the day of each."""
        return np.floor(self.moments).astype(np.int64)


def purchases_of(
    people: Sequence[str] | Ints,
    merchants: Sequence[str] | Ints,
    categories: Sequence[str] | Ints,
    amounts: Floats,
    prices: Sequence[str] | Ints,
    moments: Floats,
    ties: Sequence[str] | Ints,
    *,
    timed: bool = False,
) -> Purchases:
    """Return rows given by column as purchases; "" or -1 is no category.

    `ties` orders rows that are alike in all else.
    """
    persons, shops, cents = numbered(people), numbered(merchants), numbered(prices)
    kinds = numbered(categories, none=True)
    order = np.lexsort((numbered(ties), cents, amounts, shops, moments, persons))
    return Purchases(
        rows=order,
        people=persons[order],
        merchants=shops[order],
        categories=kinds[order],
        amounts=amounts[order],
        prices=cents[order],
        moments=moments[order].astype(float),
        timed=timed,
    )


def numbered(values: Sequence[str] | Ints, *, none: bool = False) -> Ints:
    """Return values by number, in their own order; with `none`, -1 for "" and for what is below zero."""
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        if len(values) and values.min() >= 0 and values.max() < len(values) + MOST_LEFT_OUT:
            return np.asarray((np.cumsum(np.bincount(values) > 0) - 1)[values], dtype=np.int64)
        different, numbers = np.unique(values, return_inverse=True)
        absent = int((different < 0).sum()) if none else 0
        return np.maximum(numbers.astype(np.int64) - absent, -1)
    # By a dictionary: texts of different lengths in an array of their own take the room of the longest.
    names = sorted(set(values))
    absent = int(none and names[:1] == [""])
    places = {name: place - absent for place, name in enumerate(names)}
    return np.fromiter((places[value] for value in values), dtype=np.int64, count=len(values))
