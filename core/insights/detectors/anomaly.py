"""A charge that is unusual: far above what is usual there, charged twice, or otherwise odd."""

from collections.abc import Iterator
from typing import Final

from core.insights.evidence import Evidence
from core.insights.facts import Found

SURE: Final = 0.6
"""Charges that are less unusual are no news."""
VERY: Final = 0.8
MOST: Final = 10
"""So many are told of at once; with more of them none would be unusual."""
TENTHS: Final = 10


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield an `anomaly` for each charge of the last days that is unusual enough, the most unusual first."""
    sure = [(odd, charge) for odd, charge in evidence.unusual if odd.score >= SURE]
    for odd, charge in sure[:MOST]:
        yield Found(
            "anomaly",
            f"transaction:{charge.id}",
            f"payee:{charge.name.casefold()}",
            70 if odd.score >= VERY else 62,
            {
                "transaction_id": charge.id,
                "name": charge.name,
                "amount": -charge.amount,
                "currency": charge.currency,
                "charged": charge.day,
                "account": charge.account,
                "category": charge.category,
                "why": odd.reason_kind,
                "reason": odd.reason,
                **{f"reason_{name}": value for name, value in odd.facts.items()},
            },
            int(odd.score * TENTHS),
            returns=False,
        )
