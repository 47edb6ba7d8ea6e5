"""Made-up labelled purchases in the ways of the public fraud sets, and with mistakes of our own put in; each seeded.

A set is a frame with the columns `id,customer,date,amount,merchant,label` and, in some, `category`. `TUNED` were looked
at while weights were chosen; `KEPT_BACK` were not.
"""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import numpy as np
import pandas as pd

START: Final = np.datetime64("2023-01-01")
DAY: Final = np.timedelta64(86_400, "s")


class Kind(NamedTuple):
    """How much is paid for a kind of thing: share of the rows, mean and spread, share and mean of frauds, shops."""

    share: float
    mean: float
    spread: float
    frauds: float
    fraud_mean: float
    shops: int


MUNICIPAL: Final[Mapping[str, Kind]] = {
    "transport": Kind(0.850, 27, 15, 0.000, 0, 3),
    "food": Kind(0.044, 37, 20, 0.000, 0, 4),
    "health": Kind(0.026, 104, 80, 0.230, 407, 5),
    "wellness": Kind(0.024, 57, 45, 0.100, 229, 6),
    "fashion": Kind(0.0108, 62, 50, 0.016, 247, 4),
    "bars": Kind(0.0107, 41, 30, 0.016, 164, 3),
    "hyper": Kind(0.0101, 40, 30, 0.039, 169, 4),
    "toys": Kind(0.0034, 88, 70, 0.275, 345, 4),
    "tech": Kind(0.0038, 99, 80, 0.022, 415, 3),
    "home": Kind(0.0029, 113, 90, 0.042, 457, 3),
    "hotels": Kind(0.0020, 106, 80, 0.076, 421, 3),
    "others": Kind(0.0012, 75, 60, 0.032, 316, 2),
    "contents": Kind(0.0015, 44, 30, 0.000, 0, 2),
    "travel": Kind(0.0003, 669, 500, 0.080, 2660, 2),
    "leisure": Kind(0.0001, 73, 60, 0.066, 300, 2),
}
"""As in a simulation of a city's payments in 180 days: frauds are dear, and at few merchants."""
CARDS: Final[Mapping[str, Kind]] = {
    "entertainment": Kind(0.073, 64, 64, 0.031, 503, 50),
    "food_dining": Kind(0.070, 51, 48, 0.020, 120, 50),
    "gas_transport": Kind(0.101, 63, 15, 0.082, 12, 45),
    "grocery_net": Kind(0.035, 54, 20, 0.018, 12, 30),
    "grocery_pos": Kind(0.095, 116, 50, 0.232, 312, 50),
    "health_fitness": Kind(0.066, 54, 48, 0.018, 20, 45),
    "home": Kind(0.095, 58, 48, 0.026, 258, 50),
    "kids_pets": Kind(0.087, 57, 48, 0.032, 18, 55),
    "misc_net": Kind(0.049, 80, 160, 0.122, 797, 45),
    "misc_pos": Kind(0.061, 62, 130, 0.033, 218, 45),
    "personal_care": Kind(0.070, 48, 48, 0.029, 26, 45),
    "shopping_net": Kind(0.075, 83, 235, 0.228, 1000, 50),
    "shopping_pos": Kind(0.090, 76, 230, 0.112, 877, 55),
    "travel": Kind(0.031, 112, 600, 0.015, 9, 35),
}
"""As in a simulation of American cards in a year or two: frauds come by night, many in a day or two."""


def municipal(seed: int, customers: int = 500, *, told: bool = False) -> pd.DataFrame:
    """Return a city's payments; `told`: with the category."""
    dice = np.random.default_rng(seed)
    kinds = list(MUNICIPAL)
    days = 180
    owner = np.repeat(np.arange(customers), dice.poisson(145 * dice.gamma(6, 1 / 6, customers)))
    lines = _lines(dice, MUNICIPAL, owner, dice.integers(0, days, len(owner)))
    count = int(0.0123 * len(owner))
    victims = dice.choice(customers, count, p=_shares(dice.pareto(1.3, customers) + 0.05))
    frauds = _lines(dice, MUNICIPAL, victims, dice.integers(0, days, count), fraud=True)
    return _frame(dice, [lines, frauds], kinds if told else None)


