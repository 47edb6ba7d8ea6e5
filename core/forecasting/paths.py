"""How a balance may go: many ways it could, made of how far off the forecasts of the rest were in the past.

A way takes the errors of one past month's forecasts for the months ahead together, so that a bad start goes on as it
did then (a block bootstrap, Künsch 1989). Payments that vary are drawn from what they were. The same data make the same
ways.
"""

import datetime as dt
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from core.forecasting.experts import YEAR, Floats
from core.forecasting.intervals import LEVELS, TYPICAL
from core.forecasting.series import SeriesForecast

WAYS: Final = 400
SEED: Final = 20_260
SETTLED: Final = 3
"""Errors of forecasts from fewer known months are not counted."""
TRUST: Final = 6
"""With so many past forecasts, half of the ways are made of them, half of usual errors."""
SHRUNK: Final = 12
"""With so many past forecasts, half of what they were off on average is made good."""
OF_LATE: Final = 24


@dataclass(frozen=True, slots=True)
class Varying:
    """An expected payment that varies: how many days ahead, and by how much it was another amount before."""

    ahead: int
    off: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The bounds of a balance around its expected course, day by day, and how likely it fell below a line."""

    bounds: dict[float, tuple[Floats, Floats]]
    """Lower and upper, relative to the expected balance, by how often they hold."""
    chance: Floats
    """How likely the balance was below the line on that day or before it."""


def monthly_rest(moved: SeriesForecast) -> Floats:
    """Return what the months from this one on bring besides what recurs, for sums: without the forecasts' usual error.

    What is least wrong for a single month is nearer to a quiet one, for a few are wild; added up, that would be too
    little month after month.
    """
    return np.asarray(moved.points[-1] + _usual(_errors(moved)))


def daily_rest(months: Floats, today: dt.date, days: int) -> Floats:
    """Return what has come on and off by the end of each day from `today` (nothing yet) to `days` days later.

    A month's amount is spread evenly over its days.
    """
    rates = [months[_index(day, today)] / _length(day.year, day.month) for day in _days(today, days)[1:]]
    return np.concatenate(([0.0], np.cumsum(rates)))


def month_shares(today: dt.date, days: int, months: int) -> Floats:
    """Return which share of each month from this one on lies within `days` days after today."""
    shares = np.zeros(months)
    for day in _days(today, days)[1:]:
        shares[_index(day, today)] += 1 / _length(day.year, day.month)
    return shares


def ways(
    moved: SeriesForecast,
    expected: Floats,
    varying: Sequence[Varying],
    today: dt.date,
    line: float,
) -> Ways:
    """Return within which bounds a balance will be that is expected to be `expected` on each day from `today` on."""
    random = np.random.default_rng(SEED)
    months = _drawn(moved, random)
    days = _days(today, len(expected) - 1)
    off = np.zeros((WAYS, len(expected)))
    begun, start = np.zeros(WAYS), 0
    for ahead in range(1, len(expected)):
        month = _index(days[ahead], today)
        if month != _index(days[ahead - 1], today):
            begun, start = off[:, ahead - 1].copy(), ahead - 1
        # Within a month an error grows like the root of the days, as a sum of independent ones does.
        share = (ahead - start) / _length(days[ahead].year, days[ahead].month)
        off[:, ahead] = begun + months[:, month] * np.sqrt(share)
    for one in varying:
        off[:, one.ahead :] += random.choice(np.array(one.off), WAYS)[:, None]
    found, inner = {}, None
    for level in LEVELS:
        low, high = np.quantile(off, ((1 - level) / 2, (1 + level) / 2), axis=0)
        low, high = np.minimum(low, 0), np.maximum(high, 0)
        if inner is not None:
            low, high = np.minimum(low, inner[0]), np.maximum(high, inner[1])
        inner = found[level] = (low, high)
    lowest = np.minimum.accumulate(expected + off, axis=1)
    return Ways(found, (lowest < line).mean(axis=0))


def _errors(forecast: SeriesForecast) -> Floats:
    """Return how far off past forecasts were of which all months ahead are known: [forecast, ahead]."""
    count, horizon = len(forecast.amounts), forecast.points.shape[1]
    made = range(SETTLED, count - horizon + 1)
    found = [forecast.amounts[known : known + horizon] - forecast.points[known] for known in made]
    return np.array(found).reshape(len(found), horizon)


def _drawn(moved: SeriesForecast, random: np.random.Generator) -> Floats:
    errors, horizon = _errors(moved), moved.points.shape[1]
    errors = errors - _usual(errors)
    moves = np.abs(np.diff(moved.amounts[-YEAR - 1 :]))
    scale = float(moves.mean()) if len(moves) else 0.0
    # Spending is what is wild: more goes out than usual more often than more comes in.
    usual = -scale * random.choice(np.array(TYPICAL), (WAYS, horizon))
    own = random.random(WAYS) < len(errors) / (len(errors) + TRUST)
    if len(errors):
        usual[own] = errors[random.integers(len(errors), size=int(own.sum()))]
    return np.asarray(usual)


def _usual(errors: Floats) -> Floats:
    """Return what forecasts were off on average of late, the wildest held back, less the fewer there are."""
    late = errors[-OF_LATE:]
    if not len(late):
        return np.zeros(errors.shape[1])
    low, high = np.quantile(late, (0.05, 0.95), axis=0)
    return np.asarray(np.clip(late, low, high).mean(axis=0) * len(late) / (len(late) + SHRUNK))


def _days(today: dt.date, days: int) -> list[dt.date]:
    return [today + dt.timedelta(days=ahead) for ahead in range(days + 1)]


def _index(day: dt.date, today: dt.date) -> int:
    return (day.year - today.year) * 12 + day.month - today.month


def _length(year: int, month: int) -> int:
    return monthrange(year, month)[1]
