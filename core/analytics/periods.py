"""What came in and went out in months, and in two periods side by side."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from core.analytics.spans import Span
from core.cache import Answer, Ints, Units, day_number, day_sums, home_currency
from core.money import from_units


@dataclass(frozen=True, slots=True)
class MonthFlow:
    """One month's income and spending (negative)."""

    month: date
    income: Decimal
    spending: Decimal

    @property
    def net(self) -> Decimal:
        """Return what was left over."""
        return self.income + self.spending


@dataclass(frozen=True, slots=True)
class Period:
    """Income and spending of a period in one currency, beside the same span before. `spending` is negative."""

    currency: str
    income: Decimal
    spending: Decimal
    income_before: Decimal
    spending_before: Decimal

    @property
    def net(self) -> Decimal:
        """Return what was left over; negative when more went out than came in."""
        return self.income + self.spending


def known_months(answer: Answer, accounts: Collection[int], since: date, until: date) -> list[MonthFlow]:
    """Return the calendar months of a period that have rows, in the currency of totals.

    A month of transfers alone has neither income nor spending; the first and the last month may be cut.
    """
    sums = day_sums(answer)
    rows = sums.where(accounts, since, until, rated=True)
    net = sums.home_net[rows]
    kinds = [np.where(sums.of_kind(rows, kind), net, 0) for kind in ("income", "spending")]
    return [
        MonthFlow(month, from_units(income), from_units(spent))
        for month, income, spent in sums.by("month", rows, *kinds)
    ]


def two_periods(answer: Answer, accounts: Collection[int], span: Span) -> tuple[Period, tuple[Period, ...]]:
    """Return what a period and the one before have in the currency of totals, and apart what has no rate into it."""
    sums, asked = day_sums(answer), span.parameters()
    now, before = (asked["since"], asked["until"]), (asked["before_since"], asked["before_until"])
    since, until = min(now[0], before[0]), max(now[1], before[1])

    def told(currency: str, rows: Ints, net: Units) -> Period:
        days = sums.days[rows]
        stretches = [(days >= day_number(first)) & (days <= day_number(last)) for first, last in (now, before)]
        kinds = [sums.of_kind(rows, kind) for kind in ("income", "spending")]
        return Period(currency, *(from_units(int(net[rows][one & kind].sum())) for one in stretches for kind in kinds))

    unrated = sums.by_currency(sums.where(accounts, since, until, rated=False))
    return (
        told(home_currency(answer), sums.where(accounts, since, until, rated=True), sums.home_net),
        tuple(told(currency, rows, sums.net) for currency, rows in unrated),
    )
