"""What the demo household's brokerage account holds, and on what terms its banks lend to it.

The holdings follow the account's own story: money that comes in buys, dividends buy more, and the
valuation at a month's end moves the prices. Their values add up to the account's balance of the day.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from functools import cache, lru_cache
from random import Random
from typing import Final

import msgspec

from core.banking.demo.accounts import BROKERAGE, CARD, CHECKING, MORTGAGE, plans
from core.banking.demo.entries import Entry
from core.banking.demo.household import Household
from core.banking.demo.transfers import (
    ESCROW,
    ESCROW_REVIEW,
    MORTGAGE_PAYMENT,
    MORTGAGE_RATE,
    PAYMENT_DAY,
    STATEMENT_DAY,
)
from core.banking.demo.workdays import due_on, month_number
from core.clock import add_months
from core.config import REFERENCE
from core.ledger import Apr, DebtRecord, HoldingKind, HoldingRecord

MAIN: Final = "world"
"""The fund that takes what rounding leaves, and most of what is bought."""
SECOND: Final = "small"
CASH: Final = "cash"
BOUGHT: Final = ((MAIN, Decimal("0.75")), (SECOND, Decimal("0.25")))
"""What saved money buys, by share."""

CENT: Final = Decimal("0.01")
FINE: Final = Decimal("0.0001")
SHARE: Final = Decimal("0.001")
FLOOR: Final = Decimal("0.6")
"""No price falls below this share of itself in a month."""

MORTGAGE_MONTHS: Final = 360
MORTGAGE_LEFT: Final = 264
"""Months from the story's beginning to the last payment, at the rate and payment of the story."""
BORROWED: Final = Decimal(370200)
CARD_APRS: Final = (
    Apr("purchases", Decimal("21.49")),
    Apr("balance transfers", Decimal("24.49")),
    Apr("cash advances", Decimal("28.99")),
)
LEAST: Final = Decimal(35)
LEAST_SHARE: Final = Decimal("0.01")
"""A card asks for this share of what is owed and a month's interest on it, but for `LEAST` at least."""

_KINDS: Final[dict[str, HoldingKind]] = {
    "fund": "fund",
    "ETF": "ETF",
    "bonds": "bonds",
    "shares": "shares",
    "cash": "cash",
}


@dataclass(frozen=True, slots=True)
class Security:
    """Something the household holds, as its story begins."""

    key: str
    name: str
    ticker: str
    kind: HoldingKind
    price: Decimal
    share: Decimal
    """Of the account's opening balance."""
    paid: Decimal
    """What was paid for it, as a share of what it is worth at the beginning."""
    beta: Decimal
    """How much of the market's move it makes."""
    spread: float
    """How far a month takes it elsewhere than the market."""


@dataclass(slots=True)
class Position:
    """How much is held of a security, at which price, and what it cost."""

    quantity: Decimal
    price: Decimal
    cost: Decimal

    @property
    def value(self) -> Decimal:
        """Return what it is worth, to the cent."""
        return (self.quantity * self.price).quantize(CENT, ROUND_HALF_EVEN)


@cache
def securities() -> dict[str, Security]:
    """Return what is held, by key, in the order of the file."""
    with (REFERENCE / "demo_securities.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["key"]: Security(
                key=row["key"],
                name=row["name"],
                ticker=row["ticker"],
                kind=_KINDS[row["kind"]],
                price=Decimal(row["price"]),
                share=Decimal(row["share"]),
                paid=Decimal(row["paid"]),
                beta=Decimal(row["beta"]),
                spread=float(row["spread"]),
            )
            for row in csv.DictReader(file)
        }


def holdings_on(story: Household, seed: int, day: date) -> tuple[HoldingRecord, ...]:
    """Return what the brokerage account holds on `day`; their values sum up to its balance."""
    moves = tuple(one for one in story.entries if one.account == BROKERAGE and _booked_by(one, day))
    positions, priced = _followed(moves, story.start, seed)
    currency = plans()[BROKERAGE].currency
    return tuple(
        HoldingRecord(
            account_key=BROKERAGE,
            key=key,
            name=securities()[key].name,
            ticker=securities()[key].ticker,
            kind=securities()[key].kind,
            quantity=quantity,
            price=price,
            value=value,
            cost_basis=cost,
            currency=currency,
            price_day=priced,
        )
        for key, quantity, price, value, cost in positions
    )


@lru_cache(maxsize=4)
def _followed(
    moves: tuple[Entry, ...], start: date, seed: int
) -> tuple[tuple[tuple[str, Decimal, Decimal, Decimal, Decimal], ...], date]:
    """Return key, quantity, price, value and cost of each position after `moves`, and the day of the prices."""
    positions, priced = _opening(), start
    for move in moves:
        amount, day = Decimal(move.cents).scaleb(-2), move.posted or move.day
        if ":valuation:" in move.key:
            _value(positions, amount, Random(f"{seed} prices {day:%Y-%m}"))  # noqa: S311 - a market, no secret
            priced = day
            continue
        _take(positions[CASH], amount)
        if ":dividend:" in move.key:
            _buy(positions, MAIN, amount)
        elif amount > 0:
            for key, share in BOUGHT:
                _buy(positions, key, (amount * share).quantize(CENT, ROUND_DOWN))
    return tuple((key, one.quantity, one.price, one.value, one.cost) for key, one in positions.items()), priced


