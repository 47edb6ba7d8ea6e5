"""What was on each account over time, in the currency of totals at each day's rate.

A balance that a bank or the person told stands; the days after it are moved by the posted rows since. Before the first
told one it is worked backwards from the rows: such days are estimates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from core.analytics.accounts import AccountSummary, summaries
from core.analytics.converting import DayRates, day_rates
from core.analytics.spans import DAY, Span, stretches
from core.analytics.worth import Worth
from core.cache import UserCache, balances_of, home_currency, shown_accounts

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account; `balances` (owed is negative) stand beside the days of the history, in the currency of totals."""

    account: AccountSummary
    balances: tuple[Decimal, ...]
    told_since: date
    """The first day of which a balance was told: those before are worked backwards."""

    @property
    def change(self) -> Decimal:
        """Return by how much it grew over the period."""
        return self.balances[-1] - self.balances[0]


@dataclass(frozen=True, slots=True)
class WorthHistory:
    """All of it, in `currency`."""

    currency: str
    days: tuple[date, ...]
    """The day before the period, then the last day of each of its steps."""
    totals: tuple[Worth, ...]
    lines: tuple[AccountLine, ...]
    """What holds or owes most now comes first, owned before owed."""
    without_rate: tuple[AccountSummary, ...]
    """In no figure, for there is no rate."""
    unknown: tuple[AccountSummary, ...]
    """In no figure, for nobody told what is on them."""
    old_rate: date | None

    @property
    def change(self) -> Decimal:
        """Return by how much net worth grew over the period."""
        return self.totals[-1].net - self.totals[0].net


def worth_history(cache: UserCache, span: Span, wanted: Sequence[int] = ()) -> WorthHistory:
    """Return how some accounts, or all that are not hidden, stood through `span`.

    What is held in a currency is converted as one sum for the totals, as everywhere; a line converts its account alone.
    Days before anything is known of any account are left out, but for the last of them.
    """
    with cache.answering() as answer:
        currency = home_currency(answer)
        shown = shown_accounts(answer, wanted)
        accounts = {one.id: one for one in summaries(answer) if one.id in set(shown)}
        begins = min((one.first_date for one in accounts.values() if one.first_date), default=span.since)
        since = max(span.since, min(begins, span.until))
        days = [since - DAY, *(end for _, end in stretches(since, span.until, span.unit))]
        rates = day_rates(answer)
        known = balances_of(answer)
    told = {number: known[number].on(days) for number in shown if number in known}
    lines, without = [], []
    for number, balances in told.items():
        account = accounts[number]
        converted = [rates.convert(balance, account.currency, day) for balance, day in zip(balances, days, strict=True)]
        if None in converted:
            without.append(account)
            continue
        lines.append(AccountLine(account, tuple(one or NOTHING for one in converted), known[number].told_since))
    held = {one.account.id for one in lines}
    return WorthHistory(
        currency=currency,
        days=tuple(days),
        totals=tuple(
            _worth(rates, day, [(accounts[one], told[one][place]) for one in told if one in held])
            for place, day in enumerate(days)
        ),
        lines=tuple(sorted(lines, key=lambda one: (one.account.is_liability, -abs(one.balances[-1]), one.account.id))),
        without_rate=tuple(without),
        unknown=tuple(one for number, one in accounts.items() if number not in told),
        old_rate=rates.oldest((one.account.currency for one in lines), span.until),
    )


def _worth(rates: DayRates, day: date, balances: Sequence[tuple[AccountSummary, Decimal]]) -> Worth:
    sides = [
        rates.total(((balance, one.currency) for one, balance in balances if one.is_liability is owed), day)
        for owed in (False, True)
    ]
    return Worth(day, rates.home, *sides)
