"""One series of monthly amounts, forecast as of every month that is known: what was said then, and what is said now."""

from dataclasses import dataclass

import numpy as np

from core.forecasting.combining import combined
from core.forecasting.experts import Floats
from core.forecasting.intervals import Bounds, bounds


@dataclass(frozen=True, slots=True)
class SeriesForecast:
    """Forecasts by how many months were known then and how many months ahead they are, less one: [known, ahead].

    What lies at [known] depends on the first `known` amounts alone; the last row is the forecast of now.
    """

    amounts: Floats
    points: Floats
    weights: Floats
    """What each expert of `core.forecasting.experts.NAMES` counts for: [known, expert, ahead]."""
    bounds: Bounds
    """The lower and upper bounds, by how often they hold."""


def forecast_series(amounts: Floats, horizon: int) -> SeriesForecast:
    """Forecast a series of monthly amounts in order, without gaps, from each of its months on.

    Raises:
        ValueError: an amount is not finite.
    """
    values = np.asarray(amounts, dtype=np.float64)
    if not np.isfinite(values).all():
        raise ValueError("a series has finite amounts only")
    said = combined(values, horizon)
    return SeriesForecast(values, said.points, said.weights, bounds(values, said.points))