def _opening() -> dict[str, Position]:
    total = plans()[BROKERAGE].opening
    positions = {}
    for one in securities().values():
        # Shares and bonds are held whole, funds in parts.
        step = Decimal(1) if one.kind in {"shares", "bonds"} else SHARE
        quantity = (total * one.share / one.price).quantize(step, ROUND_DOWN)
        positions[one.key] = Position(quantity, one.price, Decimal(0))
        positions[one.key].cost = (positions[one.key].value * one.paid).quantize(CENT)
    cash = total - sum(one.value for key, one in positions.items() if key != CASH)
    positions[CASH] = Position(cash, Decimal(1), cash)
    return positions


def _take(cash: Position, amount: Decimal) -> None:
    cash.quantity += amount
    cash.cost += amount


def _buy(positions: dict[str, Position], key: str, amount: Decimal) -> None:
    """Buy for `amount` at most, from cash."""
    position = positions[key]
    before = position.value
    position.quantity += (amount / position.price).quantize(SHARE, ROUND_DOWN)
    position.cost += position.value - before
    _take(positions[CASH], before - position.value)


def _value(positions: dict[str, Position], change: Decimal, dice: Random) -> None:
    """Let prices move so that everything together is worth `change` more."""
    priced = {key: one for key, one in positions.items() if key != CASH}
    before = sum((one.value for one in priced.values()), Decimal(0))
    market = change / before
    for key, one in priced.items():
        if key != MAIN:
            elsewhere = Decimal(str(round(dice.gauss(0, securities()[key].spread), 6)))
            factor = max(FLOOR, 1 + market * securities()[key].beta + elsewhere)
            one.price = (one.price * factor).quantize(CENT, ROUND_HALF_EVEN)
    main = positions[MAIN]
    others = sum((one.value for key, one in priced.items() if key != MAIN), Decimal(0))
    main.price = ((before + change - others) / main.quantity).quantize(FINE, ROUND_HALF_EVEN)
    # A fund's price has four decimals: what they can't express is a little interest on the cash, or a fee.
    _take(positions[CASH], before + change - others - main.value)


def debts_on(story: Household, accounts: Iterable[str], day: date) -> tuple[DebtRecord, ...]:
    """Return the terms of the card and the mortgage, of those that are among `accounts`."""
    terms = {CARD: _card, MORTGAGE: _mortgage}
    return tuple(terms[key](story, day) for key in accounts if key in terms)


def _mortgage(story: Household, day: date) -> DebtRecord:
    paid = [
        one for one in story.entries if one.account == CHECKING and ":mortgage:" in one.key and _booked_by(one, day)
    ]
    due = _next_due(day, 1)
    escrow = ESCROW[month_number(story.start, due) >= ESCROW_REVIEW]
    maturity = add_months(story.start.replace(day=1), MORTGAGE_LEFT)
    details = {
        "Loan type": "conventional",
        "Rate type": "fixed",
        "Term": "30 years",
        "Began": add_months(maturity, -MORTGAGE_MONTHS).isoformat(),
        "Borrowed": str(BORROWED),
    }
    return DebtRecord(
        account_key=MORTGAGE,
        kind="mortgage",
        interest_rate=(Decimal(str(MORTGAGE_RATE)) * 100).normalize(),
        minimum_payment=_dollars(MORTGAGE_PAYMENT + escrow),
        due_day=due,
        last_payment=_dollars(-paid[-1].cents) if paid else None,
        last_payment_day=paid[-1].posted if paid else None,
        overdue=False,
        maturity_day=maturity,
        details=msgspec.json.encode(details).decode(),
    )


def _card(story: Household, day: date) -> DebtRecord:
    closed = day.replace(day=STATEMENT_DAY) if day.day >= STATEMENT_DAY else add_months(day, -1).replace(day=22)
    statement = max(Decimal(0), _owed(story, closed))
    paid = [one for one in story.entries if one.account == CARD and ":autopay:" in one.key and _booked_by(one, day)]
    settled = bool(paid) and (paid[-1].posted or paid[-1].day) > closed
    owed = max(Decimal(0), _owed(story, day)) if settled else statement
    share = LEAST_SHARE + CARD_APRS[0].percentage / 1200
    return DebtRecord(
        account_key=CARD,
        kind="credit",
        aprs=CARD_APRS,
        minimum_payment=min(owed, max(LEAST, (owed * share).quantize(CENT))),
        due_day=_next_due(day, PAYMENT_DAY),
        last_payment=_dollars(paid[-1].cents) if paid else None,
        last_payment_day=paid[-1].posted if paid else None,
        statement_balance=statement,
        statement_day=closed,
        overdue=False,
    )


def _owed(story: Household, day: date) -> Decimal:
    moved = sum(one.booked_on(day) or 0 for one in story.entries if one.account == CARD)
    return -(plans()[CARD].opening + _dollars(moved))


def _next_due(day: date, nominal: int) -> date:
    """Return the first day after `day` on which what is due on the `nominal` day of a month is booked."""
    return next(one for one in (day + timedelta(days=ahead) for ahead in range(1, 40)) if due_on(one, nominal))


def _booked_by(entry: Entry, day: date) -> bool:
    return entry.posted is not None and entry.posted <= day


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)
