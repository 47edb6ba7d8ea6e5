"""What will be spent on each category within the next days: what recurs, exactly, and the rest, as forecast."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from core.analytics import DayRates
from core.forecasting.experts import Floats
from core.forecasting.intervals import Bounds
from core.forecasting.paths import month_shares
from core.forecasting.rest import ELSE, HORIZON, Rest
from core.ledger import CategoryEntry
from core.money import minor_digits
from core.planning import Entry, Recurring

SPANS: Final = (30, 60, 90)
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class CategoryOutlook:
    """What will be spent on a category within `days` days after today. Spending is positive, refunds lessen it."""

    days: int
    category_id: int | None
    """A primary one; None for what has no category, `ELSE` for all the small ones together."""
    title: str
    icon: str
    known: Decimal
    """What recurs."""
    rest: Decimal
    low: Decimal
    high: Decimal
    """All of it lies between these in four of five cases, if the rest goes on as it did."""
    whole: bool = False
    """Whether this is all categories together."""

    @property
    def total(self) -> Decimal:
        """Return all that will be spent."""
        return self.known + self.rest


def spending_ahead(
    rest: Rest,
    entries: Sequence[Entry],
    recurring: Sequence[Recurring],
    categories: Sequence[CategoryEntry],
    rates: DayRates,
    today: dt.date,
) -> tuple[CategoryOutlook, ...]:
    """Return what will be spent within 30, 60 and 90 days, all together first, then by category, the most first."""
    cent = Decimal(1).scaleb(-minor_digits(rates.home))
    known = _Known(entries, recurring, categories, rates, today)
    by_id = {one.id: one for one in categories}
    own = {one.category_id for one in rest.parts} - {ELSE}
    found = []
    for days in SPANS:
        fixed, shares = known.within(days), month_shares(today, days, HORIZON)
        lines = []
        for part in rest.parts:
            if part.category_id == ELSE:
                title, icon = "Everything else", "more_horiz"
                sure = sum((amount for one, amount in fixed.items() if one not in own), NOTHING)
            else:
                title, icon = _called(part.category_id, by_id)
                sure = fixed.get(part.category_id, NOTHING)
            flow = _within(part.forecast.points[-1], part.forecast.bounds, shares, cent)
            lines.append(
                CategoryOutlook(days, part.category_id, title, icon, sure, flow[0], sure + flow[1], sure + flow[2])
            )
        if ELSE not in {one.category_id for one in lines}:
            lines += [
                CategoryOutlook(days, one, *_called(one, by_id), amount, NOTHING, amount, amount)
                for one, amount in fixed.items()
                if one not in own and amount
            ]
        lines.sort(key=lambda one: (one.category_id == ELSE, -one.total, one.title))
        sure, other = sum((one.known for one in lines), NOTHING), sum((one.rest for one in lines), NOTHING)
        _, low, high = _within(rest.points[-1], rest.bounds, shares, cent)
        low, high = min(low, other), max(high, other)
        found.append(
            CategoryOutlook(days, None, "All spending", "payments", sure, other, sure + low, sure + high, whole=True)
        )
        found += lines
    return tuple(found)


class _Known:
    """What recurs by category and day, in the currency of totals."""

    def __init__(
        self,
        entries: Sequence[Entry],
        recurring: Sequence[Recurring],
        categories: Sequence[CategoryEntry],
        rates: DayRates,
        today: dt.date,
    ) -> None:
        """Take what is expected; what moves money between accounts is no spending."""
        self._today = today
        self._paid: list[tuple[dt.date, int | None, Decimal]] = []
        codes = {one.code: one for one in categories}
        series = {one.key: one.series for one in recurring}
        for entry in entries:
            if entry.role != "bill" or entry.key not in series:
                continue
            category = codes.get(series[entry.key].category)
            amount = rates.convert(entry.amount, entry.currency, today)
            if amount is not None and (category is None or category.kind == "spending"):
                self._paid.append((max(entry.day, today), _primary(category, codes), -amount))

    def within(self, days: int) -> dict[int | None, Decimal]:
        """Return what recurs from today until so many days later, by primary category."""
        until = self._today + dt.timedelta(days=days)
        sums: defaultdict[int | None, Decimal] = defaultdict(Decimal)
        for day, category, amount in self._paid:
            if day <= until:
                sums[category] += amount
        return dict(sums)


def _primary(category: CategoryEntry | None, codes: Mapping[str, CategoryEntry]) -> int | None:
    if category is None:
        return None
    return codes[category.group].id if category.group in codes else category.id


def _called(category_id: int | None, by_id: Mapping[int, CategoryEntry]) -> tuple[str, str]:
    found = by_id.get(category_id) if category_id is not None else None
    return (found.title, found.icon) if found else ("Uncategorised", "help")


def _within(points: Floats, limits: Bounds, shares: Floats, cent: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Return what months' forecasts and their bounds come to within days that are such shares of them.

    Errors of several months are taken for independent: their squares add up.
    """
    flow = float(points @ shares)
    low, high = (side[-1] for side in limits[0.80])
    below, above = ((np.maximum(one, 0) ** 2 * shares).sum() ** 0.5 for one in (points - low, high - points))
    amounts = (flow, flow - below, flow + above)
    rest, least, most = (Decimal(float(one)).quantize(cent) + NOTHING for one in amounts)
    return rest, (max(least, NOTHING) if rest >= 0 and (low >= 0).all() else least), most
