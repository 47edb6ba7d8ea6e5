"""Categories, rules, pairs and proposals on their page: what is pressed is kept, and what is not there is said."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from streamlit.testing.v1 import AppTest

from core import clock
from core.ledger import (
    Actions,
    Conditions,
    add_rule,
    list_pairs,
    list_proposals,
    list_rules,
    pair_up,
)
from core.runtime import Runtime
from core.store import Pair, Transaction, UserId, next_change
from tests.pages.conftest import Open

GROCERIES = 8
RARE = 6


def tab(app: AppTest, name: str) -> AppTest:
    """Open one of the page's tabs."""
    app.session_state["sorting_tab"] = name
    return app.run()


def words(app: AppTest) -> str:
    return "\n".join(str(element.proto) for element in app.main)


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


@pytest.fixture
def asked(house: Runtime, own_demo_person: UserId) -> int:
    """Return a pair that is to be decided."""
    with house.store.write() as session:
        rows = session.scalars(select(Transaction).where(Transaction.user_id == own_demo_person)).all()
        out = next(row for row in rows if row.amount < 0 and row.date < date(2200, 1, 1))
        into = next(row for row in rows if row.amount > 0 and row.account_id != out.account_id)
        pair = Pair(
            user_id=own_demo_person, kind="transfer", first_id=out.id, second_id=into.id, state="asked", permille=600,
            reasons='["equal amounts"]', created_at=clock.now(),
        )  # fmt: skip
        session.add(pair)
        session.flush()
        return pair.id


@pytest.mark.parametrize(("answer", "state"), [("Yes", "confirmed"), ("No", "refused")])
@pytest.mark.both_stores
def test_a_pair_that_is_asked_is_decided(
    open_screen: Open, house: Runtime, own_demo_person: UserId, asked: int, answer: str, state: str
) -> None:
    app = tab(open_screen("categories", own_demo_person), "Transfers & refunds")
    assert not app.exception
    assert "Do these belong together?" in words(app)
    assert "equal amounts" in words(app)
    app = press(app, answer)
    assert not app.exception
    assert not app.error
    assert [one.id for one in list_pairs(house.store, own_demo_person, (state,))] == [asked]
    assert "Do these belong together?" not in words(app)


def test_what_was_found_is_listed(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    assert pair_up(house.store, own_demo_person).transfers > 0
    app = tab(open_screen("categories", own_demo_person), "Transfers & refunds")
    assert not app.exception
    assert len(app.dataframe[0].value) == len(list_pairs(house.store, own_demo_person))


@pytest.mark.both_stores
def test_proposals_are_taken_as_the_persons_word(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    with house.store.write() as session:
        some = session.scalars(select(Transaction.id).where(Transaction.user_id == own_demo_person).limit(3)).all()
        session.execute(
            update(Transaction)
            .where(Transaction.id.in_(some))
            .values(learned_category_id=GROCERIES, learned_permille=700, change=next_change(session, own_demo_person))
        )
    waiting = {one.id for one in list_proposals(house.store, own_demo_person)}
    assert waiting <= set(some)
    assert waiting
    app = tab(open_screen("categories", own_demo_person), "Proposals")
    assert not app.exception
    app = press(app, "Take all of these")
    assert not app.exception
    assert not app.error
    assert list_proposals(house.store, own_demo_person) == ()
    with house.store.read() as session:
        assert {session.get_one(Transaction, one).own_category_id for one in waiting} == {GROCERIES}


def test_only_proposals_that_were_shown_are_taken(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    def propose(number: int) -> None:
        with house.store.write() as session:
            proposal = {"learned_category_id": RARE, "learned_permille": 700, "learned_sets": False}
            session.execute(
                update(Transaction)
                .where(Transaction.id == number)
                .values(**proposal, change=next_change(session, own_demo_person))
            )

    with house.store.read() as session:
        some = session.scalars(select(Transaction.id).where(Transaction.user_id == own_demo_person).limit(2)).all()
    propose(some[0])
    app = tab(open_screen("categories", own_demo_person), "Proposals")
    propose(some[1])
    assert not press(app, "Take all of these").exception
    assert {one.id for one in list_proposals(house.store, own_demo_person)} >= set(some)


def test_an_address_that_makes_no_sense_opens_a_rule_without_a_category(open_screen: Open, person: UserId) -> None:
    app = open_screen("categories", person, rule="Corner shop", category="²")
    assert not app.exception
    assert next(one for one in app.text_input if one.key == "rule_texts").value == "Corner shop"


@pytest.mark.both_stores
def test_a_rule_is_switched_off_on_the_page(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    add_rule(house.store, own_demo_person, "Big", Conditions(least=Decimal(500)), Actions(tags=("big",)))
    app = tab(open_screen("categories", own_demo_person), "Rules")
    assert "Where the amount is 500 or more: tag it big" in words(app)
    (rule,) = list_rules(house.store, own_demo_person)
    assert rule.rows > 0
    app.toggle[0].set_value(False).run()
    (rule,) = list_rules(house.store, own_demo_person)
    assert (rule.enabled, rule.rows) == (False, 0)


def test_who_has_nothing_is_told_what_comes_here(open_screen: Open, person: UserId) -> None:
    app = open_screen("categories", person)
    for name, said in (
        ("Rules", "No rules yet"),
        ("Transfers & refunds", "No transfers or refunds yet"),
        ("Proposals", "Nothing to decide"),
    ):
        app = tab(app, name)
        assert not app.exception
        assert said in words(app)
