"""A budget of which more than four fifths are spent, and not yet all of it."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from core.insights.detectors.budget_facts import budget_facts
from core.insights.evidence import Evidence
from core.insights.facts import Found

SHARE: Final = Decimal("0.8")
NEARLY: Final = Decimal("0.9")
STEPS: Final = 20
"""It is worse with each twentieth that is spent."""


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `spending_alert` for each budget of the month that is past `SHARE` and not exceeded."""
    month = evidence.budgets.month
    for line in evidence.budgets.lines:
        if line.used > SHARE and line.left >= 0:
            yield Found(
                "spending_alert",
                f"category:{line.category_id} {month.start:%Y-%m}",
                f"category:{line.category_id}",
                65 if line.used > NEARLY else 60,
                budget_facts(line, evidence),
                int(line.used * STEPS),
            )
