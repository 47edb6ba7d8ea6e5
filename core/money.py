"""Exact money: `Decimal` in Python, whole numbers of 1/10000 unit at rest.

Sign, everywhere inside FinTrack: negative is money out (or owed), positive is money in (or owned).
"""

from collections.abc import Sequence
from decimal import Context, Decimal, Inexact, InvalidOperation
from functools import lru_cache
from typing import Final

from core.errors import AmountError

PLACES: Final = 4
SCALE: Final = 10**PLACES
STEP: Final = Decimal(1).scaleb(-PLACES)
"""The finest amount that is kept."""
LIMIT: Final = Decimal(10) ** 13
"""No amount reaches this: `LIMIT * SCALE` still fits a signed 64-bit integer."""
_EXACT: Final = Context(prec=34, traps=[Inexact])
"""Our own context: the thread's may have been set to fewer digits, and would round."""


def is_currency_code(text: str) -> bool:
    """Tell whether `text` is written like an ISO 4217 code: three capital letters."""
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()


def to_units(amount: Decimal) -> int:
    """Return `amount` as a whole number of 1/10000 unit, as it rests in the store.

    Raises:
        AmountError: not finite, finer than 1/10000, or `LIMIT` and beyond.
    """
    if not amount.is_finite() or amount.copy_abs() >= LIMIT:
        raise AmountError(f"{amount} is not an amount of money that can be kept.")
    try:
        units = amount.scaleb(PLACES, _EXACT)
        if units == units.to_integral_value():
            return int(units)
    except Inexact:
        pass
    raise AmountError(f"{amount} has more than {PLACES} decimals.")


def from_units(units: int) -> Decimal:
    """Return the `Decimal` behind a whole number of 1/10000 unit; the inverse of `to_units`."""
    return Decimal(units).scaleb(-PLACES, _EXACT)


def exact(number: float | str | Decimal) -> Decimal:
    """Return the decimal a person would read in `number`: 0.1 is `Decimal("0.1")`.

    Raises:
        AmountError: it is not a number.
    """
    try:
        amount = Decimal(repr(number) if isinstance(number, float) else number)
    except InvalidOperation as cause:
        raise AmountError(f"{number!r} is not a number.") from cause
    if not amount.is_finite():
        raise AmountError(f"{number!r} is not a number.")
    return amount


@lru_cache(maxsize=256)
def minor_digits(currency: str) -> int:
    """Return how many decimals people write for an ISO 4217 code (USD 2, JPY 0, KWD 3)."""
    from babel.numbers import get_currency_precision

    return get_currency_precision(currency)


def main_currency(held: Sequence[str], wanted: str) -> str:
    """Return `wanted`, or the currency that most accounts have where none of `held` (one for each account) has it."""
    if not held or wanted in held:
        return wanted
    return max(sorted(set(held)), key=held.count)


def plain(amount: Decimal) -> str:
    """Return `amount` for machines: at least two decimals, no exponent, no grouping ("-12.50")."""
    text = f"{amount:.{PLACES}f}"
    whole, _, fraction = text.partition(".")
    fraction = fraction.rstrip("0").ljust(2, "0")
    text = f"{whole}.{fraction}"
    return "0.00" if text == "-0.00" else text
