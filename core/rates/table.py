"""Converting an amount at the rate of a day, exactly."""

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple

from core import money
from core.rates.shipped import Series, Shipped, shipped_rates
from core.rates.units import EURO, ONE

STALE_AFTER: Final = timedelta(days=7)
"""A rate older than this is told to be old. Between two of the ECB's days lie five at most."""
_EURO: Final = (date.max, ONE)
"""The euro has no line of its own: its rate is one, and as old as the other's."""


class Step(NamedTuple):
    """How one currency goes into another from a day on: an amount times `into` by `per`."""

    since: date
    day: date
    """The day of the rate; of two (neither is the euro) the older one."""
    into: int
    per: int

    def exchange(self, amount: Decimal) -> Decimal:
        """Return an amount in the other currency, rounded half to even at the fourth decimal."""
        top, bottom = amount.as_integer_ratio()
        whole, rest = divmod(abs(top) * self.into * 10**money.PLACES, bottom * self.per)
        twice = 2 * rest - bottom * self.per
        whole += twice > 0 or (not twice and whole % 2 == 1)
        return money.from_units(-whole if top < 0 else whole)


@dataclass(frozen=True, slots=True)
class Converted:
    """An amount in another currency, and the day of the rate that took it there."""

    amount: Decimal
    day: date


class Rates:
    """What one euro was worth, day by day: those that are shipped, and before them a person's own."""

    def __init__(self, own: Mapping[str, Series] | None = None, shipped: Shipped | None = None) -> None:
        """Take a person's own rates (by currency and day), and those that come with this version unless told."""
        self.own = own or {}
        self._shipped = shipped or shipped_rates()
        self._sorted: dict[str, tuple[list[date], list[int]]] = {}

    def knows(self, currency: str) -> bool:
        """Tell whether there is any rate of a currency."""
        return currency == EURO or currency in self.own or currency in self._shipped.currencies

    def course(self, currency: str, into: str) -> list[Step]:
        """Return how a currency goes into another at any day, oldest first; the first reaches back to any day.

        None of them when either is unknown.
        """
        if not self.knows(currency) or not self.knows(into):
            return []
        here, there = self.series(currency), self.series(into)
        told, per = next(iter(here.items()), _EURO)
        also, to = next(iter(there.items()), _EURO)
        steps = []
        for day in sorted({*here, *there}):
            if (rate := here.get(day)) is not None:
                told, per = day, rate
            if (rate := there.get(day)) is not None:
                also, to = day, rate
            steps.append(Step(day, min(told, also), to, per))
        return [steps[0]._replace(since=date.min), *steps[1:]] if steps else []

    def convert(self, amount: Decimal, currency: str, into: str, day: date) -> Converted | None:
        """Return an amount in another currency at the last rate on or before a day; before the first, at the first.

        None when there is no rate of either. An amount in its own currency stays as it is, known or not.
        """
        if currency == into:
            return Converted(amount, day)
        step = self._at(currency, into, day)
        return Converted(step.exchange(amount), step.day) if step else None

    def fingerprint(self) -> str:
        """Return what tells a person's own rates from others."""
        lines = (
            f"{currency} {day} {units}"
            for currency, series in sorted(self.own.items())
            for day, units in sorted(series.items())
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def series(self, currency: str) -> Series:
        """Return the rates of a currency, a person's own before the shipped ones, oldest first."""
        shipped, own = self._shipped.series(currency), self.own.get(currency, {})
        return dict(sorted({**shipped, **own}.items())) if own else shipped

    def _at(self, currency: str, into: str, day: date) -> Step | None:
        """Return the step that holds on a day, as `course` has it."""
        if not self.knows(currency) or not self.knows(into):
            return None
        (told, per), (also, to) = self._place(currency, day), self._place(into, day)
        return Step(day, min(told, also), to, per)

    def _place(self, currency: str, day: date) -> tuple[date, int]:
        """Return the day and the units of the last rate on or before a day, of the first one before it."""
        if currency not in self._sorted:
            series = self.series(currency)
            self._sorted[currency] = (list(series), list(series.values()))
        days, units = self._sorted[currency]
        if not days:
            return _EURO
        place = max(0, bisect_right(days, day) - 1)
        return days[place], units[place]
