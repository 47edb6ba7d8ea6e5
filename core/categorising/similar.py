"""The payees most like one that was never met, and what theirs were."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from core.categorising.features import Sparse
from core.categorising.movements import Floats, Ints

NEIGHBOURS: Final = 8
TELLING: Final = 0.02
"""Pieces that more than this share of the payees have don't make two payees similar."""

MOST_PAYEES: Final = 8000
"""Only so many payees, those met most, are compared with: it bounds the time."""

DOUBT: Final = 0.05


@dataclass(frozen=True)
class Payees:
    """The payees met most, by the pieces of their names, and how often each category was theirs."""

    telling: Ints
    pieces: Sparse
    shares: Floats
    base: Floats

    @classmethod
    def learn(cls, pieces: Sparse, tally: Sparse, base: Floats) -> "Payees":
        """Remember payees by their weighed `pieces`; `tally` counts the categories of each, `base` is overall."""
        met = np.asarray(tally.sum(axis=1)).ravel()
        most = np.sort(np.argsort(-met, kind="stable")[:MOST_PAYEES])
        frequency = np.bincount(pieces.indices, minlength=pieces.shape[1])
        telling = np.flatnonzero(frequency <= max(3, TELLING * len(met)))
        counts = np.asarray(tally[most].todense())
        return cls(telling, _unit(pieces[most][:, telling]), counts / counts.sum(axis=1, keepdims=True), base)

    def evidence(self, pieces: Sparse) -> Floats:
        """Return how much the nearest payees of each row speak for each category."""
        asked = _unit(pieces[:, self.telling])
        votes = np.zeros((pieces.shape[0], len(self.base)))
        for start in range(0, pieces.shape[0], 512):
            likeness = sparse.csr_matrix(asked[start : start + 512] @ self.pieces.T)
            for row in range(likeness.shape[0]):
                span = slice(likeness.indptr[row], likeness.indptr[row + 1])
                near, which = likeness.data[span], likeness.indices[span]
                if len(near) > NEIGHBOURS:
                    best = np.argsort(-near, kind="stable")[:NEIGHBOURS]
                    near, which = near[best], which[best]
                votes[start + row] = (near**3) @ self.shares[which]
        return smoothed(votes, self.base, DOUBT)


def smoothed(votes: Floats, base: Floats, doubt: float) -> Floats:
    """Return the logarithm of how much likelier votes make each category than `base`, with `doubt` votes for that."""
    return np.asarray(np.log(votes / base + doubt) - np.log(votes.sum(axis=1, keepdims=True) + doubt))


def _unit(rows: Sparse) -> Sparse:
    length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sparse.csr_matrix(sparse.diags(1 / np.maximum(length, 1e-12)) @ rows)
