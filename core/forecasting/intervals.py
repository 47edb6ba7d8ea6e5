"""Within which bounds what was forecast will lie, so that they hold as often as they say.

The bounds are quantiles of the series' own past errors, the later ones counting for more (conformal prediction for
series: Xu and Xie 2021), helped out by a few typical ones while there are few. How wide they must be to hold is corrected
month by month by how often they did (adaptive conformal inference: Gibbs and Candès 2021).
"""

from typing import Final

import numpy as np

from core.forecasting.experts import YEAR, Floats

LEVELS: Final = (0.80, 0.95)
"""How often the bounds hold."""
LASTS: Final = 0.97
"""What an error counts for a month later."""
TYPICAL: Final = (-2.6, -1.3, -0.7, -0.3, 0.0, 0.3, 0.8, 1.5, 3.2)
"""Errors that are usual, by how much a month differs from the one before: more is spent more often than less."""
BORROWED: Final = 4.0
"""What all of these count for, in months; less and less as errors of one's own come in."""
RATE: Final = 0.06
"""How fast the width follows how often the bounds held."""
NARROWEST: Final = 0.3
WIDEST: Final = 0.995


def bounds(amounts: Floats, points: Floats, level: float) -> tuple[Floats, Floats]:
    """Return the lower and the upper bounds of forecasts `points`: [known, months ahead less one], as those are.

    What lies at [known] depends on the first `known` amounts alone.
    """
    count, horizon = len(amounts), points.shape[1]
    low, high = np.full(points.shape, np.nan), np.full(points.shape, np.nan)
    typical = np.array(TYPICAL)
    wanted = np.full(horizon, level)
    moves = np.abs(np.diff(amounts))
    for known in range(1, count + 1):
        past = amounts[:known]
        recent = moves[max(known - 1 - YEAR, 0) : known - 1]
        scale = float(recent.mean()) if len(recent) else 0.5 * float(np.abs(past).mean())
        for ahead in range(horizon):
            before = known - 1 - ahead
            if before >= 1 and not np.isnan(low[before, ahead]):
                held = low[before, ahead] <= past[-1] <= high[before, ahead]
                wanted[ahead] = min(max(wanted[ahead] + RATE * (level - held), NARROWEST), WIDEST)
            # Of months that were forecast when one alone was known there is nothing to learn.
            errors = past[ahead + 2 :] - points[2 : max(known - ahead, 2), ahead]
            own = LASTS ** np.arange(len(errors))[::-1]
            lent = np.full(len(typical), BORROWED / len(typical) / (1 + len(errors) / HALF_YEAR))
            spread = scale * (1 + 0.1 * ahead)
            found = _quantiles(
                np.concatenate((errors, typical * spread)),
                np.concatenate((own, lent)),
                ((1 - wanted[ahead]) / 2, (1 + wanted[ahead]) / 2),
            )
            point = points[known, ahead]
            low[known, ahead], high[known, ahead] = min(point + found[0], point), max(point + found[1], point)
    return _within(amounts, low, 1), _within(amounts, high, 1)


HALF_YEAR: Final = 6


def _quantiles(values: Floats, weights: Floats, at: tuple[float, float]) -> tuple[float, float]:
    order = np.argsort(values, kind="stable")
    ordered, parts = values[order], weights[order]
    places = (np.cumsum(parts) - parts / 2) / parts.sum()
    low, high = np.interp(at, places, ordered)
    return float(low), float(high)


def _within(amounts: Floats, limits: Floats, first: int) -> Floats:
    """Return bounds that are not below zero where nothing ever was, and not above where nothing was."""
    least, most = np.minimum.accumulate(amounts)[:, None], np.maximum.accumulate(amounts)[:, None]
    bounded = limits.copy()
    bounded[first:] = np.where(least >= 0, np.maximum(limits[first:], 0), limits[first:])
    bounded[first:] = np.where(most <= 0, np.minimum(bounded[first:], 0), bounded[first:])
    return bounded
