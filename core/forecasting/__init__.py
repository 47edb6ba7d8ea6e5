"""What will be: the balance and the spending of the next ninety days, how sure that is, and how good it was before."""

from core.forecasting.backtest import BackTest, Tested, TestedMonth
from core.forecasting.by_category import SPANS, CategoryOutlook
from core.forecasting.outlook import DAYS, DayOutlook, Opening, Outlook, outlook
from core.forecasting.rest import ELSE, FEWEST_MONTHS
from core.forecasting.series import SeriesForecast, forecast_series
from core.forecasting.wishes import Change, Once, Wish

__all__ = [
    "DAYS",
    "ELSE",
    "FEWEST_MONTHS",
    "SPANS",
    "BackTest",
    "CategoryOutlook",
    "Change",
    "DayOutlook",
    "Once",
    "Opening",
    "Outlook",
    "SeriesForecast",
    "Tested",
    "TestedMonth",
    "Wish",
    "forecast_series",
    "outlook",
]
