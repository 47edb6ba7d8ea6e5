"""Recurring payments found among transactions: subscriptions, bills, rent, salary, loans; not the weekly shopping.

Rows are grouped by who stands behind their text, tried on every cadence in groups of like amounts, and those series
are believed first for which most speaks. Three payments are the least; two are enough a year apart, or
a month apart at the same amount for a service that we know by name.
"""

import datetime as dt
import heapq
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final

import numpy as np

from core.planning.cadence import CADENCES, Cadence
from core.planning.candidates import candidates, groups
from core.planning.evidence import PAIR, Payments, Verdict, judge
from core.planning.movements import Ledger, Movement, Movements
from core.planning.payees import readable
from core.planning.screening import Ints
from core.planning.series import Found, Series, told

ROUNDS: Final = 3
"""How often what was turned down is looked at again, now that other payments of the payee are explained."""


def find_recurring(movements: Iterable[Movement], today: dt.date | None = None) -> tuple[Series, ...]:
    """Return the recurring series among `movements`, by payee and first payment; no row is in two.

    The order of the rows does not matter. `today` decides on what has ended; None takes the latest date.

    Raises:
        AmountError: an amount is finer than 1/10000 or too large.
    """
    return series_among(Movements.of(movements), today)


def series_among(movements: Movements, today: dt.date | None = None) -> tuple[Series, ...]:
    """Return what `find_recurring` does, of movements by column."""
    ledger = Ledger.of(movements)
    if not len(ledger.rows):
        return ()
    now = today or dt.date.fromordinal(int(ledger.rows.days[-1]))
    found = [_found(ledger, verdict) for group in _searches(ledger) for verdict in group.series()]
    return tuple(sorted((told(one, now) for one in found), key=lambda one: (one.payee, one.first_date, str(one.ids))))


def _searches(ledger: Ledger) -> "list[_Search]":
    levels = groups(ledger.columns)
    sizes = [np.bincount(level) for level in levels]
    heads = levels[-1]
    searches: dict[int, _Search] = {}
    for rows, cadences in candidates(ledger.columns):
        number = int(heads[rows[0]])
        if number not in searches:
            searches[number] = _Search(ledger, levels, sizes)
        searches[number].offer(tuple(rows.tolist()), cadences)
    return list(searches.values())


_Offer = tuple[tuple[int, ...], tuple[Cadence, ...]]


class _Search:
    """The search for series among the rows of one payee's head, one direction and one currency."""

    def __init__(self, ledger: Ledger, levels: Sequence[Ints], sizes: Sequence[Ints]) -> None:
        self._ledger = ledger
        self._levels, self._sizes = levels, sizes
        self._taken_of: Counter[tuple[int, int]] = Counter()
        self._taken: set[int] = set()
        self._offered: list[_Offer] = []

    def offer(self, rows: tuple[int, ...], cadences: tuple[Cadence, ...]) -> None:
        """Add rows that may be a series on one of `cadences`."""
        self._offered.append((rows, cadences))

    def series(self) -> list[Verdict]:
        """Return the series that most speaks for, none with rows of another."""
        found: list[Verdict] = []
        waiting = self._offered
        for _ in range(ROUNDS):
            before = len(found)
            waiting = self._round(waiting, found)
            if len(found) == before or not waiting:
                break
        return self._joined(found)

    def _round(self, offered: Iterable[_Offer], found: list[Verdict]) -> list[_Offer]:
        """Take the best of `offered` into `found`, again and again; return what was turned down."""
        heap: list[tuple[float, tuple[int, ...], int, _Offer, Verdict]] = []
        refused: list[_Offer] = []
        turn = count()

        def weigh(offer: _Offer) -> None:
            verdict = self._judged(*offer)
            if verdict is not None:
                heapq.heappush(heap, (-verdict.rank, offer[0], next(turn), offer, verdict))
            elif len(offer[0]) >= PAIR:
                refused.append(offer)

        for rows, cadences in offered:
            weigh((self._untaken(rows), cadences))
        while heap:
            *_, (rows, _), verdict = heapq.heappop(heap)
            left = self._untaken(rows)
            if len(left) < len(rows):
                weigh((left, CADENCES))
                continue
            found.append(verdict)
            self._taken.update(verdict.rows)
            for number, level in enumerate(self._levels):
                self._taken_of.update((number, group) for group in level[list(verdict.rows)].tolist())
            weigh((self._untaken(rows), CADENCES))
        return refused

    def _joined(self, found: list[Verdict]) -> list[Verdict]:
        """Return the series with those put together that go on where another stopped."""
        days = self._ledger.columns.days
        joined: list[Verdict] = []
        for verdict in sorted(found, key=lambda one: one.rows):
            for place, earlier in enumerate(joined):
                pause = int(days[verdict.rows[0]] - days[earlier.rows[-1]])
                if earlier.fit.schedule.cadence == verdict.fit.schedule.cadence and pause > 0:
                    rows = earlier.rows + verdict.rows
                    whole = self._judged(rows)
                    if whole is not None and whole.rows == rows and whole.alike > 0.9:
                        joined[place] = whole
                        break
            else:
                joined.append(verdict)
        return joined

    def _untaken(self, rows: tuple[int, ...]) -> tuple[int, ...]:
        return tuple(row for row in rows if row not in self._taken)

    def _judged(self, rows: tuple[int, ...], cadences: Sequence[Cadence] = CADENCES) -> Verdict | None:
        if len(rows) < PAIR:
            return None
        ledger, columns = self._ledger, self._ledger.columns
        first = list(rows)
        name = int(columns.names[rows[0]])
        units = columns.units[first].tolist()
        company = self._free_of(1, first) or self._free_of(2, first)
        return judge(
            Payments(
                rows=rows,
                days=tuple(columns.days[first].tolist()),
                units=tuple(abs(one) for one in units),
                income=units[0] > 0,
                service=ledger.services[name],
                habit=ledger.habits[name],
                company=company,
                namesakes=self._free_of(0, first) or company,
            ),
            cadences,
        )

    def _free_of(self, level: int, rows: list[int]) -> int:
        """Return how many rows are in no series, of the one group of a level that `rows` are in; 0 for several."""
        group = int(self._levels[level][rows[0]])
        if not (self._levels[level][rows] == group).all():
            return 0
        return int(self._sizes[level][group]) - self._taken_of[level, group]


def _found(ledger: Ledger, verdict: Verdict) -> Found:
    rows, places = ledger.rows, list(verdict.rows)
    units = rows.units[places].tolist()
    names = Counter(ledger.columns.names[places].tolist())
    name = min(names, key=lambda one: (-names[one], ledger.payees[one].words))
    payee = ledger.payees[name]
    merchants = Counter(filter(None, map(rows.merchants.__getitem__, places)))
    categories = Counter(filter(None, map(rows.categories.__getitem__, places)))
    return Found(
        ids=tuple(rows.ids[places].tolist()),
        days=tuple(rows.days[places].tolist()),
        units=tuple(abs(one) for one in units),
        accounts=tuple(map(rows.accounts.__getitem__, places)),
        payee=_most(merchants) or readable(payee.words if len(names) == 1 else payee.key),
        income=units[0] > 0,
        currency=rows.currencies[places[0]],
        kind=ledger.services[name],
        category=_most(categories),
        verdict=verdict,
    )


def _most(counted: Counter[str]) -> str:
    return min(counted, key=lambda one: (-counted[one], one)) if counted else ""
