"""Each fact once, however often it is looked for: what holds changes in place, what doesn't is past."""

import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core import clock
from core.cache import Caches
from core.errors import StoreError
from core.insights import (
    Generated,
    count_unread,
    dismiss,
    generate,
    is_due,
    list_put_away,
    mark_all_read,
    was_looked_for,
)
from core.planning import GoalWish, add_goal, choose, contribute, delete_contribution, set_limit
from core.store import Insight, Transaction, User, next_change
from tests.core.insights.noticed import kept, look, only, told_now
from tests.core.ledger.household import add_person
from tests.core.planning.money import FOOD, GROCERIES, NOW, TODAY, TRANSPORT, Planner

MAR = date(2026, 3, 1)


@pytest.fixture
def spender(person: Planner) -> Planner:
    """Return a person who spent 85 of 100 for food."""
    set_limit(person.store, person.user, FOOD, MAR, Decimal(100))
    person.row(date(2026, 3, 9), "-85", GROCERIES)
    return person


def unread(person: Planner, today: date = TODAY) -> int:
    return count_unread(person.store, person.user, today)


def test_looking_twice_is_looking_once(spender: Planner) -> None:
    assert not was_looked_for(spender.store, spender.user)
    assert look(spender) == Generated(new=1, current=1)
    before = kept(spender)
    assert look(spender) == Generated(current=1)
    assert kept(spender) == before == [("spending_alert", f"category:{FOOD} 2026-03", False)]
    assert was_looked_for(spender.store, spender.user)