def cards(seed: int, customers: int = 100, days: int = 365, *, told: bool = False, timed: bool = True) -> pd.DataFrame:
    """Return the purchases with cards; `told`: with the category, `timed`: with the time of day."""
    dice = np.random.default_rng(seed)
    kinds = list(CARDS)
    owner = np.repeat(np.arange(customers), dice.poisson(days * dice.integers(1, 6, customers) * 0.6))
    moments = dice.integers(0, days, len(owner)) + _hours(dice, len(owner), night=0.0)
    hit = dice.choice(customers, max(2, customers // 2), replace=False)
    victims = np.repeat(hit, dice.integers(7, 14, len(hit)))
    begun = np.repeat(dice.integers(5, days - 5, len(hit)), np.unique(victims, return_counts=True)[1])
    order = np.argsort(victims, kind="stable")
    victims = victims[order]
    frauds = _lines(
        dice, CARDS, victims, begun + dice.integers(0, 2, len(victims)) + _hours(dice, len(victims), 0.8), fraud=True
    )
    lines = _lines(dice, CARDS, owner, moments)
    return _frame(dice, [lines, frauds], kinds if told else None, timed=timed)


def terminals(seed: int, customers: int = 400, days: int = 183) -> pd.DataFrame:
    """Return cards at terminals: dear ones are frauds, some terminals are broken into, some cards pay five times."""
    dice = np.random.default_rng(seed)
    means, rates = dice.uniform(5, 100, customers), dice.uniform(0, 4, customers)
    owner = np.repeat(np.arange(customers), dice.poisson(rates * days))
    moments = dice.integers(0, days, len(owner)) + np.clip(dice.normal(0.5, 0.23, len(owner)), 0, 0.999)
    shops = 800
    own = dice.integers(0, shops, (customers, 40))
    merchant = own[owner, dice.integers(0, 40, len(owner))]
    amount = np.maximum(0.5, dice.normal(means[owner], means[owner] / 2))
    label = amount > 220
    for start in range(0, days, 6):
        hit = merchant == dice.integers(0, shops)
        label |= hit & (moments >= start) & (moments < start + 28) & (dice.random(len(owner)) < 0.5)
        for person in dice.integers(0, customers, 1):
            hit = np.flatnonzero((owner == person) & (moments >= start) & (moments < start + 14))
            some = hit[dice.random(len(hit)) < 1 / 3]
            amount[some] *= 5
            label[some] = True
    return _frame(dice, [(owner, moments, np.zeros(len(owner), int), merchant, amount, label)], None, timed=True)


def accounts(seed: int, customers: int = 200, days: int = 500) -> pd.DataFrame:
    """Return people with shops of their own, whose stolen cards are used elsewhere, a few times in a day."""
    dice = np.random.default_rng(seed)
    shops, kinds = 6_000, 40
    level = dice.normal(3.2, 0.9, kinds)
    kind_of = dice.integers(0, kinds, shops)
    size = level[kind_of] + dice.normal(0, 0.35, shops)
    parts = []
    for person in range(customers):
        count = int(dice.poisson(days * dice.uniform(0.5, 3)))
        own = dice.choice(shops, 40, replace=False)
        at = np.where(
            dice.random(count) < 0.9, own[dice.choice(40, count, p=_shares(1 / np.arange(1, 41)))],
            dice.integers(0, shops, count),
        )  # fmt: skip
        paid = np.exp(size[at] + dice.normal(0, 0.45, count))
        when = dice.integers(0, days, count) + _hours(dice, count, 0.05)
        parts.append((np.full(count, person), when, kind_of[at], at, paid, np.zeros(count, bool)))
        if dice.random() < 0.35:
            taken = int(dice.integers(2, 9))
            at = dice.integers(0, shops, taken)
            paid = np.exp(size[at] + dice.normal(0.5, 0.8, taken))
            when = dice.integers(10, days - 10) + np.sort(dice.random(taken)) * 1.5
            parts.append((np.full(taken, person), when, kind_of[at], at, paid, np.ones(taken, bool)))
    return _frame(dice, parts, [f"kind {number}" for number in range(kinds)], timed=True)


def wallets(seed: int, rows: int = 40_000) -> pd.DataFrame:
    """Return mobile money: hardly anybody comes twice, and frauds are dear."""
    dice = np.random.default_rng(seed)
    kind = dice.choice(3, rows, p=[0.4, 0.4, 0.2])
    amount = np.exp(np.choose(kind, [8.8, 11.7, 12.6]) + dice.normal(0, 1.25, rows))
    label = (dice.random(rows) < 0.004) & (kind > 0)
    amount[label] = np.exp(dice.normal(13.0, 1.6, int(label.sum())))
    merchant = np.where(kind == 0, dice.integers(0, 300, rows), 300 + dice.integers(0, rows // 3, rows))
    part = (dice.integers(0, rows * 3, rows), np.floor(dice.random(rows) * 31), kind, merchant, amount, label)
    return _frame(dice, [part], ["payment", "cash", "transfer"])


def households(seed: int, customers: int = 60, days: int = 540, *, told: bool = False) -> pd.DataFrame:
    """Return people with bills and habits, and put in: double charges, ten times the price, new shops, bursts."""
    dice = np.random.default_rng(seed)
    kinds = ["bills", "groceries", "coffee", "transport", "eating out", "shopping", "trips"]
    typical = np.log([60, 55, 4.5, 2.9, 32, 48, 240])
    spread = np.array([0.02, 0.55, 0.3, 0.05, 0.45, 0.8, 0.7])
    rate = np.array([0.0, 0.35, 0.5, 0.6, 0.25, 0.2, 0.02])
    parts = []
    for person in range(customers):
        offset, busy = dice.normal(0, 0.3), dice.gamma(5, 0.2, len(kinds))
        rows = []
        for bill in range(int(dice.integers(4, 9))):
            price, day = np.exp(dice.normal(3.4, 1.2)), dice.integers(0, 28)
            when = np.arange(day, days, 30) + dice.integers(-1, 2, len(np.arange(day, days, 30)))
            rows.append((when, 0, np.full(len(when), bill), price * np.exp(dice.normal(0, spread[0], len(when)))))
        for kind in range(1, len(kinds)):
            count = int(dice.poisson(rate[kind] * busy[kind] * days))
            shop = np.minimum(dice.zipf(1.6, count), 30)
            paid = np.exp(typical[kind] + offset + dice.normal(0, spread[kind], count) + 0.2 * np.sin(shop * 7 + kind))
            if kind == 3:
                paid = np.full(count, 2.9)
            rows.append((dice.integers(0, days, count), kind, 100 * kind + shop + (person % 5) * 1000, paid))
        when = np.concatenate([row[0] for row in rows])
        kind_of = np.concatenate([np.full(len(row[0]), row[1]) for row in rows])
        shop = np.concatenate([row[2] for row in rows])
        paid = np.round(np.concatenate([row[3] for row in rows]), 2)
        label = np.zeros(len(when), bool)
        dear = dice.choice(len(when), 3, replace=False)
        paid[dear] *= 10
        label[dear] = True
        parts.append((np.full(len(when), person), when, kind_of, shop, paid, label))
        twice = dice.choice(np.flatnonzero(np.isin(kind_of, [1, 4, 5, 6]) & ~label), 3, replace=False)
        parts.append(
            (np.full(3, person), when[twice] + dice.integers(0, 2, 3), kind_of[twice], shop[twice], paid[twice],
             np.ones(3, bool))
        )  # fmt: skip
        parts.append(
            (np.full(2, person), dice.integers(60, days, 2), np.full(2, 5), dice.integers(50_000, 60_000, 2),
             np.exp(dice.normal(6.3, 0.5, 2)), np.ones(2, bool))
        )  # fmt: skip
        many = int(dice.integers(4, 8))
        parts.append(
            (np.full(many, person), np.full(many, dice.integers(60, days)), np.full(many, 5),
             np.full(many, dice.integers(60_000, 70_000)), np.exp(dice.normal(4.2, 0.4, many)), np.ones(many, bool))
        )  # fmt: skip
    return _frame(dice, parts, kinds if told else None)


Rows = tuple["np.ndarray", "np.ndarray", "np.ndarray", "np.ndarray", "np.ndarray", "np.ndarray"]
"""Customers, days since the start, kinds, merchants, amounts, labels."""


def _shares(weights: np.ndarray) -> np.ndarray:
    return weights / weights.sum()


def _hours(dice: np.random.Generator, count: int, night: float) -> np.ndarray:
    by_day = np.where(dice.random(count) < 0.35, 12 * dice.random(count), 12 + 12 * dice.random(count))
    by_night = np.where(dice.random(count) < 0.5, 22 + 2 * dice.random(count), 4 * dice.random(count)) % 24
    return np.where(dice.random(count) < night, by_night, by_day) / 24


def _lines(
    dice: np.random.Generator, kinds: Mapping[str, Kind], owner: np.ndarray, when: np.ndarray, *, fraud: bool = False
) -> Rows:
    table = list(kinds.values())
    share = np.array([one.frauds if fraud else one.share for one in table])
    kind = dice.choice(len(table), len(owner), p=_shares(share))
    mean = np.array([one.fraud_mean if fraud else one.mean for one in table])[kind]
    spread = mean * (0.3 if kinds is CARDS else 0.7) if fraud else np.array([one.spread for one in table])[kind]
    shape = (mean / spread) ** 2
    amount = dice.gamma(shape, mean / shape)
    small = amount < 1
    amount[small] = dice.uniform(1, 10, int(small.sum()))
    shops = np.array([one.shops for one in table])[kind]
    drawn = dice.random(len(owner))
    # Frauds in the city go to the first shop of a kind, most others to the last.
    place = drawn if kinds is CARDS else drawn**2 if fraud else 1 - drawn**2
    merchant = kind * 100 + np.minimum((place * shops).astype(int), shops - 1)
    return owner, when, kind, merchant, amount, np.full(len(owner), fraud)


def _frame(
    dice: np.random.Generator, parts: "list[Rows]", kinds: "list[str] | None", *, timed: bool = False
) -> pd.DataFrame:
    owner, when, kind, merchant, amount, label = (np.concatenate(column) for column in zip(*parts, strict=True))
    moments = START + np.rint(when * 86_400).astype("timedelta64[s]")
    told = pd.Series(moments).dt.strftime("%Y-%m-%d %H:%M:%S" if timed else "%Y-%m-%d")
    frame = pd.DataFrame(
        {
            "customer": [f"C{one}" for one in owner],
            "date": told.to_numpy(),
            "amount": np.where(
                amount < 0, np.minimum(-0.01, np.round(amount, 2)), np.maximum(0.01, np.round(amount, 2))
            ),
            "merchant": [f"M{one}" for one in merchant],
            "label": label.astype(int),
        }
    )
    if kinds is not None:
        frame["category"] = np.array(kinds)[kind]
    frame = frame.iloc[dice.permutation(len(frame))].sort_values("date", kind="stable").reset_index(drop=True)
    frame.insert(0, "id", [f"T{number}" for number in range(len(frame))])
    return frame


TUNED: Final[Mapping[str, Callable[[int], pd.DataFrame]]] = {
    "city": municipal,
    "cards, timed": cards,
    "terminals": terminals,
    "households": households,
}
KEPT_BACK: Final[Mapping[str, Callable[[int], pd.DataFrame]]] = {
    "city, categories": lambda seed: municipal(seed, 300, told=True),
    "cards, days only": lambda seed: cards(seed, 100, timed=False),
    "cards, categories": lambda seed: cards(seed, 100, told=True),
    "own shops": accounts,
    "wallets": wallets,
    "households, categories": lambda seed: households(seed, 40, told=True),
}


def skimmed(seed: int, customers: int = 150, days: int = 300) -> pd.DataFrame:
    """Return cards whose frauds are of any size at shops of far more kinds, one to three a card, and told by word."""
    dice = np.random.default_rng(seed)
    parts = []
    for person in range(customers):
        level, count = dice.normal(3, 0.5), int(dice.poisson(days * dice.uniform(0.2, 1.5)))
        shops = dice.choice(1_000, 25, replace=False)
        at = shops[np.minimum(dice.geometric(0.15, count) - 1, 24)]
        paid = np.exp(level + 0.5 * np.sin(at) + dice.normal(0, 0.5, count))
        parts.append((np.full(count, person), dice.integers(0, days, count), at % 12, at, paid, np.zeros(count, bool)))
        taken = int(dice.integers(0, 4))
        at = dice.integers(0, 1_500, taken)
        paid = np.exp(dice.normal(4.6, 1.2, taken))
        parts.append((np.full(taken, person), dice.integers(0, days, taken), at % 12, at, paid, np.ones(taken, bool)))
    return _frame(dice, parts, None)


def slips(seed: int, customers: int = 80, days: int = 365) -> pd.DataFrame:
    """Return accounts where out is below zero, with salaries, and amounts made three to twelve times as large."""
    dice = np.random.default_rng(seed)
    parts = []
    for person in range(customers):
        count = int(dice.poisson(days * dice.uniform(0.4, 2)))
        at = np.minimum(dice.zipf(1.4, count), 200)
        size = 3.0 + np.cos(at * (person % 9 + 1)) + dice.normal(0, 0.2)
        paid = np.exp(size + dice.normal(0, dice.uniform(0.1, 0.5), count))
        label = dice.random(count) < 0.006
        paid[label] *= dice.uniform(3, 12, int(label.sum()))
        parts.append((np.full(count, person), dice.integers(0, days, count), at % 7, at, -paid, label))
        parts.append(
            (np.full(12, person), np.arange(12) * 30 + 25, np.zeros(12, int), np.full(12, 5_000 + person),
             np.full(12, dice.uniform(1_500, 4_000)), np.zeros(12, bool))
        )  # fmt: skip
    return _frame(dice, parts, [f"kind {number}" for number in range(7)])


AFTERWARDS: Final[Mapping[str, Callable[[int], pd.DataFrame]]] = {"skimmed": skimmed, "slips": slips}
