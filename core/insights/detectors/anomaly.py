"""A charge that is unusual: far above what is usual there, charged twice, or otherwise odd."""

from collections.abc import Iterator
from typing import Final

from core.insights.anomalies import CURRENCY_OF
from core.insights.evidence import Evidence
from core.insights.facts import Found

VERY: Final = 0.6
"""Charges that are this unusual come first."""
MOST: Final = 10
"""So many are told of at once; with more of them none would be unusual."""
TENTHS: Final = 10
CURRENCIES: Final = frozenset(CURRENCY_OF.values())
"""Facts that name a currency: one of "" is that of totals."""


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield an `anomaly` for each charge of the last days that is unusual, the most unusual first."""
    home = evidence.budgets.currency
    strongest = sorted(evidence.unusual, key=lambda one: (-one[0].score, one[1].id))
    for odd, charge in strongest[:MOST]:
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
                **{f"reason_{name}": value or home for name, value in odd.facts.items() if name in CURRENCIES},
                **{f"reason_{name}": value for name, value in odd.facts.items() if name not in CURRENCIES},
            },
            int(odd.score * TENTHS),
            returns=False,
        )
