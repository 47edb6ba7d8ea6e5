"""What is owed, added up by currency, and what has to be paid soon."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import takewhile

from core.ledger import DebtEntry, due_days


@dataclass(frozen=True, slots=True)
class Owing:
    """Everything owed in one currency; amounts positive."""

    currency: str
    owed: Decimal
    """Of the accounts whose balance is known; one in credit counts against the others."""
    unknown: int
    """How many accounts have no known balance."""
    due: Decimal
    """The minimum payments that fall due within the days asked for, and those that are missing."""
    first_due: date | None
    debts: tuple[DebtEntry, ...]


def owing(debts: Sequence[DebtEntry], today: date, days: int) -> tuple[Owing, ...]:
    """Return what is owed and what of it falls due within `days`, by currency; that of most accounts comes first."""
    currencies = [one.currency for one in debts]
    until = today + timedelta(days=days)
    return tuple(
        _owing(currency, [one for one in debts if one.currency == currency], today, until)
        for currency in sorted(set(currencies), key=lambda code: (-currencies.count(code), code))
    )


def _owing(currency: str, debts: list[DebtEntry], today: date, until: date) -> Owing:
    soon = [
        (day, one.minimum_payment or Decimal(0))
        for one in debts
        for day in takewhile(lambda day: day <= until, due_days(one, today))
    ]
    return Owing(
        currency,
        sum((one.owed for one in debts if one.owed is not None), Decimal(0)),
        sum(one.owed is None for one in debts),
        sum((payment for _, payment in soon), Decimal(0)),
        min((day for day, _ in soon), default=None),
        tuple(debts),
    )
