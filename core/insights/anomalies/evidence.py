"""What speaks for a purchase being unusual: how far its amount is off, how rare its merchant is, how much came at once.

Nothing here knows what is an anomaly: each part is a number that is the larger the more unusual a row is.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from core.cache import in_groups
from core.insights.anomalies.grouping import Flags, Floats, Ints, Ranked
from core.insights.anomalies.isolation import features_of
from core.insights.anomalies.levels import Level, level_in
from core.insights.anomalies.purchases import Grouping, Purchases

CENT: Final = 0.01
WITHIN: Final = 1.0
"""Rows so many days before and after a row are near it."""
TWINS: Final = 2.0
"""The same amount again within so many days may be a charge made twice."""
CEILING: Final = 60.0
"""No surprise counts for more: what is this unlikely can't be told apart."""
FAR: Final = 6.0
NOTABLE: Final = 1.5
"""An amount so many spreads above what is usual makes those near it suspicious; more than `FAR` not more so."""
STRANGE: Final = 2.5
"""An amount so many spreads above a person's usual is strange for them."""
KNOWN_AFTER: Final = 20
"""A merchant with so many rows is known half by them, half by all merchants."""
SELDOM: Final = 0.003
LARGE: Final = 0.9
LEAN_RAW: Final = 4.0
FEW: Final = 3.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """For each purchase, by part. Distances, from `everywhere` to `merchant`, are in spreads above what is usual."""

    logs: Floats
    """The natural logarithms of the amounts."""
    everywhere: Floats
    """Against all rows,"""
    person: Floats
    """the person's,"""
    category: Floats
    """the person's in the category,"""
    shop: Floats
    """the person's at the merchant, and"""
    merchant: Floats
    """everybody's at the merchant."""
    plain: Floats
    """The amount itself against the person's, not its logarithm: in steps of their largest tenth."""
    rarity: Floats
    """How seldom anybody goes to the merchant: a surprise, the negative logarithm of a share."""
    strangeness: Floats
    """How seldom the person does."""
    crowd: Floats
    """How unlikely it is that so many of the person's rows lie near it by chance: a surprise."""
    crowd_at_shop: Floats
    """The same of their rows at the merchant."""
    twin: Floats
    """How unlikely it is that the same amount came again at the merchant within days; 0 where it did not."""
    company: Floats
    """How far off the amounts of the person's other rows near it are, added up."""
    suspicion: Floats
    """Which share of the other rows at the merchant is strange for those who paid."""
    features: npt.NDArray[np.float32]
    """What an isolation forest looks at: a line for each purchase."""


def gather(purchases: Purchases) -> Evidence:
    """Return the evidence for every row."""
    logs = np.log(np.maximum(purchases.amounts, CENT))
    nobody = np.zeros(len(logs), dtype=np.int64)
    everywhere = level_in(logs, nobody, Ranked.of(nobody, purchases.by_amount), None)

    def level(grouping: Grouping, wider: Level) -> Level:
        # What is by amount is by its logarithm too.
        return level_in(logs, getattr(purchases, grouping), purchases.ranked(grouping), wider)

    person = level("people", everywhere)
    category = level("kinds", person)
    shop = level("shops", category)
    merchant = level("merchants", level("categories", everywhere))
    far = {
        "everywhere": everywhere.distance(logs),
        "person": person.distance(logs),
        "category": category.distance(logs),
        "shop": shop.distance(logs),
        "merchant": merchant.distance(logs),
    }
    at_merchant, own, at_shop = (
        _counted(groups) for groups in (purchases.merchants, purchases.people, purchases.shops)
    )
    share = at_merchant / max(1, len(purchases))
    strangeness = -np.log((at_shop - 1 + FEW * share) / (own - 1 + FEW)) if len(purchases) else far["shop"]
    crowd, crowd_at_shop = _crowd(purchases, "people", own + 1), _crowd(purchases, "shops", at_shop)
    notable = np.clip(np.maximum(far["person"], far["merchant"]), NOTABLE, FAR) - NOTABLE
    parts = {
        "plain": _plain(purchases),
        "rarity": -np.log(share) if len(purchases) else share,
        "strangeness": strangeness,
        "crowd": crowd,
        "crowd_at_shop": crowd_at_shop,
        "twin": twin_surprise(purchases),
        "company": purchases.near("people", WITHIN).sums(notable) - notable,
        "suspicion": _suspicion(purchases, far["person"] > STRANGE),
    }
    columns = [*far.values(), strangeness, np.minimum(crowd, 20), np.minimum(crowd_at_shop, 20)]
    columns += [
        np.log1p(_since_last(purchases.shops, purchases.moments, 400)),
        np.log1p(_since_last(purchases.people, purchases.moments, 30)),
        (np.rint(purchases.amounts / CENT) % 1000 == 0).astype(float),
        (purchases.days % 7).astype(float),
    ]
    if purchases.timed:
        columns.append(_odd_hour(purchases))
    return Evidence(logs=logs, **far, **parts, features=features_of(columns))


