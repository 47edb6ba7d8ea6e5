"""Which of a person's purchases they would want to be told of, and what each is: few, and plain to see.

A score ranks, but says nothing of how many are worth telling. So every kind asks for what a person would ask for: an
amount that is far off by a robust measure, that was never paid before, and that is a good deal for this person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from core.insights.anomalies.evidence import TWINS, WITHIN, Evidence, sums_near
from core.insights.anomalies.levels import middles, newcomers, quantile
from core.insights.anomalies.purchases import Flags, Floats, Ints
from core.insights.anomalies.scoring import surprise
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
    """Which rows are what: a flag for each row by kind, and how strong the part is that tells of it."""

    flags: Mapping[ReasonKind, Flags]
    strengths: Mapping[ReasonKind, Floats]


def detect(spending: Spending, evidence: Evidence, recurring: Flags) -> Detected:
    """Return what each row is; `recurring` are those that are part of a series."""
    purchases = spending.purchases
    usual = _usual(purchases.people, purchases.amounts)
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
    return Detected(flags, {kind: surprise(part) for kind, part in parts.items()})


def _usual(people: Ints, amounts: Floats) -> Floats:
    """Return what a purchase of some weight is for the person: a quarter of the least of their largest tenth.

    The median says little of people who buy coffee and tickets every day.
    """
    return quantile(amounts, people, 0.9) / 4


def _first(moments: Floats) -> float:
    return float(moments.min()) if len(moments) else 0.0


def _double(spending: Spending, evidence: Evidence, usual: Floats) -> Flags:
    """Tell which repeat a charge: the last of those that are alike."""
    shops, moments = spending.purchases.shops, spending.purchases.moments
    prices, amounts = spending.purchases.prices, spending.purchases.amounts
    at_once = _repeats(shops, prices, moments, AT_ONCE) & (amounts >= SMALL * usual)
    soon = _repeats(shops, prices, moments, TWINS) & (amounts >= usual)
    return (at_once | soon) & (evidence.twin >= UNLIKELY_TWIN)


def _repeats(shops: Ints, prices: Ints, moments: Floats, width: float) -> Flags:
    """Tell which rows have one of the same price up to `width` days before them."""
    order = np.lexsort((np.arange(len(shops)), moments, prices, shops))
    same = (np.diff(shops[order]) == 0) & (np.diff(prices[order]) == 0) & (np.diff(moments[order]) <= width)
    found = np.zeros(len(shops), dtype=bool)
    found[order[1:][same]] = True
    return found


def _dear_at_shop(spending: Spending, evidence: Evidence, usual: Floats) -> Flags:
    amounts, shops = spending.purchases.amounts, spending.purchases.shops
    median, _, others = middles(amounts, shops)
    return np.asarray(
        (others >= AT_SHOP)
        & (evidence.shop >= FAR_AT_SHOP)
        & (amounts >= TIMES_AT_SHOP * median)
        & (amounts - median >= usual)
        & (amounts >= ABOVE * largest_of_others(amounts, shops))
    )


def _dear_in_category(spending: Spending, evidence: Evidence, usual: Floats) -> Flags:
    purchases = spending.purchases
    amounts = purchases.amounts
    _, _, at_shop = middles(amounts, purchases.shops)
    median, _, others = middles(amounts, purchases.kinds)
    return np.asarray(
        (purchases.categories >= 0)
        & (at_shop < AT_SHOP)
        & (others >= IN_CATEGORY)
        & (evidence.category >= FAR_IN_CATEGORY)
        & (amounts >= TIMES_IN_CATEGORY * median)
        & (amounts - median >= 2 * usual)
        & (amounts >= ABOVE * largest_of_others(amounts, purchases.kinds))
    )


def _dear_at_new(spending: Spending, evidence: Evidence) -> Flags:
    purchases = spending.purchases
    amounts = purchases.amounts
    _, _, others = middles(amounts, spending.payees)
    _, _, in_category = middles(amounts, purchases.kinds)
    told = (purchases.categories >= 0) & (in_category >= AT_SHOP)
    return np.asarray(
        (others < AT_SHOP)
        & (evidence.person >= FAR_FOR_PERSON)
        & (amounts >= quantile(amounts, purchases.people, TOP))
        & (~told | (evidence.category >= FAR_FOR_PERSON / 2))
    )


def _burst(spending: Spending, evidence: Evidence, usual: Floats) -> Flags:
    """Tell which end a burst: the last of the charges."""
    shops, moments, amounts = spending.purchases.shops, spending.purchases.moments, spending.purchases.amounts
    count = sums_near(shops, moments, np.ones(len(shops)), WITHIN)
    total = sums_near(shops, moments, amounts, WITHIN)
    order = np.lexsort((np.arange(len(shops)), moments, shops))
    last = np.ones(len(shops), dtype=bool)
    last[order[:-1]] = (np.diff(shops[order]) != 0) | (np.diff(moments[order]) > WITHIN)
    return np.asarray(
        last & (count >= BURST) & (evidence.crowd_at_shop >= BURST_SURPRISE) & (total >= BURST_WORTH * usual)
    )


def largest_of_others(amounts: Floats, groups: Ints) -> Floats:
    """Return the most of the other rows in each row's group; 0 where there are none."""
    order = np.lexsort((amounts, groups))
    ranked, ordered = groups[order], amounts[order]
    ends = np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], np.ones(min(1, len(ranked)), dtype=bool)])
    begins = np.r_[0, ends[:-1] + 1][: len(ends)]
    sizes = ends - begins + 1
    most = np.repeat(ordered[ends], sizes)
    second = np.where(sizes > 1, ordered[np.maximum(ends - 1, 0)], 0.0)
    most[ends] = second
    found = np.empty(len(amounts))
    found[order] = most
    return found
