"""Within which bounds what was forecast will lie, so that they hold as often as they say.

The bounds are quantiles of the series' own past errors, the later ones counting for more (conformal prediction for
series: Xu and Xie 2021), helped out by a few typical ones while there are few. How wide they must be to hold is
corrected month by month by how often they did (adaptive conformal inference: Gibbs and Candès 2021). Of few errors the
outermost are seldom among those seen, so that quantiles are taken further out the fewer there are.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from core.forecasting.experts import HALF, YEAR, Floats

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
UNSEEN: Final = 0.5
"""What is added to the errors in months, for what was not seen yet, when it is settled how far out a quantile lies."""
FURTHER: Final = 0.01
"""What is aimed higher for each month further ahead, of which it is learned later whether the bounds held."""
NARROWEST: Final = 0.3
WIDEST: Final = 0.995


Bounds = Mapping[float, tuple[Floats, Floats]]


def bounds(amounts: Floats, points: Floats) -> Bounds:
    """Return for each of `LEVELS` the lower and the upper bounds of forecasts, as those are: [known, ahead].

    What lies at [known] depends on the first `known` amounts alone. Wider bounds never lie within narrower ones.
    """
    count, horizon = len(amounts), points.shape[1]
    levels = np.array(LEVELS)
    # Lower and upper, by level, known months and months ahead.
    found = np.full((2, len(levels), count + 1, horizon), np.nan)
    typical, moves = np.array(TYPICAL), np.abs(np.diff(amounts))
    aims = np.minimum(levels + FURTHER * np.arange(horizon)[:, None], WIDEST)
    wanted = aims.copy()
    for known in range(1, count + 1):
        past, last = amounts[:known], amounts[known - 1]
        recent = moves[max(known - 1 - YEAR, 0) : known - 1]
        scale = float(recent.sum()) / len(recent) if len(recent) else 0.5 * abs(float(last))
        for ahead in range(horizon):
            before = known - 1 - ahead
            if before >= 1:
                held = (found[0, :, before, ahead] <= last) & (last <= found[1, :, before, ahead])
                wanted[ahead] = np.clip(wanted[ahead] + RATE * (aims[ahead] - held), NARROWEST, WIDEST)
            # Of months that were forecast when one alone was known there is nothing to learn.
            errors = past[ahead + 2 :] - points[2 : max(known - ahead, 2), ahead]
            own = LASTS ** np.arange(len(errors))[::-1]
            lent = np.full(len(typical), BORROWED / len(typical) / (1 + len(errors) / HALF))
            at = np.concatenate(((1 - wanted[ahead]) / 2, (1 + wanted[ahead]) / 2))
            off = _quantiles(np.concatenate((errors, typical * scale)), np.concatenate((own, lent)), at)
            point = points[known, ahead]
            found[0, :, known, ahead] = np.minimum.accumulate(np.minimum(point + off[: len(levels)], point))
            found[1, :, known, ahead] = np.maximum.accumulate(np.maximum(point + off[len(levels) :], point))
    limited = _within(amounts, found)
    return {level: (limited[0, at], limited[1, at]) for at, level in enumerate(LEVELS)}


def _quantiles(values: Floats, weights: Floats, at: Floats) -> Floats:
    order = np.argsort(values, kind="stable")
    ordered, parts = values[order], weights[order]
    months = parts.sum()
    places = (np.cumsum(parts) - parts / 2) / months
    return np.asarray(np.interp(0.5 + (at - 0.5) * (1 + UNSEEN / months), places, ordered))


def _within(amounts: Floats, limits: Floats) -> Floats:
    """Return bounds that are not below zero where nothing ever was, and not above where nothing was."""
    least, most = np.minimum.accumulate(amounts)[:, None], np.maximum.accumulate(amounts)[:, None]
    bounded = limits.copy()
    bounded[..., 1:, :] = np.where(least >= 0, np.maximum(bounded[..., 1:, :], 0), bounded[..., 1:, :])
    bounded[..., 1:, :] = np.where(most <= 0, np.minimum(bounded[..., 1:, :], 0), bounded[..., 1:, :])
    return bounded
