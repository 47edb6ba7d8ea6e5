"""What is looked for, one detector a file: from how things stand to facts."""

from collections.abc import Callable, Iterator
from typing import Final

from core.insights.detectors import (
    anomaly,
    bill_due,
    budget_alert,
    goal_behind,
    goal_progress,
    income_late,
    low_balance,
    price_rise,
    renewal,
    savings_opportunity,
    spending_alert,
)
from core.insights.evidence import Evidence
from core.insights.facts import Found

DETECTORS: Final[tuple[Callable[[Evidence], Iterator[Found]], ...]] = tuple(
    one.detect
    for one in (
        spending_alert,
        budget_alert,
        savings_opportunity,
        goal_progress,
        goal_behind,
        anomaly,
        price_rise,
        renewal,
        bill_due,
        income_late,
        low_balance,
    )
)


def look(evidence: Evidence) -> tuple[Found, ...]:
    """Return all that is to be said of how things stand."""
    return tuple(found for detect in DETECTORS for found in detect(evidence))
