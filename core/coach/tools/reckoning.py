"""The arithmetic that several tools share: parts, averages and changes, fine enough to be rounded once more."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from core.coach.values import Amount, Share

NOTHING: Final = Decimal(0)
_FINEST: Final = Decimal("0.00000001")
_LARGEST: Final = 18
"""Digits before the point from which on nothing is rounded."""


def fine(number: Decimal) -> Decimal:
    """Return a number with eight decimals at the most: what is shown of it is rounded as if it had all of them."""
    if not number.is_finite() or number.adjusted() >= _LARGEST:
        return number
    return number.quantize(_FINEST)


def share(part: Decimal, whole: Decimal) -> Share | None:
    """Return what part of a whole something is; None where there is no whole."""
    return Share(fine(part / whole)) if whole > 0 else None


def change(now: Decimal, before: Decimal) -> Share | None:
    """Return by what part of it a figure changed; None where there was none before."""
    return Share(fine((now - before) / abs(before))) if before else None


def average(total: Decimal, count: int, currency: str) -> Amount | None:
    """Return what one of so many comes to; None of none."""
    return Amount(fine(total / count), currency) if count else None


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Return what amounts of one currency add up to."""
    return sum(amounts, NOTHING)
