"""Everyday spending: what the household buys, how often, and how that moves with the week and the year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from core.banking.demo.accounts import CARD, CHECKING, EURO_CHECKING
from core.banking.demo.entries import Entry, card_purchase, card_refund
from core.banking.demo.merchants import choose

Months = tuple[float, float, float, float, float, float, float, float, float, float, float, float]
"""A factor for each calendar month, January first."""

Week = tuple[float, float, float, float, float, float, float]
"""The chance of each weekday, Monday first."""

EVEN: Final[Months] = (1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0)
FEAST: Final[Months] = (0.92, 0.93, 0.98, 1.0, 1.0, 1.04, 1.06, 1.03, 0.98, 1.0, 1.16, 1.28)
GIFTS: Final[Months] = (0.3, 0.9, 0.5, 0.6, 1.2, 0.9, 0.5, 0.6, 0.7, 0.8, 2.2, 4.5)
GARDEN: Final[Months] = (0.3, 0.4, 1.0, 1.9, 2.1, 1.6, 1.1, 0.9, 1.0, 0.9, 0.5, 0.4)
SUMMER: Final[Months] = (0.4, 0.4, 0.6, 0.8, 1.3, 1.8, 2.0, 1.9, 1.1, 0.8, 0.5, 0.6)
SALES: Final[Months] = (0.7, 0.8, 0.9, 0.9, 1.0, 1.0, 1.0, 1.2, 1.0, 1.0, 1.6, 1.8)

PRICES_RISE: Final = 0.028
"""How much dearer everyday things become in a year."""

WHOLE: Final = 0.6
"""The share of returns in which everything goes back; of the others it is `PART` of the price."""
PART: Final = 0.45

PUMP_HOLD: Final = 100
"""Cents that a fuel pump holds before it knows the amount."""


@dataclass(frozen=True, slots=True)
class Habit:
    """Something bought now and then, at most once a day. Amounts in cents, the typical one between the ends."""

    kind: str
    """The kind of merchant, see `core.banking.demo.merchants`."""
    week: Week
    low: int
    typical: int
    high: int
    busy: Months = EVEN
    """How the frequency moves with the year."""
    dear: Months = EVEN
    """How the amount moves with the year."""
    account: str = CARD
    tip: float = 0.0
    """The chance that a tip is added before it posts."""
    pump: bool = False
    """Whether only a token amount is held until the real one posts."""
    returned: float = 0.0
    """The chance that it goes back, in part or whole."""


def _daily(chance: float) -> Week:
    return (chance, chance, chance, chance, chance, chance, chance)


def _workdays(chance: float) -> Week:
    return (chance, chance, chance, chance, chance, 0.0, 0.0)


def _weekend(chance: float) -> Week:
    return (0.0, 0.0, 0.0, 0.0, chance / 2, chance, chance)


AT_HOME: Final = (
    Habit("groceries", (0.18, 0.22, 0.35, 0.2, 0.3, 0.85, 0.3), 1_480, 7_200, 16_900, dear=FEAST),
    Habit("warehouse", (0.02, 0.02, 0.02, 0.02, 0.04, 0.2, 0.16), 4_200, 11_800, 26_500, dear=FEAST),
    Habit("snack", _daily(0.09), 320, 780, 1_900),
    Habit("coffee", (0.62, 0.62, 0.66, 0.62, 0.7, 0.35, 0.3), 385, 610, 1_290),
    Habit("lunch", _workdays(0.34), 880, 1_240, 2_380),
    Habit("restaurant", (0.06, 0.08, 0.12, 0.16, 0.42, 0.46, 0.22), 2_150, 4_900, 12_600, tip=0.7),
    Habit("bar", _weekend(0.2), 1_400, 2_900, 6_800, busy=SUMMER, tip=0.5),
    Habit("fuel", (0.16, 0.1, 0.1, 0.12, 0.22, 0.2, 0.14), 2_890, 4_450, 6_420, pump=True),
    Habit("transit", _workdays(0.2), 275, 275, 1_100, account=CHECKING),
    Habit("parking", _daily(0.11), 250, 600, 1_800),
    Habit("ride", (0.03, 0.03, 0.03, 0.04, 0.12, 0.14, 0.05), 980, 1_750, 4_600, tip=0.4),
    Habit("tolls", _daily(0.03), 210, 480, 1_150),
    Habit("marketplace", _daily(0.2), 990, 3_300, 14_800, busy=SALES, returned=0.13),
    Habit("clothing", (0.02, 0.02, 0.02, 0.02, 0.04, 0.14, 0.09), 1_900, 6_200, 17_900, busy=SALES, returned=0.12),
    Habit("hardware", (0.02, 0.01, 0.01, 0.02, 0.03, 0.16, 0.1), 780, 4_100, 19_500, busy=GARDEN, returned=0.05),
    Habit("electronics", _daily(0.012), 1_900, 7_900, 28_900, busy=SALES),
    Habit("books", _daily(0.045), 790, 1_890, 4_700),
    Habit("gifts", _daily(0.03), 1_400, 3_600, 9_800, busy=GIFTS),
    Habit("pharmacy", _daily(0.065), 610, 1_790, 6_400),
    Habit("doctor", _workdays(0.018), 2_500, 4_000, 12_000, account=CHECKING),
    Habit("hair", (0.0, 0.02, 0.05, 0.06, 0.09, 0.11, 0.0), 2_800, 4_500, 11_800, tip=0.6),
    Habit("laundry", _workdays(0.04), 1_250, 2_100, 4_400),
    Habit("pets", _daily(0.035), 2_400, 4_850, 7_900),
    Habit("vet", _workdays(0.008), 6_800, 12_500, 31_000),
    Habit("sports", _daily(0.018), 1_500, 5_400, 16_000, busy=SUMMER),
    Habit("cinema", _weekend(0.16), 1_300, 3_100, 5_200),
    Habit("outing", _weekend(0.13), 1_600, 4_200, 9_600, busy=SUMMER),
    Habit("games", _daily(0.025), 499, 1_999, 6_999),
    Habit("car", _workdays(0.012), 4_900, 8_900, 64_000),
    Habit("post", _workdays(0.03), 480, 1_150, 3_900, busy=GIFTS),
)

ABROAD: Final = (
    Habit("eu-groceries", _daily(0.55), 620, 2_350, 7_100, account=EURO_CHECKING),
    Habit("eu-cafe", _daily(0.7), 340, 820, 2_150, account=EURO_CHECKING),
    Habit("eu-restaurant", _daily(0.62), 2_300, 5_400, 10_900, account=EURO_CHECKING),
    Habit("eu-train", _daily(0.4), 460, 1_900, 7_800, account=EURO_CHECKING),
    Habit("eu-museum", _daily(0.3), 900, 2_600, 5_800, account=EURO_CHECKING),
)


def is_abroad(day: date) -> bool:
    """Tell whether the household is on its yearly visit to Leipzig, two weeks in July."""
    return (7, 6) <= (day.month, day.day) <= (7, 19)


def everyday(dice: Random, day: date, years: float) -> Iterator[Entry]:
    """Yield what is bought on `day`, `years` into the story, and what of it is given back later."""
    for habit in ABROAD if is_abroad(day) else AT_HOME:
        if dice.random() < habit.week[day.weekday()] * habit.busy[day.month - 1]:
            yield from _bought(dice, habit, day, years)


def _bought(dice: Random, habit: Habit, day: date, years: float) -> Iterator[Entry]:
    merchant = choose(dice, habit.kind)
    factor = habit.dear[day.month - 1] * (1 + PRICES_RISE * years)
    asked = round(dice.triangular(habit.low, habit.high, habit.typical) * factor)
    cents = asked
    if habit.tip and dice.random() < habit.tip:
        cents = round(asked * (1 + dice.choice((0.15, 0.18, 0.2))))
    purchase = card_purchase(
        dice,
        habit.kind,
        day,
        cents,
        merchant,
        account=habit.account,
        held=PUMP_HOLD if habit.pump else asked,
    )
    yield purchase
    if habit.returned and dice.random() < habit.returned:
        part = cents if dice.random() < WHOLE else round(cents * PART)
        yield card_refund(purchase, day + timedelta(days=dice.randint(6, 14)), part)
