"""Answers to questions that are kept until the data change, the latest used so many.

A screen is drawn again at every click on it, and asks the same of the same rows; so do two screens of one period, and a
screen that is come back to.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any, Final

from core.cache.pivoting import PivotQuestion
from core.cache.searched import Searched

MOST_CELLS: Final = 150_000
"""Some ten megabytes, for each person whose cache is open."""
ENTRY: Final = 50
"""As many cells as an answer takes whose question is short and that has no rows: three kilobytes."""
LETTERS: Final = 64
"""So many letters of what is asked for weigh as much as a cell."""

Rows = list[tuple[Any, ...]]


class Answers:
    """The answers of one state of the data; safe in threads."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._kept: OrderedDict[Hashable, tuple[int, Rows]] = OrderedDict()
        self._cells = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Rows | None:
        """Return the rows kept under a key of `key_of`, a list of its own for each who asks; None where none are."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return list(self._kept[key][1])

    def put(self, key: Hashable, rows: Rows) -> None:
        """Keep `rows`, and leave those go that were not asked for the longest time."""
        weight = ENTRY + _weight(key) + len(rows) * len(rows[0] if rows else ())
        if weight > MOST_CELLS // 4:
            return
        with self._lock:
            if key not in self._kept:
                self._kept[key] = weight, list(rows)
                self._cells += weight
            while self._cells > MOST_CELLS:
                self._cells -= self._kept.popitem(last=False)[1][0]


def key_of(question: str | PivotQuestion, parameters: Mapping[str, Any]) -> Hashable:
    """Return what tells a question with its parameters from every other."""
    return question, tuple((name, _frozen(value)) for name, value in parameters.items())


def _weight(key: Hashable) -> int:
    """Return how many cells what is asked for weighs."""
    if isinstance(key, tuple | frozenset):
        return sum(1 + _weight(one) for one in key)
    text = key.text if isinstance(key, Searched) else key
    return len(text) // LETTERS if isinstance(text, str) else 0


def _frozen(value: object) -> Hashable:
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    if isinstance(value, set | frozenset):
        return frozenset(map(_frozen, value))
    # 1, 1.0 and True are one key, and not one to the database.
    return type(value), value
