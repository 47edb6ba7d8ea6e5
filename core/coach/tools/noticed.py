"""What FinTrack noticed by itself, and how things stand at a glance."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from core.analytics import overview
from core.coach.tools.narrowing import noted
from core.coach.tools.reckoning import change, fine, share
from core.coach.tools.standing import Nothing
from core.coach.tools.tool import Arguments, Curve, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Node, Share, Text
from core.insights import KIND_TITLES, Fact, InsightEntry, count_unread, list_insights, told

MOST_CATEGORIES: Final = 8
MOST_RECENT: Final = 5


class InsightsArguments(Arguments):
    """How many."""

    limit: Annotated[int, Field(ge=1, le=25)] = 10


def _insights(scope: Scope, asked: InsightsArguments) -> ToolResult:
    user = scope.cache.user
    found = list_insights(scope.store, user, scope.today)
    shown = found[: asked.limit]
    return ToolResult(
        title="Insights",
        told={
            "insights_in_all": Count(len(found)),
            "unread": Count(count_unread(scope.store, user, scope.today)),
            "insights": [_insight(scope, one) for one in shown],
            **noted([] if found else ["Nothing is noticed at present."]),
        },
        table=Table(
            ("Day", "Kind", "What"),
            tuple(
                (Day(one.day), KIND_TITLES[one.kind], Text(told(one.kind, one.facts, scope.formats).title))
                for one in shown
            ),
        ),
        leads=(Lead("Insights", "insights"),),
    )


def _insight(scope: Scope, one: InsightEntry) -> dict[str, Node]:
    words = told(one.kind, one.facts, scope.formats)
    currency = one.facts.get("currency")
    figures = {
        name: leaf
        for name, value in one.facts.items()
        if (leaf := _figure(name, value, currency if isinstance(currency, str) else "")) is not None
    }
    return {
        "kind": KIND_TITLES[one.kind],
        "noticed": Day(one.day),
        "read": one.read,
        "title": Text(words.title),
        "sentence": Text(words.sentence),
        "figures": figures,
    }


def _figure(name: str, value: Fact, currency: str) -> Node:
    """Return a figure of an insight with its unit; None for ids, words and lists."""
    if isinstance(value, Decimal):
        return Amount(value, currency) if currency else None
    if isinstance(value, date):
        return Day(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if name == "percent":
            return Share(Decimal(value) / 100)
        return Count(value) if name in {"days_left", "months", "days"} else None
    return None


def _summary(scope: Scope, _: Nothing) -> ToolResult:
    found = overview(scope.cache, scope.today)
    currency, month = found.currency, found.month
    notes = []
    if not found.accounts:
        notes.append("There are no accounts yet.")
    if found.elsewhere or found.other_months:
        codes = sorted({*(one.currency for one in found.elsewhere), *(one.currency for one in found.other_months)})
        notes.append(f"Without {', '.join(codes)}: there is no rate for it.")
    spent, spent_before = -month.spending, -month.spending_before
    whole = sum((one.spent for one in found.categories if one.spent > 0), Decimal(0))
    return ToolResult(
        title="Overview",
        told={
            "today": Day(scope.today),
            "net_worth": Amount(found.worth.net, currency),
            "owned": Amount(found.worth.assets, currency),
            "owed": Amount(-found.worth.liabilities, currency),
            "spendable": Amount(found.total_balance, currency),
            "available": Amount(found.available, currency),
            "this_month": {
                "income": Amount(month.income, currency),
                "spent": Amount(spent, currency),
                "saved": Amount(month.net, currency),
                "savings_rate": share(month.net, month.income),
            },
            "same_days_of_last_month": {
                "income": Amount(month.income_before, currency),
                "spent": Amount(spent_before, currency),
                "spent_difference": Amount(spent - spent_before, currency),
                "spent_change": change(spent, spent_before),
            },
            "savings_rate_of_12_months": None if found.savings_rate is None else Share(fine(found.savings_rate)),
            "transactions_in_all": Count(found.rows),
            "first_transaction": None if found.first_date is None else Day(found.first_date),
            "accounts": Count(len(found.accounts)),
            "categories_this_month": [
                {
                    "category": Text(one.title),
                    "spent": Amount(one.spent, currency),
                    "share": share(one.spent, whole),
                    "difference": Amount(one.spent - one.spent_before, currency),
                }
                for one in found.categories[:MOST_CATEGORIES]
            ],
            "recent": [
                {"date": Day(one.date), "merchant": Text(one.name), "amount": Amount(one.amount, one.currency)}
                for one in found.recent[:MOST_RECENT]
            ],
            "wants_attention": [Text(one.sentence) for one in found.attention],
            **noted(notes),
        },
        table=Table(
            ("Category", "Spent this month"),
            tuple((Text(one.title), Amount(one.spent, currency)) for one in found.categories[:MOST_CATEGORIES]),
        ),
        curve=Curve("Saved", currency, tuple((one.month, one.net) for one in found.cash_flow)),
        leads=(Lead("Overview", "overview"),),
    )


LIST_INSIGHTS: Final = Tool(
    "list_insights",
    "What FinTrack noticed by itself and still holds: budgets nearly spent, unusual charges, dearer subscriptions, "
    "late income, low balances ahead; with its figures.",
    InsightsArguments,
    _insights,
)
GET_SUMMARY: Final = Tool(
    "get_dashboard_summary",
    "How things stand today at a glance: net worth, spendable money, this month's income and spending against the same "
    "days of last month, the largest categories, the last transactions, and what wants attention. Spent and owed are "
    "positive; amounts of single transactions are negative for money out.",
    Nothing,
    _summary,
)
