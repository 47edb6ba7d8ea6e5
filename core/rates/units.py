"""A rate as a whole number: exact, and small enough that an amount times a rate fits 128 bits in the cache."""

import re
from decimal import Decimal
from typing import Final

EURO: Final = "EUR"
"""What all rates are told against; it has none of its own."""
PLACES: Final = 8
ONE: Final = 10**PLACES
"""The rate of the euro."""
_WRITTEN: Final = re.compile(rf"\d{{1,9}}(\.\d{{1,{PLACES}}})?")


def to_rate_units(written: str) -> int | None:
    """Return a rate written as a plain decimal number in units of 10⁻⁸; None when it is none, zero or out of bounds.

    The bounds (nine digits before the point, eight after it) are far beyond any rate that the ECB ever published.
    """
    if not _WRITTEN.fullmatch(written):
        return None
    whole, _, fraction = written.partition(".")
    return int(whole + fraction.ljust(PLACES, "0")) or None


def written(units: int) -> str:
    """Return a rate as a plain decimal number, without zeros at its end; the inverse of `to_rate_units`."""
    return f"{Decimal(units).scaleb(-PLACES).normalize():f}"
