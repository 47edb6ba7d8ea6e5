"""Made-up monthly series of households: what is spent on this and that, incomes, bills, and what all of it comes to.

Each maker takes a generator of random numbers and how many months it should make, and returns the amounts, all of them
zero or more. The same seed makes the same series.
"""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

Amounts = NDArray[np.float64]
Maker = Callable[[Generator, int], Amounts]

UNSEEN: Final = 1000
"""From this seed on nothing was tuned with."""


def _level(random: Generator, months: int, base: float, wander: float) -> Amounts:
    return base * np.exp(np.cumsum(random.normal(0, wander, months)))


def _month(random: Generator, months: int) -> NDArray[np.int64]:
    return (random.integers(12) + np.arange(months)) % 12


def groceries(random: Generator, months: int) -> Amounts:
    """A level that drifts with prices; months of four and of five weekends."""
    level = _level(random, months, random.uniform(200, 900), 0.02) * 1.003 ** np.arange(months)
    fifth = 1 + 0.06 * (random.random(months) < 0.35)
    return level * fifth * random.lognormal(0, 0.11, months)


def restaurants(random: Generator, months: int) -> Amounts:
    """Noisy, more in summer and December."""
    at = _month(random, months)
    bump = 1 + 0.25 * np.isin(at, (6, 7, 11)) - 0.2 * (at == 0)
    return _level(random, months, random.uniform(60, 350), 0.05) * bump * random.lognormal(0, 0.33, months)


