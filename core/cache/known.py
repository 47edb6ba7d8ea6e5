"""What rests on a person's data alone, whatever is asked: found out once until they change."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from core.cache.seat import Answer


class Facts(NamedTuple):
    """How much there is on accounts that are not hidden, and what is left to do."""

    rows: int
    first: date | None
    """The day of the first line."""
    last: date | None
    uncategorised: int
    """Lines without a category; transfers need none."""


class KnownCategory(NamedTuple):
    """What a category is called, and where it belongs."""

    title: str
    icon: str
    group_id: int | None
    group_title: str
    group_icon: str
    need: str
    merged_into: int | None


UNCATEGORISED: Final = KnownCategory("Uncategorised", "help", None, "Uncategorised", "help", "", None)


def home_currency(answer: Answer) -> str:
    """Return the currency of totals."""
    return answer.kept(_home)


def facts(answer: Answer) -> Facts:
    """Return how much there is."""
    return answer.kept(_facts)


def account_rows(answer: Answer) -> tuple[tuple[Any, ...], ...]:
    """Return the answer to `accounts`."""
    return answer.kept(_accounts)


def shown_accounts(answer: Answer, wanted: Collection[int] = ()) -> list[int]:
    """Return those of some accounts, or of all where none is named, that are not hidden, by id."""
    shown = answer.kept(_shown_accounts)
    return [one for one in shown if not wanted or one in wanted]


def account_names(answer: Answer) -> Mapping[int, str]:
    """Return what every account is called, by its id."""
    return answer.kept(_account_names)


def categories(answer: Answer) -> Mapping[int, KnownCategory]:
    """Return every category by its id."""
    return answer.kept(_categories)


def _home(answer: Answer) -> str:
    ((currency,),) = answer("home", {})
    return str(currency)


def _facts(answer: Answer) -> Facts:
    ((rows, first, last, uncategorised),) = answer("facts", {})
    return Facts(rows, first, last, uncategorised)


def _accounts(answer: Answer) -> tuple[tuple[Any, ...], ...]:
    return tuple(answer("accounts", {}))


def _shown_accounts(answer: Answer) -> tuple[int, ...]:
    # Columns as `accounts` tells them: id, name, …, hidden.
    return tuple(sorted(row[0] for row in account_rows(answer) if not row[13]))


def _account_names(answer: Answer) -> dict[int, str]:
    return {row[0]: row[1] for row in account_rows(answer)}


def _categories(answer: Answer) -> dict[int, KnownCategory]:
    return {number: KnownCategory(*told) for number, *told in answer("categories", {})}
