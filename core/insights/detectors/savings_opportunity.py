"""Two services of a kind, where one is mostly enough."""

from collections.abc import Iterator

from core.insights.evidence import Evidence
from core.insights.facts import Found


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `savings_opportunity` for each kind of service of which several are paid for now."""
    for double in evidence.recurring.doubles:
        currency = double.members[0].found.series.currency
        yield Found(
            "savings_opportunity",
            f"{double.kind} {currency}",
            f"services:{double.kind}",
            45,
            {
                "service": double.kind,
                "names": tuple(one.name for one in double.members),
                "yearly_each": tuple(-one.found.series.yearly for one in double.members),
                "last_ids": tuple(one.found.payments[-1].id for one in double.members),
                "currency": currency,
                "yearly": double.yearly,
                "saving": double.saving,
            },
            len(double.members),
        )
