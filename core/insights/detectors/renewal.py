"""Something paid once or twice a year that renews soon: the last moment to end it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from core.insights.evidence import Evidence
from core.insights.facts import Found

AHEAD: Final = timedelta(days=14)
RARE: Final = frozenset({"half-yearly", "yearly"})


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `renewal` for each yearly or half-yearly payment that is due within two weeks."""
    for one in evidence.recurring.active:
        series = one.found.series
        due = series.next_date
        if series.cadence not in RARE or due is None or not evidence.today <= due <= evidence.today + AHEAD:
            continue
        yield Found(
            "renewal",
            f"{one.key} {series.last_date}",
            f"series:{one.key}",
            52,
            {
                "name": one.name,
                "due": due,
                "amount": -series.amount,
                "currency": series.currency,
                "account": one.found.account,
                "cadence": series.cadence,
                "transaction_id": one.found.payments[-1].id,
            },
            returns=False,
        )
