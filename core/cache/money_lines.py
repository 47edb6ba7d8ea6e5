"""All income and spending line by line, by column in memory: asked for once until the data change.

Any period of it is added up here by category, by name or by month: DuckDB takes longer to plan such a question than
numpy to answer it. Money is exact: whole numbers of 1/10000 unit of the currency of totals, negative is money out.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from core.cache.columns import Coded, Codes, Flags, Ints, Shorts, Units
from core.cache.day_sums import between, day_at, day_number, first_of_month, in_order, stretches_of
from core.cache.seat import Answer

NEVER: Final = np.int32(np.iinfo(np.int32).max)
"""A day after all others."""
Sums = Mapping[tuple[bool, int], tuple[int, int]]
"""What lines add up to and how many they are, by whether they are spent (else income) and by category."""


@dataclass(frozen=True, slots=True)
class MoneyLines:
    """A row for each line of income or spending with an amount in the currency of totals; the oldest day first."""

    days: Shorts
    """Days since 1970."""
    accounts: Coded[int]
    categories: Coded[int]
    """0 without one."""
    names: list[str]
    """Each once, in order."""
    named: Shorts
    """The place of each row's name among `names`."""
    spending: Flags
    """Else income."""
    budgeted: Flags
    """Not left out of budgets."""
    home: Units
    ids: Shorts
    parts: npt.NDArray[np.int8]
    begun: Shorts
    """For each account, as `accounts` counts them, and name: the first day on which it spent; `NEVER` without one."""

    def place(self, name: str) -> int:
        """Return the place of a name among `names`; -1 where no line is called so."""
        place = bisect_left(self.names, name)
        return place if self.names[place : place + 1] == [name] else -1

    def where(self, accounts: Collection[int], since: date, until: date, *, spending: bool = False) -> Ints:
        """Return the places of the rows on some accounts between two days, in order; if asked, of spending alone."""
        span = between(self.days, since, until)
        everywhere = set(self.accounts.values) <= set(accounts)
        if everywhere and not spending:
            return np.arange(span.start, span.stop)
        meant = self.spending[span] if spending else np.ones(span.stop - span.start, dtype=bool)
        if not everywhere:
            meant = meant & self.accounts.at(span).among(accounts)
        rows: Ints = np.flatnonzero(meant) + span.start
        return rows

    def by_category(self, rows: Ints) -> Sums:
        """Return what some rows add up to and how many they are, by whether they are spent and by category."""
        return self._by_category(rows, np.zeros(len(rows), dtype=np.int32), 1)[0]

    def by_category_from(self, rows: Ints, days: Sequence[date]) -> list[Sums]:
        """Return the same of those of some rows from each of some days to before the next one, as `split` cuts them.

        Both are in order, and there is one day at least.
        """
        begins = self._begins(rows, days)
        lengths = np.diff(begins, append=len(rows))
        stretches = np.repeat(np.arange(len(days), dtype=np.int32), lengths)
        return self._by_category(rows[begins[0] :], stretches, len(days))

    def _by_category(self, rows: Ints, stretches: Shorts, count: int) -> list[Sums]:
        """Return the sums of each of `count` stretches; `stretches` tells in which one each row lies."""
        width = 2 * len(self.categories.values)
        groups = stretches * width + self.categories.codes[rows] * np.int32(2) + self.spending[rows]
        counts = np.bincount(groups)
        sums = _added(self.home[rows], groups, len(counts))
        there = np.flatnonzero(counts)
        found: list[dict[tuple[bool, int], tuple[int, int]]] = [{} for _ in range(count)]
        for group, total, lines in zip(there.tolist(), sums[there].tolist(), counts[there].tolist(), strict=True):
            stretch, kind = divmod(group, width)
            found[stretch][bool(kind % 2), self.categories.values[kind // 2]] = total, lines
        return [*found]

    def by_name(self, rows: Ints) -> tuple[Units, Ints]:
        """Return for each of `names` what some rows of it add up to, and how many they are."""
        named = self.named[rows]
        return _added(self.home[rows], named, len(self.names)), np.bincount(named, minlength=len(self.names))

    def last_days(self, rows: Ints) -> Shorts:
        """Return for each of `names` the last day of some rows; one long before all others where there is none."""
        found = np.full(len(self.names), np.iinfo(np.int32).min, dtype=np.int32)
        np.maximum.at(found, self.named[rows], self.days[rows])
        return found

    def spent_since(self, accounts: Collection[int]) -> Shorts:
        """Return for each of `names` the first day on which any of some accounts spent; `NEVER` without one."""
        rows = [number for number, account in enumerate(self.accounts.values) if account in accounts]
        first: Shorts = self.begun[rows].min(axis=0, initial=NEVER)
        return first

    def split(self, rows: Ints, days: Sequence[date]) -> list[Ints]:
        """Return those of some rows from each of some days to before the next one; of the last one, to the end."""
        return np.split(rows, self._begins(rows, days))[1:]

    def _begins(self, rows: Ints, days: Sequence[date]) -> Ints:
        """Return the places among some rows, which are in order, from which on each of some days is there or passed."""
        numbers = np.array([day_number(day) for day in days], dtype=np.int32)
        return np.searchsorted(rows, np.searchsorted(self.days, numbers))

    def by_month(self, rows: Ints) -> list[tuple[date, int, int]]:
        """Return the first day of each month of some rows, what they add up to in it and how many they are."""
        months, starts = stretches_of(first_of_month(self.days[rows].astype(np.int64)))
        counts = np.diff(starts, append=len(rows))
        sums = np.add.reduceat(self.home[rows], starts).tolist() if len(rows) else []
        return list(zip(map(day_at, months.tolist()), sums, counts.tolist(), strict=True))

    def largest(self, rows: Ints, count: int) -> Ints:
        """Return the row by which most money went out of each of the `count` names with the largest, the largest first.

        Of those alike the latest counts, of one day that with the highest id, of that the first part.
        """
        rows = rows[self.home[rows] < 0]
        named, home = self.named[rows], self.home[rows]
        least = _nothing(self.home, len(self.names))
        np.minimum.at(least, named, home)
        there = sorted(least[least < 0].tolist())[:count]
        rows = rows[(home == least[named]) & (home <= there[-1])] if there else rows
        order = np.lexsort((self.parts[rows], -self.ids[rows], -self.days[rows], self.home[rows]))
        _, firsts = np.unique(self.named[rows[order]], return_index=True)
        return rows[order][np.sort(firsts)][:count]


def _begun(accounts: Codes, names: Shorts, days: Shorts, shape: tuple[int, int]) -> Shorts:
    first = np.full(shape, NEVER, dtype=np.int32)
    np.minimum.at(first, (accounts, names), days)
    return first


def _added(values: Units, groups: Shorts | Ints, count: int) -> Units:
    """Return what the values of each group from 0 to below `count` add up to."""
    sums = _nothing(values, count)
    np.add.at(sums, groups, values)
    return sums


def _nothing(values: Units, count: int) -> Units:
    return np.zeros(count, dtype=np.int64) if values.dtype == np.int64 else np.zeros(count, dtype=object)


def money_lines(answer: Answer) -> MoneyLines:
    """Return all income and spending, as the data stand."""
    return answer.kept(_money_lines)


def _money_lines(answer: Answer) -> MoneyLines:
    told = answer.columns("money_lines")
    days, accounts = told.ints("day").astype(np.int32), told.coded("account_id")
    order = in_order(days)
    texts = told.texts("name")
    names = sorted(texts.values)
    places = {name: place for place, name in enumerate(names)}
    renamed = np.array([places[name] for name in texts.values], dtype=np.int32)
    named = renamed[texts.codes] if names else renamed
    spending = told.flags("spending")
    return MoneyLines(
        days[order],
        accounts.at(order),
        told.coded("category_id").at(order),
        names,
        named[order],
        spending[order],
        told.flags("budgeted")[order],
        told.units("home")[order],
        told.ints("id").astype(np.int32)[order],
        told.ints("part").astype(np.int8)[order],
        _begun(accounts.codes[spending], named[spending], days[spending], (len(accounts.values), len(names))),
    )
