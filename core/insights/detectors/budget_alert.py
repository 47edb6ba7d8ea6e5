"""A budget that is exceeded."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from core.insights.detectors.budget_facts import budget_facts
from core.insights.evidence import Evidence
from core.insights.facts import Found

TENTHS: Final = 10
MOST: Final = 1000
"""Of what there is hardly anything to spend of, nobody counts the tenths."""


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `budget_alert` for each budget of the month of which more was spent than may be."""
    month = evidence.budgets.month
    for line in evidence.budgets.lines:
        if line.left < 0:
            over = -line.left / line.available if line.available > 0 else Decimal(MOST)
            yield Found(
                "budget_alert",
                f"category:{line.category_id} {month.start:%Y-%m}",
                f"category:{line.category_id}",
                80,
                budget_facts(line, evidence) | {"over": -line.left},
                min(int(over * TENTHS), MOST),
            )
