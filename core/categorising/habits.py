"""How a category is spent on whatever the text: which amounts, which days, which way the money goes."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from core.categorising.movements import Columns, Floats, Ints

STEP: Final = 0.35
SMALLEST: Final = -5.0
STEPS: Final = 80
"""Amounts fall into so many steps, each a third larger than the one before, from a cent up."""

ENDINGS: Final = 4
FAMILIES: Final = (3 * STEPS, 3 * ENDINGS, 32, 7)
"""How many values each trait has: amount with sign, ending with sign, day of the month, day of the week."""


def traits(columns: Columns) -> list[Ints]:
    """Return each movement's traits as numbers, a column for each of `FAMILIES`."""
    step = np.clip((columns.log_amount - SMALLEST) / STEP, 0, STEPS - 1).astype(np.int64)
    sign = columns.sign + 1
    return [sign * STEPS + step, sign * ENDINGS + endings(columns.amount), columns.day, columns.weekday]


def endings(amount: Floats) -> Ints:
    """Return how round amounts are: 0 any, 1 ending on .9 or .95 or .99, 2 whole, 3 whole tens."""
    cents = np.rint(np.abs(amount) % 10 * 100)
    return np.select([cents == 0, cents % 100 == 0, np.isin(cents % 100, (90, 95, 99))], [3, 2, 1], 0).astype(np.int64)


@dataclass(frozen=True)
class Habits:
    """How likely each trait is with each category, as logarithms."""

    tables: tuple[Floats, ...]

    @classmethod
    def learn(cls, columns: Columns, labels: Ints, size: int) -> "Habits":
        """Count the traits of each of `size` categories, smoothed by those of all."""
        tables = []
        for number, (trait, width) in enumerate(zip(traits(columns), FAMILIES, strict=True)):
            counts = np.bincount(trait * size + labels, minlength=width * size).reshape(width, size).astype(np.float64)
            if number == 0:  # amounts: what is near counts too
                shaped = counts.reshape(3, STEPS, size)
                padded = np.pad(shaped, ((0, 0), (1, 1), (0, 0)))
                counts = (0.5 * padded[:, :-2] + shaped + 0.5 * padded[:, 2:]).reshape(width, size)
            overall = (counts.sum(axis=1, keepdims=True) + 0.5) / (counts.sum() + 0.5 * width)
            likely = (counts + 5 * overall) / (counts.sum(axis=0, keepdims=True) + 5)
            tables.append(np.log(likely / overall))
        return cls(tuple(tables))

    def evidence(self, columns: Columns) -> list[Floats]:
        """Return for each family how much each movement's trait speaks for each category."""
        return [table[trait] for table, trait in zip(self.tables, traits(columns), strict=True)]
