"""Plans and how they go: budgets of a month, and goals."""

from collections import defaultdict
from typing import Annotated, Final

from pydantic import Field

from core.coach.tools.narrowing import noted
from core.coach.tools.periods import AMonth
from core.coach.tools.reckoning import NOTHING, fine, share, total
from core.coach.tools.standing import Nothing
from core.coach.tools.tool import Arguments, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Month, Node, Share, Text
from core.planning import BudgetLine, GoalEntry, budget_month, list_goals, month_called, month_of

MOST_LINES: Final = 40
MOST_WITHOUT: Final = 10
MOST_GOALS: Final = 30


class BudgetsArguments(Arguments):
    """Of which month."""

    month: Annotated[AMonth | None, Field(description="This one where none is said.")] = None


def _budgets(scope: Scope, asked: BudgetsArguments) -> ToolResult:
    first_day = scope.person.month_start_day
    month = month_of(scope.today, first_day) if asked.month is None else month_called(asked.month, first_day)
    found = budget_month(scope.store, scope.cache.user, scope.cache, month, scope.today)
    currency = found.currency
    notes = []
    if not found.lines:
        notes.append("There are no budgets in this month.")
    if found.elsewhere:
        notes.append(f"Spending in {', '.join(code for code, _ in found.elsewhere)} is in no budget.")
    if month.first > scope.today:
        notes.append("This month has not begun.")
    return ToolResult(
        title=f"Budgets, {scope.formats.month(month.start)}",
        told={
            "month": Month(month.start),
            "period": {"first": Day(month.first), "last": Day(month.last)},
            "days": Count(month.days),
            "days_left": Count(month.days - month.elapsed(scope.today)),
            "limit": Amount(found.limit, currency),
            "carried_over": Amount(found.carried, currency),
            "available": Amount(found.available, currency),
            "spent_on_budgets": Amount(found.budgeted, currency),
            "left": Amount(found.left, currency),
            "used": None if found.used is None else Share(fine(found.used)),
            "month_passed": Share(fine(found.elapsed)),
            "spent_in_all": Amount(found.spent, currency),
            "spent_without_budget": Amount(found.spent - found.budgeted, currency),
            "income": Amount(found.income, currency),
            "budgets_in_all": Count(len(found.lines)),
            "over": Count(sum(one.state == "over" for one in found.lines)),
            "ahead_of_pace": Count(sum(one.state == "ahead" for one in found.lines)),
            "budgets": [_line(one, currency) for one in found.lines[:MOST_LINES]],
            "without_budget": [
                {
                    "category": Text(one.title),
                    "spent": Amount(one.spent, currency),
                    "usual": None if one.usual is None else Amount(fine(one.usual), currency),
                    "suggested_limit": None if one.suggestion is None else Amount(one.suggestion, currency),
                }
                for one in found.unbudgeted[:MOST_WITHOUT]
            ],
            **noted(notes),
        },
        table=Table(
            ("Category", "Limit", "Spent", "Left"),
            tuple(
                (
                    Text(one.title),
                    Amount(one.available, currency),
                    Amount(one.spent, currency),
                    Amount(one.left, currency),
                )
                for one in found.lines[:MOST_LINES]
            ),
        ),
        leads=(Lead("Budgets", "budgets"),),
    )


def _line(one: BudgetLine, currency: str) -> dict[str, Node]:
    return {
        "category": Text(one.title),
        "state": one.state,
        "limit": Amount(one.limit, currency),
        "carried_over": Amount(one.carried, currency),
        "available": Amount(one.available, currency),
        "spent": Amount(one.spent, currency),
        "left": Amount(one.left, currency),
        "used": Share(fine(one.used)),
        "expected_at_the_end": Amount(one.projected, currency),
        "usual": None if one.usual is None else Amount(fine(one.usual), currency),
        "transactions": Count(one.rows),
    }


def _goals(scope: Scope, _: Nothing) -> ToolResult:
    goals = list_goals(scope.store, scope.cache.user, scope.cache, scope.today)
    on = [one for one in goals if one.ended_at is None]
    by_currency: dict[str, list[GoalEntry]] = defaultdict(list)
    for one in on:
        by_currency[one.wish.currency].append(one)
    return ToolResult(
        title="Goals",
        told={
            "goals_in_all": Count(len(on)),
            "ended": Count(len(goals) - len(on)),
            "behind": Count(sum(one.reach.outlook in {"behind", "late"} for one in on)),
            "reached": Count(sum(one.reach.outlook == "reached" for one in on)),
            "totals": [_goal_totals(several, code) for code, several in by_currency.items()],
            "goals": [_goal(one) for one in on[:MOST_GOALS]],
            **noted([] if on else ["There are no goals."]),
        },
        table=Table(
            ("Goal", "Saved", "Target", "Left"),
            tuple(
                (
                    Text(one.wish.name),
                    None if one.reach.saved is None else Amount(one.reach.saved, one.wish.currency),
                    Amount(one.wish.target, one.wish.currency),
                    Amount(one.reach.left, one.wish.currency),
                )
                for one in on[:MOST_GOALS]
            ),
        ),
        leads=(Lead("Goals", "goals"),),
    )


def _goal_totals(several: list[GoalEntry], currency: str) -> dict[str, Node]:
    target, saved = total(one.wish.target for one in several), total(one.reach.saved or NOTHING for one in several)
    return {
        "currency": currency,
        "target": Amount(target, currency),
        "saved": Amount(saved, currency),
        "left": Amount(total(one.reach.left for one in several), currency),
        "share": share(saved, target),
        "pace_a_month": Amount(total(one.reach.pace for one in several), currency),
    }


def _goal(one: GoalEntry) -> dict[str, Node]:
    reach, currency = one.reach, one.wish.currency
    return {
        "goal": Text(one.wish.name),
        "about": "a debt to be rid of" if one.is_debt else "money to save",
        "outlook": reach.outlook,
        "target": Amount(one.wish.target, currency),
        "saved": None if reach.saved is None else Amount(reach.saved, currency),
        "left": Amount(reach.left, currency),
        "share": Share(fine(reach.share)),
        "pace_a_month": Amount(reach.pace, currency),
        "needed_a_month": None if reach.needed is None else Amount(reach.needed, currency),
        "more_a_month": None if reach.more is None else Amount(reach.more, currency),
        "target_day": None if one.wish.target_day is None else Day(one.wish.target_day),
        "reached_by": None if reach.projected is None else Day(reach.projected),
        "account": Text(one.account) if one.account else None,
    }


LIST_BUDGETS: Final = Tool(
    "list_budgets",
    "The budgets of a month: limit, what was carried over, spent, left, used, and whether each is over or ahead of an "
    "even pace; and what was spent without a budget. Amounts are positive; left is negative where too much was spent.",
    BudgetsArguments,
    _budgets,
)
LIST_GOALS: Final = Tool(
    "list_goals",
    "Saving goals and debts to be rid of: target, saved, left, what comes to each in a month and would be needed, and "
    "the day on which it is reached at that pace.",
    Nothing,
    _goals,
)
