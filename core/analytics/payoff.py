"""How long a debt lasts when nothing but its minimum payment is made, and what that costs.

An estimate: rate and payment stay as they are today, interest is added once a month, nothing new is borrowed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final, Literal

from core import clock
from core.ledger import Apr, DebtEntry

MONTHS: Final = 12
DIGITS: Final = 40
LONGEST: Final = 100 * MONTHS
"""What takes longer than a century counts as never."""
CENT: Final = Decimal("0.01")
_SLACK: Final = Decimal("1e-20")


@dataclass(frozen=True, slots=True)
class Payoff:
    """When and how a debt ends. Amounts positive."""

    state: Literal["ends", "never"]
    """never: the payment does not cover the interest."""
    payment: Decimal
    """Of each month but the last."""
    rate: Decimal
    """Per cent a year."""
    months: int = 0
    interest: Decimal = Decimal(0)
    """All of it until the end, to the cent."""
    ends: date | None = None


def estimate(debt: DebtEntry, today: date) -> Payoff | None:
    """Return how the debt goes on at its minimum payment; None where its terms tell too little, or nothing is owed.

    A mortgage's payment mostly holds taxes and insurance too: where it is more than what ends the loan
    at its maturity, that is taken instead.
    """
    rate = rate_of(debt.interest_rate, debt.aprs)
    payment = debt.minimum_payment
    if rate is None or payment is None or payment <= 0 or debt.owed is None or debt.owed <= 0:
        return None
    if debt.kind == "mortgage" and debt.maturity_day is not None:
        left = _months_between(today, debt.maturity_day)
        if left > 0:
            payment = min(payment, level_payment(debt.owed, rate, left))
    months = months_to_pay(debt.owed, rate, payment)
    if months is None:
        return Payoff("never", payment, rate)
    first = debt.due_day if debt.due_day is not None and debt.due_day >= today else clock.add_months(today, 1)
    return Payoff(
        "ends",
        payment,
        rate,
        months,
        interest_paid(debt.owed, rate, payment, months),
        clock.add_months(first, months - 1),
    )


def rate_of(interest_rate: Decimal | None, aprs: Sequence[Apr]) -> Decimal | None:
    """Return the one yearly rate, in per cent, to reckon with; None where none is known.

    Of several, their mean by what each holds for, where the bank says so; else the one for purchases,
    else the highest.
    """
    if interest_rate is not None or not aprs:
        return interest_rate
    weights = [one.balance for one in aprs if one.balance is not None and one.balance > 0]
    whole = sum(weights, Decimal(0))
    if whole and all(one.balance is not None for one in aprs):
        weighted = sum((one.percentage * max(one.balance or Decimal(0), Decimal(0)) for one in aprs), Decimal(0))
        return (weighted / whole).quantize(CENT, ROUND_HALF_EVEN)
    return next((one.percentage for one in aprs if one.type == "purchases"), max(one.percentage for one in aprs))


def months_to_pay(owed: Decimal, rate: Decimal, payment: Decimal) -> int | None:
    """Return how many monthly payments end a debt, the smaller last one included; None where they never do.

    n = -ln(1 - i P / A) / ln(1 + i), rounded up, with P what is owed, A the payment and i the rate of a
    month (a twelfth of the year's): the present value of an annuity solved for its time. Source:
    S. G. Kellison, The Theory of Interest, chapter 3.
    """
    with localcontext() as context:
        context.prec = DIGITS
        monthly = rate / 100 / MONTHS
        if monthly <= 0:
            exact = owed / payment
        elif payment <= owed * monthly:
            return None
        else:
            exact = -(1 - monthly * owed / payment).ln() / (1 + monthly).ln()
        months = max(1, int((exact - _SLACK).to_integral_value(ROUND_CEILING)))
    return months if months <= LONGEST else None


def level_payment(owed: Decimal, rate: Decimal, months: int) -> Decimal:
    """Return the monthly payment, rounded up to the cent, that ends a debt in `months`.

    A = P i / (1 - (1 + i)^-n): the same annuity solved for its payment (Kellison, chapter 3).
    """
    with localcontext() as context:
        context.prec = DIGITS
        monthly = rate / 100 / MONTHS
        exact = owed / months if monthly <= 0 else owed * monthly / (1 - (1 + monthly) ** -months)
        return exact.quantize(CENT, ROUND_CEILING)


def interest_paid(owed: Decimal, rate: Decimal, payment: Decimal, months: int) -> Decimal:
    """Return all interest, to the cent, of paying a debt off in `months` as `months_to_pay` counts them.

    After n - 1 payments P (1 + i)^(n-1) - A ((1 + i)^(n-1) - 1) / i is still owed: the retrospective
    outstanding balance (Kellison, chapter 5). With a month's interest that is the last payment.
    """
    with localcontext() as context:
        context.prec = DIGITS
        monthly = max(rate, Decimal(0)) / 100 / MONTHS
        if not monthly:
            return Decimal(0)
        grown = (1 + monthly) ** (months - 1)
        left = owed * grown - payment * (grown - 1) / monthly
        return (payment * (months - 1) + left * (1 + monthly) - owed).quantize(CENT, ROUND_HALF_EVEN)


def _months_between(first: date, last: date) -> int:
    return (last.year - first.year) * MONTHS + last.month - first.month
