"""A goal that will not be reached by its day, and what a month would mend it."""

from collections.abc import Iterator
from typing import Final

from core.insights.detectors.goal_facts import goal_facts
from core.insights.evidence import Evidence
from core.insights.facts import Found

TENTHS: Final = 10
PASSED: Final = 11
"""Worse than any pace is that its day has passed."""


def detect(evidence: Evidence) -> Iterator[Found]:
    """Yield a `goal_behind` for each goal that is on and too slow for its day, or whose day has passed unreached."""
    for goal in evidence.goals:
        reach, day = goal.reach, goal.wish.target_day
        if goal.ended_at is not None or day is None or reach.outlook not in {"behind", "late"}:
            continue
        facts = goal_facts(goal) | {"target_day": day, "pace": reach.pace}
        gravity = PASSED
        if reach.outlook == "behind":
            if reach.needed is None or reach.more is None:
                # By a day's rounding: the pace is what it takes.
                continue
            facts |= {"needed": reach.needed, "more": reach.more}
            gravity = int(reach.more / reach.needed * TENTHS)
        if reach.projected is not None:
            facts["projected"] = reach.projected
        yield Found("goal_behind", f"goal:{goal.id} {day}", f"goal:{goal.id}", 58, facts, gravity)
