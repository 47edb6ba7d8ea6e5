"""What months bring besides what recurs: by category, and on the accounts that can be spent from; and its forecasts.

It is worked out once for each state of the data, and kept in memory: a series of months that did not change is not
forecast again.
"""

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from core import clock
from core.cache import Answer, UserCache, facts
from core.forecasting.experts import NAMES, Floats
from core.forecasting.intervals import Bounds, bounds
from core.forecasting.series import SeriesForecast, forecast_series

HORIZON: Final = 5
"""Ninety days reach into five months at the most."""
MOST_MONTHS: Final = 48
"""Older months tell nothing that later ones don't."""
FEWEST_MONTHS: Final = 6
"""With fewer months there is nothing to learn from."""
LATE: Final = 5
"""A first month that begins later than on this day was not whole."""
MOST_PARTS: Final = 12
ELSE: Final = -1
"""Stands for all categories that are not among the largest."""
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Part:
    """A category's months: what was spent on it besides what recurs, and how that is forecast. Spending is positive."""

    category_id: int | None
    """A primary one, None for rows without a category, `ELSE` for all the others together."""
    spent: tuple[Decimal, ...]
    forecast: SeriesForecast

    @property
    def leading(self) -> str:
        """Return the expert that counts for most at present."""
        return NAMES[int(self.forecast.weights[-1, :, 0].argmax())]


@dataclass(frozen=True, slots=True)
class Rest:
    """All of it. `months` are whole ones before this one, by their first days."""

    months: tuple[dt.date, ...]
    parts: tuple[Part, ...]
    """By what was spent in the last year, the most first; () where too few months are known."""
    spent: tuple[Decimal, ...]
    """On all categories together, month by month."""
    points: Floats
    """What was forecast of all together, the parts added up: [known, ahead]."""
    bounds: Bounds
    moved: SeriesForecast | None
    """What came on and off the accounts that can be spent from."""
    unrated: int
    """Rows that are left out for want of a rate."""

    @property
    def enough(self) -> bool:
        """Tell whether there are months enough to learn from."""
        return self.moved is not None


_Kept = tuple[str, dt.date, frozenset[int], tuple[int, ...], Rest]
_kept: Final[WeakKeyDictionary[UserCache, _Kept]] = WeakKeyDictionary()
_locks: Final[WeakKeyDictionary[UserCache, threading.Lock]] = WeakKeyDictionary()
_entry: Final = threading.Lock()


def rest_of(cache: UserCache, today: dt.date, recurring: Collection[int], accounts: Sequence[int]) -> Rest:
    """Return what the whole months before `today` brought besides the transactions `recurring`.

    `accounts` are those that can be spent from. Whoever asks while it is worked out waits for that once.
    """
    with _entry:
        lock = _locks.setdefault(cache, threading.Lock())
    left_out, where = frozenset(recurring), tuple(accounts)
    with lock:
        mark = cache.mark()
        kept = _kept.get(cache)
        if kept is None or kept[:4] != (mark, today, left_out, where):
            with cache.answering() as answer:
                rest = _rest(answer, today, left_out, where)
            kept = _kept[cache] = (mark, today, left_out, where, rest)
        return kept[4]


def _rest(answer: Answer, today: dt.date, recurring: frozenset[int], accounts: tuple[int, ...]) -> Rest:
    first = facts(answer).first
    this = clock.month_start(today)
    begin = this if first is None else clock.month_start(first)
    if first is not None and first.day > LATE:
        begin = clock.add_months(begin, 1)
    begin = max(begin, clock.add_months(this, -MOST_MONTHS))
    months = tuple(clock.add_months(begin, ahead) for ahead in range(_months_between(begin, this)))
    spans = {"since": begin, "until": this - dt.timedelta(days=1), "recurring": sorted(recurring)}
    rows = answer("rest_months", {**spans, "accounts": list(accounts)}) if months else []
    spent: defaultdict[int | None, dict[dt.date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    moved: defaultdict[dt.date, Decimal] = defaultdict(Decimal)
    unrated = 0
    for month, category, kind, there, _, total, without in rows:
        unrated += without
        if there:
            moved[month] += total
        if kind == "spending":
            spent[category][month] -= total
    whole = tuple(sum((by_month[month] for by_month in spent.values()), NOTHING) for month in months)
    if len(months) < FEWEST_MONTHS:
        return Rest(months, (), whole, np.zeros((len(months) + 1, HORIZON)), {}, None, unrated)
    parts = tuple(
        Part(category, amounts, _forecast(amounts)) for category, amounts in _largest(spent, months) if any(amounts)
    )
    points = np.sum([one.forecast.points for one in parts], axis=0) if parts else np.zeros((len(months) + 1, HORIZON))
    return Rest(
        months,
        parts,
        whole,
        points,
        bounds(np.array(whole, dtype=np.float64), points),
        _forecast(tuple(moved[month] for month in months)),
        unrated,
    )


def _largest(
    spent: Mapping[int | None, Mapping[dt.date, Decimal]], months: Sequence[dt.date]
) -> list[tuple[int | None, tuple[Decimal, ...]]]:
    """Return the months of the categories on which most was spent of late, and of all the others as one."""
    lines = {one: tuple(by_month.get(month, NOTHING) for month in months) for one, by_month in spent.items()}
    order = sorted(lines, key=lambda one: (-sum(map(abs, lines[one][-12:]), NOTHING), one or 0))
    largest = [(one, lines[one]) for one in order[:MOST_PARTS]]
    others = [lines[one] for one in order[MOST_PARTS:]]
    if others:
        largest.append((ELSE, tuple(sum(month, NOTHING) for month in zip(*others, strict=True))))
    return largest


@lru_cache(maxsize=512)
def _forecast(amounts: tuple[Decimal, ...]) -> SeriesForecast:
    return forecast_series(np.array(amounts, dtype=np.float64), HORIZON)


def _months_between(first: dt.date, until: dt.date) -> int:
    return max((until.year - first.year) * 12 + until.month - first.month, 0)
