"""Learn which forecasters to believe before a series has shown much: `python -m tests.eval.learn_forecast`.

It writes `data/reference/forecast_experience.csv` from the made-up series of `tests.eval.month_series` alone, in a
few minutes: the logits that make the weighted mean of the experts least wrong one month and three months ahead, each
series counting alike, measured by the best of the simple methods on it. Real series are left to be judged by.
"""

import csv
from typing import Final

import numpy as np
from scipy.optimize import minimize

from core.forecasting.combining import EXPERIENCE, SHARPENS, SHARPEST, TRAITS, track_records, traits
from core.forecasting.experts import NAMES, Floats, expert_forecasts
from tests.eval.forecast import STEPS, baseline_forecasts, first_known
from tests.eval.month_series import all_made

STRENGTH: Final = 0.06
"""How strongly what is learned is held near zero."""
HEAD_START: Final = 1.0
"""What medians are given beyond what was learned: real months are wilder than made-up ones. Half of it for the months
further ahead, where a level that moved counts for more than a wild month.
"""
LESSONS: Final = ((range(12), None), (range(50, 58), 18), (range(70, 76), 14), (range(60, 64), 36))
"""Seeds and lengths; None is two to ten years."""


class Lessons:
    """Every month of every series that something was forecast for, stacked."""

    def __init__(self) -> None:
        records, counts, found, said, real, worth = [], [], [], [], [], []
        for seeds, months in LESSONS:
            for _, amounts in all_made(seeds, months):
                experts = expert_forecasts(amounts, max(STEPS))
                record, count = track_records(amounts, experts)
                simple = baseline_forecasts(amounts, max(STEPS))
                for step in STEPS:
                    months_at = np.arange(first_known(len(amounts)) + step - 1, len(amounts))
                    known, ahead = months_at - step + 1, step - 1
                    best = min(float(np.abs(one[known, ahead] - amounts[months_at]).mean()) for one in simple.values())
                    scale = max(best, 0.15 * float(np.abs(np.diff(amounts)).mean()), 1e-6 * float(amounts.max()) + 1e-9)
                    records.append(record[known, :, ahead])
                    counts.append(count[known, ahead])
                    found.append(np.c_[traits(amounts)[known], np.full(len(known), float(step > 1))])
                    said.append(experts[known, :, ahead])
                    real.append(amounts[months_at])
                    worth.append(np.full(len(known), 1 / scale / len(known)))
        self.records, self.counts, self.found = map(np.concatenate, (records, counts, found))
        self.said, self.real = np.concatenate(said), np.concatenate(real)
        self.worth = np.concatenate(worth)
        self.worth /= self.worth.sum()
        self.unit = 1.0
        self.unit = self.loss(start())[0]

    def loss(self, free: Floats) -> tuple[float, Floats]:
        """Return the loss and its gradient."""
        prior = free.reshape(len(TRAITS), len(NAMES))
        power = np.minimum(SHARPENS * self.counts, SHARPEST)[:, None]
        scores = self.found @ prior - power * self.records
        weights = np.exp(scores - scores.max(axis=1, keepdims=True))
        weights /= weights.sum(axis=1, keepdims=True)
        mean = (weights * self.said).sum(axis=1)
        error = mean - self.real
        pull = weights * (self.said - mean[:, None]) * (np.sign(error) * self.worth)[:, None]
        slope = self.found.T @ pull / self.unit + 2 * STRENGTH * prior / len(NAMES)
        value = float((np.abs(error) * self.worth).sum()) / self.unit + STRENGTH * float((prior**2).sum()) / len(NAMES)
        return value, slope.ravel()


def start() -> Floats:
    """Return where learning starts: every expert alike."""
    return np.zeros(len(TRAITS) * len(NAMES))


def main() -> None:
    lessons = Lessons()
    learned = minimize(lessons.loss, start(), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    prior = learned.x.reshape(len(TRAITS), len(NAMES))
    medians = [name.startswith("median") for name in NAMES]
    prior[0, medians] += HEAD_START
    prior[-1, medians] -= HEAD_START / 2
    with EXPERIENCE.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["expert", *TRAITS])
        out.writerows([name, *(f"{one:.3f}" for one in prior[:, at])] for at, name in enumerate(NAMES))
    print(f"{len(lessons.real)} months; the loss is {learned.fun:.3f} of that with every expert alike.")


if __name__ == "__main__":
    main()
