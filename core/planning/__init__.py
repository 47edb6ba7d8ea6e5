"""Plans: budgets, the shares of an income, goals; what comes again, and when."""

from core.planning.budgets import BudgetLine, BudgetMonth, PastMonth, State, UnbudgetedLine, budget_month
from core.planning.doubles import SameKind, doubles
from core.planning.goals import (
    Contribution,
    GoalEntry,
    GoalWish,
    add_goal,
    change_goal,
    contribute,
    delete_contribution,
    delete_goal,
    end_goal,
    list_goals,
)
from core.planning.limits import set_limit, set_limits
from core.planning.months import PlanMonth, month_called, month_of
from core.planning.movements import Movement
from core.planning.reaching import MILESTONES, Milestone, Outlook, Reach, day_for, largest_monthly, monthly_for
from core.planning.recurring import find_recurring
from core.planning.series import PriceChange, Series
from core.planning.shares import Basis, SharedIncome, SharedLimit, SharePart, Shares, shared_income

__all__ = [
    "MILESTONES",
    "Basis",
    "BudgetLine",
    "BudgetMonth",
    "Contribution",
    "GoalEntry",
    "GoalWish",
    "Milestone",
    "Movement",
    "Outlook",
    "PastMonth",
    "PlanMonth",
    "PriceChange",
    "Reach",
    "SameKind",
    "Series",
    "SharePart",
    "SharedIncome",
    "SharedLimit",
    "Shares",
    "State",
    "UnbudgetedLine",
    "add_goal",
    "budget_month",
    "change_goal",
    "contribute",
    "day_for",
    "delete_contribution",
    "delete_goal",
    "doubles",
    "end_goal",
    "find_recurring",
    "largest_monthly",
    "list_goals",
    "month_called",
    "month_of",
    "monthly_for",
    "set_limit",
    "set_limits",
    "shared_income",
]
