"""Goals: what was put aside, how far that is, when it will be there, and what if."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core import clock
from core.errors import AmountError, NotFoundError, ValidationError
from core.planning import (
    GoalEntry,
    GoalWish,
    add_goal,
    change_goal,
    contribute,
    day_for,
    delete_contribution,
    delete_goal,
    end_goal,
    largest_monthly,
    list_goals,
    monthly_for,
)
from core.planning.reaching import AVERAGE_MONTH, reach
from core.store import Account, Balance, GoalContribution, Store, next_change
from tests.core.ledger.household import add_person
from tests.core.planning.money import NOW, TODAY, Planner, planner

BIKE = GoalWish("Bike", Decimal(1000), "USD", date(2026, 9, 15))


@pytest.fixture
def person(store: Store) -> Planner:
    return planner(store)


def only(person: Planner) -> GoalEntry:
    (one,) = list_goals(person.store, person.user, person.cache, TODAY)
    return one


def test_a_goal_is_reached_by_contributions_by_hand(person: Planner) -> None:
    with clock.frozen(NOW):
        goal = add_goal(person.store, person.user, BIKE)
    for day, amount in (("2025-11-01", "100"), ("2026-01-10", "200"), ("2026-02-10", "130"), ("2026-03-01", "-30")):
        last = contribute(person.store, person.user, goal, Decimal(amount), date.fromisoformat(day), " from  Ada ")
    found = only(person)
    assert (found.wish, found.account, found.by_hand) == (BIKE, "", True)
    assert [(one.amount, one.note) for one in found.contributions][:2] == [(-30, "from Ada"), (130, "from Ada")]
    assert (found.reach.saved, found.reach.left, found.reach.share) == (400, 600, Decimal("0.4"))
    assert found.reach.pace == Decimal("101.46"), "300 within 90 days"
    assert [one.reached for one in found.reach.milestones] == [True, False, False, False]
    assert (found.reach.outlook, found.reach.needed) == ("on track", Decimal("99.26"))
    delete_contribution(person.store, person.user, last)
    assert only(person).reach.saved == 430


def test_a_goal_that_comes_too_slowly_says_how_much_more_it_takes(person: Planner) -> None:
    with clock.frozen(NOW):
        goal = add_goal(person.store, person.user, BIKE)
    contribute(person.store, person.user, goal, Decimal(100), TODAY)
    found = only(person).reach
    assert (found.outlook, found.pace, found.needed, found.more) == (
        "behind", 100, Decimal("148.88"), Decimal("48.88"),
    )  # fmt: skip
    assert found.projected == TODAY + timedelta(days=274)


def test_a_linked_account_counts_with_what_came_since_the_start(person: Planner) -> None:
    savings = person.account("EUR", "savings", Decimal(3000))
    with person.store.write() as session:
        change = next_change(session, person.user)
        session.add(
            Balance(account_id=savings, day=TODAY, user_id=person.user, current=Decimal(3000), change=change)
        )  # fmt: skip
    person.row(date(2026, 1, 5), "500", 4, "EUR", account=savings)
    person.row(date(2026, 2, 5), "100", 4, "EUR", account=savings)
    person.row(date(2025, 6, 5), "50", 4, "EUR", account=savings)
    add_goal(
        person.store, person.user, GoalWish("Trip", Decimal(2500), "USD", account_id=savings, starting=Decimal(1000))
    )
    found = only(person)
    assert (found.wish.currency, found.account, found.is_debt) == ("EUR", "savings EUR", False)
    assert (found.reach.saved, found.reach.left, found.reach.outlook) == (2000, 500, "open")
    assert found.reach.pace == Decimal("202.91"), "600 within 90 days"
    with pytest.raises(ValidationError):
        contribute(person.store, person.user, found.id, Decimal(1), TODAY)


def test_a_debt_is_a_goal_too(person: Planner) -> None:
    card = person.account("USD", "credit card", Decimal(-1200))
    add_goal(
        person.store, person.user, GoalWish("Card", Decimal(2000), "USD", account_id=card, starting=Decimal(-2000))
    )
    found = only(person)
    assert found.is_debt
    assert (found.reach.saved, found.reach.left, found.reach.share) == (800, 1200, Decimal("0.4"))


def test_what_did_not_count_of_a_deleted_account_is_neither_saved_nor_owed(person: Planner) -> None:
    card = person.account("USD", "credit card", Decimal(-1200))
    add_goal(
        person.store, person.user, GoalWish("Card", Decimal(2000), "USD", account_id=card, starting=Decimal(-2000))
    )
    with person.store.write() as session:
        session.delete(session.get_one(Account, card))
        next_change(session, person.user)
    found = only(person)
    assert (found.by_hand, found.wish.starting) == (True, 0)
    assert (found.reach.saved, found.reach.left) == (0, 2000)


def test_what_is_noted_for_a_day_ahead_is_not_there_yet(person: Planner) -> None:
    goal = add_goal(person.store, person.user, BIKE)
    contribute(person.store, person.user, goal, Decimal(10), TODAY)
    contribute(person.store, person.user, goal, Decimal(500), TODAY + timedelta(days=1))
    found = only(person)
    assert (found.reach.saved, len(found.contributions)) == (10, 2)


def test_an_account_whose_balance_is_not_known_says_so(person: Planner) -> None:
    account = person.account("USD", "cash", None)
    add_goal(person.store, person.user, GoalWish("Tin", Decimal(100), "USD", account_id=account))
    found = only(person).reach
    assert (found.saved, found.outlook, found.share, found.left) == (None, "unknown", 0, 100)
    assert not any(one.reached for one in found.milestones)


def test_a_goal_is_changed_ended_taken_up_again_and_deleted(person: Planner) -> None:
    goal = add_goal(person.store, person.user, BIKE)
    contribute(person.store, person.user, goal, Decimal(10), TODAY)
    change_goal(person.store, person.user, goal, GoalWish("  Big   bike ", Decimal(2000), "EUR"))
    assert only(person).wish == GoalWish("Big bike", Decimal(2000), "EUR")
    end_goal(person.store, person.user, goal)
    assert only(person).ended_at is not None
    end_goal(person.store, person.user, goal, ended=False)
    assert only(person).ended_at is None
    other = add_goal(person.store, person.user, BIKE)
    end_goal(person.store, person.user, goal)
    assert [one.id for one in list_goals(person.store, person.user, person.cache, TODAY)] == [other, goal]
    delete_goal(person.store, person.user, goal)
    assert only(person).id == other
    with person.store.read() as session:
        assert session.query(GoalContribution).count() == 0


def test_what_cant_be_a_goal_is_refused(person: Planner) -> None:
    stranger = planner(person.store)
    theirs = stranger.account("USD", "savings")
    for wish, failure in (
        (GoalWish("  ", Decimal(1), "USD"), ValidationError),
        (GoalWish("A", Decimal(0), "USD"), ValidationError),
        (GoalWish("A", Decimal(-1), "USD"), ValidationError),
        (GoalWish("A", Decimal("1e14"), "USD"), AmountError),
        (GoalWish("A", Decimal(1), "dollars"), ValidationError),
        (GoalWish("A", Decimal(1), "USD", account_id=theirs), NotFoundError),
    ):
        with pytest.raises(failure):
            add_goal(person.store, person.user, wish)
    assert list_goals(person.store, person.user, person.cache, TODAY) == ()
    goal = add_goal(person.store, person.user, BIKE)
    with pytest.raises(ValidationError):
        contribute(person.store, person.user, goal, Decimal(0), TODAY)
    for work in (
        lambda who: change_goal(person.store, who, goal, BIKE),
        lambda who: end_goal(person.store, who, goal),
        lambda who: delete_goal(person.store, who, goal),
        lambda who: contribute(person.store, who, goal, Decimal(1), TODAY),
    ):
        with pytest.raises(NotFoundError):
            work(add_person(person.store, f"s{id(work)}@example.org"))


@pytest.mark.parametrize(
    ("saved", "target_day", "outlook"),
    [
        ("100", date(2026, 3, 14), "reached"),
        ("120", None, "reached"),
        ("10", date(2026, 3, 14), "late"),
        ("10", date(2026, 3, 15), "behind"),
        ("10", None, "open"),
        ("-5", date(2026, 4, 15), "behind"),
        ("99", date(2026, 4, 15), "on track"),
        ("99", date(2026, 3, 22), "on track"),
    ],
)
def test_outlooks(saved: str, target_day: date | None, outlook: str) -> None:
    found = reach(Decimal(saved), Decimal(100), Decimal(5), TODAY, target_day, "USD")
    assert found.outlook == outlook
    assert 0 <= found.share <= 1
    assert (found.more is not None) == (outlook == "behind")


amounts = st.decimals(Decimal("0.01"), 10**6, places=2)


def test_what_comes_too_late_in_the_last_month_is_not_on_track() -> None:
    """All of it would be there within a month, but its day is nearer."""
    found = reach(Decimal(10), Decimal(100), Decimal(95), TODAY, TODAY + timedelta(days=7), "USD")
    assert (found.outlook, found.needed, found.more) == ("behind", 90, None)
    assert found.projected == TODAY + timedelta(days=29)


@given(saved=amounts, target=amounts, pace=st.decimals(-100, 10**5, places=2), days=st.integers(0, 4_000))
def test_on_track_is_what_is_there_by_its_day(saved: Decimal, target: Decimal, pace: Decimal, days: int) -> None:
    day = TODAY + timedelta(days=days)
    found = reach(saved, target, pace, TODAY, day, "USD")
    assert (found.outlook in {"reached", "on track"}) == (found.projected is not None and found.projected <= day)
    assert found.outlook != "late"


@given(left=amounts, days=st.integers(31, 30_000))
def test_what_it_takes_a_month_is_enough_and_not_more(left: Decimal, days: int) -> None:
    day = TODAY + timedelta(days=days)
    monthly = monthly_for(left, TODAY, day, "USD")
    assert monthly is not None
    reached = day_for(left, TODAY, monthly)
    assert reached is not None
    assert reached <= day
    less = monthly - Decimal("0.01")
    assume(less > 0)
    # A cent less would not have been enough.
    assert less * days / AVERAGE_MONTH < left


@given(left=amounts, monthly=amounts, more=amounts)
def test_more_a_month_is_never_later(left: Decimal, monthly: Decimal, more: Decimal) -> None:
    slow, fast = day_for(left, TODAY, monthly), day_for(left, TODAY, monthly + more)
    assert slow is None or (fast is not None and fast <= slow)


def test_what_if_has_ends() -> None:
    assert day_for(Decimal(0), TODAY, Decimal(0)) == TODAY
    assert day_for(Decimal(100), TODAY, Decimal(0)) is None
    assert day_for(Decimal(10**9), TODAY, Decimal(1)) is None
    assert monthly_for(Decimal(100), TODAY, TODAY - timedelta(days=1), "USD") is None
    assert monthly_for(Decimal(100), TODAY, TODAY, "USD") == 100
    assert monthly_for(Decimal(100), TODAY, TODAY + timedelta(days=1), "USD") == 100
    assert largest_monthly(Decimal(600), Decimal("148.88"), Decimal(100)) == 300
    assert largest_monthly(Decimal("0.5"), None, Decimal(-3)) == 10
