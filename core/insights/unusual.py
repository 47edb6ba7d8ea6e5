"""Unusual charges by plain robust statistics: far above what a payee usually costs, or charged twice.

What is usual is the median of a payee's charges, and how far they scatter the median of their distances from it: one
odd charge moves neither (Rousseeuw and Croux, 1993).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core.cache import UserCache

WINDOW: Final = timedelta(days=45)
"""Only charges of so many days are judged."""
FEWEST: Final = 6
"""As many charges tell what is usual of a payee."""
SCATTERS: Final = 6
"""So many times as far from the usual as charges mostly are is unusual."""
TIMES: Final = 2
"""And so many times the usual at least."""
TWICE: Final = 0.7
"""How sure it is that a charge that came twice was one too many."""


@dataclass(frozen=True, slots=True)
class Anomaly:
    """An unusual charge: `score` 0 to 1, and the reason as a sentence with names of `facts` in braces."""

    transaction_id: int
    score: float
    reason_kind: str
    reason: str
    facts: Mapping[str, str | int | Decimal | date]


def find_anomalies(cache: UserCache, today: date) -> Sequence[Anomaly]:
    """Return the unusual charges of the last weeks, the most unusual first."""
    asked = {"since": today - WINDOW, "until": today, "fewest": FEWEST, "scatters": SCATTERS, "times": TIMES}
    with cache.answering() as answer:
        high = [_high(*row) for row in answer("unusual_charges", asked)]
        twice = [_twice(*row) for row in answer("charged_twice", {"since": today - WINDOW, "until": today})]
    known = {one.transaction_id for one in high}
    found = [*high, *(one for one in twice if one.transaction_id not in known)]
    return sorted(found, key=lambda one: (-one.score, one.transaction_id))


def _high(transaction: int, charge: Decimal, usual: Decimal, count: int) -> Anomaly:
    return Anomaly(
        transaction,
        round(1 - float(usual / charge) / 2, 3),
        "above usual",
        "The {count} others from there are mostly about {usual}.",
        {"usual": usual, "count": count},
    )


def _twice(transaction: int, first: int, day: date) -> Anomaly:
    return Anomaly(
        transaction,
        TWICE,
        "twice",
        "The same amount was charged there on {other_day} too, from the same account.",
        {"other_id": first, "other_day": day},
    )