def test_many_who_look_at_once_keep_one(spender: Planner) -> None:
    spender.row(date(2026, 3, 9), "-80", TRANSPORT)
    set_limit(spender.store, spender.user, TRANSPORT, MAR, Decimal(50))
    start, done = threading.Barrier(4), []
    # As other processes have, each with a cache of its own.
    caches = [Caches(None, spender.store) for _ in range(4)]

    def other(place: int) -> None:
        start.wait(30)
        done.append(generate(spender.store, spender.user, caches[place].of(spender.user), TODAY))

    threads = [threading.Thread(target=other, args=(place,)) for place in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    for one in caches:
        one.close()
    assert len(done) == 4
    assert sum(one.new for one in done) == 2
    assert [kind for kind, _, _ in kept(spender)] == ["budget_alert", "spending_alert"]


def test_the_store_itself_keeps_no_fact_twice(spender: Planner) -> None:
    look(spender)

    def again() -> None:
        with spender.store.write() as session:
            session.add(
                Insight(
                    user_id=spender.user, kind="spending_alert", key=f"category:{FOOD} 2026-03", subject="", day=TODAY,
                    priority=1, gravity=1, facts="{}", found_at=NOW,
                )
            )  # fmt: skip

    with pytest.raises(StoreError):
        again()


def test_what_changes_a_little_changes_in_place_and_stays_read(spender: Planner) -> None:
    look(spender)
    number = only(spender, "spending_alert").id
    mark_all_read(spender.store, spender.user)
    spender.row(date(2026, 3, 10), "-2", GROCERIES)
    assert look(spender) == Generated(changed=1, current=1)
    one = only(spender, "spending_alert")
    assert (one.id, one.read, one.facts["spent"]) == (number, True, 87)


@pytest.mark.parametrize("done", ["read", "dismissed"])
def test_what_gets_worse_is_new_once_more_even_when_it_was_dismissed(spender: Planner, done: str) -> None:
    look(spender)
    one = only(spender, "spending_alert")
    mark_all_read(spender.store, spender.user)
    if done == "dismissed":
        dismiss(spender.store, spender.user, one.id)
    spender.row(date(2026, 3, 10), "-8", GROCERIES)
    assert look(spender, TODAY + timedelta(1)) == Generated(worse=1, current=1)
    worse = only(spender, "spending_alert", TODAY + timedelta(1))
    assert (worse.id, worse.read, worse.day) == (one.id, False, TODAY + timedelta(1))
    # And better again it stays as it was read.
    mark_all_read(spender.store, spender.user)
    spender.row(date(2026, 3, 11), "5", GROCERIES)
    assert look(spender, TODAY + timedelta(1)).worse == 0
    assert only(spender, "spending_alert", TODAY + timedelta(1)).read


def test_what_no_longer_holds_is_past_and_not_shown_as_holding(spender: Planner) -> None:
    look(spender)
    spender.row(date(2026, 3, 10), "40", GROCERIES)
    assert look(spender) == Generated(past=1)
    assert told_now(spender) == ()
    assert unread(spender) == 0
    assert [one.past for one in list_put_away(spender.store, spender.user, TODAY)] == [True]
    # A month that is over is no budget of now, and the next one is another fact.
    spender.row(date(2026, 3, 10), "-40", GROCERIES)
    look(spender)
    spender.row(date(2026, 4, 2), "-95", GROCERIES)
    assert look(spender, date(2026, 4, 3)) == Generated(new=1, past=1, current=1)
    assert [(key[-7:], past) for _, key, past in kept(spender)] == [("2026-03", True), ("2026-04", False)]


def test_exceeding_takes_the_place_of_nearly_spent(spender: Planner) -> None:
    look(spender)
    spender.row(date(2026, 3, 10), "-40", GROCERIES)
    assert look(spender) == Generated(new=1, past=1, current=1)
    assert only(spender, "budget_alert").facts["over"] == 25


def test_what_holds_again_soon_is_no_news_and_after_a_week_it_is(spender: Planner) -> None:
    with clock.frozen(NOW):
        goal = add_goal(spender.store, spender.user, GoalWish("Roof", Decimal(1000), "USD", TODAY + timedelta(60)))
        contribute(spender.store, spender.user, goal, Decimal(20), TODAY)
        look(spender)
    mark_all_read(spender.store, spender.user)
    for gone, news in ((2, False), (9, True)):
        with clock.frozen(NOW):
            helped = contribute(spender.store, spender.user, goal, Decimal(980), TODAY)
            assert look(spender).past == 1
        delete_contribution(spender.store, spender.user, helped)
        with clock.frozen(NOW + timedelta(days=gone)):
            look(spender)
            assert only(spender, "goal_behind").read is not news
            mark_all_read(spender.store, spender.user)


def test_a_look_is_due_after_rows_plans_or_the_day_changed(spender: Planner) -> None:
    def due(today: date = TODAY) -> bool:
        found = is_due(spender.store, spender.user, today)
        look(spender, today)
        assert not is_due(spender.store, spender.user, today)
        return found

    assert due()
    assert not due()
    spender.row(TODAY, "-1", GROCERIES)
    assert due()
    set_limit(spender.store, spender.user, FOOD, MAR, Decimal(101))
    assert due()
    set_limit(spender.store, spender.user, FOOD, MAR, Decimal(99), alone=True)
    assert due()
    goal = add_goal(spender.store, spender.user, GoalWish("Roof", Decimal(1000), "USD"))
    assert due()
    contribute(spender.store, spender.user, goal, Decimal(1), TODAY)
    assert due()
    choose(spender.store, spender.user, "0" * 32, state="ignored")
    assert due()
    with spender.store.write() as session:
        session.get_one(User, spender.user).month_start_day = 20
    assert due()
    assert due(TODAY + timedelta(1))
    other = add_person(spender.store, "other@example.org")
    set_limit(spender.store, other, FOOD, MAR, Decimal(1))
    assert not due(TODAY + timedelta(1))


def test_a_charge_that_was_posted_under_another_amount_is_the_same_fact(person: Planner) -> None:
    for day in range(80):
        person.row(date(2025, 12, 1) + timedelta(day), f"-{20 + day % 3}", GROCERIES)
    odd = person.row(TODAY - timedelta(days=2), "-140", GROCERIES)
    look(person)
    with person.store.write() as session:
        row = session.get_one(Transaction, odd)
        row.amount, row.change = Decimal(-141), next_change(session, person.user)
    assert look(person) == Generated(changed=1, current=1)
    assert only(person, "anomaly").facts["amount"] == 141


def test_who_is_gone_has_none(spender: Planner) -> None:
    look(spender)
    with spender.store.write() as session:
        session.delete(session.get_one(User, spender.user))
    assert kept(spender) == []
