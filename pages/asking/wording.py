"""Figures of an answer in words: a query may find any number, also such as no money has."""

import datetime as dt
import math
from decimal import Decimal
from typing import Final

from pages.shared.formats import Formats

_LARGEST: Final = Decimal(10) ** 24
"""From here on a number is not written in the person's own way: its digits are more than can be rounded."""
_CENT: Final = Decimal("0.01")


def is_plain(value: float | Decimal) -> bool:
    """Tell whether a number is one that can be written out in the person's own way."""
    if isinstance(value, float):
        return math.isfinite(value) and abs(value) < float(_LARGEST)
    return (not isinstance(value, Decimal) or value.is_finite()) and abs(value) < _LARGEST


def number_words(value: object, formats: Formats) -> str:
    """Return a number with the decimals that it has, four at most for one that is not exact."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    if not is_plain(value):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, float):
        return formats.quantity(Decimal(repr(round(value, 4))))
    if isinstance(value, Decimal):
        # Two decimals at least, as money has them; more only where there are.
        short = value.quantize(_CENT)
        return formats.quantity(short if short == value else value.normalize())
    return formats.number(value)


def rounded_words(value: object, formats: Formats) -> str:
    """Return a number for a chart: two decimals at most."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return str(value)
    if not is_plain(value):
        return number_words(value, formats)
    number = Decimal(str(value))
    return formats.quantity(number.quantize(_CENT)) if number % 1 else formats.number(int(number))


def money_words(value: object, currency: str, formats: Formats) -> str:
    """Return an amount with its currency, as a number where it is none."""
    if not isinstance(value, Decimal) or not is_plain(value):
        return number_words(value, formats)
    if len(currency) != 3 or not currency.isalpha():
        return formats.quantity(value)
    return formats.money(value, currency)


def date_words(value: object, formats: Formats) -> str:
    """Return a day or an instant in the person's own way."""
    if isinstance(value, dt.datetime):
        try:
            return formats.moment(value) if value.tzinfo else f"{formats.day(value.date())}, {value:%H:%M}"
        except OverflowError:
            # Where the person is it lies before the first year, or after the last.
            return value.isoformat()
    return formats.day(value) if isinstance(value, dt.date) else str(value)
