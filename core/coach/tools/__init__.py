"""What the coach can ask of a person's money: one list of tools that only read, for whoever answers."""

from typing import Any, Final

from core.coach.tools.ahead import GET_FORECAST
from core.coach.tools.bounds import LONGEST
from core.coach.tools.calculating import CALCULATE
from core.coach.tools.flows import GET_CASH_FLOW
from core.coach.tools.naming import UnclearNameError
from core.coach.tools.noticed import GET_SUMMARY, LIST_INSIGHTS
from core.coach.tools.plans import LIST_BUDGETS, LIST_GOALS
from core.coach.tools.querying import RUN_QUERY
from core.coach.tools.recurring import LIST_BILLS, LIST_SUBSCRIPTIONS
from core.coach.tools.spending import GET_SPENDING
from core.coach.tools.standing import GET_NET_WORTH, LIST_ACCOUNTS
from core.coach.tools.tool import Arguments, Curve, Lead, Scope, Screen, Table, Tool, ToolResult, unique_leads
from core.coach.tools.transactions import LIST_TRANSACTIONS

TOOLS: Final[tuple[Tool[Any], ...]] = (
    GET_SUMMARY,
    GET_SPENDING,
    LIST_TRANSACTIONS,
    GET_CASH_FLOW,
    GET_NET_WORTH,
    LIST_ACCOUNTS,
    LIST_BUDGETS,
    LIST_GOALS,
    LIST_SUBSCRIPTIONS,
    LIST_BILLS,
    LIST_INSIGHTS,
    GET_FORECAST,
    CALCULATE,
    RUN_QUERY,
)
BY_NAME: Final = {one.name: one for one in TOOLS}

__all__ = [
    "BY_NAME",
    "LONGEST",
    "TOOLS",
    "Arguments",
    "Curve",
    "Lead",
    "Scope",
    "Screen",
    "Table",
    "Tool",
    "ToolResult",
    "UnclearNameError",
    "unique_leads",
]
