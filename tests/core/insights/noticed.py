"""Words to look for a person's insights, and to find one of them."""

from datetime import date
from typing import Any

from core.insights import Generated, InsightEntry, Kind, generate, list_insights
from core.store import Insight
from tests.core.planning.money import TODAY, Planner


def look(person: Planner, today: date = TODAY) -> Generated:
    return generate(person.store, person.user, person.cache, today)


def told_now(person: Planner, kind: Kind | None = None, today: date = TODAY) -> tuple[InsightEntry, ...]:
    found = list_insights(person.store, person.user, today)
    return tuple(one for one in found if kind in {None, one.kind})


def only(person: Planner, kind: Kind, today: date = TODAY, category: int | None = None) -> InsightEntry:
    found = told_now(person, kind, today)
    (one,) = [one for one in found if category in {None, one.facts.get("category_id")}]
    return one


def facts_of(person: Planner, kind: Kind, today: date = TODAY) -> dict[str, Any]:
    return dict(only(person, kind, today).facts)


def kept(person: Planner) -> list[tuple[str, str, bool]]:
    """Return every insight that is kept of anybody: its kind and key, and whether it is past."""
    with person.store.read() as session:
        return sorted((row.kind, row.key, row.past_at is not None) for row in session.query(Insight))
