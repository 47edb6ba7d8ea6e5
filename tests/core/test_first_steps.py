"""The first steps of a newcomer: taken when their data says so, and gone when all are or when they are put away."""

from datetime import date
from decimal import Decimal

import pytest

from core import clock
from core.coach import begin_conversation
from core.errors import NotFoundError
from core.first_steps import first_steps, put_first_steps_away
from core.identity import add_demo_user
from core.ledger import apply_update, ensure_categories
from core.planning import GoalWish, add_goal, set_limit
from core.store import Edit, Factor, Store, UserId
from core.vault import Keys, Vault
from tests.core.ledger.household import add_person, bought, settle, update


def taken(store: Store, user: UserId) -> list[str]:
    return [one.kind for one in first_steps(store, user) if one.taken]


def test_each_step_is_taken_by_what_it_asks_for_and_by_nobody_else(store: Store) -> None:
    ensure_categories(store)
    other = add_person(store, "bob@example.org")
    assert taken(store, other) == []
    home = settle(store)
    user = home.user
    assert taken(store, user) == []
    apply_update(store, user, home.item, update(bought("a", "-40.00", day=2)), since="")
    deeds = {
        "budget": lambda: set_limit(store, user, 8, date(2026, 3, 1), Decimal(100), carries=False),
        "goal": lambda: add_goal(store, user, GoalWish("Roof", Decimal(1000), "USD", date(2027, 3, 1))),
        "coach": lambda: begin_conversation(store, user, "How much?"),
    }
    expected = ["account"]
    assert taken(store, user) == expected
    for kind, deed in deeds.items():
        deed()
        expected.append(kind)
        assert taken(store, user) == expected
    with store.write() as session:
        session.add(Edit(user_id=user, at=clock.now(), sentence="Renamed.", rows=1))
        session.add(Factor(user_id=user, kind="app", created_at=clock.now()))
    assert "order" in taken(store, user)
    assert "safety" not in taken(store, user), "an app that was never confirmed protects nothing"
    assert [one.kind for one in first_steps(store, other) if one.taken] == []
    with store.write() as session:
        session.query(Factor).update({"confirmed_at": clock.now()})
    assert first_steps(store, user) == ()


def test_who_puts_them_away_sees_them_no_more(store: Store) -> None:
    ada, bob = add_person(store, "ada@example.org"), add_person(store, "bob@example.org")
    put_first_steps_away(store, ada)
    assert first_steps(store, ada) == ()
    assert len(first_steps(store, bob)) == 6


def test_the_demo_has_none_and_nobody_is_told_so(store: Store) -> None:
    assert first_steps(store, add_demo_user(store, Vault(Keys.made()))) == ()
    for deed in (first_steps, put_first_steps_away):
        with pytest.raises(NotFoundError):
            deed(store, UserId(999))
