"""What is told of a goal, whether it is doing well or not."""

from decimal import Decimal

from core.insights.facts import Fact
from core.planning import GoalEntry


def goal_facts(goal: GoalEntry) -> dict[str, Fact]:
    """Return how far a goal is; amounts in its currency."""
    return {
        "goal_id": goal.id,
        "goal": goal.wish.name,
        "icon": goal.wish.icon or "flag",
        "debt": int(goal.is_debt),
        "currency": goal.wish.currency,
        "target": goal.wish.target,
        "saved": goal.reach.saved if goal.reach.saved is not None else Decimal(0),
        "left": goal.reach.left,
        "share": int(goal.reach.share * 100),
    }
