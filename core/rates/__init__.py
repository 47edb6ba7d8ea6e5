"""Rates of exchange: the European Central Bank's reference rates, shipped up to a day or taken in by the person."""

from core.rates.intake import Taken, take_in_rates
from core.rates.kept import RatesStanding, own_rates, rates_in, rates_of, rates_standing
from core.rates.reading import read_rates
from core.rates.shipped import MADE_BY, Shipped, shipped_rates
from core.rates.table import STALE_AFTER, Converted, Rates, Step
from core.rates.units import EURO, ONE

__all__ = [
    "EURO",
    "MADE_BY",
    "ONE",
    "STALE_AFTER",
    "Converted",
    "Rates",
    "RatesStanding",
    "Shipped",
    "Step",
    "Taken",
    "own_rates",
    "rates_in",
    "rates_of",
    "rates_standing",
    "read_rates",
    "shipped_rates",
    "take_in_rates",
]
