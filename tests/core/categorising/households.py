"""Made-up labelled transactions: merchants of many kinds, in the words of a bank, with a seed."""

import random
from datetime import date, timedelta
from decimal import Decimal

from core.categorising import Movement

Example = tuple[Movement, str]

KINDS = {
    "Groceries": (("market", "foods", "grocery"), 60),
    "Restaurants": (("grill", "kitchen", "bistro"), 35),
    "Fuel": (("petroleum", "fuel"), 50),
    "Clothing": (("apparel", "boutique"), 80),
    "Hair": (("salon", "barber"), 30),
    "Gym": (("fitness", "yoga"), 40),
}
CITIES = ("LEEDS", "YORK", "AUSTIN TX", "RENO NV")


def movement(description: str, amount: str | Decimal = "-10", day: date = date(2026, 3, 4), **more: str) -> Movement:
    return Movement(day, description, Decimal(amount), **more)


def household(seed: int, size: int, *, merchants: int = 8, mistakes: float = 0.0) -> list[Example]:
    """Return `size` movements at merchants named after their kind; a share of labels is a mistake."""
    chance = random.Random(seed)
    names = [
        (kind, f"{_name(chance)} {chance.choice(words)}", typical)
        for kind, (words, typical) in KINDS.items()
        for _ in range(merchants)
    ]
    examples = []
    for _ in range(size):
        kind, name, typical = chance.choice(names)
        text = f"POS {name.upper()} #{chance.randrange(9999):04} {chance.choice(CITIES)}"
        amount = Decimal(-typical * chance.lognormvariate(0, 0.5)).quantize(Decimal("0.01"))
        label = chance.choice(list(KINDS)) if chance.random() < mistakes else kind
        examples.append((Movement(_day(chance), text, amount), label))
    return examples


def told_by_circumstances(seed: int, size: int) -> list[Example]:
    """Return movements of three texts whose category is told by the amount, the sign or the day of the week."""
    chance = random.Random(seed)
    examples = []
    for _ in range(size):
        day, amount = _day(chance), Decimal(-chance.lognormvariate(3.5, 1)).quantize(Decimal("0.01"))
        text = chance.choice(("AMAZON", "J SMITH", "BLUE DOOR"))
        if text == "AMAZON":
            label = "Big things" if amount < -40 else "Small things"
        elif text == "J SMITH":
            amount = chance.choice((amount, -amount))
            label = "Paid back" if amount > 0 else "Lent"
        else:
            label = "Work lunch" if day.weekday() < 5 else "Leisure"
        examples.append((Movement(day, f"{text} {chance.randrange(99999)}", amount), label))
    return examples


def _name(chance: random.Random) -> str:
    return "".join(chance.choice("bdfglmnprst") + chance.choice("aeiou") for _ in range(3))


def _day(chance: random.Random) -> date:
    return date(2025, 1, 1) + timedelta(chance.randrange(365))
