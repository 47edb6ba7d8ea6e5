"""What a person could ask just now, made from their own money: questions that the coach answers without a model too."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from core.analytics import span_of, spending
from core.coach.tools import Scope
from core.formats import one_line
from core.planning import budget_month, list_goals, month_of

MOST: Final = 6
NEARLY_SPENT: Final = Decimal("0.8")
"""Of what may be spent."""
LONGEST_NAME: Final = 40
"""A name that is longer is in no question: cut short it would not be found."""


def suggestions(scope: Scope) -> tuple[str, ...]:
    """Return some questions, those on what stands out first; none where there is no money to ask about."""
    today = scope.today
    found: list[str] = []
    spent = spending(scope.cache, span_of("month", "none", today))
    last = spending(scope.cache, span_of("last_month", "none", today))
    if not spent.rows and not last.rows:
        return ()
    dearest = _first(one.whole.title for one in (spent.groups or last.groups) if one.whole.category_id)
    month = month_of(today, scope.person.month_start_day)
    lines = budget_month(scope.store, scope.person.id, scope.cache, month, today).lines
    full = _first(one.title for one in lines if one.limit > 0 and one.used >= NEARLY_SPENT)
    goals = list_goals(scope.store, scope.person.id, scope.cache, today)
    goal = _first(one.wish.name for one in goals if one.ended_at is None)
    if full:
        found.append(f"How much is left in my {full} budget?")
    if dearest:
        found.append(f"How much did I spend on {dearest} {'this' if spent.groups else 'last'} month?")
    if goal:
        found.append(f"Am I on track with my goal {goal}?")
    return (
        *found,
        "Which subscriptions do I pay for?",
        "How much did I save last month?",
        "What is my net worth?",
        "How much will I have in 30 days?",
    )[:MOST]


def _first(names: Iterable[str]) -> str:
    """Return the first name that can stand in a question, "" where none can."""
    return next((name for name in names if name == one_line(name, LONGEST_NAME)), "")
