"""Net worth at the end of days."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final

from core.analytics.accounts import AccountSummary
from core.analytics.converting import DayRates
from core.cache import Answer, balances_of

NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Worth:
    """What is owned and owed in one currency at the end of `day`; `liabilities` is negative."""

    day: date
    currency: str
    assets: Decimal
    liabilities: Decimal

    @property
    def net(self) -> Decimal:
        """Return assets less what is owed."""
        return self.assets + self.liabilities


def net_worth(
    answer: Answer, accounts: Iterable[AccountSummary], days: Sequence[date], rates: DayRates
) -> tuple[tuple[Worth, ...], tuple[Worth, ...]]:
    """Return the net worth at the end of some days in the currency of totals, and what has no rate into it.

    An account of which no balance was ever told is left out.
    """
    known = balances_of(answer)
    held: dict[str, list[tuple[bool, tuple[Decimal, ...]]]] = {}
    for one in accounts:
        if one.id in known:
            held.setdefault(one.currency, []).append((one.is_liability, known[one.id].on(days)))
    told = []
    for place, day in enumerate(days):
        for currency, balances in sorted(held.items()):
            sides = (
                sum((its[place] for is_owed, its in balances if is_owed is side), NOTHING) for side in (False, True)
            )
            told.append(Worth(day, currency, *sides))
    return _worths(told, rates)


def _worths(told: Sequence[Worth], rates: DayRates) -> tuple[tuple[Worth, ...], tuple[Worth, ...]]:
    together: dict[date, Worth] = {}
    apart = []
    for one in told:
        assets = rates.convert(one.assets, one.currency, one.day)
        owed = rates.convert(one.liabilities, one.currency, one.day)
        if assets is None or owed is None:
            apart.append(one)
            continue
        before = together.get(one.day, Worth(one.day, rates.home, NOTHING, NOTHING))
        together[one.day] = replace(before, assets=before.assets + assets, liabilities=before.liabilities + owed)
    return tuple(together.values()), tuple(apart)
