"""What went to each merchant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from core.analytics.spans import Span
from core.cache import Answer, day_at, money_lines
from core.money import from_units


@dataclass(frozen=True, slots=True)
class MerchantSpent:
    """What went to one merchant, beside the period to compare with."""

    name: str
    spent: Decimal
    before: Decimal
    rows: int
    rows_before: int

    @property
    def average(self) -> Decimal:
        """Return what one transaction comes to."""
        return self.spent / self.rows


@dataclass(frozen=True, slots=True)
class MerchantSums:
    """Some of the merchants of a period, those first that most went to."""

    spent: tuple[MerchantSpent, ...]
    last_seen: tuple[date, ...]
    """In the period."""
    count: int
    """How many merchants there are in all."""


def merchant_sums(answer: Answer, accounts: Sequence[int], span: Span, count: int, text: str = "") -> MerchantSums:
    """Return the `count` merchants of `span` that most went to, of those whose names have `text` in them.

    Those without a row in the period are left out, whatever went to them before.
    """
    lines = money_lines(answer)
    rows = lines.where(accounts, span.since, span.until, spending=True)
    sums, counts = lines.by_name(rows)
    earlier = rows[:0]
    if span.before_since is not None and span.before_until is not None:
        earlier = lines.where(accounts, span.before_since, span.before_until, spending=True)
    sums_before, counts_before = lines.by_name(earlier)
    places = np.flatnonzero(counts)
    if text:
        asked = {"names": [lines.names[one] for one in places.tolist()], "text": text}
        meant = {name for (name,) in answer("named_like", asked)}
        places = places[[lines.names[one] in meant for one in places.tolist()]]
    order = places[np.argsort(sums[places], kind="stable")][:count].tolist()
    last = lines.last_days(rows)
    return MerchantSums(
        tuple(
            MerchantSpent(
                lines.names[one],
                from_units(-int(sums[one])),
                from_units(-int(sums_before[one])),
                int(counts[one]),
                int(counts_before[one]),
            )
            for one in order
        ),
        tuple(day_at(int(last[one])) for one in order),
        len(places),
    )
