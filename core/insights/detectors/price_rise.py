"""A subscription or bill that became dearer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from core.insights.evidence import Evidence
from core.insights.facts import Found

NEWS: Final = timedelta(days=60)


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `price_rise` for each price that rose lately and did not come down again."""
    for rise in evidence.recurring.rises:
        one, change = rise.subscription, rise.change
        if evidence.today - change.day > NEWS:
            continue
        yield Found(
            "price_rise",
            f"{one.key} {change.day}",
            f"series:{one.key}",
            48,
            {
                "name": one.name,
                "before": change.before,
                "after": change.after,
                "since": change.day,
                "yearly": rise.yearly,
                "currency": one.found.series.currency,
                "transaction_id": one.found.payments[-1].id,
            },
            returns=False,
        )
