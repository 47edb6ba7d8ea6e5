"""What rests on a person's data alone, whatever is asked: found out once until they change."""

from datetime import date
from typing import Any, NamedTuple

from core.cache.caches import Answer


class Facts(NamedTuple):
    """How much there is on accounts that are not hidden, and what is left to do."""

    rows: int
    first: date | None
    """The day of the first line."""
    last: date | None
    uncategorised: int
    """Lines without a category; transfers need none."""


def home_currency(answer: Answer) -> str:
    """Return the currency of totals."""
    return answer.kept(_home)


def facts(answer: Answer) -> Facts:
    """Return how much there is."""
    return answer.kept(_facts)


def account_rows(answer: Answer) -> tuple[tuple[Any, ...], ...]:
    """Return the answer to `accounts`."""
    return answer.kept(_accounts)


def _home(answer: Answer) -> str:
    ((currency,),) = answer("home", {})
    return str(currency)


def _facts(answer: Answer) -> Facts:
    ((rows, first, last, uncategorised),) = answer("facts", {})
    return Facts(rows, first, last, uncategorised)


def _accounts(answer: Answer) -> tuple[tuple[Any, ...], ...]:
    return tuple(answer("accounts", {}))
