"""Answers as sentences of ours over what tools found: figures and names from outside stand in them as references."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from core.coach.offline import telling_plans as plans
from core.coach.offline import telling_rows as rows
from core.coach.offline import telling_spending as spending
from core.coach.offline import telling_standing as standing
from core.coach.offline.asking import Wanted
from core.coach.offline.intents import Intent
from core.coach.offline.told import Told
from core.coach.turns import Found

CAN: Final = (
    "I can tell what you spent, earned and saved in any period, by category, merchant or month and against another; "
    "find, count and list payments; and tell balances, net worth, budgets, goals, subscriptions, bills, insights and "
    "the forecast. Every figure comes from what is recorded here. I change nothing and give no advice."
)
Teller = Callable[[Wanted, Sequence[Told]], str]

TELLERS: Final[Mapping[Intent, Teller]] = {
    "total": spending.total,
    "by_category": spending.by_category,
    "by_merchant": spending.by_merchant,
    "by_month": spending.by_month,
    "daily_average": spending.daily,
    "monthly_average": spending.monthly,
    "share": spending.share,
    "list": rows.listed,
    "largest": rows.largest,
    "last": rows.last,
    "count": rows.counted,
    "average": rows.averaged,
    "income": standing.income,
    "saved": standing.saved,
    "cash_flow": standing.cash_flow,
    "balance": standing.balance,
    "net_worth": plans.net_worth,
    "budgets": plans.budgets,
    "afford": plans.afford,
    "goals": plans.goals,
    "subscriptions": plans.subscriptions,
    "bills": plans.bills,
    "insights": plans.insights,
    "forecast": plans.forecast,
    "summary": plans.summary,
}


def tell(wanted: Wanted, found: Sequence[Found]) -> str:
    """Return the answer's text with its references.

    Raises:
        UntellableError: the tools have not told what it takes.
    """
    if wanted.intent == "help":
        return CAN
    return TELLERS[wanted.intent](wanted, [Told(one) for one in found])
