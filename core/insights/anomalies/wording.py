"""Why a purchase is unusual: a sentence with names of facts in braces, and the same filled in."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final, cast

from core.money import plain

if TYPE_CHECKING:
    from core.insights.anomalies.finding import Anomaly

Money = Callable[[Decimal, str], str]
"""From an amount and its currency ("" is that of the person's totals) to how a page writes it."""
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


def reason_words(anomaly: "Anomaly", money: Money) -> str:
    """Return one plain sentence that says why. Names in it are as the bank or the person wrote them: escape them."""
    facts = anomaly.facts
    written = {
        name: money(value, str(facts[CURRENCY_OF[name]])) if isinstance(value, Decimal) else str(value)
        for name, value in facts.items()
    }
    return anomaly.reason.format_map(written)


def plain_reason(anomaly: "Anomaly") -> str:
    """Return the sentence with amounts written for machines ("12.50 USD")."""
    return reason_words(anomaly, lambda amount, currency: f"{plain(amount)} {currency}".strip())
