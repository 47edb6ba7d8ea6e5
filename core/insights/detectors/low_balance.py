"""What can be spent will fall below the line that the person drew, if all comes as expected."""

from collections.abc import Iterator

from core.insights.evidence import Evidence
from core.insights.facts import Found


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `low_balance` for each currency whose balance goes below its line within the days that bills foresee."""
    for one in evidence.bills.projections:
        if one.below is None:
            continue
        lowest = one.lowest
        yield Found(
            "low_balance",
            one.currency,
            f"balance:{one.currency}",
            90,
            {
                "currency": one.currency,
                "line": one.line,
                "below": one.below,
                "lowest_day": lowest.day,
                "lowest": lowest.balance,
                "start": one.start,
                "coming_in": one.coming_in,
                "going_out": one.going_out,
            },
            2 if lowest.balance < 0 else 1,
        )
