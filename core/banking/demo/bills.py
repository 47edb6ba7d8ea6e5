"""What comes every month or year by itself: utilities, insurance, subscriptions, salaries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from core.banking.demo.accounts import CARD, CHECKING, EURO_CHECKING
from core.banking.demo.entries import Entry, booked, card_purchase, paid_by
from core.banking.demo.habits import EVEN, Months
from core.banking.demo.merchants import merchant_named
from core.banking.demo.workdays import due_on, last_workday, month_number, workday_before

WINTER_AND_SUMMER: Final[Months] = (1.55, 1.45, 1.2, 0.9, 0.75, 0.95, 1.2, 1.15, 0.85, 0.8, 1.05, 1.4)
LAWN: Final[Months] = (0.85, 0.85, 0.9, 1.0, 1.1, 1.3, 1.4, 1.35, 1.1, 0.95, 0.85, 0.85)
SCHOOL: Final = (1, 2, 3, 4, 5, 9, 10, 11, 12)
ALWAYS: Final = tuple(range(1, 13))
DECEMBER: Final = 12
FRIDAY: Final = 4

RAISE_MONTH: Final = 15
"""The month of the story (0 is the first) in which the first salary rises."""


@dataclass(frozen=True, slots=True)
class Bill:
    """Something paid on the same day of each of its months. Cents, positive is paid, negative received."""

    merchant: str
    day: int
    cents: int
    account: str = CARD
    months: tuple[int, ...] = ALWAYS
    rise: tuple[int, int] | None = None
    """From which month of the story on which amount is asked instead."""
    until: int | None = None
    """The first month of the story without it; None while it goes on."""
    swing: Months = EVEN
    noise: float = 0.0


BILLS: Final = (
    # Subscriptions, by card. Two of them play music; two become dearer; one was given up.
    Bill("Wavelength Music", 4, 1_099, rise=(14, 1_199)),
    Bill("Tunebay Family", 19, 1_699),
    Bill("Cinderbox", 11, 1_549, rise=(19, 1_799)),
    Bill("Lantern Play", 23, 999, until=17),
    Bill("Nimbus Drive", 7, 299),
    Bill("The Isthmus Ledger", 2, 1_700),
    Bill("Stronghold Fitness", 1, 5_400),
    Bill("Harbor Photo Vault", 14, 9_900, months=(3,)),
    Bill("Bulkwell Membership", 20, 6_500, months=(10,)),
    Bill("Fiberwing Internet", 16, 6_999, rise=(12, 7_499)),
    Bill("Talkline Wireless", 21, 9_400, noise=0.03),
    Bill("Second Harvest Table", 15, 4_000),
    Bill("Prairie Bird Trust", 12, 25_000, months=(12,)),
    Bill("Ledgerleaf Tax", 17, 18_900, months=(3,)),
    Bill("Willow Street Dental", 9, 14_500, months=(2, 8), noise=0.25),
    Bill("Meridian Air", 13, 168_400, months=(4,), noise=0.06),
    Bill("Meridian Air", 24, 74_200, months=(10,), noise=0.08),
    # Direct debits from the checking account.
    Bill("Four Lakes Energy", 18, 16_200, CHECKING, swing=WINTER_AND_SUMMER, noise=0.07),
    Bill("Madison Water District", 22, 9_600, CHECKING, months=(2, 4, 6, 8, 10, 12), swing=LAWN, noise=0.05),
    Bill("Greencycle Waste", 8, 3_250, CHECKING),
    Bill("Shieldwell Auto Insurance", 10, 12_840, CHECKING, rise=(13, 13_610)),
    Bill("Evermore Life", 13, 4_120, CHECKING),
    Bill("Hopscotch After School", 5, 39_500, CHECKING, months=SCHOOL),
    Bill("Camp Firefly", 5, 58_000, CHECKING, months=(6, 8)),
    Bill("State Vehicle Registration", 20, 11_700, CHECKING, months=(5,)),
    Bill("Tax Refund", 4, -194_300, CHECKING, months=(4,), noise=0.12),
    # The flat in Leipzig, let since they moved away.
    Bill("Mieterin J. Albrecht", 1, -69_000, EURO_CHECKING, rise=(11, -71_500)),
    Bill("Hausverwaltung Kastanienhof", 4, 18_200, EURO_CHECKING),
    Bill("Funkturm Mobil", 9, 1_299, EURO_CHECKING),
    Bill("Elbschutz Versicherung", 16, 5_480, EURO_CHECKING, months=(1,)),
)


def bills(dice: Random, start: date, day: date) -> Iterator[Entry]:
    """Yield the bills due on `day`; `start` is the first day of the story."""
    month = month_number(start, day)
    for number, bill in enumerate(BILLS):
        if not due_on(day, bill.day) or day.month not in bill.months:
            continue
        if bill.until is not None and month >= bill.until:
            continue
        cents = bill.rise[1] if bill.rise and month >= bill.rise[0] else bill.cents
        cents = round(cents * bill.swing[day.month - 1] * (1 + bill.noise * dice.uniform(-1, 1)))
        merchant = merchant_named(bill.merchant)
        if bill.account == CARD:
            recurring = bill.months == ALWAYS
            yield card_purchase(dice, f"bill{number}", day, cents, merchant, recurring=recurring)
        else:
            yield paid_by(merchant, f"bill{number}", bill.account, day, -cents)


def salaries(start: date, day: date) -> Iterator[Entry]:
    """Yield what the two employers pay on `day`: one twice a month, one every second Friday."""
    month = month_number(start, day)
    first, second = merchant_named("Halden Instruments"), merchant_named("Brightwater Schools")
    if day in {workday_before(day.replace(day=15)), last_workday(day)}:
        yield paid_by(first, "salary", CHECKING, day, 309_000 if month >= RAISE_MONTH else 296_500)
    if day == workday_before(day.replace(day=20)) and day.month == DECEMBER:
        yield paid_by(first, "bonus", CHECKING, day, 318_400)
    if day.weekday() == FRIDAY and day.toordinal() // 7 % 2 == 0:
        yield paid_by(second, "salary2", CHECKING, day, 164_200)


def checks(start: date, day: date) -> Iterator[Entry]:
    """Yield the piano teacher's monthly check, with its number."""
    if due_on(day, 6) and day.month in SCHOOL:
        number = str(1041 + month_number(start, day))
        yield booked(
            "check",
            CHECKING,
            day,
            -12_000,
            name=f"Check {number}",
            text=f"CHECK {number}",
            category="GENERAL_SERVICES_EDUCATION",
            check_number=number,
        )
