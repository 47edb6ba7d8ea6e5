"""How far each expert is believed: weights that make what came out most likely, learned on movements kept back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize

from core.categorising.experts import OPINIONS, Opinions
from core.categorising.movements import Floats, Ints

SITUATIONS: Final = 3
"""A payee never met, a payee met under another text, the very text met: experts earn belief in each by itself."""

START: Final[dict[str, tuple[float, float, float]]] = {
    "text": (1.5, 1.0, 0.5),
    "payee": (2.5, 2.0, 1.5),
    "words": (0.1, 0.1, 0.05),
    "similar": (0.3, 0.2, 0.1),
    "hint": (0.4, 0.1, 0.1),
    "group": (0.1, 0.1, 0.0),
    "share": (0.2, 0.2, 0.2),
    "spread": (0.0, 0.0, 0.0),
    "amount": (0.2, 0.15, 0.15),
}
"""Belief before anything is known of a person's texts."""

OTHERWISE: Final = (0.05, 0.15, 0.15)
STIFFNESS: Final = 2.0
"""How hard belief is moved away from its start: a few dozen movements do it."""

FEWEST: Final = 5
STRONGEST: Final = 12.0


def situations(opinions: Opinions) -> Ints:
    """Return each movement's situation as a number below `SITUATIONS`."""
    return np.where(opinions.text_met >= 0, 2, np.where(opinions.payee_met >= 0, 1, 0)).astype(np.int64)


@dataclass(frozen=True)
class Pool:
    """The belief in each expert: a row for each situation."""

    belief: Floats

    @classmethod
    def learn(cls, kept_back: Sequence[tuple[Opinions, Ints]]) -> "Pool":
        """Learn from the experts' opinions of movements that they had not learned from, and what came out."""
        belief = np.array([[START.get(name, OTHERWISE)[case] for name in OPINIONS] for case in range(SITUATIONS)])
        for case in range(SITUATIONS):
            chosen = [(opinions, labels, situations(opinions) == case) for opinions, labels in kept_back]
            if sum(int(rows.sum()) for *_, rows in chosen) >= FEWEST:
                layers = np.concatenate([opinions.layers[:, rows] for opinions, _, rows in chosen], axis=1)
                labels = np.concatenate([labels[rows] for _, labels, rows in chosen])
                belief[case] = _fitted(layers, labels, belief[case])
        return cls(belief)

    def chances(self, opinions: Opinions) -> Floats:
        """Return how likely each category is for each movement."""
        case = situations(opinions)
        scores = np.zeros(opinions.layers.shape[1:])
        for number, layer in enumerate(opinions.layers):
            scores += self.belief[case, number, None] * layer
        scores -= scores.max(axis=1, keepdims=True)
        chance = np.exp(scores)
        return np.asarray(chance / chance.sum(axis=1, keepdims=True))


def _fitted(layers: Floats, labels: Ints, start: Floats) -> Floats:
    number = np.arange(len(labels))
    truth = layers[:, number, labels].sum(axis=1)
    flat = layers.reshape(len(layers), -1)

    def loss(belief: Floats) -> tuple[float, Floats]:
        scores = (belief @ flat).reshape(layers.shape[1:])
        top = scores.max(axis=1, keepdims=True)
        chance = np.exp(scores - top)
        total = chance.sum(axis=1, keepdims=True)
        moved = belief - start
        value = float((top + np.log(total)).sum() - belief @ truth + STIFFNESS * moved @ moved)
        return value, flat @ (chance / total).ravel() - truth + 2 * STIFFNESS * moved

    limits = [(0.0, STRONGEST)] * len(start)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits, options={"maxiter": 60})
    return np.asarray(found.x)
