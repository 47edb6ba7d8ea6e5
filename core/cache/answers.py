"""Answers to questions that are kept until the data change, the latest used so many.

A screen is drawn again at every click on it, and asks the same of the same rows; so do two screens of one period, and a
screen that is come back to.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from typing import Any, Final

from core.cache.pivoting import PivotQuestion

MOST_CELLS: Final = 150_000
"""Some ten megabytes, for each person whose cache is open."""

Rows = list[tuple[Any, ...]]


class Answers:
    """The answers of one state of the data; safe in threads."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._rows: OrderedDict[Hashable, Rows] = OrderedDict()
        self._cells = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Rows | None:
        """Return the rows kept under a key of `key_of`, a list of its own for each who asks; None where none are."""
        with self._lock:
            rows = self._rows.get(key)
            if rows is None:
                return None
            self._rows.move_to_end(key)
            return list(rows)

    def put(self, key: Hashable, rows: Rows) -> None:
        """Keep `rows`, and leave those go that were not asked for the longest time."""
        size = _cells(rows)
        if size > MOST_CELLS // 4:
            return
        with self._lock:
            if key not in self._rows:
                self._rows[key] = list(rows)
                self._cells += size
            while self._cells > MOST_CELLS:
                self._cells -= _cells(self._rows.popitem(last=False)[1])


def key_of(question: str | PivotQuestion, parameters: Mapping[str, Any]) -> Hashable:
    """Return what tells a question with its parameters from every other."""
    return question, tuple((name, _frozen(value)) for name, value in parameters.items())


def _cells(rows: Rows) -> int:
    # An answer without rows takes its place too.
    return 1 + len(rows) * len(rows[0]) if rows else 1


def _frozen(value: object) -> Hashable:
    if isinstance(value, list | tuple):
        return tuple(map(_frozen, value))
    if isinstance(value, set | frozenset):
        return frozenset(map(_frozen, value))
    # 1, 1.0 and True are one key, and not one to the database.
    return type(value), value
