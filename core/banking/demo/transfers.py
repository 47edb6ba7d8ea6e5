"""Money that follows from balances: card payments, the mortgage, saving, investing, interest.

The story is told day by day: what is decided on a day depends only on the days before, so that a
longer story begins with the shorter one.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from core.banking.demo.accounts import BROKERAGE, CARD, CHECKING, EURO_CHECKING, EURO_SAVINGS, MORTGAGE, PLAN, PLANS, SAVINGS
from core.banking.demo.bills import RAISE_MONTH
from core.banking.demo.entries import Entry, booked
from core.banking.demo.workdays import due_on, is_workday, last_workday, month_number, workdays_after

MORTGAGE_RATE: Final = 0.051
MORTGAGE_PAYMENT: Final = 201_000
ESCROW: Final = (37_500, 40_200)
"""Taxes and home insurance paid with the mortgage, before and after the yearly review."""
ESCROW_REVIEW: Final = 12

STATEMENT_DAY: Final = 22
PAYMENT_DAY: Final = 17
LOW_WATER: Final = 150_000
TOP_UP: Final = 200_000
HIGH_WATER: Final = 950_000
SWEEP_TO: Final = 700_000
SAVINGS_RATE: Final = 0.036
EURO_SAVINGS_RATE: Final = 0.019
MARKET: Final = (0.006, 0.024)
"""Mean and spread of a month on the stock market."""
DIVIDEND: Final = 0.0042
QUARTER_ENDS: Final = (3, 6, 9, 12)


@dataclass(slots=True)
class Walk:
    """Where the story stands: balances in cents at the end of the day before, and what is still to be booked."""

    start: date
    seed: int
    balances: dict[str, int] = field(default_factory=lambda: {plan.key: plan.opening for plan in PLANS})
    waiting: defaultdict[date, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    statement: int = -PLAN[CARD].opening

    def book(self, entries: Iterable[Entry]) -> None:
        """Put entries on the day that they post."""
        for entry in entries:
            if entry.posted is not None:
                self.waiting[entry.posted].append(entry)


def follow(walk: Walk, days: Iterable[date]) -> Iterator[Entry]:
    """Walk through `days`, booking what waits, and yield what the household's standing orders add."""
    for day in days:
        _close(walk, day)
        for entry in _decisions(walk, day):
            walk.book((entry,))
            yield entry
        _close(walk, day)


def _close(walk: Walk, day: date) -> None:
    for entry in walk.waiting.pop(day, ()):
        walk.balances[entry.account] += entry.cents


def _decisions(walk: Walk, day: date) -> Iterator[Entry]:
    if day.day == STATEMENT_DAY:
        walk.statement = max(0, -walk.balances[CARD])
    if due_on(day, PAYMENT_DAY) and walk.statement:
        yield from _pay_card(walk, day)
    if due_on(day, 1):
        yield from _pay_mortgage(walk, day)
    yield from _save(walk, day)
    yield from _interest(walk, day)
    yield from _invest(walk, day)


def own_transfer(key: str, source: str, target: str, day: date, cents: int, *, arrives: date | None = None) -> Iterator[Entry]:
    """Yield both sides of a transfer of `cents` (positive) between own accounts of one currency."""
    yield booked(
        key, source, day, -cents, f"Transfer to {PLAN[target].name}", _transfer_text(source, "TO", target),
        _OUT.get(PLAN[target].type, "TRANSFER_OUT_ACCOUNT_TRANSFER"),
    )  # fmt: skip
    yield booked(
        key, target, arrives or day, cents, f"Transfer from {PLAN[source].name}", _transfer_text(target, "FROM", source),
        _IN.get(PLAN[source].type, "TRANSFER_IN_ACCOUNT_TRANSFER"),
    )  # fmt: skip


_OUT: Final[Mapping[str, str]] = {
    "savings": "TRANSFER_OUT_SAVINGS",
    "brokerage": "TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS",
}
_IN: Final[Mapping[str, str]] = {"savings": "TRANSFER_IN_SAVINGS"}


def _transfer_text(account: str, way: str, other: str) -> str:
    if PLAN[account].currency == "EUR":
        return f"UMBUCHUNG {'AUF' if way == 'TO' else 'VON'} KONTO {PLAN[other].mask}"
    return f"ONLINE TRANSFER {way} {PLAN[other].name.upper()} ...{PLAN[other].mask}"


