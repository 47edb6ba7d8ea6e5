"""What went to each merchant."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from core.analytics.spans import Span
from core.cache import Answer, MoneyLines, day_at
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


def merchant_sums(
    answer: Answer, lines: MoneyLines, accounts: Sequence[int], span: Span, count: int, text: str = ""
) -> MerchantSums:
    """Return the `count` merchants of `span` that most went to, of those whose names have `text` in them.

    Case and accents don't matter. Those without a row in the period are left out, whatever went to them before.
    """
    rows = lines.where(accounts, span.since, span.until, spending=True)
    sums, counts = lines.by_name(rows)
    earlier = rows[:0]
    if span.before_since is not None and span.before_until is not None:
        earlier = lines.where(accounts, span.before_since, span.before_until, spending=True)
    sums_before, counts_before = lines.by_name(earlier)
    places = np.flatnonzero(counts)
    if text:
        ((wanted,),), known = answer("folded", {"text": text}), answer.kept(_folded_names)
        places = places[[wanted in known.get(lines.names[one], "") for one in places.tolist()]]
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


def _folded_names(answer: Answer) -> dict[str, str]:
    return dict(answer("folded_names", {}))
