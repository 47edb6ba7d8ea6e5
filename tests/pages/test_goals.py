"""The page of goals: cards with the plan's figures, and dialogs that keep what is said."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from streamlit.testing.v1 import AppTest

from core.identity import profile
from core.ledger import (
    NewAccount,
    SourceFile,
    close_account,
    create_account,
    import_statements,
    list_accounts,
    undo_import,
)
from core.planning import GoalEntry, GoalWish, add_goal, contribute, end_goal, list_goals
from core.runtime import Runtime
from core.store import UserId
from pages.planning.goal_form import WISH
from pages.shared.formats import formats_of, plain_text
from tests.core.ledger.household import bought, statement
from tests.pages.conftest import Open


def words(app: AppTest) -> str:
    """Return all that a screen says."""
    return "\n".join(str(element.proto) for element in app.main).replace("\\\\", "")


def goals_of(house: Runtime, user: UserId) -> tuple[GoalEntry, ...]:
    return list_goals(house.store, user, house.caches.of(user), profile(house.store, user).today)


def asking(open_screen: Open, user: UserId, what: str, goal_id: int = 0) -> AppTest:
    app = open_screen("goals", user)
    app.session_state[WISH] = (what, goal_id)
    return app.run()


@pytest.mark.both_stores
def test_a_goal_by_hand_is_made_and_money_put_aside(open_screen: Open, house: Runtime, person: UserId) -> None:
    app = asking(open_screen, person, "new")
    app.text_input(key="goal_name").set_value("A **bike**")
    app.number_input(key="goal_target_0").set_value(1000.0)
    app.button(key="goal_save").click().run()
    assert not app.exception
    assert not app.error
    (goal,) = goals_of(house, person)
    assert (goal.wish.name, goal.wish.target, goal.by_hand) == ("A **bike**", 1000, True)
    assert plain_text("A **bike**") in app.subheader[0].value
    app = asking(open_screen, person, "give", goal.id)
    app.number_input(key="give_amount").set_value(250.55)
    next(one for one in app.button if one.label == "Put it aside").click().run()
    assert not app.exception
    (goal,) = goals_of(house, person)
    assert goal.reach.saved == Decimal("250.55")
    assert formats_of(profile(house.store, person)).money(Decimal("250.55"), "USD") in words(app)
    app = asking(open_screen, person, "give", goal.id)
    app.button(key=f"give_back_{goal.contributions[0].id}").click().run()
    assert goals_of(house, person)[0].reach.saved == 0


def test_what_cant_be_a_goal_is_said_and_not_kept(open_screen: Open, house: Runtime, person: UserId) -> None:
    app = asking(open_screen, person, "new")
    app.text_input(key="goal_name").set_value("Bike")
    app.button(key="goal_save").click().run()
    assert "needs a target" in app.error[0].value
    app.number_input(key="goal_target_0").set_value(0.0)
    app.button(key="goal_save").click().run()
    assert "more than nothing" in app.error[0].value
    assert goals_of(house, person) == ()


@pytest.mark.both_stores
def test_a_card_to_be_paid_off_counts_from_what_is_owed_now(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    card = next(one for one in list_accounts(house.store, own_demo_person) if one.type == "credit card")
    app = asking(open_screen, own_demo_person, "new")
    app.text_input(key="goal_name").set_value("Card")
    app.selectbox(key="goal_account").set_value(card.id).run()
    app.button(key="goal_save").click().run()
    assert not app.exception
    assert not app.error
    (goal,) = goals_of(house, own_demo_person)
    assert card.current is not None
    assert (goal.wish.target, goal.wish.starting, goal.is_debt) == (-card.current, card.current, True)
    assert goal.reach.saved == 0


@pytest.mark.both_stores
def test_a_goal_is_changed_and_deleted(open_screen: Open, house: Runtime, person: UserId) -> None:
    number = add_goal(house.store, person, GoalWish("Bike", Decimal(1000), "USD"))
    app = asking(open_screen, person, "change", number)
    app.text_input(key="goal_name").set_value("Boat")
    app.button(key="goal_save").click().run()
    assert not app.error
    assert [(one.wish.name, one.wish.target) for one in goals_of(house, person)] == [("Boat", 1000)]
    app = asking(open_screen, person, "delete", number)
    app.button(key="goal_keep").click().run()
    assert len(goals_of(house, person)) == 1
    app = asking(open_screen, person, "delete", number)
    app.button(key="goal_delete").click().run()
    assert not app.exception
    assert goals_of(house, person) == ()
    assert "No goals yet" in words(app)


def test_every_outlook_has_words(open_screen: Open, house: Runtime, person: UserId) -> None:
    today = profile(house.store, person).today
    for name, target, saved, days in (
        ("Reached", 10, 10, 30), ("Track", 1000, 990, 300), ("Behind", 9000, 1, 60), ("Late", 10, 1, -1),
        ("Open", 10, 1, None), ("Done", 10, 1, None), ("Never", 10, -5, None),
    ):  # fmt: skip
        day = None if days is None else today + timedelta(days=days)
        number = add_goal(house.store, person, GoalWish(name, Decimal(target), "USD", day))
        contribute(house.store, person, number, Decimal(saved), today)
        if name == "Done":
            end_goal(house.store, person, number)
    app = open_screen("goals", person)
    assert not app.exception
    assert not app.error
    told = words(app)
    for part in ("Reached", "On track", "Behind", "Its day has passed", "No day set", "Ended (1)", "it is never there"):
        assert part in told


def test_what_if_can_be_asked_of_a_goal_whose_day_has_passed(open_screen: Open, house: Runtime, person: UserId) -> None:
    today = profile(house.store, person).today
    for by in (-1, 0, 1, 365 * 25):
        add_goal(house.store, person, GoalWish(f"By {by}", Decimal(100), "USD", today + timedelta(days=by)))
    app = open_screen("goals", person)
    for goal in goals_of(house, person):
        app.session_state[f"goal_if_{goal.id}"] = True
    app.run()
    assert not app.exception
    assert not app.error
    assert len(app.slider) == 4
    days = {one.label: one for one in app.date_input}
    assert days["Or be there by"].max.year == today.year + 100


def test_a_goal_keeps_the_account_that_was_closed(open_screen: Open, house: Runtime, person: UserId) -> None:
    account = create_account(house.store, person, NewAccount("Old savings", "savings", "USD"))
    number = add_goal(house.store, person, GoalWish("Boat", Decimal(1000), "USD", account_id=account))
    close_account(house.store, person, account, closed=True)
    app = asking(open_screen, person, "change", number)
    app.text_input(key="goal_name").set_value("Ship")
    app.button(key="goal_save").click().run()
    assert not app.exception
    (goal,) = goals_of(house, person)
    assert (goal.wish.name, goal.wish.account_id) == ("Ship", account)


def test_a_goal_whose_account_went_with_its_import_says_what_to_do(
    open_screen: Open, house: Runtime, person: UserId
) -> None:
    told = statement(bought("1", "5", day=9), ledger_balance=Decimal(70), ledger_balance_date=date(2026, 3, 10))
    source = SourceFile("csv", "march.csv", "1" * 64)
    (made,) = import_statements(house.store, person, [(told, NewAccount("Tin", "savings", "USD"))], source)
    (account,) = list_accounts(house.store, person)
    number = add_goal(house.store, person, GoalWish("Boat", Decimal(1000), "USD", account_id=account.id))
    undo_import(house.store, person, made.batch_id)
    assert "Its account went with the import" in words(open_screen("goals", person))
    app = asking(open_screen, person, "change", number)
    app.button(key="goal_save").click().run()
    (goal,) = goals_of(house, person)
    assert (goal.by_hand, goal.reach.saved) == (True, 0)
    assert "Its account went" not in words(open_screen("goals", person))


def test_a_dialog_for_a_goal_that_is_not_ones_own_opens_nothing(
    open_screen: Open, house: Runtime, person: UserId, demo_person: UserId
) -> None:
    number = add_goal(house.store, person, GoalWish("Secret bike", Decimal(1000), "USD"))
    app = asking(open_screen, demo_person, "delete", number)
    assert not app.exception
    assert "Secret bike" not in words(app)
    assert len(goals_of(house, person)) == 1
