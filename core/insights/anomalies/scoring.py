"""One score from all evidence: how far in the tail of its own distribution each part lies, weighed and added up.

A part's surprise is the negative logarithm of the share of rows that are at least as unusual in it: the empirical tail
probability, as in ECOD (Li, Zhao, Hu, Botta, Ionescu and Chen, 2022). So no part needs a scale of its own, and one that
tells nothing, being the same for all, adds nothing.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np

from core.insights.anomalies.evidence import Evidence
from core.insights.anomalies.grouping import Flags, Floats, Ints
from core.insights.anomalies.isolation import isolation

AMOUNT: Final[Mapping[str, float]] = {"everywhere": 0.5, "plain": 0.5, "shop": 0.4, "merchant": 0.4}
"""Weights of how far the amount is off."""
AROUND: Final[Mapping[str, float]] = {
    "rarity": 0.5,
    "strangeness": 0.2,
    "crowd": 0.5,
    "crowd_at_shop": 0.8,
    "twin": 1.2,
    "company": 1.1,
    "suspicion": 0.5,
    "isolation": 0.6,
}
"""Weights of all else. All were chosen on made-up sets (tests/eval/anomaly_sets.py)."""
COMMON: Final = 2.5
"""What is around a row counts only by what it is more surprising than this: one row in twelve is."""
HALF: Final = 10.0
"""The sum that is a score of one half."""


def scores(evidence: Evidence, rows: Ints | None = None, asked: Flags | None = None) -> Floats:
    """Return a score for each row, or each of some `rows`, from 0 to 1: the higher, the more unusual among all.

    The forest is asked about all rows, or about those `asked`, `rows` among them.
    """
    total = np.zeros(len(evidence.logs) if rows is None else len(rows))
    for part, weight in AMOUNT.items():
        total += weight * surprise(getattr(evidence, part), rows)
    for part, weight in AROUND.items():
        values = isolation(evidence.features, asked) if part == "isolation" else getattr(evidence, part)
        total += weight * np.maximum(surprise(values, rows) - COMMON, 0)
    return total / (total + HALF)


def surprise(values: Floats, rows: Ints | None = None) -> Floats:
    """Return the negative logarithm of the share of values at least as large as each, or as those of `rows`."""
    at_least = len(values) - np.searchsorted(np.sort(values), values if rows is None else values[rows], "left")
    return -np.log(at_least / max(1, len(values)))
