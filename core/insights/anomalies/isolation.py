"""An isolation forest over the features of purchases: rows that a few random cuts set apart are unlike the others.

Liu, Ting and Zhou, "Isolation Forest", 2008; the trees are scikit-learn's.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from core.insights.anomalies.grouping import Flags, Floats, Ints

Features = npt.NDArray[np.float32]

TREES: Final = 64
SAMPLE: Final = 512
"""Rows that each tree is grown from."""
LEAST: Final = 20
"""With fewer rows there is nothing to be set apart from."""
GROWN_FROM: Final = 20_000
"""The trees choose from so many rows, evenly taken."""
SOUNDED: Final = 5_000
"""So many rows, evenly taken, say how the others do where not all are asked about."""
FARTHEST: Final = 12.0
SEED: Final = 2008


def features_of(columns: Sequence[Floats]) -> Features:
    """Return columns as the forest takes them: no value counts for more than the farthest."""
    features = np.empty((len(columns[0]), len(columns)), dtype=np.float32)
    for place, column in enumerate(columns):
        features[:, place] = np.clip(column, -FARTHEST, FARTHEST)
    return features


def isolation(features: Features, wanted: Flags | None = None) -> Floats:
    """Return a number for each row of `features`, between 0 and 1: near 1 where it is set apart soon.

    Rows that are not `wanted` have that of the middle one of some evenly taken rows. The same rows in the same order
    always give the same numbers.
    """
    if len(features) < LEAST:
        return np.full(len(features), 0.5)
    # Loaded by whoever has something to tell: it takes longer than all the rest of a search.
    from sklearn.ensemble import IsolationForest

    forest = IsolationForest(
        n_estimators=TREES, max_samples=min(SAMPLE, len(features)), random_state=np.random.RandomState(SEED)
    ).fit(features[_evenly(len(features), GROWN_FROM)])
    if wanted is None:
        return np.asarray(-forest.score_samples(features))
    sounded = _evenly(len(features), SOUNDED)
    asked = wanted.copy()
    asked[sounded] = True
    found = np.empty(len(features))
    found[asked] = -forest.score_samples(features[asked])
    found[~asked] = np.median(found[sounded])
    return found


def _evenly(rows: int, wanted: int) -> Ints:
    return np.unique(np.linspace(0, rows - 1, min(wanted, rows)).astype(np.int64))
