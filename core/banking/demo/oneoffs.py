"""What happens once in the household's story, placed by the day that the demo began."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from core.banking.demo.accounts import CARD, CHECKING, EURO_CHECKING, PLAN
from core.banking.demo.entries import Entry, booked, card_purchase, card_text, paid_by
from core.banking.demo.habits import is_abroad
from core.banking.demo.merchants import Merchant, merchant_named
from core.banking.demo.workdays import workdays_after
from core.clock import add_months


def story(dice: Random, anchor: date) -> Iterator[Entry]:
    """Yield the single events of the 24 months before `anchor` and the days around it."""
    # The unusual charge: far above anything ever paid for electronics, and by a merchant never seen.
    yield card_purchase(dice, "studio", anchor - timedelta(days=6), 284_900, merchant_named("Alpenglow Audio Labs"))

    # A hold for a weekend away is released some days from now and never posts; the bill itself does.
    inn = merchant_named("Lighthouse Inn")
    yield hold("inn-hold", anchor - timedelta(days=1), 15_000, inn, days=3)
    yield card_purchase(dice, "inn", anchor - timedelta(days=1), 36_840, inn)

    # A check deposit and a roof in need of repair.
    roof = merchant_named("Gable & Sons Roofing")
    repaired = workdays_after(add_months(anchor, -10), 0)
    yield paid_by(roof, "roof", CHECKING, repaired, -684_000)
    deposit = workdays_after(add_months(anchor, -13), 0)
    yield booked(
        "deposit", CHECKING, deposit, 45_000, "Check deposit", "MOBILE CHECK DEPOSIT REF 20931187", "TRANSFER_IN_DEPOSIT"
    )

    # A late fee, and the bank's kindness a few days later.
    late = workdays_after(add_months(anchor, -8), 0)
    yield booked("late-fee", CARD, late, -2_900, "Late fee", "LATE PAYMENT FEE", "BANK_FEES_LATE_FEES")
    kind = workdays_after(late, 4)
    yield booked("late-fee-back", CARD, kind, 2_900, "Late fee reversal", "LATE PAYMENT FEE REVERSAL", "BANK_FEES_LATE_FEES")

    # Money sent abroad once: two currencies, so the sides do not cancel.
    sent = workdays_after(add_months(anchor, -17), 0)
    yield booked(
        "wire", CHECKING, sent, -131_250, "Wire to Lindenbank", "OUTGOING INTL WIRE LINDENBANK LEIPZIG", "TRANSFER_OUT_WIRE"
    )
    yield booked(
        "wire-fee", CHECKING, sent, -3_500, "Wire transfer fee", "OUTGOING INTL WIRE FEE", "BANK_FEES_OTHER_BANK_FEES"
    )
    yield booked(
        "wire", EURO_CHECKING, workdays_after(sent, 2), 120_000, "Wire from Harborline Bank",
        "AUSLANDSUEBERWEISUNG HARBORLINE BANK USD 1312,50 KURS 1,09375", "TRANSFER_IN_WIRE",
    )  # fmt: skip


def surprises(dice: Random, day: date) -> Iterator[Entry]:
    """Yield the small irregular things of a day: cash, its fee, a hold released, a night in Dresden."""
    if is_abroad(day):
        if day.day in {10, 15}:
            yield card_purchase(
                dice, "pension", day, dice.randint(13_800, 21_500), merchant_named("Pension Elbblick"), account=EURO_CHECKING
            )
        return
    if dice.random() < 0.045:
        mask = PLAN[CHECKING].mask
        own = dice.random() < 0.6
        cents = dice.choice((4_000, 6_000, 8_000, 10_000, 20_000))
        where = "HARBORLINE STATE ST" if own else "NONBANK ATM WILLY ST"
        yield booked(
            "cash", CHECKING, day, -cents, "Cash withdrawal", f"ATM WITHDRAWAL {where} MADISON WI CARD {mask}",
            "TRANSFER_OUT_WITHDRAWAL",
        )  # fmt: skip
        if not own:
            yield booked("cash-fee", CHECKING, day, -350, "ATM fee", "NON-NETWORK ATM FEE", "BANK_FEES_ATM_FEES")
    if dice.random() < 0.02:
        yield hold("hold", day, dice.randint(1_500, 9_000), merchant_named("Parcelly"), days=dice.randint(2, 5))


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
