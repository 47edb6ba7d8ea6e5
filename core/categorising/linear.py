"""One line between each category and all others: fast to learn, hard to beat on short texts."""

import warnings
from dataclasses import dataclass

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.svm import LinearSVC

from core.categorising.features import Sparse
from core.categorising.movements import Floats, Ints


@dataclass(frozen=True)
class Lines:
    """The learned lines: a column of weights and an offset for each of the categories."""

    weights: Floats
    offsets: Floats

    @classmethod
    def learn(
        cls, rows: Sparse, labels: Ints, size: int, strength: float = 1.0, counts: Floats | Ints | None = None
    ) -> "Lines":
        """Learn from `rows` with the categories `labels`, numbers below `size`, not all of which need be there.

        `strength` is the price of an error; `counts` says how many movements each row stands for.
        """
        met = np.unique(labels)
        weights = np.zeros((rows.shape[1], size))
        offsets = np.full(size, -1.0)
        if len(met) == 1:
            offsets[met] = 1.0
            return cls(weights, offsets)
        machine = LinearSVC(C=strength, tol=0.1, max_iter=100, random_state=0)
        with warnings.catch_warnings():  # a line that is not yet quite the best is good enough
            warnings.simplefilter("ignore", ConvergenceWarning)
            machine.fit(rows, labels, sample_weight=counts)
        if len(met) == 2:
            weights[:, met[0]], weights[:, met[1]] = -machine.coef_[0], machine.coef_[0]
            offsets[met] = (-machine.intercept_[0], machine.intercept_[0])
        else:
            weights[:, met] = machine.coef_.T
            offsets[met] = machine.intercept_
        return cls(weights, offsets)

    def scores(self, rows: Sparse) -> Floats:
        """Return how far on each category's side each row lies."""
        return np.asarray(rows @ self.weights) + self.offsets
