"""Which category to choose, given how likely each is: the rare ones are to be told as well as the frequent ones.

Taking the likeliest makes most movements right, but hardly ever tells a rare category from the frequent one that its
payees resemble. What is chosen here, among what is likely enough, makes the share of right ones plus `EVENNESS` times
the macro-F1 largest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.categorising.movements import Floats, Ints

EVENNESS: Final = 0.3
LIKELY: Final = 0.5
"""Nothing is chosen that is less than so many times as likely as the likeliest: nobody would understand it."""

ENOUGH: Final = 30
"""From so many movements kept back on, it is expected how well each category is told; below, the likeliest is taken."""

ROUNDS: Final = 4
DOUBT: Final = 1.0
"""Movements that are told as well as all are, and are counted in with each category."""


@dataclass(frozen=True)
class Choice:
    """For each category how much a right one is worth, and how likely it has to be not to do harm."""

    worth: Floats
    break_even: Floats

    @classmethod
    def learn(cls, kept_back: Sequence[Floats], share: Floats) -> "Choice":
        """Learn from the chances of movements that nothing was learned from; `share` is how frequent a category is.

        With T of a category true, P chosen and R of these right, its F1 is 2 R / (P + T). One more chosen, right with
        chance p, changes that by 2 (p - F1 / 2) / (P + T), and P + T is about twice the category's number.
        """
        size = len(share)
        chances = np.concatenate([*kept_back, np.empty((0, size))])
        if len(chances) < ENOUGH:
            return cls(np.zeros(size), np.zeros(size))
        worth = EVENNESS / (size * share)
        overall = chances.max(axis=1).mean()
        f1 = np.full(size, overall)
        true, row = chances.sum(axis=0), np.arange(len(chances))
        for _ in range(ROUNDS):  # what is chosen depends on how well each is told, and that on what is chosen
            chosen = cls(worth, f1 / 2).of(chances)
            right = np.bincount(chosen, weights=chances[row, chosen], minlength=size)
            f1 = 2 * (right + DOUBT * overall) / (np.bincount(chosen, minlength=size) + true + 2 * DOUBT)
        return cls(worth, f1 / 2)

    def of(self, chances: Floats) -> Ints:
        """Return the category chosen for each row of chances."""
        gain = chances + self.worth * (chances - self.break_even)
        likely = chances >= LIKELY * chances.max(axis=1, keepdims=True)
        return np.asarray(np.where(likely, gain, -np.inf).argmax(axis=1))
