"""Budgets: what holds in a month, what was spent of it, what goes over into the next, and what is told besides."""

import threading
import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from core import clock
from core.errors import AmountError, NotFoundError, ValidationError
from core.ledger import add_category, hide_account, merge_category
from core.planning import BudgetLine, month_called, month_of, set_limit, set_limits
from core.planning.limits import read_limits
from core.store import BudgetException, BudgetLimit, Pair, Store, Transaction, User, next_change
from tests.core.ledger.household import add_person
from tests.core.planning.money import (
    CASH_OUT,
    FOOD,
    GROCERIES,
    HOUSING,
    INCOME,
    NOW,
    RESTAURANTS,
    TODAY,
    TRANSPORT,
    Planner,
    planner,
)

JAN, FEB, MAR, APR, MAY = (date(2026, month, 1) for month in range(1, 6))


@pytest.fixture
def person(store: Store) -> Planner:
    return planner(store)


def line(person: Planner, category: int, month: date = MAR, **more: Any) -> BudgetLine:
    return next(one for one in person.month(month, **more).lines if one.category_id == category)


def held(person: Planner, month: date, category: int = FOOD) -> Decimal | None:
    limit = read_limits(person.store, person.user).at(category, month)
    return None if limit is None else limit.amount


def test_a_category_that_comes_while_budgets_are_read_is_told_without_one(person: Planner) -> None:
    """The list of categories is read before the rows are: what lies in one that is not in it must not be lost."""
    person.row(date(2026, 3, 2), "-10")
    fresh: list[int] = []

    def meanwhile(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not fresh and "FROM categories" in statement:
            fresh.append(0)
            fresh[0] = add_category(person.store, person.user, "Bakery", group_id=FOOD)
            person.row(date(2026, 3, 3), "-7", fresh[0])

    event.listen(person.store.engine, "after_cursor_execute", meanwhile)
    told = person.month(MAR).unbudgeted
    event.remove(person.store.engine, "after_cursor_execute", meanwhile)
    assert sum(one.spent for one in told) == 17
    assert fresh[0] in {one.category_id for one in told}


def test_a_limit_holds_from_its_month_until_another_is_set(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, date(2026, 2, 17), Decimal(400))
    set_limit(person.store, person.user, FOOD, APR, Decimal(500))
    assert [held(person, month) for month in (JAN, FEB, MAR, APR, MAY)] == [None, 400, 400, 500, 500]
    set_limit(person.store, person.user, FOOD, MAY, None)
    assert [held(person, month) for month in (APR, MAY, date(2027, 1, 1))] == [500, None, None]


def test_a_limit_for_one_month_alone_leaves_the_others_be_whatever_is_said_of_them_later(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, JAN, Decimal(400))
    set_limit(person.store, person.user, FOOD, MAR, Decimal(900), alone=True)
    assert [held(person, month) for month in (FEB, MAR, APR)] == [400, 900, 400]
    set_limit(person.store, person.user, FOOD, FEB, Decimal(450))
    assert [held(person, month) for month in (FEB, MAR, APR)] == [450, 900, 450]
    assert line(person, FOOD, MAR).alone
    assert not line(person, FOOD, APR).alone
    set_limit(person.store, person.user, FOOD, APR, None, alone=True)
    assert [held(person, month) for month in (MAR, APR, MAY)] == [900, None, 450]
    # What is said of this month on is meant for this month too.
    set_limit(person.store, person.user, FOOD, MAR, Decimal(500))
    assert [held(person, month) for month in (FEB, MAR, APR, MAY)] == [450, 500, None, 500]


def test_a_limit_set_twice_is_one(person: Planner) -> None:
    for _ in range(2):
        set_limit(person.store, person.user, FOOD, MAR, Decimal(400), carries=True)
        set_limit(person.store, person.user, FOOD, APR, Decimal(300), alone=True)
    with person.store.read() as session:
        assert session.query(BudgetLimit).count() == 1
        assert session.query(BudgetException).count() == 1


def test_spent_is_less_refunds_and_without_transfers_hidden_rows_and_what_has_no_rate(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, MAR, Decimal(400))
    bought = person.row(date(2026, 3, 2), "-100", GROCERIES)
    person.row(date(2026, 3, 3), "-7", GROCERIES, own_hidden=True)
    person.row(date(2026, 3, 4), "-55", GROCERIES, "XTS")
    person.row(date(2026, 3, 4), "-10", GROCERIES, "EUR")
    person.row(date(2026, 3, 5), "2000", INCOME)
    person.row(date(2026, 2, 28), "-60", GROCERIES)
    back = person.row(date(2026, 3, 9), "30", None)
    one, other = person.row(date(2026, 3, 6), "-500", None), person.row(date(2026, 3, 6), "500", None)
    with person.store.write() as session:
        change = next_change(session, person.user)
        for kind, first, second in (("refund", bought, back), ("transfer", one, other)):
            pair = Pair(
                user_id=person.user, kind=kind, first_id=first, second_id=second, state="sure", permille=1000,
                reasons="", created_at=NOW,
            )  # fmt: skip
            session.add(pair)
            session.flush()
            for number in (first, second):
                row = session.get_one(Transaction, number)
                row.pair_id, row.change = pair.id, change
    view = person.month(MAR)
    euros = Decimal("11.654")
    assert (view.lines[0].spent, view.lines[0].left, view.lines[0].rows) == (70 + euros, 330 - euros, 3)
    assert (view.spent, view.income, view.hidden, view.elsewhere) == (70 + euros, 2000, 7, (("XTS", Decimal(55)),))
    assert person.month(FEB).spent == 60


def test_what_comes_after_this_day_is_foreseen_in_the_currency_of_totals(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, JAN, Decimal(400))
    for day in (date(2025, 12, 20), date(2026, 1, 20), date(2026, 2, 20)):
        person.row(day, "-100", GROCERIES, "EUR")
        person.row(day, "-7", GROCERIES, "XTS")
    person.row(date(2026, 3, 2), "-10", GROCERIES)
    assert line(person, FOOD).projected == 10 + Decimal("116.54")


def test_a_hidden_account_counts_for_no_budget(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, MAR, Decimal(400))
    account = person.account()
    person.row(date(2026, 3, 2), "-100", GROCERIES)
    hide_account(person.store, person.user, account, hidden=True)
    assert line(person, FOOD).spent == 0


def test_a_primary_category_stands_for_its_group_less_what_has_its_own_budget(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, FEB, Decimal(400))
    own = add_category(person.store, person.user, "School lunch", group_id=FOOD)
    for category, amount in ((GROCERIES, "-100"), (RESTAURANTS, "-40"), (FOOD, "-1"), (own, "-5")):
        person.row(date(2026, 3, 2), amount, category)
        person.row(date(2026, 2, 2), amount, category)
    assert line(person, FOOD).spent == 146
    set_limit(person.store, person.user, RESTAURANTS, MAR, Decimal(50))
    assert (line(person, FOOD).spent, line(person, RESTAURANTS).spent) == (106, 40)
    assert line(person, FOOD, FEB).spent == 146, "it had no budget of its own then"
    assert RESTAURANTS not in line(person, FOOD).category_ids
    assert {GROCERIES, own, FOOD} <= set(line(person, FOOD).category_ids)
    assert line(person, FOOD, FEB).listed_ids == (FOOD,)
    assert line(person, RESTAURANTS).listed_ids == (RESTAURANTS,)
    assert line(person, RESTAURANTS).group == "Food & drink"
    merge_category(person.store, person.user, own, RESTAURANTS)
    assert (line(person, FOOD).spent, line(person, RESTAURANTS).spent) == (101, 45)


@pytest.mark.parametrize(("gone", "into"), [(RESTAURANTS, GROCERIES), (FOOD, TRANSPORT)])
def test_a_category_that_was_merged_into_another_has_no_budget(person: Planner, gone: int, into: int) -> None:
    for category in (gone, into):
        set_limit(person.store, person.user, category, FEB, Decimal(100), carries=True)
    person.row(date(2026, 3, 2), "-30", GROCERIES)
    person.row(date(2026, 3, 2), "-40", gone)
    merge_category(person.store, person.user, gone, into)
    view = person.month(MAR)
    assert [one.category_id for one in view.lines] == [into]
    assert (view.limit, view.carried) == (100, 100)
    assert view.spent == 70 == view.budgeted + sum(one.spent for one in view.unbudgeted)


def test_the_rest_of_a_group_is_listed_without_what_has_its_own_budget(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, FEB, Decimal(400))
    set_limit(person.store, person.user, RESTAURANTS, FEB, Decimal(50))
    person.row(date(2026, 3, 2), "-100", GROCERIES)
    person.row(date(2026, 3, 2), "-40", RESTAURANTS)
    assert line(person, FOOD).listed_ids == (GROCERIES,)


def test_what_is_left_or_was_too_much_goes_on_only_where_it_is_wanted(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, JAN, Decimal(400), carries=True)
    set_limit(person.store, person.user, TRANSPORT, JAN, Decimal(100))
    for month, food in ((JAN, "-300"), (FEB, "-550"), (MAR, "-10")):
        person.row(month, food, GROCERIES)
        person.row(month, "-20", TRANSPORT)
    assert [line(person, FOOD, month).carried for month in (JAN, FEB, MAR, APR)] == [0, 100, -50, 340]
    assert (line(person, FOOD, MAR).available, line(person, FOOD, MAR).left) == (350, 340)
    assert (person.month(MAR).limit, person.month(MAR).available, person.month(MAR).left) == (500, 450, 420)
    assert [line(person, TRANSPORT, month).carried for month in (FEB, MAR)] == [0, 0]
    # A month whose rest is not to go on, one without a budget: the next one starts anew.
    set_limit(person.store, person.user, FOOD, FEB, Decimal(400), carries=False, alone=True)
    assert [line(person, FOOD, month).carried for month in (FEB, MAR, APR)] == [100, 0, 390]
    set_limit(person.store, person.user, FOOD, MAR, None, alone=True)
    assert line(person, FOOD, APR).carried == 0


def test_the_persons_month_begins_on_their_day(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, FEB, Decimal(400), carries=True)
    for day, amount in ((24, "-1"), (25, "-10")):
        for month in (1, 2, 3):
            person.row(date(2026, month, day), amount, GROCERIES)
    person.row(date(2026, 2, 25), "1000", INCOME)
    view = person.month(FEB, first_day=25)
    assert (view.month.first, view.month.last) == (date(2026, 2, 25), date(2026, 3, 24))
    assert (view.spent, view.income, view.month.elapsed(TODAY)) == (11, 1000, 19)
    assert line(person, FOOD, MAR, first_day=25).carried == 389
    assert line(person, FOOD, FEB).spent == 11
    assert month_of(date(2026, 3, 24), 25) == month_called(FEB, 25)
    assert month_of(date(2026, 3, 25), 25) == month_called(MAR, 25)


@given(day=st.dates(date(2020, 1, 1), date(2030, 12, 31)), first_day=st.integers(1, 28))
def test_every_day_lies_in_one_month_and_months_follow_without_a_gap(day: date, first_day: int) -> None:
    month = month_of(day, first_day)
    assert month.first <= day <= month.last
    assert month == month_called(month.start, first_day)
    assert (month.moved(1).first - month.last).days == 1
    assert month.moved(1).moved(-1) == month


def test_pace_projection_and_state(person: Planner) -> None:
    for back in (1, 2, 3):
        month = clock.add_months(MAR, -back)
        person.row(month, "-1500", HOUSING)
        person.row(month.replace(day=10), "-100", GROCERIES)
        person.row(month.replace(day=20), "-90", GROCERIES)
        person.row(month.replace(day=20), "-10", TRANSPORT)
    for category, amount in ((HOUSING, 1500), (FOOD, 200), (TRANSPORT, 31)):
        set_limit(person.store, person.user, category, MAR, Decimal(amount))
    person.row(MAR, "-1500", HOUSING)
    person.row(MAR, "-101", GROCERIES)
    housing, food, transport = (line(person, one) for one in (HOUSING, FOOD, TRANSPORT))
    assert (transport.pace, transport.projected, transport.state) == (15, 10, "fine")
    assert (housing.projected, housing.state) == (1500, "fine"), "paid once a month: nothing more will come"
    assert (food.pace, food.projected, food.state) == (Decimal("96.77"), 191, "fine")
    set_limit(person.store, person.user, TRANSPORT, MAR, Decimal(5))
    transport = line(person, TRANSPORT)
    assert (transport.spent, transport.projected, transport.state) == (0, 10, "fine"), "nothing was spent too soon"
    person.row(date(2026, 3, 3), "-10", GROCERIES)
    food = line(person, FOOD)
    assert (food.projected, food.state, food.left) == (201, "ahead", 89)
    person.row(date(2026, 3, 3), "-90", GROCERIES)
    assert (line(person, FOOD).state, line(person, FOOD).left) == ("over", -1)
    # The end of a month that is over is what it was, of one that has not begun nothing.
    assert (line(person, FOOD, APR).pace, line(person, FOOD, APR).projected, line(person, FOOD, APR).state) == (
        0, 0, "fine",
    )  # fmt: skip
    assert (line(person, FOOD, MAR, today=MAY).pace, line(person, FOOD, MAR, today=MAY).projected) == (200, 201)


def test_the_first_days_of_a_first_month_foretell_nothing(person: Planner) -> None:
    set_limit(person.store, person.user, HOUSING, MAR, Decimal(1200))
    person.row(MAR, "-1200", HOUSING)
    for day in (1, 2, 6):
        housing = line(person, HOUSING, today=date(2026, 3, day))
        assert (housing.projected, housing.state) == (1200, "fine"), "rent is paid once"
    assert line(person, HOUSING, today=date(2026, 3, 7)).projected > 1200


def test_without_months_to_learn_from_the_pace_so_far_goes_on(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, MAR, Decimal(200))
    person.row(MAR, "-150", GROCERIES)
    assert (line(person, FOOD).projected, line(person, FOOD).state) == (310, "ahead")


def test_past_months_say_what_is_usual_and_suggest_limits(person: Planner) -> None:
    for back, amount in enumerate(("-1100", "-100.50", "-120", "-130"), start=1):
        person.row(clock.add_months(MAR, -back), amount, GROCERIES)
    person.row(FEB, "-9", CASH_OUT)
    person.row(MAR, "-20", None)
    view = person.month(MAR)
    food = next(one for one in view.unbudgeted if one.category_id == FOOD)
    assert [one.spent for one in food.history] == [130, 120, Decimal("100.50"), 1100]
    assert (food.usual, food.suggestion) == (125, 125)
    none = next(one for one in view.unbudgeted if one.category_id is None)
    assert (none.title, none.spent, none.suggestion, none.listed_ids) == ("Uncategorised", 20, None, (0,))
    assert view.suggested == {FOOD: 125}
    set_limits(person.store, person.user, MAR, view.suggested)
    (budget,) = person.month(MAR).lines
    assert (budget.limit, budget.usual, budget.kept) == (125, 125, 2)
    assert person.month(MAR).suggested == {}
    assert len(person.month(FEB).unbudgeted) == 2, "cash is spent, whatever group it is in"


@pytest.mark.parametrize(
    ("usual", "suggested"), [("437.2", 440), ("1534", 1550), ("12.99", 15), ("40", 40), ("23800", 24000), ("0.5", 5)]
)
def test_suggestions_are_round(person: Planner, usual: str, suggested: int) -> None:
    for month in (JAN, FEB, date(2025, 12, 1)):
        person.row(month, f"-{usual}", GROCERIES)
    assert str(person.month(MAR).suggested[FOOD]) == str(suggested)


def test_what_cant_be_a_budget_is_refused_and_nothing_is_kept(person: Planner) -> None:
    stranger = add_person(person.store, "stranger@example.org")
    theirs = add_category(person.store, stranger, "Secret")
    for category, amount, failure in (
        (INCOME, Decimal(1), ValidationError),
        (FOOD, Decimal("-0.01"), ValidationError),
        (FOOD, Decimal("NaN"), AmountError),
        (FOOD, Decimal("1e13"), AmountError),
        (999_999, Decimal(1), NotFoundError),
        (theirs, Decimal(1), NotFoundError),
    ):
        with pytest.raises(failure):
            set_limit(person.store, person.user, category, MAR, amount)
        with pytest.raises(failure):
            set_limits(person.store, person.user, MAR, {TRANSPORT: Decimal(1), category: amount})
    assert person.month(MAR).lines == ()


def test_many_limits_at_once_keep_what_each_carries(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, JAN, Decimal(1), carries=True)
    set_limits(person.store, person.user, MAR, {FOOD: Decimal(2), TRANSPORT: Decimal(3)})
    assert [(one.limit, one.carries) for one in person.month(MAR).lines] == [(2, True), (3, False)]


def test_two_windows_set_limits_one_after_another(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, MAR, Decimal(1))
    said = threading.Event()

    def other_window() -> None:
        said.set()
        set_limits(person.store, person.user, MAR, {FOOD: Decimal(2)})

    waiting = threading.Thread(target=other_window)
    with person.store.write() as session:
        session.get_one(User, person.user).generation += 1
        session.flush()
        waiting.start()
        said.wait(10)
        time.sleep(0.5)
        session.get_one(BudgetLimit, (person.user, FOOD, MAR)).carries = True
    waiting.join(30)
    assert [(one.limit, one.carries) for one in person.month(MAR).lines] == [(2, True)]
