"""Income against spending, month by month, and what was left over."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from core.analytics import Flow, FlowSums, TransactionFilter, flow
from core.coach.tools.narrowing import noted
from core.coach.tools.periods import Period, span_asked, span_in_words, told_span
from core.coach.tools.reckoning import average, change, fine, share
from core.coach.tools.tool import Arguments, Curve, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Month, Node, Share, Text

MOST_MONTHS: Final = 36


class CashFlowArguments(Arguments):
    """Of which days."""

    period: Annotated[Period, Field(description="Which days.")] = Period()


def _answer(scope: Scope, asked: CashFlowArguments) -> ToolResult:
    span = span_asked(scope, asked.period)
    found = flow(scope.cache, span)
    currency, sums, count = found.currency, found.sums, len(found.months)
    months: list[Node] = [
        {"month": Month(one.month), **_told(one.now, currency)} for one in found.months[-MOST_MONTHS:]
    ]
    notes = []
    if not sums.income and not sums.spending:
        notes.append("Nothing came in and nothing was spent in this period.")
    if found.apart:
        notes.append(f"Without {', '.join(one.currency for one in found.apart)}: there is no rate for it.")
    days = span_in_words(span, scope.formats)
    wanted = TransactionFilter(since=span.since, until=span.until, kind="flow")
    return ToolResult(
        title=f"Income and spending, {days}",
        told={
            **told_span(span),
            **_told(sums, currency),
            **_compared(found),
            "average_income_a_month": average(sums.income, count, currency),
            "average_spending_a_month": average(-sums.spending, count, currency),
            "average_saved_a_month": average(sums.net, count, currency),
            "months_in_all": Count(count),
            "months_with_more_spent_than_came_in": Count(sum(one.now.net < 0 for one in found.months)),
            **_extremes(found),
            "months": months,
            "came_from": _streams(found, sources=True),
            "went_to": _streams(found, sources=False),
            **noted(notes),
        },
        table=Table(
            ("Month", "Income", "Spending", "Saved"),
            tuple(
                (
                    Month(one.month),
                    Amount(one.now.income, currency),
                    Amount(-one.now.spending, currency),
                    Amount(one.now.net, currency),
                )
                for one in found.months[-MOST_MONTHS:]
            ),
        ),
        curve=Curve("Saved", currency, tuple((one.month, one.now.net) for one in found.months)),
        leads=(
            Lead(f"Income and spending, {days}", "transactions", wanted),
            Lead(f"Income, {days}", "transactions", replace(wanted, kind="income")),
        ),
    )


def _told(sums: FlowSums, currency: str) -> dict[str, Node]:
    return {
        "income": Amount(sums.income, currency),
        "spending": Amount(-sums.spending, currency),
        "saved": Amount(sums.net, currency),
        "savings_rate": None if sums.savings_rate is None else Share(fine(sums.savings_rate)),
    }


def _compared(found: Flow) -> dict[str, Node]:
    if found.before is None:
        return {}
    now, before, currency = found.sums, found.before, found.currency

    def held(now: Decimal, before: Decimal) -> dict[str, Node]:
        return {"difference": Amount(now - before, currency), "change": change(now, before)}

    return {
        "before": _told(before, currency),
        "against_before": {
            "income": held(now.income, before.income),
            "spending": held(-now.spending, -before.spending),
            "saved": held(now.net, before.net),
        },
    }


def _extremes(found: Flow) -> dict[str, Node]:
    if len(found.months) < 2:
        return {}
    best = max(found.months, key=lambda one: one.now.net)
    worst = min(found.months, key=lambda one: one.now.net)
    return {
        "best_month": {"month": Month(best.month), **_told(best.now, found.currency)},
        "worst_month": {"month": Month(worst.month), **_told(worst.now, found.currency)},
    }


def _streams(found: Flow, *, sources: bool) -> list[Node]:
    return [
        {
            "what": Text(one.title),
            "as": one.role.replace("_", " "),
            "amount": Amount(one.amount, found.currency),
            "share": share(one.amount, found.passed),
        }
        for one in (found.sources if sources else found.uses)
    ]


GET_CASH_FLOW: Final = Tool(
    "get_cash_flow",
    "Income, spending and what was saved in a period, with the savings rate, month by month, and where the money came "
    "from and went to. Income and spending are positive; saved is income less spending, negative where more was spent. "
    "Transfers between own accounts do not count.",
    CashFlowArguments,
    _answer,
)
