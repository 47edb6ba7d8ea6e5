"""Whom of the experts to believe: weights from how far off each was in this series so far, found anew every month.

Each month an expert's weight falls with a power of its discounted mean error, as in forecasting with expert advice
(Cesa-Bianchi and Lugosi 2006, chapter 2), the sharper the more months are known. Before there is much to go by, what
counts is whom experience with other series speaks for: a softmax over a few traits of the series, as in
Montero-Manso and others, "FFORMA" (2020). That experience is `data/reference/forecast_experience.csv`, learned by
`python -m tests.eval.learn_forecast` from made-up series alone. The middle part of the weighted experts is averaged: a
few that are far off move nothing. All of this counts from the month on in which the series begins.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from core.config import ROOT
from core.forecasting.beginning import beginnings
from core.forecasting.experts import HALF, LAGS, NAMES, YEAR, Floats, expert_forecasts

EXPERIENCE: Final = ROOT / "data" / "reference" / "forecast_experience.csv"
TRAITS: Final = ("always", "fixed", "empty", "short", "fixed squared", "again", "fixed and again", "further ahead")

LASTS: Final = 0.98
"""What an error counts for a month later."""
TRAIT_LASTS: Final = 0.93
OWN: Final = 0.75
"""What the errors of the same horizon count for; the rest is of all horizons together. Errors of months further ahead
overlap, so that as many of them tell less (Hansen and Hodrick 1980): it is divided by how many months ahead they are.
"""
FLOOR: Final = 0.02
"""An error smaller than this share of a good expert's is as good as none."""
KEPT: Final = 0.002
"""Amounts that differ by less than this share are the same."""
STEP: Final = 0.3
"""A fixed amount that changed by at most this share has a new price; by more, something else happened."""
FIXED: Final = 0.5
"""From this share of months with the amount of the month before on, a series is a fixed one."""
BEST: Final = 1.5
SHARPENS: Final = 1.5
"""By how much the power of an expert's error grows with each month that is known."""
SHARPEST: Final = 8.0
CENTRE: Final = (0.25, 0.75)
"""The part of the weight, from the lowest forecast to the highest, that is averaged."""

_NEEDS: Final = {
    **dict.fromkeys(
        (
            "last year",
            "same months",
            "last year moved",
            "seasons and level",
            "seasons and last months",
            "seasons and median",
            "seasons in shares",
        ),
        YEAR,
    ),
    **{f"every {lag}": lag for lag in LAGS},
}
NEEDS: Final = np.array([_NEEDS.get(name, 1) for name in NAMES])
"""How many months each expert needs to say something of its own."""


@dataclass(frozen=True, slots=True)
class Combined:
    """What was forecast after each number of known months: [known, months ahead less one]."""

    points: Floats
    weights: Floats
    """[known, expert, months ahead less one]; adds up to one over the experts."""


def combined(amounts: Floats, horizon: int) -> Combined:
    """Return the combined forecasts of a series; what lies at [known] depends on its first `known` amounts alone."""
    begun = beginnings(amounts)
    points = np.full((len(begun), horizon), np.nan)
    weights = np.zeros((len(begun), len(NAMES), horizon))
    for start in np.unique(begun).tolist():
        at = np.flatnonzero(begun == start)
        found = _since(amounts[start : at[-1]], horizon)
        points[at], weights[at] = found.points[at - start], found.weights[at - start]
    if len(amounts):
        # What was never negative, or never positive, will not be: a refund more than was spent is no forecast.
        points = np.where(np.minimum.accumulate(np.r_[0, amounts])[:, None] >= 0, np.maximum(points, 0), points)
        points = np.where(np.maximum.accumulate(np.r_[0, amounts])[:, None] <= 0, np.minimum(points, 0), points)
    return Combined(points, weights)


def _since(amounts: Floats, horizon: int) -> Combined:
    """Return the combined forecasts of a series that begins with its first amount."""
    said = expert_forecasts(amounts, horizon)
    records, counts = track_records(amounts, said)
    weights = weighed(records, counts, traits(amounts), experience())
    points = np.full((len(amounts) + 1, horizon), np.nan)
    points[1:] = _centre_mean(said[1:], weights[1:])
    stays = _stays(amounts, records)
    points[stays] = said[:, :1, :][stays.nonzero()[0], 0, stays.nonzero()[1]]
    return Combined(points, weights)


