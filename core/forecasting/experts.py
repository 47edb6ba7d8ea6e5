"""Simple forecasters of a monthly series, each tried at every past month.

All are well known and cheap: means, medians, exponential smoothing (Brown 1959; with a damped trend, Gardner and
McKenzie 1985), Theta as smoothing with half of the trend (Hyndman and Billah 2003), the same month of last year, and
levels of a series from which its seasons were taken. Which of them to believe is settled in
`core.forecasting.combining`.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

YEAR: Final = 12
MEDIANS: Final = (3, 6, 12, 24)
WEIGHTS: Final = (0.2, 0.35, 0.6)
"""What the last month counts for in exponential smoothing."""
PHI: Final = 0.85
"""How much of a trend lasts from month to month."""
LAGS: Final = (3, 6)
"""Bills come every quarter and half a year too."""
HALF: Final = 6

NAMES: Final[tuple[str, ...]] = (
    "last",
    "mean 3",
    *(f"median {months}" for months in MEDIANS),
    *(f"smooth {weight}" for weight in WEIGHTS[1:]),
    "trend",
    "theta",
    "last year",
    "same months",
    "last year moved",
    "seasons and level",
    "seasons and last months",
    "seasons and median",
    "seasons in shares",
    *(f"every {lag}" for lag in LAGS),
    "a year's mode",
)


def expert_forecasts(amounts: Floats, horizon: int) -> Floats:
    """Return what each expert would have said after each number of known months.

    The answer's first index is how many of `amounts` were known (0 to all of them; nothing is said of none), the
    second the expert as in `NAMES`, the third how many months ahead, less one. What lies at [known] depends on the
    first `known` amounts alone. Where an expert knows too little yet it says what a simpler one does.
    """
    count = len(amounts)
    said = np.full((count + 1, len(NAMES), horizon), np.nan)
    smoothed = np.zeros(len(WEIGHTS))
    weights = np.array(WEIGHTS)
    level = slope = 0.0
    ahead = np.arange(1, horizon + 1)
    damping = np.cumsum(PHI**ahead)
    for known in range(1, count + 1):
        past, last = amounts[:known], amounts[known - 1]
        smoothed = smoothed + weights * (last - smoothed)
        # Divided by what the weights add up to so far: else the first month would count for too much.
        levels = smoothed / (1 - (1 - weights) ** known)
        if known == 1:
            level = last
        else:
            before = level
            level = 0.3 * last + 0.7 * (level + PHI * slope)
            slope = 0.1 * (level - before) + 0.9 * PHI * slope
        of_late = past[-24:].tolist()
        medians = [middle(of_late[-months:]) for months in MEDIANS]
        flat = [last, _mean(of_late[-3:]), *medians, *levels[1:]]
        rows: list[Floats] = [np.full(horizon, one) for one in flat]
        rows.append(level + slope * damping)
        rows.append(_theta(past, float(levels[0]), WEIGHTS[0], ahead))
        rows += _seasonal(past, horizon, last_months=_mean(of_late[-HALF:]), typical=medians[2])
        rows += [_again(past, lag, horizon) for lag in LAGS]
        rows.append(np.full(horizon, _mode(past[-YEAR:])))
        said[known] = rows
    return said


def _theta(past: Floats, level: float, weight: float, ahead: NDArray[np.int64]) -> Floats:
    known = len(past)
    if known < HALF:
        return np.full(len(ahead), level)
    at = np.arange(known) - (known - 1) / 2
    drift = float(at @ past / (at @ at)) / 2
    return np.asarray(level + drift * (ahead - 1 + 1 / weight - (1 - weight) ** known / weight))


def _again(past: Floats, lag: int, horizon: int) -> Floats:
    """Return the last `lag` months once more, as often as it takes; until there are so many, their median."""
    if len(past) < lag:
        return np.full(horizon, middle(past.tolist()))
    return np.asarray(past[len(past) - lag + np.arange(horizon) % lag])


def _mode(past: Floats) -> float:
    """Return the amount that was there most often, the latest of several: what is fixed stays."""
    amounts = past.tolist()[::-1]
    return float(max(amounts, key=amounts.count))


def middle(amounts: list[float]) -> float:
    """Return the median. Of the few months here it takes a tenth of numpy's time."""
    ordered, half = sorted(amounts), len(amounts) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _mean(amounts: list[float]) -> float:
    return sum(amounts) / len(amounts)


def _seasonal(past: Floats, horizon: int, *, last_months: float, typical: float) -> Iterable[Floats]:
    known = len(past)
    if known <= YEAR:
        plain = _again(past, YEAR, horizon) if known == YEAR else np.full(horizon, last_months)
        level = np.full(horizon, last_months)
        return [plain, plain, (plain + level) / 2, level, level, np.full(horizon, typical), level]
    year_ago = past[known - YEAR + np.arange(horizon) % YEAR]
    places = (known + np.arange(horizon)) % YEAR
    same = np.array([_mean(past[place::YEAR][-3:].tolist()) for place in places])
    overlap = min(known - YEAR, HALF)
    moved = year_ago + float(past[-overlap:].sum() - past[-overlap - YEAR : -YEAR].sum()) / overlap
    local = _centred(past)
    seasons = _shrunk(past - local)
    plain = past - seasons[np.arange(known) % YEAR]
    ahead = seasons[places]
    weight = 0.2 * 0.8 ** np.arange(known)[::-1]
    steady = float(weight @ plain / weight.sum())
    base = np.maximum(np.abs(local), 1e-9)
    shares = _shrunk(past / base) if (past >= 0).all() else np.zeros(YEAR)
    factors = np.maximum(1 + shares, 0.1)
    scaled = past / factors[np.arange(known) % YEAR]
    level_scaled = float(weight @ scaled / weight.sum())
    return [
        year_ago,
        same,
        moved,
        steady + ahead,
        float(plain[-3:].sum()) / 3 + ahead,
        middle(plain[-YEAR:].tolist()) + ahead,
        level_scaled * factors[places],
    ]


def _centred(past: Floats) -> Floats:
    """Return the mean of the year around each month, at the ends of what there is of it."""
    known = len(past)
    sums = np.concatenate(([0.0], np.cumsum(past)))
    at = np.arange(known)
    low, high = np.maximum(at - HALF, 0), np.minimum(at + HALF, known)
    # A whole year wherever there is one: half of one would put the season into the level.
    low = np.minimum(low, np.maximum(high - YEAR, 0))
    high = np.maximum(high, np.minimum(low + YEAR, known))
    return np.asarray((sums[high] - sums[low]) / (high - low))


def _shrunk(deviations: Floats) -> Floats:
    """Return the mean deviation of each of the twelve places, shrunk as far as it may be chance (empirical Bayes)."""
    known = len(deviations)
    place = np.arange(known) % YEAR
    counts = np.bincount(place, minlength=YEAR).astype(float)
    means = np.bincount(place, deviations, minlength=YEAR) / counts
    within = float(((deviations - means[place]) ** 2).sum()) / max(known - YEAR, 1)
    spread = means - means.sum() / YEAR
    between = float(spread @ spread) / YEAR - within * float((1 / counts).sum()) / YEAR
    if between <= 0:
        return np.zeros(YEAR)
    return np.asarray(spread * between / (between + within / counts))
