"""Rules that a person writes: transactions that fit are given a category, a name, tags, or are left out of budgets.

A rule never overwrites what the person said of a transaction itself. What it says is kept apart from that, so that a
rule that is changed, switched off or deleted takes its word back.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal

import msgspec

from core.errors import ValidationError

LONGEST_NAME: Final = 80
LONGEST_TAG: Final = 40
MOST_RULES: Final = 500
LAST_DAY: Final = 31

Direction = Literal["", "in", "out"]


class Conditions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a transaction must be like for a rule to fit; what is left empty is not asked. All have to hold."""

    texts: tuple[str, ...] = ()
    """One of them stands in the bank's words, whatever the case and the accents."""
    direction: Direction = ""
    least: Decimal | None = None
    """Of the amount without its sign, as is `most`; both included."""
    most: Decimal | None = None
    account_ids: tuple[int, ...] = ()
    since: date | None = None
    until: date | None = None
    first_day: int | None = None
    """Of the month, as is `last_day`; both included. A first day after the last one goes over the month's end."""
    last_day: int | None = None


class Actions(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a rule says of a transaction that fits."""

    category_id: int | None = None
    name: str = ""
    tags: tuple[str, ...] = ()
    hidden: bool = False
    """Left out of budgets."""


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule as it is kept. Rules are tried by `position`, from 1."""

    id: int
    position: int
    name: str
    enabled: bool
    conditions: Conditions
    actions: Actions
    rows: int = 0
    """How many transactions have their category, or the first thing said of them, from it."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules together say of one transaction."""

    rule_id: int | None = None
    category_id: int | None = None
    name: str = ""
    tags: str = ""
    """A line each, sorted."""
    hidden: bool = False


@lru_cache(maxsize=200_000)
def folded(text: str) -> str:
    """Return how a text is compared: without regard to case, accents or spacing."""
    plain = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(one for one in plain if not unicodedata.combining(one)).split())


def checked(name: str, conditions: Conditions, actions: Actions) -> tuple[str, Conditions, Actions]:
    """Return a rule as it can be kept: spacing and order put right.

    Raises:
        ValidationError: it asks for nothing, says nothing, or a part of it makes no sense.
    """
    texts = tuple(dict.fromkeys(text for one in conditions.texts if (text := " ".join(one.split()))))
    tags = tuple(sorted({tag for one in actions.tags if (tag := " ".join(one.split()))}))
    asked = msgspec.structs.replace(conditions, texts=texts, account_ids=tuple(sorted(set(conditions.account_ids))))
    said = msgspec.structs.replace(actions, tags=tags, name=" ".join(actions.name.split()))
    if asked == Conditions():
        raise ValidationError("A rule needs a condition.", "Say which transactions it is for.")
    if said == Actions():
        raise ValidationError("A rule has to say something.", "Choose a category, a name or a tag.")
    if asked.least is not None and asked.most is not None and asked.least > asked.most:
        raise ValidationError("The least amount is more than the most.", "Change one of them.")
    if asked.since and asked.until and asked.since > asked.until:
        raise ValidationError("The first date is after the last.", "Change one of them.")
    for day in (asked.first_day, asked.last_day):
        if day is not None and not 1 <= day <= LAST_DAY:
            raise ValidationError("A day of the month is from 1 to 31.", "Change it.")
    if any(len(tag) > LONGEST_TAG for tag in tags):
        raise ValidationError(f"A tag is longer than {LONGEST_TAG} characters.", "Make it shorter.")
    tidy = " ".join(name.split()) or (texts[0] if texts else "Rule")
    return tidy[:LONGEST_NAME], asked, said


def fits(conditions: Conditions, text: str, amount: Decimal, account_id: int, day: date) -> bool:
    """Tell whether a transaction is what a rule is for. `text` is the bank's words, `amount` negative for money out."""
    size = abs(amount)
    return not (
        (conditions.direction == "in" and amount <= 0)
        or (conditions.direction == "out" and amount >= 0)
        or (conditions.least is not None and size < conditions.least)
        or (conditions.most is not None and size > conditions.most)
        or (conditions.account_ids and account_id not in conditions.account_ids)
        or (conditions.since is not None and day < conditions.since)
        or (conditions.until is not None and day > conditions.until)
        or not _in_days(conditions, day.day)
        or (conditions.texts and not any(folded(one) in folded(text) for one in conditions.texts))
    )


def _in_days(conditions: Conditions, day: int) -> bool:
    first, last = conditions.first_day or 1, conditions.last_day or LAST_DAY
    return first <= day <= last if first <= last else day >= first or day <= last


def ruled(rules: Sequence[RuleEntry], text: str, amount: Decimal, account_id: int, day: date) -> Ruled:
    """Return what `rules`, in their order, say of a transaction: the first that fits and tells decides each thing.

    `amount` negative is money out. Tags are those of all that fit.
    """
    fitting = [one for one in rules if one.enabled and fits(one.conditions, text, amount, account_id, day)]
    if not fitting:
        return Ruled()
    by_category = next((one for one in fitting if one.actions.category_id is not None), None)
    return Ruled(
        rule_id=(by_category or fitting[0]).id,
        category_id=by_category.actions.category_id if by_category else None,
        name=next((one.actions.name for one in fitting if one.actions.name), ""),
        tags="\n".join(sorted({tag for one in fitting for tag in one.actions.tags})),
        hidden=any(one.actions.hidden for one in fitting),
    )
