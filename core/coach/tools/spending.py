"""What was spent: in all, by category, by merchant, day by day or month by month."""

from typing import Annotated, Final

from pydantic import Field

from core.analytics import TransactionFilter, spending
from core.coach.tools.periods import Period, told_span
from core.coach.tools.tool import Arguments, Curve, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Node, Share, Text

MOST_NAMES: Final = 15


class SpendingArguments(Arguments):
    """Of which days."""

    period: Annotated[Period, Field(description="Which days.")] = Period()


def _answer(scope: Scope, asked: SpendingArguments) -> ToolResult:
    span = asked.period.span(scope.today)
    found = spending(scope.cache, span)
    groups: list[Node] = []
    for group in found.groups[:MOST_NAMES]:
        one = group.whole
        groups.append(
            {
                "category": Text(one.title),
                "spent": Amount(one.spent, found.currency),
                "share": Share(one.spent / found.spent) if found.spent > 0 else None,
                "before": Amount(one.before, found.currency) if span.compares else None,
                "difference": Amount(one.spent - one.before, found.currency) if span.compares else None,
                "transactions": Count(one.rows),
            }
        )
    formats = scope.formats
    days = f"{formats.day(span.since)} to {formats.day(span.until)}"
    return ToolResult(
        title=f"Spending, {days}",
        told={
            **told_span(span),
            "spent": Amount(found.spent, found.currency),
            "spent_before": None if found.before is None else Amount(found.before, found.currency),
            "average_a_day": Amount(found.spent / span.days, found.currency),
            "transactions": Count(found.rows),
            "days": Count(span.days),
            "groups": groups,
        },
        table=Table(
            ("Category", "Spent", "Transactions"),
            tuple(
                (Text(one.whole.title), Amount(one.whole.spent, found.currency), Count(one.whole.rows))
                for one in found.groups[:MOST_NAMES]
            ),
        ),
        curve=Curve("Spent", found.currency, tuple((one.since, one.spent) for one in found.stretches)),
        leads=(
            Lead(
                f"Spending, {days}",
                "transactions",
                TransactionFilter(since=span.since, until=span.until, kind="spending"),
            ),
        ),
    )


GET_SPENDING: Final = Tool(
    "get_spending_analytics",
    "What was spent in a period, less refunds, positive; by category, with shares, and against another period. "
    "Transfers between own accounts do not count.",
    SpendingArguments,
    _answer,
)
