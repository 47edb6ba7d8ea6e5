"""Amounts of some days in the currency of totals, at those days' rates."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.cache import Answer
from core.rates import STALE_AFTER, Step


class DayRates:
    """The rates into the currency of totals on the days that were asked for."""

    def __init__(self, home: str, rows: Iterable[tuple[date, str, date, int, int]]) -> None:
        """Take the currency of totals, and the answer to `rates_on`."""
        self.home = home
        self._steps = {(day, currency): Step(day, of, times, per) for day, currency, of, times, per in rows}

    def convert(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """Return an amount in the currency of totals; None where there is no rate."""
        if currency == self.home:
            return amount
        step = self._steps.get((day, currency))
        return step.exchange(amount) if step else None

    def total(self, amounts: Iterable[tuple[Decimal | None, str]], day: date) -> Decimal:
        """Return what amounts in several currencies add up to; those without a rate, or unknown, are left out."""
        sums: dict[str, Decimal] = {}
        for amount, currency in amounts:
            sums[currency] = sums.get(currency, Decimal(0)) + (amount or Decimal(0))
        converted = (self.convert(amount, currency, day) for currency, amount in sums.items())
        return sum((one for one in converted if one is not None), Decimal(0))

    def oldest(self, currencies: Iterable[str], day: date) -> date | None:
        """Return the day of the oldest of the rates of some currencies that is long before a day; None without such."""
        used = [step.day for one in currencies if (step := self._steps.get((day, one)))]
        return min((one for one in used if day - one > STALE_AFTER), default=None)


@dataclass(frozen=True, slots=True)
class Apart:
    """What came in and was spent in a currency without a rate into that of totals; `spending` is negative."""

    currency: str
    income: Decimal
    spending: Decimal


def apart(answer: Answer, accounts: Sequence[int], since: date, until: date) -> tuple[Apart, ...]:
    """Return what a period has in currencies without a rate: it is in no total."""
    return tuple(Apart(*row) for row in answer("unrated", {"accounts": list(accounts), "since": since, "until": until}))


def oldest_rate(
    answer: Answer, accounts: Sequence[int], since: date, until: date, kinds: Container[str]
) -> date | None:
    """Return the day of the oldest rate that a period's figures rest on, where it is from long before; else None."""
    asked = {"accounts": list(accounts), "since": since, "until": until, "longest": STALE_AFTER.days}
    return min((day for _, kind, day in answer("stale_rates", asked) if kind in kinds), default=None)


def shown_accounts(answer: Answer, wanted: Sequence[int]) -> list[int]:
    """Return those of some accounts, or of all where none is named, that are not hidden."""
    ((accounts, _),) = answer("meant", {"accounts": list(wanted) or None, "categories": None, "alone": False})
    return list(accounts)
