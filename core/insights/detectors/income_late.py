"""Regular income that should have come and did not."""

from collections.abc import Iterator

from core.insights.evidence import Evidence
from core.insights.facts import Found


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield an `income_late` for each regular income that is overdue."""
    for entry in evidence.bills.overdue:
        known = evidence.bills.recurring.get(entry.key)
        if entry.role != "income" or known is None:
            continue
        yield Found(
            "income_late",
            f"{entry.key} {known.series.last_date}",
            f"series:{entry.key}",
            64,
            {
                "name": entry.name,
                "due": entry.day,
                "amount": entry.amount,
                "currency": entry.currency,
                "account": entry.account,
                "transaction_id": known.payments[-1].id,
            },
        )
