"""Plans: budgets, the shares of an income, goals; what comes again, when, and what will be left."""

from core.planning.budgets import BudgetLine, BudgetMonth, PastMonth, State, UnbudgetedLine, budget_month
from core.planning.calendar import (
    Bills,
    Day,
    DayBalance,
    MonthSums,
    Projection,
    bills,
    keep_line,
    kept_line,
    projections,
)
from core.planning.doubles import SameKind, doubles
from core.planning.due import Entry, expected
from core.planning.gathering import Payment, Purse, Recurring, gathered
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
from core.planning.keys import keys_of
from core.planning.limits import set_limit, set_limits
from core.planning.months import PlanMonth, month_called, month_of
from core.planning.movements import Movement
from core.planning.payees import payees_of, without_numbers
from core.planning.reaching import Milestone, Outlook, Reach, day_for, largest_monthly, monthly_for
from core.planning.recurring import find_recurring
from core.planning.series import PriceChange, Series
from core.planning.shares import (
    Basis,
    SharedIncome,
    SharedLimit,
    SharePart,
    Shares,
    keep_shares,
    kept_shares,
    shared_income,
)
from core.planning.subscriptions import (
    Choice,
    Cost,
    Double,
    Rise,
    Subscription,
    Subscriptions,
    choose,
    seen_by,
    subscriptions,
)

__all__ = [
    "Basis",
    "Bills",
    "BudgetLine",
    "BudgetMonth",
    "Choice",
    "Contribution",
    "Cost",
    "Day",
    "DayBalance",
    "Double",
    "Entry",
    "GoalEntry",
    "GoalWish",
    "Milestone",
    "MonthSums",
    "Movement",
    "Outlook",
    "PastMonth",
    "Payment",
    "PlanMonth",
    "PriceChange",
    "Projection",
    "Purse",
    "Reach",
    "Recurring",
    "Rise",
    "SameKind",
    "Series",
    "SharePart",
    "SharedIncome",
    "SharedLimit",
    "Shares",
    "State",
    "Subscription",
    "Subscriptions",
    "UnbudgetedLine",
    "add_goal",
    "bills",
    "budget_month",
    "change_goal",
    "choose",
    "contribute",
    "day_for",
    "delete_contribution",
    "delete_goal",
    "doubles",
    "end_goal",
    "expected",
    "find_recurring",
    "gathered",
    "keep_line",
    "keep_shares",
    "kept_line",
    "kept_shares",
    "keys_of",
    "largest_monthly",
    "list_goals",
    "month_called",
    "month_of",
    "monthly_for",
    "payees_of",
    "projections",
    "seen_by",
    "set_limit",
    "set_limits",
    "shared_income",
    "subscriptions",
    "without_numbers",
]
