"""The page of budgets: its figures are the plan's, what is typed is kept, and what can't be is said."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from core.analytics import listed_ids
from core.identity import profile, update_profile
from core.ledger import Changes, NewAccount, create_account, edit_transactions
from core.planning import BudgetMonth, budget_month, month_of, set_limit, set_limits
from core.runtime import Runtime
from core.store import UserId
from pages.noticed.leads import rows_of_budget
from pages.planning.budget_table import rows_query
from pages.planning.figures import left_words
from pages.shared.filters import asked as asked_for
from pages.shared.formats import formats_of, plain_text
from tests.pages.conftest import Open

FOOD = 8
RESTAURANTS = 159


def words(app: AppTest) -> str:
    """Return all that a screen says."""
    return "\n".join(str(element.proto) for element in app.main)


def view_of(house: Runtime, user: UserId, by: int = 0) -> BudgetMonth:
    who = profile(house.store, user)
    month = month_of(who.today, who.month_start_day).moved(by)
    return budget_month(house.store, user, house.caches.of(user), month, who.today)


def press(app: AppTest, label: str) -> AppTest:
    return next(one for one in app.button if one.label.replace("\\", "") == label).click().run()


@pytest.mark.both_stores
def test_without_budgets_the_page_suggests_them_and_takes_all_at_once(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    app = open_screen("budgets", own_demo_person)
    assert not app.exception
    assert "No budgets this month yet" in words(app)
    suggested = view_of(house, own_demo_person).suggested
    assert len(suggested) > 5
    app = press(app, "Set all as suggested")
    assert not app.exception
    assert not app.error
    view = view_of(house, own_demo_person)
    assert {one.category_id: one.limit for one in view.lines} == suggested
    (table,) = app.data_editor
    assert table.value["Limit"].tolist() == [float(one.limit) for one in view.lines]
    formats = formats_of(profile(house.store, own_demo_person))
    assert table.value["Spent"].tolist() == [formats.money(one.spent, "USD") for one in view.lines]
    assert {one.label: one.value for one in app.metric}["Limits"] == formats.figure(view.limit, "USD")


def test_one_suggestion_can_be_taken_alone(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    app = open_screen("budgets", own_demo_person)
    app.button(key=f"budget_take_{FOOD}").click().run()
    assert not app.exception
    (line,) = view_of(house, own_demo_person).lines
    assert line.category_id == FOOD
    assert view_of(house, own_demo_person, -1).lines == ()


def test_a_budget_is_added_for_this_month_only_and_what_cant_be_is_said(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    month = view_of(house, own_demo_person).month
    set_limit(house.store, own_demo_person, FOOD, month.start, Decimal(500))
    app = open_screen("budgets", own_demo_person)
    app.session_state["budget_only"] = True
    app.run()
    app.selectbox(key="budget_category").set_value(RESTAURANTS)
    app.number_input(key="budget_limit").set_value(120.5)
    app.checkbox(key="budget_carries").check()
    app = press(app, "Set the budget")
    assert not app.exception
    assert not app.error
    made = next(one for one in view_of(house, own_demo_person).lines if one.category_id == RESTAURANTS)
    assert (made.limit, made.carries, made.alone) == (Decimal("120.5"), True, True)
    assert len(view_of(house, own_demo_person, 1).lines) == 1
    app.selectbox(key="budget_category").set_value(7)
    app.number_input(key="budget_limit").set_value(1e14)
    app = press(app, "Set the budget")
    assert not app.exception
    assert "amount of money" in app.error[0].value
    assert len(view_of(house, own_demo_person).lines) == 2
    app = press(app, "Set the budget")
    assert "Choose a category" in app.warning[0].value


def test_the_address_names_the_month_and_nonsense_in_it_gives_this_one(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    view = view_of(house, own_demo_person, -1)
    set_limit(house.store, own_demo_person, FOOD, view.month.start, Decimal(500))
    formats = formats_of(profile(house.store, own_demo_person))
    app = open_screen("budgets", own_demo_person, month=f"{view.month.start:%Y-%m}")
    assert any(one.value.startswith(formats.month(view.month.start)) for one in app.caption)
    before = view_of(house, own_demo_person, -1)
    assert app.data_editor[0].value["Left"].tolist() == [formats.money(one.left, "USD") for one in before.lines]
    app.button(key="month_chevron_right").click().run()
    assert "month" not in app.query_params
    now = view_of(house, own_demo_person)
    assert any(one.value.startswith(formats.month(now.month.start)) for one in app.caption)
    for nonsense in ("2026-13", "yesterday", "9999-12", "0001-01", "2026-01-05", "-1"):
        app = open_screen("budgets", own_demo_person, month=nonsense, view="x")
        assert not app.exception
        assert any(one.value.startswith(formats.month(now.month.start)) for one in app.caption)


def test_the_persons_month_is_told_by_its_days(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    who = profile(house.store, own_demo_person)
    update_profile(house.store, replace(who, month_start_day=25))
    app = open_screen("budgets", own_demo_person)
    month = month_of(who.today, 25)
    formats = formats_of(who)
    assert any(plain_text(formats.day(month.last)) in one.value for one in app.caption)


@pytest.mark.parametrize("view", ["past", "shares"])
def test_past_months_and_shares_run_with_budgets_and_without(
    open_screen: Open, house: Runtime, own_demo_person: UserId, view: str
) -> None:
    for _ in range(2):
        app = open_screen("budgets", own_demo_person, view=view)
        assert not app.exception
        assert not app.error
        set_limits(
            house.store, own_demo_person, view_of(house, own_demo_person).month.start,
            view_of(house, own_demo_person).suggested,
        )  # fmt: skip
    if view == "past":
        lines = view_of(house, own_demo_person).lines
        held = app.dataframe[0].value["Would have held"].tolist()
        assert held[: len(lines)] == [f"{one.kept} of {len(one.history)}" for one in lines]


def test_budgets_are_made_of_the_shares(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    app = open_screen("budgets", own_demo_person, view="shares")
    app.slider(key="shares").set_value((60, 80)).run()
    labels = [one.label for one in app.metric]
    assert {"Needs · 60%", "Wants · 20%", "Savings · 20%"} <= set(labels)
    other = open_screen("budgets", own_demo_person, view="shares")
    assert other.slider(key="shares").value == (60, 80), "kept for every browser"
    app.button(key="shares_take").click().run()
    assert not app.exception
    view = view_of(house, own_demo_person)
    assert len(view.lines) > 10
    assert "already as these shares" in words(app)


def test_the_shares_of_another_month_are_not_said_to_be_of_this_one(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    view = view_of(house, own_demo_person, -1)
    app = open_screen("budgets", own_demo_person, view="shares", month=f"{view.month.start:%Y-%m}")
    told = words(app)
    assert "this month, usually" not in told
    assert f"in {formats_of(profile(house.store, own_demo_person)).month(view.month.start)}, usually" in told


def test_an_account_without_an_income_has_nothing_to_share(open_screen: Open, house: Runtime, person: UserId) -> None:
    create_account(house.store, person, NewAccount("Tin", "cash", "USD"))
    app = open_screen("budgets", person, view="shares")
    assert not app.exception
    assert "No spending to budget yet" in words(app)


def test_a_line_leads_to_its_rows(house: Runtime, own_demo_person: UserId) -> None:
    set_limit(house.store, own_demo_person, FOOD, view_of(house, own_demo_person, -1).month.start, Decimal(300))
    cache = house.caches.of(own_demo_person)

    def listed() -> tuple[int, tuple[int, ...]]:
        view = view_of(house, own_demo_person, -1)
        wanted = asked_for(rows_query(view.lines[0].listed_ids, view)).wanted
        facts = {"rows": view.lines[0].rows, "listed_ids": view.lines[0].listed_ids}
        noticed = rows_of_budget(facts | {"first": view.month.first, "last": view.month.last})
        assert asked_for(dict(noticed.query)).wanted == wanted
        assert wanted.category_ids == (FOOD,)
        assert (wanted.since, wanted.until, wanted.kind) == (view.month.first, view.month.last, "spending")
        found = listed_ids(cache, wanted)
        assert len(found) == view.lines[0].rows
        return found[0], found

    first, found = listed()
    # What budgets leave out is not among the rows that one counts.
    edit_transactions(house.store, own_demo_person, [first], Changes(hidden=True))
    assert set(listed()[1]) == {*found} - {first}


def test_the_overview_tells_of_the_budgets(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    assert "Set budgets" in words(open_screen("overview", own_demo_person))
    view = view_of(house, own_demo_person)
    set_limit(house.store, own_demo_person, FOOD, view.month.start, Decimal(1))
    told = words(open_screen("overview", own_demo_person)).replace("\\\\", "")
    view = view_of(house, own_demo_person)
    formats = formats_of(profile(house.store, own_demo_person))
    assert left_words(view.lines[0], "USD", formats) in told


def test_what_is_left_is_told_of_all_that_may_be_spent(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    view = view_of(house, own_demo_person, -1)
    set_limit(house.store, own_demo_person, FOOD, view.month.start, Decimal(9000), carries=True)
    view = view_of(house, own_demo_person)
    assert view.carried > 0
    formats = formats_of(profile(house.store, own_demo_person))
    told = words(open_screen("overview", own_demo_person)).replace("\\\\", "")
    assert f"{formats.money(view.left, 'USD')} left of {formats.money(view.available, 'USD')}" in told


def test_somebody_elses_budgets_are_not_there(
    open_screen: Open, house: Runtime, own_demo_person: UserId, demo_person: UserId
) -> None:
    set_limit(house.store, own_demo_person, FOOD, date(2020, 1, 1), Decimal("123.45"))
    assert "No budgets this month yet" in words(open_screen("budgets", demo_person))
