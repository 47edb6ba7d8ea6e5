"""Money that follows from balances: card payments, the mortgage, saving, investing, interest.

The story is told day by day: what is decided on a day depends only on what came before, so that a
longer story begins with the shorter one. Amounts are whole cents.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from core.banking.demo.accounts import (
    BROKERAGE,
    CARD,
    CHECKING,
    EURO_CHECKING,
    EURO_SAVINGS,
    MORTGAGE,
    SAVINGS,
    plans,
)
from core.banking.demo.bills import RAISE_MONTH
from core.banking.demo.entries import Entry, booked
from core.banking.demo.workdays import due_on, is_workday, last_workday, month_number, workdays_after

MORTGAGE_RATE: Final = 0.051
MORTGAGE_PAYMENT: Final = 201_000
ESCROW: Final = (37_500, 40_200)
"""Taxes and home insurance paid with the mortgage, before and after the review."""
ESCROW_REVIEW: Final = 12
"""The month of the story of that review."""

STATEMENT_DAY: Final = 22
PAYMENT_DAY: Final = 17
SAVING: Final = (60_000, 75_000)
"""What is saved each month, before and after the raise."""
INVESTING: Final = 60_000
EURO_SAVING: Final = 25_000
LOW_WATER: Final = 150_000
"""Below this, savings fill the checking account up by whole `TOP_UP`s to twice as much."""
TOP_UP: Final = 100_000
HIGH_WATER: Final = 950_000
"""Above this, once a month, what exceeds `SWEEP_TO` is saved, in steps of `SWEEP_STEP`."""
SWEEP_TO: Final = 700_000
SWEEP_STEP: Final = 10_000

SAVINGS_RATE: Final = 0.036
EURO_SAVINGS_RATE: Final = 0.019
MARKET: Final = (0.006, 0.024)
"""Mean and spread of a month on the stock market."""
DIVIDEND: Final = 0.0042
QUARTER_ENDS: Final = (3, 6, 9, 12)


def _openings() -> dict[str, int]:
    return {key: plan.opening_cents for key, plan in plans().items()}


@dataclass(slots=True)
class Walk:
    """Where the story stands: every balance, what is still to be booked, what the card is owed."""

    start: date
    seed: int
    balances: dict[str, int] = field(default_factory=_openings)
    waiting: defaultdict[date, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    statement: int = field(default_factory=lambda: -_openings()[CARD])

    def expect(self, entries: Iterable[Entry]) -> None:
        """Let entries wait for the day that they post; holds never do."""
        for entry in entries:
            if entry.posted is not None:
                self.waiting[entry.posted].append(entry)

    def book(self, day: date) -> None:
        """Take what posts on `day` into the balances."""
        for entry in self.waiting.pop(day, ()):
            self.balances[entry.account] += entry.cents


def follow(walk: Walk, days: Iterable[date]) -> Iterator[Entry]:
    """Walk through `days`, booking what waits, and yield what the household and its banks add."""
    for day in days:
        walk.book(day)
        for entry in _decisions(walk, day):
            walk.expect((entry,))
            walk.book(day)
            yield entry


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
    yield from _level(walk, day)


def _pay_card(walk: Walk, day: date) -> Iterator[Entry]:
    cents, walk.statement = walk.statement, 0
    category = "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"
    text = f"HARBORLINE CARD AUTOPAY ...{plans()[CARD].mask}"
    yield booked("autopay", CHECKING, day, -cents, name="Compass Card payment", text=text, category=category)
    text = "AUTOMATIC PAYMENT - THANK YOU"
    yield booked("autopay", CARD, day, cents, name="Payment, thank you", text=text, category=category)


def _pay_mortgage(walk: Walk, day: date) -> Iterator[Entry]:
    escrow = ESCROW[month_number(walk.start, day) >= ESCROW_REVIEW]
    interest = round(-walk.balances[MORTGAGE] * MORTGAGE_RATE / 12)
    yield booked(
        "mortgage",
        CHECKING,
        day,
        -(MORTGAGE_PAYMENT + escrow),
        name="Harborline Mortgage",
        text=f"HARBORLINE MORTGAGE PMT LOAN ...{plans()[MORTGAGE].mask}",
        category="LOAN_PAYMENTS_MORTGAGE_PAYMENT",
    )
    # The loan shows only what pays it off: interest and escrow never touch what is owed.
    principal = MORTGAGE_PAYMENT - interest
    yield booked(
        "principal",
        MORTGAGE,
        day,
        principal,
        name="Principal payment",
        text=f"PAYMENT PRINCIPAL {_dollars(principal)} INTEREST {_dollars(interest)} ESCROW {_dollars(escrow)}",
        category="TRANSFER_IN_OTHER_TRANSFER_IN",
    )


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


def _save(walk: Walk, day: date) -> Iterator[Entry]:
    if due_on(day, 3):
        cents = SAVING[month_number(walk.start, day) >= RAISE_MONTH]
        yield from own_transfer("saving", (CHECKING, SAVINGS), day, cents)
    if due_on(day, 7):
        yield from own_transfer("investing", (CHECKING, BROKERAGE), day, INVESTING, arrives=workdays_after(day, 2))
    if due_on(day, 10):
        yield from own_transfer("saving", (EURO_CHECKING, EURO_SAVINGS), day, EURO_SAVING)


def _level(walk: Walk, day: date) -> Iterator[Entry]:
    """Yield what keeps the checking account between its two marks; comes last, when the day is known."""
    checking = walk.balances[CHECKING]
    if is_workday(day) and checking < LOW_WATER:
        missing = -(-(2 * LOW_WATER - checking) // TOP_UP) * TOP_UP
        if walk.balances[SAVINGS] > missing:
            yield from own_transfer("top-up", (SAVINGS, CHECKING), day, missing)
    elif due_on(day, 26) and checking > HIGH_WATER:
        surplus = (checking - SWEEP_TO) // SWEEP_STEP * SWEEP_STEP
        yield from own_transfer("sweep", (CHECKING, SAVINGS), day, surplus)


_OUT: Final[Mapping[str, str]] = {
    "savings": "TRANSFER_OUT_SAVINGS",
    "brokerage": "TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS",
}
_IN: Final[Mapping[str, str]] = {"savings": "TRANSFER_IN_SAVINGS"}


def own_transfer(
    key: str,
    way: tuple[str, str],
    day: date,
    cents: int,
    *,
    arrives: date | None = None,
) -> Iterator[Entry]:
    """Yield both sides of `cents` (positive) going one `way` (from, to) between own accounts of one currency."""
    source, target = plans()[way[0]], plans()[way[1]]
    euros = source.currency == "EUR"
    yield booked(
        key,
        source.key,
        day,
        -cents,
        name=f"Transfer to {target.name}",
        text=f"UMBUCHUNG AUF KONTO {target.mask}"
        if euros
        else f"ONLINE TRANSFER TO {target.name.upper()} ...{target.mask}",
        category=_OUT.get(target.type, "TRANSFER_OUT_ACCOUNT_TRANSFER"),
    )
    yield booked(
        key,
        target.key,
        arrives or day,
        cents,
        name=f"Transfer from {source.name}",
        text=f"UMBUCHUNG VON KONTO {source.mask}"
        if euros
        else f"ONLINE TRANSFER FROM {source.name.upper()} ...{source.mask}",
        category=_IN.get(source.type, "TRANSFER_IN_ACCOUNT_TRANSFER"),
    )


def _interest(walk: Walk, day: date) -> Iterator[Entry]:
    if day != last_workday(day):
        return
    for account, rate, text in (
        (SAVINGS, SAVINGS_RATE, "INTEREST PAYMENT"),
        (EURO_SAVINGS, EURO_SAVINGS_RATE, "HABENZINSEN"),
    ):
        cents = round(walk.balances[account] * rate / 12)
        if cents > 0:
            category = "INCOME_INTEREST_EARNED"
            yield booked("interest", account, day, cents, name="Interest", text=text, category=category)


def _invest(walk: Walk, day: date) -> Iterator[Entry]:
    if day != last_workday(day):
        return
    worth = walk.balances[BROKERAGE]
    if day.month in QUARTER_ENDS:
        yield booked(
            "dividend",
            BROKERAGE,
            day,
            round(worth * DIVIDEND),
            name="Dividend, World Index Fund",
            text="DIVIDEND REINVESTED WORLD INDEX FUND",
            category="INCOME_DIVIDENDS",
        )
    dice = Random(f"{walk.seed} market {day:%Y-%m}")  # noqa: S311 - a believable market, no secret
    change = round(worth * dice.gauss(*MARKET))
    # Told as a transfer: a rise of the market is neither income nor spending.
    yield booked(
        "valuation",
        BROKERAGE,
        day,
        change,
        name="Change in market value",
        text="MONTH END VALUATION",
        category=f"TRANSFER_{'IN' if change >= 0 else 'OUT'}_INVESTMENT_AND_RETIREMENT_FUNDS",
    )
