"""To whom the money goes: every merchant of a period, and one of them through the years.

Who it went to is the name that the list shows. Figures are in the currency of totals at each day's rate; positive is
money out, refunds lessen it. Rows without a rate are in no figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from core import clock
from core.analytics.merchant_sums import MerchantSpent, merchant_sums
from core.analytics.spans import Span
from core.cache import Answer, UserCache, day_at, home_currency, money_lines, shown_accounts
from core.money import from_units

NOTHING: Final = Decimal(0)
MOST: Final = 100
"""How many merchants are told at a time."""
SPARK: Final = 12
"""Months that a small line shows."""
YEARS: Final = 36
"""Months that one merchant's history goes back at the most."""


@dataclass(frozen=True, slots=True)
class MerchantMonth:
    """What went to a merchant in a month."""

    month: date
    spent: Decimal
    rows: int

    @property
    def last_day(self) -> date:
        """Return the last day of the month."""
        return clock.month_end(self.month)


@dataclass(frozen=True, slots=True)
class MerchantLine:
    """One merchant in the table."""

    spent: MerchantSpent
    first_seen: date
    last_seen: date
    """Of all its rows up to the end of the period."""
    months: tuple[Decimal, ...]
    """Of the last twelve months up to the end of the period."""


@dataclass(frozen=True, slots=True)
class Merchants:
    """The merchants that most went to, the first `MOST` of `count`."""

    currency: str
    lines: tuple[MerchantLine, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Merchant:
    """One merchant, all that went to it up to a day."""

    currency: str
    name: str
    spent: Decimal
    rows: int
    first_seen: date
    last_seen: date
    months: tuple[MerchantMonth, ...]
    """From its first one, or the last 36, up to now; the empty ones too."""

    @property
    def average(self) -> Decimal:
        """Return what one transaction comes to."""
        return self.spent / self.rows

    @property
    def monthly(self) -> Decimal:
        """Return what a month comes to, over the months that are told."""
        return sum((one.spent for one in self.months), NOTHING) / len(self.months)


def merchants(cache: UserCache, span: Span, accounts: Sequence[int] = (), text: str = "") -> Merchants:
    """Return the merchants of `span` whose names have `text` in them, in any case and with or without accents."""
    with cache.answering() as answer:
        currency = home_currency(answer)
        shown = shown_accounts(answer, accounts)
        lines = money_lines(answer)
        found = merchant_sums(answer, lines, shown, span, MOST, text.strip())
    first_days = lines.spent_since(shown)
    months = [clock.add_months(clock.month_start(span.until), back) for back in range(1 - SPARK, 1)]
    history = lines.split(lines.where(shown, months[0], span.until, spending=True), months)
    by_month = [lines.by_name(rows)[0] for rows in history]
    told = []
    for spent, last_seen in zip(found.spent, found.last_seen, strict=True):
        place = lines.place(spent.name)
        sparks = tuple(from_units(-int(sums[place])) for sums in by_month)
        told.append(MerchantLine(spent, day_at(int(first_days[place])), last_seen, sparks))
    return Merchants(currency, tuple(told), found.count)


def merchant_names(cache: UserCache) -> tuple[str, ...]:
    """Return what all lines of accounts that are not hidden are called by, the name of most lines first."""
    with cache.answering() as answer:
        return answer.kept(_names)


def merchant(cache: UserCache, name: str, today: date, accounts: Sequence[int] = ()) -> Merchant | None:
    """Return all that went to the merchant of exactly this name up to `today`; None where nothing did."""
    with cache.answering() as answer:
        currency = home_currency(answer)
        shown = shown_accounts(answer, accounts)
        lines = money_lines(answer)
    rows = lines.where(shown, date.min, today, spending=True)
    rows = rows[lines.named[rows] == lines.place(name)]
    if not len(rows):
        return None
    known = {month: MerchantMonth(month, from_units(-spent), count) for month, spent, count in lines.by_month(rows)}
    month = max(min(known), clock.add_months(clock.month_start(today), 1 - YEARS))
    months = []
    while month <= today:
        months.append(known.get(month, MerchantMonth(month, NOTHING, 0)))
        month = clock.add_months(month, 1)
    return Merchant(
        currency,
        name,
        sum((one.spent for one in known.values()), NOTHING),
        sum(one.rows for one in known.values()),
        day_at(int(lines.days[rows[0]])),
        day_at(int(lines.days[rows[-1]])),
        tuple(months),
    )


def _names(answer: Answer) -> tuple[str, ...]:
    return tuple(name for (name,) in answer("merchant_names", {}))
