"""Rates between currencies as a person's own exchanges tell them, where nobody told the day's."""

import datetime as dt
from decimal import Decimal
from typing import Final

import numpy as np

from core.ledger.pairing.candidates import REACH
from core.ledger.pairing.rows import DayRates, Flags, Integers, Ledger

AGREEING: Final = 3
"""How many exchanges must tell a rate."""
SPREAD: Final = 0.06
"""How far apart rates of a few years may lie, as a share."""
_DAY: Final = dt.date(1970, 1, 1)
_MOST: Final = 2_000


def rates_of(ledger: Ledger, likely: Flags) -> DayRates:
    """Return a rate for each currency that several `likely` rows agree on, against the one with the most rows."""
    rows = np.bincount(ledger.currency, minlength=len(ledger.currencies))
    main = int(np.argmax(rows))
    rates = {ledger.currencies[main]: {_DAY: Decimal(1)}}
    for place, currency in enumerate(ledger.currencies):
        if place != main and (rate := _rate(ledger, likely, main, place)):
            rates[currency] = {_DAY: Decimal(repr(rate))}
    return rates


def _rate(ledger: Ledger, likely: Flags, main: int, other: int) -> float:
    """Return how many of `other` one of `main` buys by the densest agreement of neighbouring rows, or 0."""
    ours = np.flatnonzero(likely & (ledger.currency == main))[:_MOST]
    theirs = np.flatnonzero(likely & (ledger.currency == other))[:_MOST]
    near = np.abs(ledger.day[ours][:, None] - ledger.day[theirs][None, :]) <= REACH
    near &= np.sign(ledger.units[ours])[:, None] == -np.sign(ledger.units[theirs])[None, :]
    one, two = np.nonzero(near)
    if len(one) < AGREEING:
        return 0.0
    ratios = np.log(np.abs(ledger.units[theirs[two]] / ledger.units[ours[one]]))
    order = np.argsort(ratios, kind="stable")
    ratios, mine = ratios[order], ours[one[order]]
    ends = np.searchsorted(ratios, ratios + SPREAD, "right")
    counts = _different(mine, ends)
    best = int(np.argmax(counts))
    if counts[best] < AGREEING or counts[best] < 0.5 * min(len(ours), len(theirs)):
        return 0.0
    return float(np.exp(np.median(ratios[best : ends[best]])))


def _different(rows: Integers, ends: Integers) -> Integers:
    """Return how many different rows there are from each place to its end."""
    return np.fromiter(
        (len(set(rows[place:end].tolist())) for place, end in enumerate(ends.tolist())), np.int64, len(rows)
    )
