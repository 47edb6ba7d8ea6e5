"""What will be: monthly amounts with intervals."""

from core.forecasting.series import SeriesForecast, forecast_series

__all__ = ["SeriesForecast", "forecast_series"]