def heating(random: Generator, months: int) -> Amounts:
    """Much in winter, little in summer; each winter another; prices that jump now and then."""
    at = _month(random, months)
    season = 1 + random.uniform(0.5, 0.95) * np.cos(2 * np.pi * (at - random.integers(0, 2)) / 12)
    price = np.exp(np.cumsum((random.random(months) < 0.06) * random.normal(0.1, 0.12, months)))
    weather = np.repeat(random.lognormal(0, 0.12, months // 12 + 2), 12)[:months]
    return random.uniform(50, 160) * season * price * weather * random.lognormal(0, 0.12, months)


def electricity(random: Generator, months: int) -> Amounts:
    """Mild seasons of two humps, small noise."""
    at = _month(random, months)
    season = 1 + 0.12 * np.cos(2 * np.pi * at / 12) + random.uniform(0, 0.25) * np.cos(4 * np.pi * (at - 1) / 12)
    return _level(random, months, random.uniform(45, 140), 0.02) * season * random.lognormal(0, 0.09, months)


def rent(random: Generator, months: int) -> Amounts:
    """The same each month, more from some month of each year on."""
    steps = np.zeros(months)
    steps[random.integers(12) :: 12] = 1
    return random.integers(500, 2200) * np.cumprod(1 + steps * random.choice((0, 0.02, 0.03, 0.05), months))


def utilities(random: Generator, months: int) -> Amounts:
    """Heating, electricity, water every quarter, and an internet bill that is the same."""
    water = np.where((np.arange(months) + random.integers(3)) % 3 == 0, random.uniform(60, 120), 0)
    return heating(random, months) + electricity(random, months) + water + random.integers(30, 70)


def insurance(random: Generator, months: int) -> Amounts:
    """Large once or twice a year, else nothing or little."""
    amounts = np.full(months, float(random.choice((0, 0, 18, 45))))
    every = int(random.choice((6, 12)))
    years = np.arange(months) // 12
    due = (np.arange(months) + random.integers(every)) % every == 0
    return amounts + due * random.uniform(150, 700) * 1.04**years


def lumpy(random: Generator, months: int) -> Amounts:
    """Nothing in most months, and then something of any size."""
    return (random.random(months) < random.uniform(0.15, 0.5)) * random.lognormal(4.6, 0.8, months)


def health(random: Generator, months: int) -> Amounts:
    """Small amounts, and rarely a large one."""
    spike = (random.random(months) < 0.08) * random.lognormal(6.2, 0.6, months)
    return random.lognormal(3.4, 0.6, months) * (random.random(months) < 0.8) + spike


def travel(random: Generator, months: int) -> Amounts:
    """A journey in most summers, perhaps one in winter, weekends between."""
    at = _month(random, months)
    summer = np.isin(at, (5, 6, 7)) * (random.random(months) < 0.6) * random.lognormal(6.8, 0.4, months)
    winter = (at == 11) * (random.random(months) < 0.5) * random.lognormal(6.3, 0.4, months)
    return summer + winter + (random.random(months) < 0.25) * random.lognormal(5, 0.5, months)


def shopping(random: Generator, months: int) -> Amounts:
    """Widely spread, December and November high, January low."""
    at = _month(random, months)
    season = np.select([at == 11, at == 10, at == 0], [2.0, 1.4, 0.75], 1.0)
    return _level(random, months, random.uniform(80, 400), 0.06) * season * random.lognormal(0, 0.45, months)


def fuel(random: Generator, months: int) -> Amounts:
    """A price that wanders, kilometres that do not."""
    return _level(random, months, random.uniform(60, 220), 0.045) * random.lognormal(0, 0.2, months)


def subscriptions(random: Generator, months: int) -> Amounts:
    """Services that come and go at fixed prices."""
    total = np.zeros(months)
    for _ in range(int(random.integers(3, 9))):
        start = int(random.integers(-months, months))
        end = start + int(random.integers(6, 3 * months))
        total[max(start, 0) : max(end, 0)] += random.choice((4.99, 7.99, 9.99, 12.99, 15.49, 29.0, 55.0))
    return total


def salary(random: Generator, months: int) -> Amounts:
    """The same each month, a raise in spring, a bonus in some Decembers, another job now and then."""
    at = _month(random, months)
    raises = (at == 3) * random.choice((0, 0.02, 0.03, 0.05), months) + (random.random(months) < 0.015) * 0.12
    pay = random.uniform(1800, 6000) * np.cumprod(1 + raises)
    return np.round(pay, 2) + (at == 11) * (random.random() < 0.6) * random.uniform(0.3, 1.0) * pay


def wages(random: Generator, months: int) -> Amounts:
    """Paid by the hour every other week: two or three times a month."""
    day, paid = float(random.integers(14)), np.zeros(months)
    hours = random.lognormal(0, random.uniform(0.02, 0.12), 3 * months)
    pay, turn = random.uniform(700, 1900), 0
    while day < months * 30.44:
        paid[int(day // 30.44)] += pay * hours[turn]
        day, turn = day + 14, turn + 1
    return paid


def freelance(random: Generator, months: int) -> Amounts:
    """Invoices: some months none, some much."""
    invoices = random.poisson(random.uniform(1, 3), months)
    return np.array([random.lognormal(7, 0.5, one).sum() for one in invoices])


def creeping(random: Generator, months: int) -> Amounts:
    """More from year to year."""
    slope = random.uniform(-0.006, 0.02)
    return random.uniform(200, 900) * np.exp(slope * np.arange(months)) * random.lognormal(0, 0.15, months)


def shifting(random: Generator, months: int) -> Amounts:
    """A level that holds for a year or two, then is another: a move, a child, another car."""
    shifts = (random.random(months) < 0.05) * random.normal(0, 0.4, months)
    return random.uniform(200, 900) * np.exp(np.cumsum(shifts)) * random.lognormal(0, 0.12, months)


def wild(random: Generator, months: int) -> Amounts:
    """A steady level with single months that are several times as high."""
    spikes = 1 + (random.random(months) < 0.07) * random.uniform(1, 6, months)
    return random.uniform(100, 700) * random.lognormal(0, 0.18, months) * spikes


def household(random: Generator, months: int) -> Amounts:
    """Everything that is spent."""
    makers = (groceries, restaurants, utilities, rent, insurance, health, travel, shopping, fuel, subscriptions)
    dropped = random.random(len(makers)) < 0.15
    parts = [make(random, months) for make, drop in zip(makers, dropped, strict=True) if not drop or make is groceries]
    once = (random.random(months) < 0.03) * random.lognormal(7.3, 0.5, months)
    return np.sum(parts, axis=0) + once


MAKERS: Final[dict[str, Maker]] = {
    make.__name__: make
    for make in (
        groceries, restaurants, heating, electricity, rent, utilities, insurance, lumpy, health, travel, shopping, fuel,
        subscriptions, salary, wages, freelance, creeping, shifting, wild, household,
    )
}  # fmt: skip


def made(kind: str, seed: int, months: int | None = None) -> Amounts:
    """Return a series of a kind, rounded to cents; without `months`, of two to ten years."""
    random = np.random.default_rng([seed, list(MAKERS).index(kind)])
    length = months or int(random.integers(24, 121))
    return np.round(MAKERS[kind](random, length), 2)


def all_made(seeds: range, months: int | None = None) -> Iterator[tuple[str, Amounts]]:
    """Yield one series of every kind for each seed, with its kind."""
    for kind in MAKERS:
        for seed in seeds:
            yield kind, made(kind, seed, months)
