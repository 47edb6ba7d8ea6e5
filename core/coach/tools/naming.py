"""Names as a person says them, and what of theirs is meant: a category, a merchant, an account."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar

from pydantic import Field

from core.analytics import AccountSummary, account_summaries, merchant_names
from core.coach.tools.tool import Scope
from core.coach.values import Text
from core.errors import ValidationError
from core.formats import one_line
from core.ledger import CategoryEntry, list_categories

UNCATEGORISED: Final = "Uncategorised"
MOST_NEAR: Final = 5
"""So many names are told where one was not understood."""
LONGEST_NAME: Final = 48
"""Letters of each of them."""
ALIKE: Final = 82.0
"""How alike, of 100, a name with a slip in it must be to the one that is meant."""
APART: Final = 5.0
"""By so much the next one must be less alike."""

T = TypeVar("T")
Name = Annotated[str, Field(min_length=1, max_length=200)]


class UnclearNameError(ValidationError):
    """No name of the person's, or several; `near` are those that may be meant, data from outside."""

    def __init__(self, kind: str, near: Sequence[str], *, several: bool) -> None:
        """Tell of what kind the name is, and which are near."""
        self.near = tuple(Text(one_line(one, LONGEST_NAME)) for one in near[:MOST_NEAR])
        words = f"Several {_MANY[kind]} may be meant." if several else f"There is no {kind} of that name."
        listed = ", ".join(f'"{one.text}"' for one in self.near)
        super().__init__(words, f"Say which: {listed}." if listed else f"There are no {_MANY[kind]} like it.")


_MANY: Final = {"category": "categories", "merchant": "merchants", "account": "accounts", "tag": "tags"}


@dataclass(frozen=True, slots=True)
class Called(Generic[T]):
    """Something of a person's: what it is called, and what else it may be called by."""

    name: str
    what: T
    also: tuple[str, ...] = ()


def category_named(scope: Scope, name: str) -> CategoryEntry | None:
    """Return the category that is meant, or that it was merged into; None for what has none ("uncategorised").

    Raises:
        UnclearNameError: no category or several may be meant.
    """
    entries = {one.id: one for one in list_categories(scope.store, scope.cache.user)}
    known: list[Called[CategoryEntry | None]] = [
        Called(one.title, entries.get(one.merged_into or one.id, one)) for one in entries.values()
    ]
    known.append(Called(UNCATEGORISED, None, ("no category", "uncategorized")))
    return meant("category", name, known)


def merchant_named(scope: Scope, name: str) -> str:
    """Return the merchant that is meant, exactly as lists show it.

    Raises:
        UnclearNameError: no merchant or several may be meant.
    """
    return meant("merchant", name, [Called(one, one) for one in merchant_names(scope.cache)])


def account_named(scope: Scope, name: str) -> AccountSummary:
    """Return the account that is meant: by its name, with that of its bank, by its last digits or its kind.

    Raises:
        UnclearNameError: no account or several may be meant.
    """
    return meant("account", name, [_account(one) for one in account_summaries(scope.cache)])


def meant(kind: str, said: str, known: Sequence[Called[T]]) -> T:
    """Return the one of some things that `said` means.

    In this order: its very name; the same in another case, with or without accents; what else it is called by; the only
    one that has all the words; the only one that is so alike that a slip explains it.

    Raises:
        UnclearNameError: none of them, or several.
    """
    exact = [one for one in known if one.name == said]
    if exact and all(one.what == exact[0].what for one in exact):
        return exact[0].what
    plain = folded(said)
    if not plain:
        raise UnclearNameError(kind, [], several=False)
    names = [(folded(one.name), one) for one in known]
    words = set(plain.split())
    for found in (
        [one for name, one in names if name == plain],
        [one for one in known if plain in map(folded, one.also)],
        [one for name, one in names if words <= set(name.split())],
        [one for name, one in names if words <= set(f"{name} {folded(' '.join(one.also))}".split())],
    ):
        if found and all(one.what == found[0].what for one in found):
            return found[0].what
        if found:
            raise UnclearNameError(kind, [one.name for one in found], several=True)
    return _alike(kind, plain, names)


def folded(name: str) -> str:
    """Return a name without case, accents and signs: "Café Zimtstern!" is "cafe zimtstern"."""
    parted = unicodedata.normalize("NFKD", name).casefold()
    letters = (one if one.isalnum() else " " for one in parted if not unicodedata.combining(one))
    return " ".join("".join(letters).split())


def _alike(kind: str, plain: str, names: Sequence[tuple[str, Called[T]]]) -> T:
    from rapidfuzz import fuzz

    scored = sorted(((fuzz.ratio(plain, name), one) for name, one in names), key=lambda pair: (-pair[0], pair[1].name))
    if scored and scored[0][0] >= ALIKE:
        rivals = [one for score, one in scored if scored[0][0] - score < APART]
        if len(rivals) == 1:
            return rivals[0].what
        raise UnclearNameError(kind, [one.name for one in rivals], several=True)
    raise UnclearNameError(kind, [one.name for _, one in scored], several=False)


def _account(one: AccountSummary) -> Called[AccountSummary]:
    return Called(
        one.name,
        one,
        (f"{one.institution} {one.name}", f"{one.institution} {one.type}", one.mask, one.type, one.institution),
    )
