"""From chances to a decision: which category, how sure, and whether sure enough to be set."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from core.categorising.choosing import Choice
from core.categorising.experts import LINES, OPINIONS, Opinions
from core.categorising.movements import Floats, Ints
from core.categorising.pooling import SITUATIONS, situations

Truths = npt.NDArray[np.bool_]

PRECISION: Final = 0.95
"""Of the categories that are set, at least this share is right."""

ENOUGH: Final = 30
"""From so many movements kept back on, a threshold is measured; below, it is `CAREFUL`, of a confidence of its own."""

MARGIN: Final = 1.0
"""Standard deviations that the precision measured has to lie above the one promised."""

CAREFUL: Final = 0.97
NEVER: Final = 1.01
STIFFNESS: Final = 1.0
HIGHEST: Final = 9.0
"""Odds and margins count up to here, as logarithms."""
SATURATION: Final = 1.5
"""For a rank odds count, as logarithms, ever less towards here: of what is likely anyway, how clearly the lines tell it
says more of being right than odds of a thousand to one, which come of adding up experts that agree by habit."""


@dataclass(frozen=True)
class Judgement:
    """For each movement the category chosen, and how sure of it one can be."""

    chosen: Ints
    confidence: Floats
    enough: Truths


@dataclass(frozen=True)
class Decision:
    """What is chosen, how signs of being right add up to a confidence, and from which one it is set, by situation.

    `thresholds` is NaN where too few were kept back to measure one. There `careful` weights have to come to `CAREFUL`:
    of odds that count less and less no confidence comes that high.
    """

    choice: Choice
    weights: Floats
    careful: Floats
    thresholds: Floats

    @classmethod
    def learn(cls, kept_back: Sequence[tuple[Opinions, Floats, Ints]], share: Floats) -> "Decision":
        """Learn from opinions and chances of movements that nothing was learned from, and what came out.

        `share` is how frequent each category is.
        """
        choice = Choice.learn([chances for _, chances, _ in kept_back], share)
        plain = np.zeros(SIGNS + SITUATIONS)
        plain[0] = 1.0
        if not kept_back:
            return cls(choice, plain, plain, np.full(SITUATIONS, np.nan))
        chosen = [choice.of(chances) for _, chances, _ in kept_back]
        signs = np.concatenate(
            [_signs(opinions, chances, one) for (opinions, chances, _), one in zip(kept_back, chosen, strict=True)]
        )
        cases = np.concatenate([situations(opinions) for opinions, *_ in kept_back])
        right = np.concatenate(chosen) == np.concatenate([labels for *_, labels in kept_back])
        weights = careful = plain
        if len(right) >= ENOUGH:
            weights, careful = _fitted(_saturated(signs), right, plain), _fitted(signs, right, plain)
        confidence = expit(_saturated(signs) @ weights)
        thresholds = [_threshold(confidence[cases == case], right[cases == case]) for case in range(SITUATIONS)]
        return cls(choice, weights, careful, np.array(thresholds))

    def judge(self, opinions: Opinions, chances: Floats) -> Judgement:
        """Return what is chosen for each movement, how sure that is, and whether that is enough to set it."""
        chosen = self.choice.of(chances)
        signs = _signs(opinions, chances, chosen)
        confidence = expit(_saturated(signs) @ self.weights)
        least = self.thresholds[situations(opinions)]
        certain = expit(signs @ self.careful) >= CAREFUL
        return Judgement(chosen, confidence, np.where(np.isnan(least), certain, confidence >= least))


SIGNS: Final = 2 + 2 * len(LINES) + 1


def _signs(opinions: Opinions, chances: Floats, chosen: Ints) -> Floats:
    """Return what tells whether the category chosen is right, with the situation: a row for each movement."""
    row = np.arange(len(chances))
    others = chances.copy()
    others[row, chosen] = 0.0
    first, second = np.maximum(chances[row, chosen], 1e-9), others.max(axis=1)
    odds = np.log(first) - np.log(np.maximum(1 - first, 1e-9))
    ahead = np.log(first / np.maximum(second, 1e-9))
    signs = [np.clip(odds, -HIGHEST, HIGHEST), np.clip(ahead, 0, HIGHEST) / 3]
    for name in LINES:
        layer = opinions.layers[OPINIONS.index(name)]
        rest = layer.copy()
        rest[row, chosen] = -np.inf
        margin = layer[row, chosen] - rest.max(axis=1) if layer.shape[1] > 1 else np.ones(len(row))
        signs += [np.clip(margin, -2, 2), (margin > 0).astype(np.float64)]
    signs.append(np.clip(opinions.layers[OPINIONS.index("payee all"), row, chosen], -3, 3) / 3)
    case = situations(opinions)[:, None] == np.arange(SITUATIONS)
    return np.column_stack([*signs, case.astype(np.float64)])


def _saturated(signs: Floats) -> Floats:
    """Return signs of which the odds and how far they are ahead count ever less."""
    odds, ahead = SATURATION * np.tanh(signs[:, 0] / SATURATION), np.tanh(signs[:, 1])
    return np.column_stack([odds, ahead, signs[:, 2:]])


def _fitted(signs: Floats, right: Truths, start: Floats) -> Floats:
    side = np.where(right, 1.0, -1.0)

    def loss(weights: Floats) -> tuple[float, Floats]:
        agreement = side * (signs @ weights)
        moved = weights - start
        value = float(np.logaddexp(0, -agreement).sum() + STIFFNESS * moved @ moved)
        return value, -signs.T @ (side * expit(-agreement)) + 2 * STIFFNESS * moved

    limits = [(0.0, None)] * SIGNS + [(None, None)] * SITUATIONS
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", bounds=limits).x)


def _threshold(confidence: Floats, right: Truths) -> float:
    """Return the lowest confidence above which the precision holds, with a margin for how few were counted."""
    if len(confidence) < ENOUGH:
        return float("nan")
    order = np.argsort(-confidence, kind="stable")
    number = np.arange(1, len(order) + 1)
    margin = MARGIN * np.sqrt(number * PRECISION * (1 - PRECISION))
    last = np.flatnonzero(np.cumsum(right[order]) >= PRECISION * number + margin)
    return float(confidence[order[last[-1]]]) if len(last) else NEVER
