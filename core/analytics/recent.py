"""Transactions by themselves, as short lists show them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.cache import UNCATEGORISED, Answer, account_names, categories


@dataclass(frozen=True, slots=True)
class RecentTransaction:
    """One of the last transactions, as lists show it."""

    id: int
    date: date
    name: str
    amount: Decimal
    currency: str
    account: str
    category: str
    icon: str
    kind: str
    pending: bool


def latest(answer: Answer, accounts: Collection[int], since: date, count: int) -> tuple[RecentTransaction, ...]:
    """Return the last transactions on some accounts from a day on, the newest first."""
    rows = answer("recent", {"accounts": list(accounts), "since": since, "count": count})
    return tuple(recent_row(answer, row) for row in rows)


def recent_row(answer: Answer, told: Sequence[Any]) -> RecentTransaction:
    """Return one row of `recent`, or of a question with the same columns, with its names."""
    number, day, name, amount, currency, account, category, kind, pending = told
    known = categories(answer).get(category or 0, UNCATEGORISED)
    called = (account_names(answer)[account], known.title, known.icon)
    return RecentTransaction(number, day, name, amount, currency, *called, kind, pending)
