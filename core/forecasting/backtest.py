"""How good forecasts were: what they said of past months beside what came, and beside taking the last month again."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from core.forecasting.experts import Floats
from core.forecasting.rest import FEWEST_MONTHS, Rest
from core.money import minor_digits

MOST_SHOWN: Final = 24
FIRST: Final = FEWEST_MONTHS // 2
"""Months are forecast in retrospect once so many were known before."""


@dataclass(frozen=True, slots=True)
class TestedMonth:
    """A past month: what was spent besides what recurs, and what was forecast of it when it began; out is positive."""

    month: dt.date
    actual: Decimal
    forecast: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Tested:
    """How far off the forecasts of one category were, one month ahead."""

    category_id: int | None
    leading: str
    """The expert that counts for most at present, as in `core.forecasting.experts.NAMES`."""
    months: int
    off: Decimal
    """On average, without a sign, in the currency that was asked for."""
    off_last: Decimal
    """The same had the last month been taken again."""
    held: float
    """In which share of the months it was within the 80 % interval."""


@dataclass(frozen=True, slots=True)
class BackTest:
    """The spending besides what recurs, all together and by category, in the currency that was asked for."""

    months: tuple[TestedMonth, ...]
    tested: int
    """How many months the figures are of; the last of them are shown."""
    off: Decimal
    off_last: Decimal
    held: float
    held_wide: float
    """The same for the 95 % interval."""
    parts: tuple[Tested, ...]


def back_test(rest: Rest, currency: str) -> BackTest:
    """Return how the forecasts of the months of `rest` did, each made of the months before it alone."""
    cent = Decimal(1).scaleb(-minor_digits(currency))

    def rounded(amount: float) -> Decimal:
        return Decimal(float(amount)).quantize(cent)

    spent = np.array(rest.spent, dtype=np.float64)
    low, high = rest.bounds[0.80]
    shown = range(max(FIRST, len(spent) - MOST_SHOWN), len(spent))
    return BackTest(
        tuple(
            TestedMonth(
                rest.months[at],
                rest.spent[at],
                rounded(rest.points[at, 0]),
                rounded(low[at, 0]),
                rounded(high[at, 0]),
            )
            for at in shown
        ),
        len(spent) - FIRST,
        rounded(_off(spent, rest.points)),
        rounded(_off_last(spent)),
        _held(spent, rest.bounds, 0.80),
        _held(spent, rest.bounds, 0.95),
        tuple(
            Tested(
                one.category_id,
                one.leading,
                len(spent) - FIRST,
                rounded(_off(one.forecast.amounts, one.forecast.points)),
                rounded(_off_last(one.forecast.amounts)),
                _held(one.forecast.amounts, one.forecast.bounds, 0.80),
            )
            for one in rest.parts
        ),
    )


def _off(amounts: Floats, points: Floats) -> float:
    return float(np.abs(amounts[FIRST:] - points[FIRST:-1, 0]).mean())


def _off_last(amounts: Floats) -> float:
    return float(np.abs(np.diff(amounts)[FIRST - 1 :]).mean())


def _held(amounts: Floats, bounds: Mapping[float, tuple[Floats, Floats]], level: float) -> float:
    low, high = (side[FIRST:-1, 0] for side in bounds[level])
    return float(((low <= amounts[FIRST:]) & (amounts[FIRST:] <= high)).mean())
