"""What the lines of each day add up to, by column in memory: asked for once until the data change.

DuckDB takes longer to plan a question than numpy to add up the few rows that it is about. Money is exact: whole numbers
of 1/10000 unit, negative is money out.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, TypeVar

import numpy as np

from core.cache.columns import Coded, Flags, Ints, Shorts, Units
from core.cache.seat import Answer

Days = TypeVar("Days", Ints, Shorts)
EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class DaySums:
    """A row for each day, account, currency and kind, lines with and without a rate apart; the oldest day first."""

    days: Ints
    """Days since 1970."""
    accounts: Coded[int]
    currencies: Coded[str]
    kinds: Coded[str]
    rated: Flags
    rows: Ints
    """How many lines there are."""
    inflow: Units
    outflow: Units
    posted: Units
    home_inflow: Units
    """In the currency of totals, as far as there is a rate."""
    home_outflow: Units

    def where(
        self,
        accounts: Collection[int] | None = None,
        since: date | None = None,
        until: date | None = None,
        kinds: Collection[str] | None = None,
        *,
        rated: bool | None = None,
    ) -> Ints:
        """Return the places of the rows that are meant, in their order; nothing is asked where something is None."""
        span = between(self.days, since, until)
        rows = np.arange(span.start, span.stop)
        if accounts is not None:
            rows = rows[self.accounts.at(rows).among(accounts)]
        if kinds is not None:
            rows = rows[self.kinds.at(rows).among(kinds)]
        if rated is not None:
            rows = rows[self.rated[rows] == rated]
        return rows

    @property
    def net(self) -> Units:
        """Return what came in and went out together."""
        return self.inflow + self.outflow

    @property
    def home_net(self) -> Units:
        """Return the same in the currency of totals."""
        return self.home_inflow + self.home_outflow

    def by_currency(self, rows: Ints) -> list[tuple[str, Ints]]:
        """Return the currencies of some rows in order, with the rows of each."""
        codes = self.currencies.codes[rows]
        found = [
            (self.currencies.values[code], rows[codes == code]) for code in np.flatnonzero(np.bincount(codes)).tolist()
        ]
        return sorted(found, key=lambda one: one[0])

    def of_kind(self, rows: Ints, kind: str) -> Flags:
        """Tell for each of some rows whether it is of a kind."""
        return self.kinds.at(rows).among((kind,))

    def by(self, step: Literal["day", "month"], rows: Ints, *values: Units) -> list[tuple[Any, ...]]:
        """Return each day, or first day of a month, of some rows with what the values beside them add up to."""
        keys = self.days[rows]
        if step == "month":
            keys = first_of_month(keys)
        keys, starts = stretches_of(keys)
        sums = [np.add.reduceat(one, starts).tolist() for one in values] if len(rows) else [[]] * len(values)
        return list(zip(map(day_at, keys.tolist()), *sums, strict=True))

    def counted(self, rows: Ints) -> tuple[Ints, Ints]:
        """Return the days of some rows, in order, and how many lines each has."""
        days, starts = stretches_of(self.days[rows])
        return days, np.add.reduceat(self.rows[rows], starts) if len(rows) else days


def between(days: Ints | Shorts, since: date | None, until: date | None) -> slice:
    """Return where some days, which are in order, lie from one day on and to another, both included; None is open."""
    # As short as what they are searched for in: numpy would else make a longer copy of all of that.
    number = days.dtype.type
    first = 0 if since is None else int(np.searchsorted(days, number(day_number(since))))
    last = len(days) if until is None else int(np.searchsorted(days, number(day_number(until)), "right"))
    return slice(first, max(first, last))


def in_order(days: Ints | Shorts) -> Ints | slice:
    """Return the order in which some days come; those of a cache mostly lie so, but for what came late."""
    return slice(None) if (np.diff(days) >= 0).all() else np.argsort(days, kind="stable")


def stretches_of(days: Days) -> tuple[Days, Ints]:
    """Return the different ones of some days, which are in order, and where each begins."""
    # `np.unique` would sort them once more.
    starts = np.flatnonzero(np.diff(days, prepend=days[:1] - 1))
    return days[starts], starts


def first_of_month(days: Ints) -> Ints:
    """Return the first day of each day's month; all are days since 1970."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def day_number(day: date) -> int:
    """Return the days since 1970."""
    return day.toordinal() - EPOCH


def day_at(number: int) -> date:
    """Return the day so many days after the first of 1970."""
    return date.fromordinal(number + EPOCH)


def day_sums(answer: Answer) -> DaySums:
    """Return what the lines of each day add up to, as the data stand."""
    return answer.kept(_day_sums)


def _day_sums(answer: Answer) -> DaySums:
    told = answer.columns("day_sums")
    return DaySums(
        told.ints("day"),
        told.coded("account_id"),
        told.texts("currency"),
        told.texts("kind"),
        told.flags("rated"),
        told.ints("rows"),
        told.units("inflow"),
        told.units("outflow"),
        told.units("posted"),
        told.units("home_inflow"),
        told.units("home_outflow"),
    )
