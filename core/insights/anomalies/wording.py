"""Why a purchase is unusual: a sentence with names of facts in braces, and the same filled in."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, cast

from core.formats import PlainFormats

Fact = Decimal | int | str | date | tuple[int, ...]

CURRENCY_OF: Final = {"amount": "currency", "usual": "usual_currency", "total": "total_currency"}
"""Which fact is the currency of an amount."""
SENTENCES: Final = {
    "double": "{merchant} charged you {amount} {often}{apart}.",
    "merchant": "{amount} at {merchant} is {times} times what you usually pay there ({usual}).",
    "category": "{amount} at {merchant} is {times} times what you usually pay for {category} ({usual}).",
    "new merchant": "{amount} at {merchant}, where you had not paid before, is {share}.",
    "burst": "{merchant} charged you {count} times within a few days, {total} in all.",
}


def sentence(kind: str, facts: Mapping[str, Fact]) -> str:
    """Return the sentence of a kind, with those names of `facts` left in braces that are written each person's way."""
    said = {}
    if kind == "double":
        count, days = cast("int", facts["count"]), cast("int", facts["days"])
        said["often"] = "twice" if count == 2 else f"{count} times"
        said["apart"] = " on the same day" if days == 0 else " within a day" if days == 1 else f" within {days} days"
    if kind == "new merchant":
        percent = cast("int", facts["larger_than"])
        said["share"] = (
            "more than nearly all that you ever bought" if percent >= 99 else f"more than {percent}% of what you buy"
        )
    text = SENTENCES[kind]
    for name, words in said.items():
        text = text.replace(f"{{{name}}}", words)
    return text


def reason_words(reason: str, facts: Mapping[str, Fact], formats: PlainFormats) -> str:
    """Return the sentence with `facts` filled in. Names in it are as the bank or the person wrote them: escape them."""

    def written(name: str, value: Fact) -> str:
        if isinstance(value, Decimal):
            return formats.money(value, str(facts[CURRENCY_OF[name]]))
        return formats.number(value) if isinstance(value, int) else str(value)

    return reason.format_map({name: written(name, value) for name, value in facts.items()})
