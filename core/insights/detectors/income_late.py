"""Regular income that should have come and did not."""

from collections.abc import Iterator

from core.insights.evidence import Evidence
from core.insights.facts import Found


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield an `income_late` for each regular income whose day is past, with the days by which it may vary."""
    for one in evidence.recurring.income:
        series = one.found.series
        late = series.window is not None and series.window[1] < evidence.today
        if not late and not (series.state == "paused" and series.following < evidence.today):
            continue
        yield Found(
            "income_late",
            f"{one.key} {series.last_date}",
            f"series:{one.key}",
            64,
            {
                "name": one.name,
                "due": series.following,
                "amount": series.amount,
                "currency": series.currency,
                "account": one.found.account,
                "transaction_id": one.found.payments[-1].id,
            },
        )
