"""Words of the analysis: how an amount moved, how often something was."""

from decimal import Decimal

from core.analytics import change
from pages.shared.cards import WHOLE
from pages.shared.charts.bar_list import Tone
from pages.shared.formats import Formats


def moved(now: Decimal, before: Decimal, currency: str, formats: Formats) -> tuple[str, Tone]:
    """Return how spending changed ("$120 more"), and whether that is good news."""
    if not before and now > 0:
        return "new", ""
    if not now and before > 0:
        return f"was {formats.money(before, currency, whole=before >= WHOLE)}", "good"
    told = change(now, before)
    if told.direction == "same":
        return "no change", ""
    size = formats.money(told.size, currency, whole=told.size >= WHOLE)
    return (f"{size} more", "bad") if told.direction == "up" else (f"{size} less", "good")


def times(count: int, formats: Formats) -> str:
    """Return how many transactions something is made of."""
    return "1 transaction" if count == 1 else f"{formats.number(count)} transactions"


def days_of(count: int, formats: Formats) -> str:
    """Return a number of days in words."""
    return "1 day" if count == 1 else f"{formats.number(count)} days"