def _counted(groups: Ints) -> Ints:
    """Return how many rows each row's group has."""
    return np.bincount(groups)[groups].astype(np.int64) if len(groups) else groups


def _plain(purchases: Purchases) -> Floats:
    """Return how far each amount lies above the person's median; 1 is where their largest tenth begins."""
    amounts, people = purchases.amounts, purchases.people
    everybody = Ranked.of(np.zeros(len(amounts), dtype=np.int64), purchases.by_amount)
    own = np.bincount(people)[people] if len(people) else people
    trust = own / (own + LEAN_RAW)
    median, large = (
        trust * purchases.ranked("people").quantile(amounts, share) + (1 - trust) * everybody.quantile(amounts, share)
        for share in (0.5, LARGE)
    )
    return np.asarray((amounts - median) / np.maximum(large - median + 0.05 * median, CENT))


def _crowd(purchases: Purchases, grouping: Literal["people", "shops"], counted: Ints) -> Floats:
    """Return how surprising the number of rows near each is, if a group's rows came at a constant rate by chance."""
    if not len(purchases):
        return purchases.amounts
    moments = purchases.moments
    near = purchases.near(grouping, WITHIN).counts()
    # Where only the day is known, a day before and after are three days.
    width = 2 * WITHIN + (0 if purchases.timed else 1)
    rate = (counted + 1) / (np.ptp(moments) + 2)
    return np.asarray(np.minimum(-_log_more(near - 2, rate * width), CEILING))


def _log_more(count: Floats, mean: Floats) -> Floats:
    """Return the logarithm of the chance that more than `count` happen of what happens `mean` times (Poisson)."""
    # Imported by whoever looks: scipy.stats, which has it too, takes 60 MB.
    from scipy.special import pdtrc

    with np.errstate(divide="ignore"):
        return np.asarray(np.where(count < 0, 0.0, np.log(pdtrc(np.maximum(count, 0), mean))))


def twin_surprise(purchases: Purchases) -> Floats:
    """Return how unlikely the same amount at the same merchant within days is, going by the rest of the rows there.

    Two coffees every day, or a ticket there and one back, are what happens at that merchant; so is a fixed price.
    """
    if not len(purchases):
        return purchases.amounts
    shops, moments = purchases.shops, purchases.moments
    same, near = purchases.charges, purchases.near("charges", TWINS).counts()
    has_twin = near > 1
    equal, at_shop = np.bincount(same)[same], np.bincount(shops)[shops]
    paired = np.bincount(shops, has_twin.astype(float))[shops]
    by_price = (equal - near) * (2 * TWINS + 1) / max(1.0, float(np.ptp(moments))) + 0.02
    by_shop = (paired - near + 0.2) / (at_shop + 1)
    expected = np.clip(np.maximum(by_price, by_shop), SELDOM, 1.0)
    return np.where(has_twin, -np.log(expected), 0.0)


def _suspicion(purchases: Purchases, strange: Flags) -> Floats:
    if not len(purchases):
        return purchases.amounts
    rows = purchases.merchants
    counted, found = np.bincount(rows)[rows], np.bincount(rows, strange.astype(float))[rows]
    return np.asarray((found - strange + KNOWN_AFTER * strange.mean()) / (counted - 1 + KNOWN_AFTER))


def _since_last(groups: Ints, moments: Floats, never: float) -> Floats:
    """Return the days since the row before of the same group, `never` for the first; at most that.

    The rows of each group are given by moment.
    """
    order = in_groups(groups)
    gaps = np.full(len(order), never)
    again = np.flatnonzero(np.diff(groups[order]) == 0) + 1
    gaps[order[again]] = np.minimum(moments[order][again] - moments[order][again - 1], never)
    return gaps


def _odd_hour(purchases: Purchases) -> Floats:
    """Return how seldom the person buys at about that time of day: a surprise."""
    hours = np.floor(purchases.moments % 1 * 24).astype(np.int64)
    counts = np.bincount(hours, minlength=24).astype(float)
    of_all = (counts + np.roll(counts, 1) + np.roll(counts, -1)) / max(1.0, 3 * counts.sum())
    own = np.bincount(purchases.people)[purchases.people]
    key = purchases.people * 24 + hours
    return np.asarray(-np.log((np.bincount(key)[key] - 1 + KNOWN_AFTER * of_all[hours]) / (own - 1 + KNOWN_AFTER)))