def track_records(amounts: Floats, said: Floats) -> tuple[Floats, Floats]:
    """Return how far off each expert was so far, as the logarithm of its share of a good one's error, and of how much.

    Both by how many months were known: [known, expert, months ahead less one], [known, months ahead less one].
    """
    count, horizon = len(amounts), said.shape[2]
    sums, seen = np.zeros((len(NAMES), horizon)), np.zeros(horizon)
    records = np.zeros((count + 1, len(NAMES), horizon))
    counts = np.zeros((count + 1, horizon))
    place = len(NAMES) // 4
    shares = OWN / np.arange(1, horizon + 1)
    for known in range(2, count + 1):
        for ahead in range(min(horizon, known - 1)):
            before = known - 1 - ahead
            errors = np.abs(said[before, :, ahead] - amounts[known - 1])
            # Who had nothing to say of its own is taken for a middling one, neither praised nor blamed.
            errors[before < NEEDS] = np.median(errors)
            sums[:, ahead] = LASTS * sums[:, ahead] + errors
            seen[ahead] = LASTS * seen[ahead] + 1
        pooled = sums.sum(axis=1, keepdims=True) / seen.sum()
        own = np.where(seen > 0, shares * sums / np.maximum(seen, 1e-9) + (1 - shares) * pooled, pooled)
        good = np.partition(own, place, axis=0)[place]
        good = np.where(good > 0, good, own.mean(axis=0))
        tiny = 1e-9 * float(np.abs(amounts[:known]).mean()) + 1e-12
        records[known] = np.log((own + FLOOR * good + tiny) / (good + tiny))
        counts[known] = (seen + seen.mean()) / 2
    return records, counts


def traits(amounts: Floats) -> Floats:
    """Return the `TRAITS` of a series, but for the last, after each number of known months."""
    found = np.zeros((len(amounts) + 1, len(TRAITS) - 1))
    fixed = empty = pairs = months = 0.0
    for known, amount in enumerate(amounts.tolist(), start=1):
        again = False
        if known > 1:
            before = float(amounts[known - 2])
            again = amount != 0 and abs(amount - before) <= KEPT * max(abs(amount), abs(before))
            fixed, pairs = TRAIT_LASTS * fixed + again, TRAIT_LASTS * pairs + 1
        empty, months = TRAIT_LASTS * empty + (amount == 0), TRAIT_LASTS * months + 1
        share = (fixed + 0.1) / (pairs + 0.5)
        found[known] = (1, share, empty / months, 1 / (1 + known / HALF), share**2, again, share * again)
    return found


def weighed(records: Floats, counts: Floats, found: Floats, prior: Floats) -> Floats:
    """Return the experts' weights: [known, expert, months ahead less one]."""
    horizon = records.shape[2]
    further = np.tile((np.arange(horizon) > 0).astype(float), (len(found), 1))
    scores = (found @ prior[:-1])[:, :, None] + prior[-1][None, :, None] * further[:, None, :]
    scores -= np.minimum(SHARPENS * counts, SHARPEST)[:, None, :] * records
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


@lru_cache(maxsize=1)
def experience() -> Floats:
    """Return what speaks for each expert: [trait, expert]."""
    with EXPERIENCE.open(encoding="utf-8", newline="") as file:
        rows = {row["expert"]: row for row in csv.DictReader(file)}
    return np.array([[float(rows[name][trait]) for name in NAMES] for trait in TRAITS])


def _centre_mean(said: Floats, weights: Floats) -> Floats:
    order = np.argsort(said, axis=1, kind="stable")
    values, parts = np.take_along_axis(said, order, 1), np.take_along_axis(weights, order, 1)
    until = np.cumsum(parts, axis=1)
    low, high = CENTRE
    inside = np.maximum(np.minimum(until, high) - np.maximum(until - parts, low), 0)
    return np.asarray((inside * values).sum(axis=1) / inside.sum(axis=1))


def _stays(amounts: Floats, records: Floats) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    """Tell where a fixed amount will just stay: it mostly did, its last step was small, and nobody knew much better."""
    share = traits(amounts)[:, 1]
    near = np.zeros(len(amounts) + 1, bool)
    near[2:] = np.abs(np.diff(amounts)) <= STEP * np.abs(amounts[:-1])
    good = records[:, 0, :] <= records.min(axis=1) + np.log(BEST)
    return np.asarray(((share >= FIXED) & near)[:, None] & good)
