"""Why a purchase is unusual, in a sentence made of its facts."""

from collections.abc import Callable
from decimal import Decimal
from typing import cast

from core.insights.anomalies.finding import Anomaly
from core.money import plain

Money = Callable[[Decimal, str], str]
"""From an amount and its currency ("" is that of the person's totals) to how a page writes it."""


def reason_words(anomaly: Anomaly, money: Money) -> str:
    """Return one plain sentence that says why. Names in it are as the bank or the person wrote them: escape them."""
    facts = anomaly.facts
    merchant, amount = str(facts["merchant"]), money(_amount(anomaly, "amount"), str(facts["currency"]))
    match anomaly.reason_kind:
        case "double":
            count = cast("int", facts["count"])
            often = "twice" if count == 2 else f"{count} times"
            return f"{merchant} charged you {amount} {often}{_apart(cast('int', facts['days']))}."
        case "merchant":
            usual = money(_amount(anomaly, "usual"), str(facts["usual_currency"]))
            return f"{amount} at {merchant} is {_times(anomaly)} what you usually pay there ({usual})."
        case "category":
            usual = money(_amount(anomaly, "usual"), str(facts["usual_currency"]))
            category = str(facts["category"])
            return f"{amount} at {merchant} is {_times(anomaly)} what you usually pay for {category} ({usual})."
        case "new merchant":
            return f"{amount} at {merchant}, where you had not paid before, is {_share(anomaly)}."
        case "burst":
            total = money(_amount(anomaly, "total"), str(facts["total_currency"]))
            return f"{merchant} charged you {facts['count']} times within a few days, {total} in all."


def plain_reason(anomaly: Anomaly) -> str:
    """Return the sentence with amounts written for machines ("-12.50 USD"), for logs of tests and the command line."""
    return reason_words(anomaly, lambda amount, currency: f"{plain(amount)} {currency}".strip())


def _amount(anomaly: Anomaly, name: str) -> Decimal:
    return cast("Decimal", anomaly.facts[name])


def _times(anomaly: Anomaly) -> str:
    times = cast("float", anomaly.facts["times"])
    return f"{times:.0f} times" if times >= 10 or times == round(times) else f"{times:.1f} times"


def _share(anomaly: Anomaly) -> str:
    share = cast("float", anomaly.facts["larger_than"])
    return "more than nearly all that you ever bought" if share >= 0.995 else f"more than {share:.0%} of what you buy"


def _apart(days: int) -> str:
    return " on the same day" if days == 0 else " within a day" if days == 1 else f" within {days} days"