def _pay_card(walk: Walk, day: date) -> Iterator[Entry]:
    cents, walk.statement = walk.statement, 0
    category = "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"
    yield booked(
        "autopay", CHECKING, day, -cents, "Compass Card payment", f"HARBORLINE CARD AUTOPAY ...{PLAN[CARD].mask}", category
    )
    yield booked("autopay", CARD, day, cents, "Payment, thank you", "AUTOMATIC PAYMENT - THANK YOU", category)


def _pay_mortgage(walk: Walk, day: date) -> Iterator[Entry]:
    escrow = ESCROW[month_number(walk.start, day) >= ESCROW_REVIEW]
    interest = round(-walk.balances[MORTGAGE] * MORTGAGE_RATE / 12)
    yield booked(
        "mortgage", CHECKING, day, -(MORTGAGE_PAYMENT + escrow), "Harborline Mortgage",
        f"HARBORLINE MORTGAGE PMT LOAN ...{PLAN[MORTGAGE].mask}", "LOAN_PAYMENTS_MORTGAGE_PAYMENT",
    )  # fmt: skip
    # The loan shows only what pays it off: interest and escrow never touch what is owed.
    principal = MORTGAGE_PAYMENT - interest
    yield booked(
        "principal", MORTGAGE, day, principal, "Principal payment",
        f"PAYMENT PRINCIPAL {principal / 100:.2f} INTEREST {interest / 100:.2f} ESCROW {escrow / 100:.2f}",
        "TRANSFER_IN_OTHER_TRANSFER_IN",
    )  # fmt: skip


def _save(walk: Walk, day: date) -> Iterator[Entry]:
    after_raise = month_number(walk.start, day) >= RAISE_MONTH
    if due_on(day, 3):
        yield from own_transfer("saving", CHECKING, SAVINGS, day, 75_000 if after_raise else 60_000)
    if due_on(day, 7):
        yield from own_transfer("investing", CHECKING, BROKERAGE, day, 60_000, arrives=workdays_after(day, 2))
    if due_on(day, 10):
        yield from own_transfer("sparen", EURO_CHECKING, EURO_SAVINGS, day, 25_000)
    if not is_workday(day):
        return
    checking = walk.balances[CHECKING]
    if checking < LOW_WATER and walk.balances[SAVINGS] > TOP_UP:
        yield from own_transfer("top-up", SAVINGS, CHECKING, day, TOP_UP)
    elif due_on(day, 26) and checking > HIGH_WATER:
        yield from own_transfer("sweep", CHECKING, SAVINGS, day, (checking - SWEEP_TO) // 10_000 * 10_000)


def _interest(walk: Walk, day: date) -> Iterator[Entry]:
    if day != last_workday(day):
        return
    for account, rate, text in (
        (SAVINGS, SAVINGS_RATE, "INTEREST PAYMENT"),
        (EURO_SAVINGS, EURO_SAVINGS_RATE, "ZINSEN HABEN"),
    ):
        cents = round(walk.balances[account] * rate / 12)
        if cents > 0:
            yield booked("interest", account, day, cents, "Interest", text, "INCOME_INTEREST_EARNED")


def _invest(walk: Walk, day: date) -> Iterator[Entry]:
    if day != last_workday(day):
        return
    dice = Random(f"{walk.seed} market {day:%Y-%m}")  # noqa: S311 - a believable market, no secret
    worth = walk.balances[BROKERAGE]
    if day.month in QUARTER_ENDS:
        yield booked(
            "dividend", BROKERAGE, day, round(worth * DIVIDEND), "Dividend, World Index Fund",
            "DIVIDEND REINVESTED WORLD INDEX FUND", "INCOME_DIVIDENDS",
        )  # fmt: skip
    change = round(worth * dice.gauss(*MARKET))
    way = "IN" if change >= 0 else "OUT"
    # Told as a transfer: a rise of the market is neither income nor spending.
    yield booked(
        "valuation", BROKERAGE, day, change, "Change in market value", "MONTH END VALUATION",
        f"TRANSFER_{way}_INVESTMENT_AND_RETIREMENT_FUNDS",
    )  # fmt: skip


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from `first` to `last`, both included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)
