"""Which of a person's purchases they would want to be told of, and what each is: few, and plain to see.

A score ranks, but says nothing of how many are worth telling. So every kind asks for what a person would ask for: an
amount that is far off by a robust measure, that was never paid before, and that is a good deal for this person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from core.cache import in_groups
from core.insights.anomalies.evidence import TWINS, WITHIN, Evidence
from core.insights.anomalies.grouping import Flags, Floats
from core.insights.anomalies.levels import newcomers
from core.insights.anomalies.purchases import Purchases
from core.insights.anomalies.spending import Spending

ReasonKind = Literal["double", "merchant", "category", "new merchant", "burst"]

HISTORY: Final = 60
"""Before so many purchases, and so many days, nobody knows what is usual."""
AT_SHOP: Final = 4
"""So many other purchases at a merchant tell what is usual there,"""
IN_CATEGORY: Final = 10
"""and so many in a category."""
FAR_AT_SHOP: Final = 3.5
FAR_IN_CATEGORY: Final = 3.0
FAR_FOR_PERSON: Final = 2.5
"""Spreads above what is usual from which on an amount is far off."""
TIMES_AT_SHOP: Final = 2.0
TIMES_IN_CATEGORY: Final = 3.0
"""At least so many times what is usual is paid,"""
ABOVE: Final = 1.2
"""and so many times the most of all others."""
TOP: Final = 0.97
"""A first purchase at a merchant is at least as large as this share of all purchases."""
UNLIKELY_TWIN: Final = 2.3
"""A charge made twice is a surprise of this at least: one chance in ten."""
SMALL: Final = 0.3
"""Twice the same is not worth telling where it is less than this share of a usual purchase,"""
AT_ONCE: Final = 1.0
"""and where less than a usual purchase, only when it came within so many days."""
BURST: Final = 4
BURST_SURPRISE: Final = 10.0
BURST_WORTH: Final = 3.0
"""So many charges at a merchant within days, this unlikely, worth so many usual purchases."""


@dataclass(frozen=True, slots=True)
class Detected:
    """Which rows are what: a flag for each row by kind, and the part of the evidence that tells of it."""

    flags: Mapping[ReasonKind, Flags]
    parts: Mapping[ReasonKind, Floats]


def detect(spending: Spending, evidence: Evidence, recurring: Flags) -> Detected:
    """Return what each row is; `recurring` are those that are part of a series."""
    purchases = spending.purchases
    usual = _usual(purchases)
    experienced = (np.arange(len(purchases)) >= HISTORY) & (purchases.moments - _first(purchases.moments) >= HISTORY)
    open_ = experienced & ~spending.settled
    first = newcomers(spending.payees)
    flags: dict[ReasonKind, Flags] = {
        "double": ~spending.settled & ~recurring & _double(spending, evidence, usual),
        "merchant": open_ & _dear_at_shop(spending, evidence, usual),
        "category": open_ & ~first & ~recurring & _dear_in_category(spending, evidence, usual),
        "new merchant": open_ & ~recurring & first & _dear_at_new(spending, evidence),
        "burst": open_ & _burst(spending, evidence, usual),
    }
    parts: dict[ReasonKind, Floats] = {
        "double": evidence.twin,
        "merchant": evidence.shop,
        "category": evidence.category,
        "new merchant": evidence.person,
        "burst": evidence.crowd_at_shop,
    }
    return Detected(flags, parts)


def _usual(purchases: Purchases) -> Floats:
    """Return what a purchase of some weight is for the person: a quarter of the least of their largest tenth.

    The median says little of people who buy coffee and tickets every day.
    """
    return purchases.ranked("people").quantile(purchases.amounts, 0.9) / 4


def _first(moments: Floats) -> float:
    return float(moments.min()) if len(moments) else 0.0


def _double(spending: Spending, evidence: Evidence, usual: Floats) -> Flags:
    """Tell which repeat a charge: the last of those that are alike."""
    amounts, gaps = spending.purchases.amounts, _since_twin(spending.purchases)
    at_once, soon = (gaps <= AT_ONCE) & (amounts >= SMALL * usual), (gaps <= TWINS) & (amounts >= usual)
    return (at_once | soon) & (evidence.twin >= UNLIKELY_TWIN)


def _since_twin(purchases: Purchases) -> Floats:
    """Return the days since the row before of the same price at the same merchant."""
    order = in_groups(purchases.charges)
    gaps = np.full(len(order), np.inf)
    again = np.diff(purchases.charges[order]) == 0
    gaps[order[1:][again]] = np.diff(purchases.moments[order])[again]
    return gaps


def _dear_at_shop(spending: Spending, evidence: Evidence, usual: Floats) -> Flags:
    amounts, at_shop = spending.purchases.amounts, spending.purchases.ranked("shops")
    median = at_shop.medians_of_others(amounts)
    return np.asarray(
        (at_shop.others >= AT_SHOP)
        & (evidence.shop >= FAR_AT_SHOP)
        & (amounts >= TIMES_AT_SHOP * median)
        & (amounts - median >= usual)
        & (amounts >= ABOVE * at_shop.largest_of_others(amounts))
    )


def _dear_in_category(spending: Spending, evidence: Evidence, usual: Floats) -> Flags:
    purchases = spending.purchases
    amounts = purchases.amounts
    in_category = purchases.ranked("kinds")
    median = in_category.medians_of_others(amounts)
    return np.asarray(
        (purchases.categories >= 0)
        & (purchases.ranked("shops").others < AT_SHOP)
        & (in_category.others >= IN_CATEGORY)
        & (evidence.category >= FAR_IN_CATEGORY)
        & (amounts >= TIMES_IN_CATEGORY * median)
        & (amounts - median >= 2 * usual)
        & (amounts >= ABOVE * in_category.largest_of_others(amounts))
    )


def _dear_at_new(spending: Spending, evidence: Evidence) -> Flags:
    purchases = spending.purchases
    amounts = purchases.amounts
    others = np.bincount(spending.payees)[spending.payees] - 1 if len(amounts) else spending.payees
    told = (purchases.categories >= 0) & (purchases.ranked("kinds").others >= AT_SHOP)
    return np.asarray(
        (others < AT_SHOP)
        & (evidence.person >= FAR_FOR_PERSON)
        & (amounts >= purchases.ranked("people").quantile(amounts, TOP))
        & (~told | (evidence.category >= FAR_FOR_PERSON / 2))
    )


def _burst(spending: Spending, evidence: Evidence, usual: Floats) -> Flags:
    """Tell which end a burst: the last of the charges."""
    shops, moments = spending.purchases.shops, spending.purchases.moments
    near = spending.purchases.near("shops", WITHIN)
    count, total, order = near.counts(), near.sums(spending.purchases.amounts), near.order
    last = np.ones(len(shops), dtype=bool)
    last[order[:-1]] = (np.diff(shops[order]) != 0) | (np.diff(moments[order]) > WITHIN)
    return np.asarray(
        last & (count >= BURST) & (evidence.crowd_at_shop >= BURST_SURPRISE) & (total >= BURST_WORTH * usual)
    )
