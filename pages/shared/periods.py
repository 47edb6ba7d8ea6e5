"""The periods that people choose from, in words: on Analytics and on Explore."""

from collections.abc import Mapping
from typing import Final

from core.analytics import Preset

PERIOD_NAMES: Final[Mapping[Preset, str]] = {
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "month": "This month",
    "last_month": "Last month",
    "3m": "3 months",
    "6m": "6 months",
    "12m": "12 months",
    "24m": "24 months",
    "year": "This year",
    "last_year": "Last year",
    "all": "All time",
    "own": "Own range",
}
