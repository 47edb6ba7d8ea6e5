"""What a person could ask just now, made from their own money: questions that the coach answers without a model too."""

from typing import Final

from core.analytics import span_of, spending
from core.coach.tools import Scope
from core.formats import one_line
from core.planning import budget_month, list_goals, month_called, subscriptions

MOST: Final = 6
NEARLY_SPENT: Final = 80
"""Per cent of a limit."""
LONGEST_NAME: Final = 40


def suggestions(scope: Scope) -> tuple[str, ...]:
    """Return some questions, those on what stands out first; none where there is no money to ask about."""
    today = scope.today
    found: list[str] = []
    spent = spending(scope.cache, span_of("month", "none", today))
    last = spending(scope.cache, span_of("last_month", "none", today))
    if not spent.rows and not last.rows:
        return ()
    dearest = next((one.whole.title for one in (spent.groups or last.groups) if one.whole.category_id), "")
    lines = budget_month(scope.store, scope.person.id, scope.cache, month_called(today.replace(day=1)), today).lines
    full = next((one.title for one in lines if one.limit > 0 and one.spent * 100 >= one.limit * NEARLY_SPENT), "")
    goals = [one for one in list_goals(scope.store, scope.person.id, scope.cache, today) if one.ended_at is None]
    if full:
        found.append(f"How much is left in my {_name(full)} budget?")
    if dearest:
        found.append(f"How much did I spend on {_name(dearest)} {'this' if spent.groups else 'last'} month?")
    if goals:
        found.append(f"Am I on track with my goal {_name(goals[0].wish.name)}?")
    if subscriptions(scope.store, scope.cache, today).active:
        found.append("Which subscriptions do I pay for?")
    return (*found, "How much did I save last month?", "What is my net worth?", "How much will I have in 30 days?")[
        :MOST
    ]


def _name(name: str) -> str:
    return one_line(name, LONGEST_NAME)
