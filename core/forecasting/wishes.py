"""What if: something that recurs is dropped or costs otherwise, or something is paid once. Nothing is written."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from core.errors import ValidationError
from core.money import to_units
from core.planning import Entry


@dataclass(frozen=True, slots=True)
class Change:
    """Each payment of the series `key` comes to `by` more than now, less if negative, in its own currency."""

    key: str
    by: Decimal


@dataclass(frozen=True, slots=True)
class Once:
    """Paid (negative) or received once on a day, in the currency of totals."""

    day: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Wish:
    """Everything that is to be tried. Keys that nothing has any more change nothing."""

    dropped: frozenset[str] = frozenset()
    changed: tuple[Change, ...] = ()
    once: tuple[Once, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is tried."""
        return bool(self.dropped or self.changed or self.once)


def tried(entries: Iterable[Entry], wish: Wish) -> tuple[Entry, ...]:
    """Return what is expected if the wish came true; a payment never turns into income, nor the other way round.

    Raises:
        AmountError: an amount of the wish is none that can be kept.
    """
    more = {one.key: one.by for one in wish.changed}
    for one in (*more.values(), *(one.amount for one in wish.once)):
        to_units(one)
    return tuple(
        replace(entry, amount=_changed(entry.amount, more[entry.key])) if entry.key in more else entry
        for entry in entries
        if not entry.key or entry.key not in wish.dropped
    )


def _changed(amount: Decimal, by: Decimal) -> Decimal:
    return min(amount - by, Decimal(0)) if amount < 0 else max(amount + by, Decimal(0))


def once_within(wish: Wish, today: dt.date, until: dt.date) -> dict[dt.date, Decimal]:
    """Return what is paid (negative) or received once, by day, in the currency of totals.

    Raises:
        ValidationError: a day lies outside of what is forecast.
    """
    days: dict[dt.date, Decimal] = {}
    for one in wish.once:
        if not today <= one.day <= until:
            raise ValidationError("This day is not within the next 90 days.", "Choose one from today on.")
        days[one.day] = days.get(one.day, Decimal(0)) + one.amount
    return days
