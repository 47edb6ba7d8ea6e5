"""A goal that came past a quarter, half, three quarters or all of its way."""

from collections.abc import Iterator

from core.insights.detectors.goal_facts import goal_facts
from core.insights.evidence import Evidence
from core.insights.facts import Found


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `goal_progress` for each goal that is on: the furthest milestone that it has reached."""
    for goal in evidence.goals:
        reached = [one for one in goal.reach.milestones if one.reached]
        if goal.ended_at is not None or not reached:
            continue
        percent = reached[-1].percent
        yield Found(
            "goal_progress",
            f"goal:{goal.id} {percent}",
            f"goal:{goal.id}",
            50 if percent == 100 else 30,
            goal_facts(goal) | {"percent": percent},
            returns=False,
        )
