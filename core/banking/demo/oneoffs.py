"""What happens once in the household's story, placed by the day that the demo began."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Final

from core.banking.demo.accounts import CARD, CHECKING, EURO_CHECKING, plans
from core.banking.demo.entries import Entry, booked, card_purchase, card_text, paid_by
from core.banking.demo.habits import is_abroad
from core.banking.demo.merchants import Merchant, merchant_named
from core.banking.demo.workdays import workdays_after
from core.clock import add_months

CASH: Final = 0.045
"""The chance of a day that cash is drawn."""
OWN_MACHINE: Final = 0.6
NOTES: Final = (4_000, 6_000, 8_000, 10_000, 20_000)
HOLD: Final = 0.02
"""The chance of a day that an order is held on the card and then cancelled."""
NIGHTS_AWAY: Final = frozenset({10, 15})


def story(dice: Random, anchor: date) -> Iterator[Entry]:
    """Yield the single events of the 24 months before `anchor` and the days around it."""
    # The unusual charge: far above anything ever paid for electronics, by a merchant never seen.
    yield card_purchase(dice, "studio", anchor - timedelta(days=6), 284_900, merchant_named("Alpenglow Audio Labs"))

    # A weekend away: the deposit is held and released some days from now, the bill posts with the breakfasts on it.
    inn = merchant_named("Lighthouse Inn")
    yield hold("inn-hold", anchor - timedelta(days=1), 15_000, inn, days=3)
    yield card_purchase(dice, "inn", anchor - timedelta(days=1), 36_840, inn, held=33_600)

    repaired = workdays_after(add_months(anchor, -10), 0)
    yield paid_by(merchant_named("Gable & Sons Roofing"), "roof", CHECKING, repaired, -684_000)
    yield booked(
        "deposit",
        CHECKING,
        workdays_after(add_months(anchor, -13), 0),
        45_000,
        name="Check deposit",
        text="MOBILE CHECK DEPOSIT REF 20931187",
        category="TRANSFER_IN_DEPOSIT",
    )
    yield from _late_fee(workdays_after(add_months(anchor, -8), 0))
    yield from _wire(workdays_after(add_months(anchor, -17), 0))


def _late_fee(day: date) -> Iterator[Entry]:
    """Yield a fee and, a few days later, the bank's kindness."""
    fee, category = "LATE PAYMENT FEE", "BANK_FEES_LATE_FEES"
    yield booked("late-fee", CARD, day, -2_900, name="Late fee", text=fee, category=category)
    back = workdays_after(day, 4)
    yield booked("late-fee", CARD, back, 2_900, name="Late fee reversal", text=f"{fee} REVERSAL", category=category)


def _wire(day: date) -> Iterator[Entry]:
    """Yield money sent abroad: two currencies, so that the sides do not cancel."""
    text = "OUTGOING INTL WIRE"
    yield booked(
        "wire",
        CHECKING,
        day,
        -131_250,
        name="Wire to Lindenbank",
        text=f"{text} LINDENBANK LEIPZIG",
        category="TRANSFER_OUT_WIRE",
    )
    fees = "BANK_FEES_OTHER_BANK_FEES"
    yield booked("wire-fee", CHECKING, day, -3_500, name="Wire transfer fee", text=f"{text} FEE", category=fees)
    yield booked(
        "wire",
        EURO_CHECKING,
        workdays_after(day, 2),
        120_000,
        name="Wire from Harborline Bank",
        text="AUSLANDSUEBERWEISUNG HARBORLINE BANK USD 1312,50 KURS 1,09375",
        category="TRANSFER_IN_WIRE",
    )


def surprises(dice: Random, day: date) -> Iterator[Entry]:
    """Yield the small irregular things of a day: cash and its fee, an order cancelled, a night in Dresden."""
    if is_abroad(day):
        if day.day in NIGHTS_AWAY:
            inn, cents = merchant_named("Pension Elbblick"), dice.randint(13_800, 21_500)
            yield card_purchase(dice, "pension", day, cents, inn, account=EURO_CHECKING)
        return
    if dice.random() < CASH:
        yield from _cash(dice, day)
    if dice.random() < HOLD:
        yield hold("hold", day, dice.randint(1_500, 9_000), merchant_named("Parcelly"), days=dice.randint(2, 5))


def _cash(dice: Random, day: date) -> Iterator[Entry]:
    own = dice.random() < OWN_MACHINE
    where = "HARBORLINE STATE ST" if own else "NONBANK ATM WILLY ST"
    yield booked(
        "cash",
        CHECKING,
        day,
        -dice.choice(NOTES),
        name="Cash withdrawal",
        text=f"ATM WITHDRAWAL {where} MADISON WI CARD {plans()[CHECKING].mask}",
        category="TRANSFER_OUT_WITHDRAWAL",
    )
    if not own:
        fees = "BANK_FEES_ATM_FEES"
        yield booked("cash-fee", CHECKING, day, -350, name="ATM fee", text="NON-NETWORK ATM FEE", category=fees)


def hold(key: str, day: date, cents: int, merchant: Merchant, *, days: int) -> Entry:
    """Return a pending charge of `cents` (positive) that is released after `days` and never posts."""
    return Entry(
        key=f"{CARD}:{key}:{day:%Y%m%d}",
        account=CARD,
        day=day,
        posted=None,
        cents=0,
        name=merchant.name,
        text=card_text(CARD, day, merchant),
        category=merchant.category,
        merchant=merchant,
        held=-cents,
        released=day + timedelta(days=days),
        channel=merchant.channel,
    )
