"""Two amounts side by side, and balances added up: the arithmetic that screens need and must not do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.analytics.accounts import AccountSummary
from core.analytics.worth import Worth

Direction = Literal["up", "down", "same"]


@dataclass(frozen=True, slots=True)
class Change:
    """How an amount differs from the one before: `size` is never negative."""

    size: Decimal
    direction: Direction


def change(now: Decimal, before: Decimal) -> Change:
    """Return by how much, and to which side, `now` differs from `before`."""
    difference = now - before
    return Change(abs(difference), "same" if not difference else "up" if difference > 0 else "down")


def shares(parts: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """Return what share of the positive ones' sum each part is; 0 for a part that is not positive."""
    amounts = [max(part, Decimal(0)) for part in parts]
    whole = sum(amounts, Decimal(0))
    return tuple(amount / whole if whole else Decimal(0) for amount in amounts)


def standing(accounts: Iterable[AccountSummary], day: date) -> tuple[Worth, ...]:
    """Return what the accounts with a known balance add up to, by currency; hidden ones are left out.

    The currency of most accounts comes first.
    """
    counted: dict[str, int] = {}
    assets: dict[str, Decimal] = {}
    owed: dict[str, Decimal] = {}
    for account in accounts:
        if account.hidden or account.current is None:
            continue
        counted[account.currency] = counted.get(account.currency, 0) + 1
        side = owed if account.is_liability else assets
        side[account.currency] = side.get(account.currency, Decimal(0)) + account.current
    return tuple(
        Worth(day, currency, assets.get(currency, Decimal(0)), owed.get(currency, Decimal(0)))
        for currency in sorted(counted, key=lambda code: (-counted[code], code))
    )
