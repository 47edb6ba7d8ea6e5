"""What a category is told from: the columns of many movements of money, ready for counting."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt

from core.categorising.reference import Hint, hint_of
from core.categorising.text import payee_words, plain

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HUGE: Final = 1e15
"""Amounts are told apart up to here: more than anybody's money, and still exact enough as a float to compare."""


@dataclass(frozen=True)
class Movement:
    """One transaction as the categoriser sees it: `amount` in its own currency, negative for money out.

    `account` tells accounts apart and is nothing else; `bank_code` is the bank's own category code, where it gave one.
    """

    date: date
    description: str
    amount: Decimal
    account: Hashable = None
    bank_code: str = ""


class Columns:
    """Many movements column by column; each different text is read once."""

    def __init__(self, movements: Sequence[Movement]) -> None:
        """Take the columns of `movements`; texts are read when first asked for."""
        self.movements = movements
        self.size = len(movements)
        amounts = [_as_float(one.amount) for one in movements]
        self.amount: Floats = np.array(amounts, dtype=np.float64)
        self.sign: Ints = np.sign(self.amount).astype(np.int64)
        self.log_amount: Floats = np.log(np.abs(self.amount) + 0.01)
        self.day: Ints = np.array([one.date.day for one in movements], dtype=np.int64)
        self.weekday: Ints = np.array([one.date.weekday() for one in movements], dtype=np.int64)
        self.ordinal: Ints = np.array([one.date.toordinal() for one in movements], dtype=np.int64)

    def only(self, rows: Ints) -> "Columns":
        """Return the columns of some of the movements; what was read of them is not read again."""
        places = rows.tolist()
        some = Columns([self.movements[row] for row in places])
        some.texts = tuple(self.texts[row] for row in places)
        some.words = tuple(self.words[row] for row in places)
        some.keys = tuple(self.keys[row] for row in places)
        some.hints = tuple(self.hints[row] for row in places)
        return some

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The descriptions in one spelling."""
        seen: dict[str, str] = {}
        return tuple(seen.setdefault(one.description, plain(one.description)) for one in self.movements)

    @cached_property
    def words(self) -> tuple[tuple[str, ...], ...]:
        """The payee words of each description."""
        seen = {text: payee_words(text) for text in dict.fromkeys(self.texts)}
        return tuple(seen[text] for text in self.texts)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The payee words as one text: what repeats from one payment to the next."""
        seen = {words: " ".join(words) for words in dict.fromkeys(self.words)}
        return tuple(seen[words] for words in self.words)

    @cached_property
    def hints(self) -> tuple[Hint | None, ...]:
        """What the bank's own code, or the reference merchants and words, say of each movement."""
        seen: dict[tuple[str, tuple[str, ...], int], Hint | None] = {}
        found = []
        for movement, words, sign in zip(self.movements, self.words, self.sign.tolist(), strict=True):
            asked = (movement.bank_code, words, sign)
            if asked not in seen:
                seen[asked] = hint_of(*asked)
            found.append(seen[asked])
        return tuple(found)


def _as_float(amount: Decimal) -> float:
    value = float(amount)
    return value if -HUGE < value < HUGE else (HUGE if value > 0 else -HUGE)
