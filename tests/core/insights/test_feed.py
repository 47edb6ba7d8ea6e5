"""What a person says of their insights: read, dismissed, snoozed, less like this; and to take it back."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from core import clock
from core.errors import NotFoundError
from core.identity import today_of
from core.insights import (
    bring_back,
    count_unread,
    dismiss,
    foremost,
    latest,
    list_mutes,
    list_put_away,
    mark_all_read,
    mark_read,
    mute,
    snooze,
    unmute,
)
from core.planning import GoalWish, add_goal, contribute, set_limit
from core.store import User
from tests.core.insights.noticed import look, only, told_now
from tests.core.ledger.household import add_person
from tests.core.planning.money import FOOD, GROCERIES, TODAY, TRANSPORT, Planner

MAR = date(2026, 3, 1)


@pytest.fixture
def reader(person: Planner) -> Planner:
    """Return a person with a budget that is nearly spent, one that is exceeded, and a goal half-way."""
    for category in (FOOD, TRANSPORT):
        set_limit(person.store, person.user, category, MAR, Decimal(100))
    person.row(date(2026, 3, 9), "-85", GROCERIES)
    person.row(date(2026, 3, 9), "-120", TRANSPORT)
    goal = add_goal(person.store, person.user, GoalWish("Boat", Decimal(100), "USD"))
    contribute(person.store, person.user, goal, Decimal(50), date(2026, 3, 1))
    look(person)
    return person


def counted(reader: Planner, today: date = TODAY) -> int:
    return count_unread(reader.store, reader.user, today)


def test_the_most_important_comes_first_and_the_urgent_ones_by_themselves(reader: Planner) -> None:
    assert [one.kind for one in told_now(reader)] == ["budget_alert", "spending_alert", "goal_progress"]
    assert [one.kind for one in foremost(reader.store, reader.user, TODAY, 3)] == ["budget_alert", "spending_alert"]
    assert [one.kind for one in foremost(reader.store, reader.user, TODAY, 1)] == ["budget_alert"]


def test_reading_lowers_the_count_and_keeps_it_shown(reader: Planner) -> None:
    assert counted(reader) == 3
    one = only(reader, "budget_alert")
    mark_read(reader.store, reader.user, one.id)
    assert counted(reader) == 2
    assert [one.kind for one in latest(reader.store, reader.user, TODAY, 2)] == ["spending_alert", "goal_progress"]
    mark_read(reader.store, reader.user, one.id, read=False)
    assert counted(reader) == 3
    assert mark_all_read(reader.store, reader.user) == 3
    assert mark_all_read(reader.store, reader.user) == 0
    assert (counted(reader), len(told_now(reader))) == (0, 3)


def test_what_is_dismissed_is_put_away_until_it_is_brought_back(reader: Planner) -> None:
    one = only(reader, "budget_alert")
    dismiss(reader.store, reader.user, one.id)
    look(reader)
    assert told_now(reader, "budget_alert") == ()
    assert counted(reader) == 2
    assert foremost(reader.store, reader.user, TODAY, 1)[0].kind == "spending_alert"
    (away,) = list_put_away(reader.store, reader.user, TODAY)
    assert (away.id, away.dismissed) == (one.id, True)
    bring_back(reader.store, reader.user, one.id)
    assert only(reader, "budget_alert").read
    assert list_put_away(reader.store, reader.user, TODAY) == ()


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Auckland"])
@pytest.mark.parametrize(("span", "days"), [("week", 7), ("month", 31)])
def test_what_is_snoozed_comes_back_unread_on_its_day_where_the_person_is(
    reader: Planner, zone: str, span: str, days: int
) -> None:
    with reader.store.write() as session:
        session.execute(update(User).where(User.id == reader.user).values(time_zone=zone))
    one = only(reader, "goal_progress")
    mark_all_read(reader.store, reader.user)
    with clock.frozen(datetime(2026, 3, 15, 11, 30, tzinfo=UTC)):
        today = today_of(reader.store, reader.user)
        until = snooze(reader.store, reader.user, one.id, "week" if span == "week" else "month")
    assert until == today + timedelta(days=days)
    for day, shown in ((today, 0), (until - timedelta(1), 0), (until, 1)):
        assert len(told_now(reader, "goal_progress", day)) == shown
        assert counted(reader, day) == shown
    (away,) = list_put_away(reader.store, reader.user, today)
    assert away.snoozed_until == until


def test_less_of_a_subject_leaves_the_others_and_is_taken_back(reader: Planner) -> None:
    one = only(reader, "budget_alert")
    mute(reader.store, reader.user, one.id, whole_kind=False)
    assert told_now(reader, "budget_alert") == ()
    assert counted(reader) == 2
    # Another category of the same kind is told of, and the same one of another kind.
    reader.row(date(2026, 3, 9), "-90", GROCERIES)
    look(reader)
    assert [entry.facts["category_id"] for entry in told_now(reader, "budget_alert")] == [FOOD]
    # And in the next month nothing of it either.
    reader.row(date(2026, 4, 1), "-130", TRANSPORT)
    look(reader, date(2026, 4, 2))
    assert told_now(reader, "budget_alert", date(2026, 4, 2)) == ()
    (said,) = list_mutes(reader.store, reader.user)
    assert (said.kind, said.subject, said.title) == ("budget_alert", f"category:{TRANSPORT}", "Transport")
    unmute(reader.store, reader.user, said.kind, said.subject)
    assert only(reader, "budget_alert", date(2026, 4, 2)).facts["spent"] == 130
    assert list_mutes(reader.store, reader.user) == ()
    with pytest.raises(NotFoundError):
        unmute(reader.store, reader.user, said.kind, said.subject)


def test_less_of_a_kind_is_less_of_all_of_it(reader: Planner) -> None:
    mute(reader.store, reader.user, only(reader, "budget_alert").id, whole_kind=False)
    mute(reader.store, reader.user, only(reader, "spending_alert").id, whole_kind=True)
    reader.row(date(2026, 3, 9), "-90", GROCERIES)
    look(reader)
    mute(reader.store, reader.user, only(reader, "budget_alert").id, whole_kind=True)
    assert [one.kind for one in told_now(reader)] == ["goal_progress"]
    # What was said of one subject holds when the kind is told of again.
    unmute(reader.store, reader.user, "budget_alert", "")
    assert [one.facts["category_id"] for one in told_now(reader, "budget_alert")] == [FOOD]


def test_somebody_elses_are_neither_shown_nor_changed(reader: Planner) -> None:
    stranger = add_person(reader.store, "stranger@example.org")
    one = only(reader, "budget_alert")
    assert count_unread(reader.store, stranger, TODAY) == 0
    assert latest(reader.store, stranger, TODAY, 3) == ()
    assert mark_all_read(reader.store, stranger) == 0
    for deed in (
        lambda: mark_read(reader.store, stranger, one.id),
        lambda: dismiss(reader.store, stranger, one.id),
        lambda: snooze(reader.store, stranger, one.id, "week"),
        lambda: bring_back(reader.store, stranger, one.id),
        lambda: mute(reader.store, stranger, one.id, whole_kind=True),
    ):
        with pytest.raises(NotFoundError):
            deed()
    assert only(reader, "budget_alert") == one
