"""The shipped rates read a second time, as fractions: what every conversion is held against."""

import csv
import gzip
from bisect import bisect_right
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from operator import itemgetter

from core.rates.shipped import SHIPPED


@cache
def written() -> dict[str, list[tuple[date, str]]]:
    """Return the shipped rates as they are written, read a second time, the oldest first."""
    with gzip.open(SHIPPED, "rt") as file:
        source = next(file)
        days, *lines = csv.reader(file)
    assert "European Central Bank" in source
    assert "2025-07-28" in source
    told = {
        line[0]: [(date.fromisoformat(day), cell) for day, cell in zip(days[1:], line[1:], strict=False) if cell]
        for line in lines
    }
    return told | {"EUR": [(date.min, "1")]}


def at(currency: str, day: date) -> Fraction:
    series = written()[currency]
    return Fraction(series[max(0, bisect_right(series, day, key=itemgetter(0)) - 1)][1])


def rounded(amount: Fraction) -> Decimal:
    whole = Fraction(round(amount * 10000), 10000)
    return Decimal(whole.numerator) / Decimal(whole.denominator)


def converted(amount: Decimal, currency: str, into: str, day: date) -> Decimal | None:
    """Return an amount at the rate of a day, rounded half to even at the fourth decimal; None without a rate."""
    if currency == into:
        return amount
    if currency not in written() or into not in written():
        return None
    return rounded(Fraction(amount) * at(into, day) / at(currency, day))
