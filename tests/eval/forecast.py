"""How well monthly amounts are forecast: `python -m tests.eval.forecast --series S.csv`.

S.csv has the columns `month,amount`, and perhaps `series` with a name for each of several. A month is `2026-03` or any
of its dates; several rows of a month are added up; a month between others without a row had nothing, and counts as
zero. An empty amount counts as if its row was not there.

From the first month on that has a year before it (half of the series, where it is shorter than two years; three months
at the least) every month is forecast from those before it alone: one month ahead, and three months ahead. Beside ours
stand the last value, the mean of three months, the median of six and the same month of last year (the mean of the last
six months until there was one); each takes what there is while there is less.

Printed, for each number of months ahead:

* MAE: the mean absolute error over the months, then the mean over the series;
* MASE: the same, each series' divided by the mean absolute change from month to month before the first forecast
  (Hyndman and Koehler 2006); of the whole series where there was none; series that never change are left out;
* coverage: in how many months the 80 % interval held what came, and the 95 % one.

Without a file, the made-up series of `tests.eval.month_series` from seeds that nothing was tuned with are forecast.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from core.forecasting import forecast_series
from core.forecasting.experts import Floats
from tests.eval.month_series import MAKERS, UNSEEN, made

STEPS: Final = (1, 3)
YEAR: Final = 12
OURS: Final = "ours"


@dataclass(frozen=True, slots=True)
class Score:
    """How well one series was forecast so many months ahead."""

    step: int
    months: int
    mae: Mapping[str, float]
    mase: Mapping[str, float]
    """Empty for a series that never changes."""
    held: Mapping[int, float]
    """The share of months within the interval, by its per cent."""


def first_known(months: int) -> int:
    """Return how many months are known at the first forecast."""
    return max(3, min(YEAR, months // 2))


def baseline_forecasts(amounts: Floats, horizon: int) -> dict[str, Floats]:
    """Return what the simple methods say: [known, months ahead less one]."""
    said = {
        name: np.full((len(amounts) + 1, horizon), np.nan) for name in ("last", "mean 3", "median 6", "seasonal 12")
    }
    for known in range(1, len(amounts) + 1):
        past = amounts[:known]
        said["last"][known] = past[-1]
        said["mean 3"][known] = past[-3:].mean()
        said["median 6"][known] = np.median(past[-6:])
        for ahead in range(horizon):
            back = known + ahead - YEAR
            said["seasonal 12"][known, ahead] = past[back] if back >= 0 else past[-6:].mean()
    return said


def score(amounts: Floats) -> list[Score]:
    """Return how well a series was forecast one and three months ahead; nothing for one that is too short."""
    count, horizon = len(amounts), max(STEPS)
    first = first_known(count)
    if count < first + horizon:
        return []
    ours = forecast_series(amounts, horizon)
    said = {OURS: ours.points, **baseline_forecasts(amounts, horizon)}
    scale = float(np.abs(np.diff(amounts[:first])).mean()) or float(np.abs(np.diff(amounts)).mean())
    scores = []
    for step in STEPS:
        months = np.arange(first + step - 1, count)
        known, ahead = months - step + 1, step - 1
        mae = {name: float(np.abs(one[known, ahead] - amounts[months]).mean()) for name, one in said.items()}
        held = {
            round(100 * level): float(
                ((low[known, ahead] <= amounts[months]) & (amounts[months] <= high[known, ahead])).mean()
            )
            for level, (low, high) in ours.bounds.items()
        }
        mase = {name: error / scale for name, error in mae.items()} if scale else {}
        scores.append(Score(step, len(months), mae, mase, held))
    return scores


def read(path: Path) -> dict[str, Floats]:
    """Return the series of a file, by name, each from its first month with an amount to its last."""
    found: defaultdict[str, defaultdict[int, float]] = defaultdict(lambda: defaultdict(float))
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            amount = (row["amount"] or "").strip().replace(",", "")
            if amount:
                year, month = row["month"].strip().split("-")[:2]
                found[(row.get("series") or "").strip()][12 * int(year) + int(month[:2]) - 1] += float(amount)
    return {
        name: np.array([months.get(at, 0.0) for at in range(min(months), max(months) + 1)])
        for name, months in found.items()
    }


def show(title: str, series: Sequence[Floats]) -> bool:
    """Print how well some series were forecast; tell whether ours was the best one and three months ahead."""
    scores = [one for amounts in series for one in score(amounts)]
    if not scores:
        print(f"{title}: too short to be judged.")
        return False
    wins = []
    for step in STEPS:
        own = [one for one in scores if one.step == step]
        names = list(own[0].mae)
        mae = {name: float(np.mean([one.mae[name] for one in own])) for name in names}
        changing = [one for one in own if one.mase]
        mase = {name: float(np.mean([one.mase[name] for one in changing])) for name in names} if changing else {}
        months = sum(one.months for one in own)
        print(f"{title}: {len(own)} series, {months} months, {step} ahead")
        for label, errors in (("MAE", mae), ("MASE", mase)):
            if errors:
                best = min((name for name in names if name != OURS), key=errors.__getitem__)
                wins.append(errors[OURS] < errors[best])
                told = "".join(f"{name} {errors[name]:.4g}  " for name in names)
                print(f"  {label:5} {told} ours is {errors[OURS] / errors[best] if errors[best] else 1:.3f} of {best}")
        held = {level: sum(one.held[level] * one.months for one in own) / months for level in own[0].held}
        print("  held ", "  ".join(f"{level} %: {share:.1%}" for level, share in held.items()))
    return all(wins)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--series", type=Path)
    parser.add_argument("--each", action="store_true", help="every series by itself too")
    parser.add_argument("--seeds", type=int, default=2, help="of each kind of made-up series, when no file is given")
    asked = parser.parse_args()
    if asked.series:
        series = read(asked.series)
    else:
        series = {f"{kind} {seed}": made(kind, seed) for kind in MAKERS for seed in range(UNSEEN, UNSEEN + asked.seeds)}
    won = [name for name, amounts in series.items() if asked.each and show(name or "series", [amounts])]
    show("all", list(series.values()))
    if asked.each:
        print(f"Ours alone was the best in all of its figures in {len(won)} of {len(series)} series.")


if __name__ == "__main__":
    main()
