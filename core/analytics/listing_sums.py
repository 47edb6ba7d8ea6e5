"""What the filtered lines of the list add up to, and the days that they lie on."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import takewhile
from typing import Any, Final, NamedTuple

import numpy as np

from core.analytics.converting import OldRate, old_rates, oldest_rate
from core.cache import (
    Answer,
    Ints,
    ListedLines,
    Shorts,
    Units,
    between,
    day_at,
    day_number,
    day_sums,
    meant_lines,
)
from core.money import from_units

_ROLLED: Final = ("accounts", "since", "until", "kinds")
"""What the sums that are kept by day know. Where nothing else is filtered, no line has to be read for them."""


class ListedDays(NamedTuple):
    """The days that filtered lines lie on, the newest first."""

    numbers: Ints | Shorts
    """Days since 1970."""
    passed: Ints
    """How many lines lie on each and all newer ones."""

    def place(self, offset: int, size: int) -> tuple[date, date, int] | None:
        """Return the newest and the oldest day of the lines `offset` to `offset + size`, and how many to skip.

        Those are lines of the newest day that come before. None where there are no such lines.
        """
        first = int(np.searchsorted(self.passed, offset, "right"))
        if first == len(self.numbers):
            return None
        skip = offset - (int(self.passed[first - 1]) if first else 0)
        return self._day(first), self._day(self._until(offset + size)), skip

    def stretches(self, at_once: int) -> Iterator[tuple[date, date, int]]:
        """Cut the days into stretches of about `at_once` lines: the newest day, the oldest, how many lines."""
        first = done = 0
        while first < len(self.numbers):
            last = self._until(done + at_once)
            yield self._day(first), self._day(last), int(self.passed[last]) - done
            first, done = last + 1, int(self.passed[last])

    def _until(self, count: int) -> int:
        return min(int(np.searchsorted(self.passed, count)), len(self.numbers) - 1)

    def _day(self, place: int) -> date:
        return day_at(int(self.numbers[place]))


class ListedSums(NamedTuple):
    """What all filtered lines of one currency add up to, in it and in the currency of totals."""

    currency: str
    rows: int
    inflow: Decimal
    outflow: Decimal
    home_inflow: Decimal
    home_outflow: Decimal
    unrated: int
    """How many of the lines have no rate."""


class Gathered(NamedTuple):
    """What is filtered."""

    sums: list[ListedSums]
    """The currency with most lines first."""
    days: ListedDays
    old_rate: date | None
    """The day of the oldest rate that they rest on, where that was from long before."""
    held: tuple[ListedLines, Ints] | None = None
    """The lines themselves, as far as they are held in memory: all lines, and the places of those that are meant."""

    def page(self, first: date, last: date, skip: int, count: int) -> list[tuple[int, int]] | None:
        """Return the ids and parts of the lines of a page (`ListedDays.place`), in order; None where none are held."""
        if self.held is None:
            return None
        lines, rows = self.held
        return lines.page(rows, day_number(first), day_number(last), skip, count)


def gathered(answer: Answer, conditions: Mapping[str, Any]) -> Gathered:
    """Return what is filtered."""
    if all(value is None or name in _ROLLED for name, value in conditions.items()):
        return _rolled(answer, **{name: conditions[name] for name in _ROLLED})
    old = old_rates(answer)
    meant = meant_lines(answer, conditions)
    return _asked(answer, conditions, old) if meant is None else _held(*meant, old)


def _asked(answer: Answer, conditions: Mapping[str, Any], old: Sequence[OldRate]) -> Gathered:
    """Return the same of whatever is filtered, as the database tells it."""
    abroad_since = min((one.since for one in old), default=None)
    found = answer("filtered_days", {**conditions, "abroad_since": abroad_since})
    sums = [ListedSums(*told) for _, *told in takewhile(lambda row: row[0] is None, found)]
    days = [(day_number(day), rows) for day, currency, rows, *_ in found[len(sums) :] if currency is None]
    numbers, counts = np.array(days, dtype=np.int64).reshape(-1, 2).T
    used = [
        one.day
        for day, currency, *_ in found[len(sums) :]
        for one in old
        if one.currency == currency and one.since <= day <= (one.until or date.max)
    ]
    return Gathered(sorted(sums, key=_by_rows), ListedDays(numbers, np.cumsum(counts)), min(used, default=None))


def _rolled(
    answer: Answer, accounts: list[int], since: date | None, until: date | None, kinds: list[str] | None
) -> Gathered:
    """Return the same where only accounts, days or kinds are filtered: what is kept by day knows these."""
    told = day_sums(answer)
    rows = told.where(accounts, since, until, kinds)
    sums = []
    for currency, its in told.by_currency(rows):
        inflow, outflow, home_inflow, home_outflow = (
            from_units(int(one[its].sum())) for one in (told.inflow, told.outflow, told.home_inflow, told.home_outflow)
        )
        counts = told.rows[its]
        unrated = int(counts[~told.rated[its]].sum())
        sums.append(ListedSums(currency, int(counts.sum()), inflow, outflow, home_inflow, home_outflow, unrated))
    numbers, counts = told.counted(rows)
    days = ListedDays(numbers[::-1], np.cumsum(counts[::-1]))
    return Gathered(sorted(sums, key=_by_rows), days, oldest_rate(answer, accounts, since, until, kinds))


def _held(lines: ListedLines, rows: Ints, old: Sequence[OldRate]) -> Gathered:
    """Return the same of some of the lines that are held in memory."""
    sums, used = [], []
    for currency, its in _by_currency(lines, rows):
        inflow, outflow = home_inflow, home_outflow = _both_ways(lines.amounts[its])
        unrated = 0
        if lines.home is not lines.amounts:
            home_inflow, home_outflow = _both_ways(lines.home[its])
            unrated = len(its) - int(lines.rated[its].sum())
        sums.append(ListedSums(currency, len(its), inflow, outflow, home_inflow, home_outflow, unrated))
        used += [one.day for one in old if one.currency == currency and _lies_in(one, lines.days[its])]
    numbers, counts = lines.by_day(rows)
    listed = ListedDays(numbers[::-1], np.cumsum(counts[::-1]))
    return Gathered(sorted(sums, key=_by_rows), listed, min(used, default=None), (lines, rows))


def _by_currency(lines: ListedLines, rows: Ints) -> list[tuple[str, Ints]]:
    """Return the currencies of some rows with the rows of each."""
    values = lines.currencies.values
    if len(values) == 1:
        return [(values[0], rows)] if len(rows) else []
    codes = lines.currencies.codes[rows]
    return [(values[code], rows[codes == code]) for code in np.flatnonzero(np.bincount(codes)).tolist()]


def _both_ways(amounts: Units) -> tuple[Decimal, Decimal]:
    """Return what came in and what went out."""
    inflow = int(np.maximum(amounts, 0).sum())
    return from_units(inflow), from_units(int(amounts.sum()) - inflow)


def _lies_in(rate: OldRate, days: Shorts) -> bool:
    """Tell whether any of some days, which are in order, is one for which a rate is taken."""
    span = between(days, rate.since, rate.until)
    return bool(span.start < span.stop)


def _by_rows(sums: ListedSums) -> tuple[int, str]:
    return -sums.rows, sums.currency
