"""What changes under a person's eyes: banks mend what they booked, and the first days bring one of everything."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from core.banking.demo.accounts import CARD, EURO_CHECKING
from core.banking.demo.entries import Entry, card_purchase
from core.banking.demo.habits import PUMP_HOLD, is_abroad
from core.banking.demo.merchants import Merchant, merchant_named
from core.banking.demo.workdays import workday_before, workdays_after

MISTAKE: Final = 0.02
"""The chance of a day that a merchant or the bank makes one."""
TWICE: Final = 0.5
"""The share of mistakes that are a purchase booked twice; the others are a wrong amount."""
SLIP: Final = 2_000
"""Cents by which a wrong amount is too high."""


def mistakes(dice: Random, day: date) -> Iterator[Entry]:
    """Yield what is booked wrongly on `day` and mended some days later."""
    if dice.random() >= MISTAKE:
        return
    cents, later = dice.randint(1_200, 6_800), day + timedelta(days=dice.randint(1, 4))
    if dice.random() < TWICE:
        yield from _twice("mistake", day, cents, merchant_named("Bazaarium"), mended=later)
    else:
        yield _wrong("mistake", day, cents, merchant_named("Parcelly"), mended=later)


def first_days(dice: Random, anchor: date) -> Iterator[Entry]:
    """Yield what the three days after `anchor` show of every change that a bank can bring.

    A meal and a fill-up post with another amount than they were pending with, a wrong amount is put
    right, a purchase that was booked twice is taken back, and something is bought. (The hold on a
    room, which is let go, is part of the household's weekend away.)
    """
    abroad = is_abroad(anchor)
    meal = merchant_named("Gasthaus Auerbach Eck" if abroad else "Saffron Lantern")
    yield _soon(dice, "first-meal", anchor, meal, 7_776, held=6_480)
    if not abroad:
        yield _soon(dice, "first-fill-up", anchor, merchant_named("Prairie Fuel"), 4_385, held=PUMP_HOLD)
    coffee = merchant_named("Café Zimtstern" if is_abroad(anchor + timedelta(days=1)) else "Third Kettle Coffee")
    yield _soon(dice, "first-coffee", anchor + timedelta(days=1), coffee, 585)
    booked = workday_before(anchor)
    yield _wrong("first-slip", booked, 4_820, merchant_named("Parcelly"), mended=anchor + timedelta(days=1))
    yield from _twice("first-twice", booked, 2_385, merchant_named("Bazaarium"), mended=anchor + timedelta(days=3))


def _soon(dice: Random, key: str, day: date, merchant: Merchant, cents: int, held: int | None = None) -> Entry:
    """Return a purchase that posts on the next workday, three days later at the most."""
    account = EURO_CHECKING if merchant.country == "DE" else CARD
    purchase = card_purchase(dice, key, day, cents, merchant, account=account, held=held)
    return replace(purchase, posted=workdays_after(day + timedelta(days=1), 0), enriched=None)


def _wrong(key: str, day: date, cents: int, merchant: Merchant, *, mended: date) -> Entry:
    return replace(_booked(key, day, cents, merchant), mistaken=-(cents + SLIP), mended=mended)


def _twice(key: str, day: date, cents: int, merchant: Merchant, *, mended: date) -> Iterator[Entry]:
    once = _booked(key, day, cents, merchant)
    yield once
    yield replace(once, key=f"{once.key}:again", cents=0, mistaken=once.cents, mended=mended)


def _booked(key: str, day: date, cents: int, merchant: Merchant) -> Entry:
    """Return a purchase by card that shows only once it is booked."""
    purchase = card_purchase(Random(key), key, day, cents, merchant)  # noqa: S311 - a believable life, no secret
    return replace(purchase, posted=workdays_after(day, 0), held=None, enriched=None)
