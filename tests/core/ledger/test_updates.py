"""What a bank says, written once: edits survive, nothing doubles, the cursor moves with the data."""

import gc
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy import update as sql_update
from sqlalchemy.orm import Session

from core.errors import AmountError, NotFoundError
from core.ledger import (
    Changes,
    SyncUpdate,
    TransactionRecord,
    UpdateCounts,
    apply_update,
    edit_transactions,
    transaction_detail,
)
from core.store import Item, Store, User, last_change
from tests.core.ledger.household import CHECKING, Household, add_person, bought, settle, update
from tests.machine.examples import examples


def cursor_of(home: Household) -> str:
    with home.store.read() as session:
        return session.get_one(Item, home.item).cursor


def test_the_cursor_moves_with_the_data(store: Store) -> None:
    home = settle(store)
    counts = apply_update(store, home.user, home.item, update(bought("a", "-4.50"), bought("b", "2000")), since="")
    assert counts is not None
    assert counts.added == 2
    assert [row.amount for row in home.rows()] == [Decimal("-4.5"), Decimal(2000)]
    assert cursor_of(home) == "c1"


def test_an_update_from_an_old_cursor_is_dropped_whole(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("a", "-4.50")), since="")
    with store.read() as session:
        before = last_change(session, home.user)
    assert apply_update(store, home.user, home.item, update(bought("a", "-4.50"), cursor="other"), since="") is None
    assert len(home.rows()) == 1
    assert cursor_of(home) == "c1"
    with store.read() as session:
        assert last_change(session, home.user) == before


def test_what_is_written_last_is_part_of_the_update_or_neither_is_there(store: Store) -> None:
    home, said = settle(store), update(bought("a", "-4.50"))

    def fail(session: Session, counts: UpdateCounts) -> None:
        assert (counts.added, session.get_one(Item, home.item).cursor, gc.isenabled()) == (1, "c1", False)
        session.execute(sql_update(User).values(email="changed@example.com"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        apply_update(store, home.user, home.item, said, since="", last=fail)
    assert gc.isenabled()
    assert (home.rows(), cursor_of(home)) == ([], "")
    with store.read() as session:
        assert session.scalar(select(User.email)) != "changed@example.com"


def test_posting_keeps_the_users_category_and_the_id(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("p1", "-20.00", pending=True)), since="")
    (pending,) = home.rows()
    edit_transactions(store, home.user, [pending.id], Changes(own_category_id=1, note="team lunch", own_name="Lunch"))
    posted = bought("t1", "-23.00", day=12, pending_key="p1")
    counts = apply_update(store, home.user, home.item, update(posted, removed=("p1",), cursor="c2"), since="c1")
    assert counts is not None
    assert (counts.added, counts.posted, counts.removed) == (0, 1, 0)
    (row,) = home.rows()
    assert (row.id, row.own_category_id, row.note, row.own_name) == (pending.id, 1, "team lunch", "Lunch")
    assert (row.amount, row.pending, row.provider_key) == (Decimal(-23), False, "t1")
    told = {
        (one.field, one.before, one.after)
        for one in transaction_detail(store, home.user, row.id).history
        if one.source == "bank"
    }
    assert ("pending", "True", "False") in told


@pytest.mark.parametrize("removal_first", [True, False])
def test_posting_in_halves_leaves_one_row(store: Store, *, removal_first: bool) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("p1", "-20.00", pending=True)), since="")
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(note="mine"))
    halves = [update(removed=("p1",), cursor="c2"), update(bought("t1", "-20.00", pending_key="p1"), cursor="c3")]
    if not removal_first:
        halves = [update(bought("t1", "-20.00", pending_key="p1"), cursor="c2"), update(removed=("p1",), cursor="c3")]
    apply_update(store, home.user, home.item, halves[0], since="c1")
    apply_update(store, home.user, home.item, halves[1], since="c2")
    (row,) = home.rows()
    assert (row.provider_key, row.note) == ("t1", "mine")


def test_a_pending_one_that_the_bank_still_tells_of_is_not_shown_beside_its_posting(store: Store) -> None:
    home = settle(store)
    pending, posted = bought("p1", "-20.00", pending=True), bought("t1", "-20.00", day=12, pending_key="p1")
    apply_update(store, home.user, home.item, update(pending, posted), since="")
    assert [row.provider_key for row in home.rows()] == ["t1"]
    told_again = update(cursor="c2", modified=(bought("p1", "-21.00", pending=True),))
    apply_update(store, home.user, home.item, told_again, since="c1")
    apply_update(store, home.user, home.item, update(pending, posted, cursor="c3"), since="c2", full=True)
    assert [row.provider_key for row in home.rows()] == ["t1"]
    apply_update(store, home.user, home.item, update(pending, cursor="c4", removed=("t1",)), since="c3")
    assert [row.provider_key for row in home.rows()] == ["p1"]


def test_two_that_replace_one_pending_are_two_rows(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("p1", "-20.00", pending=True)), since="")
    (before,) = home.rows()
    halves = [bought(key, "-10.00", day=12, pending_key="p1") for key in ("t1", "t2")]
    apply_update(store, home.user, home.item, update(*halves, removed=("p1",), cursor="c2"), since="c1")
    assert [(row.provider_key, row.amount) for row in home.rows()] == [("t1", Decimal(-10)), ("t2", Decimal(-10))]
    assert home.rows()[0].id == before.id


def test_posting_without_the_banks_link_is_found_when_it_is_the_only_one(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("p1", "-20.00", pending=True)), since="")
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(note="mine"))
    apply_update(
        store, home.user, home.item, update(bought("t1", "-20.00", day=12), removed=("p1",), cursor="c2"), since="c1"
    )
    (row,) = home.rows()
    assert (row.provider_key, row.note) == ("t1", "mine")


def test_two_equal_pendings_are_not_guessed_at(store: Store) -> None:
    home = settle(store)
    apply_update(
        store,
        home.user,
        home.item,
        update(bought("p1", "-20.00", pending=True), bought("p2", "-20.00", pending=True)),
        since="",
    )
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(note="mine"))
    apply_update(
        store, home.user, home.item, update(bought("t1", "-20.00"), removed=("p1", "p2"), cursor="c2"), since="c1"
    )
    (row,) = home.rows()
    assert (row.provider_key, row.note) == ("t1", "")


def test_a_change_by_the_bank_keeps_the_users_words_and_is_told(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("a", "-4.50")), since="")
    edit_transactions(store, home.user, [home.rows()[0].id], Changes(own_name="Bakery"))
    apply_update(store, home.user, home.item, update(modified=(bought("a", "-5.00"),), cursor="c2"), since="c1")
    detail = transaction_detail(store, home.user, home.rows()[0].id)
    assert (detail.name, detail.amount) == ("Bakery", Decimal(-5))
    assert [(one.source, one.field) for one in detail.history] == [("person", "name"), ("bank", "amount")]


def test_an_unchanged_row_told_again_is_not_touched(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("a", "-4.50")), since="")
    first = home.rows()[0].change
    counts = apply_update(store, home.user, home.item, update(bought("a", "-4.50"), cursor="c2"), since="c1")
    assert counts is not None
    assert (counts.added, counts.modified) == (0, 0)
    assert home.rows()[0].change == first


def test_a_full_history_removes_what_the_bank_no_longer_knows(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, update(bought("a", "-1"), bought("b", "-2")), since="")
    apply_update(store, home.user, home.item, update(bought("b", "-2"), cursor="c2"), since="c1", full=True)
    assert [row.provider_key for row in home.rows()] == ["b"]


def test_another_users_item_is_not_there(store: Store) -> None:
    home = settle(store)
    stranger = add_person(store, "eve@example.org")
    with pytest.raises(NotFoundError):
        apply_update(store, stranger, home.item, update(bought("a", "-1")), since="")
    assert home.rows() == []


def test_an_amount_too_fine_keeps_nothing_of_the_update(store: Store) -> None:
    home = settle(store)
    with pytest.raises(AmountError, match="decimals"):
        apply_update(store, home.user, home.item, update(bought("a", "-1"), bought("b", "-0.00001")), since="")
    assert home.rows() == []
    assert cursor_of(home) == ""


keys = st.sampled_from([f"k{number}" for number in range(8)])
amounts = st.integers(-99999, 99999).map(lambda cents: Decimal(cents) / 100)
steps = st.lists(
    st.tuples(st.dictionaries(keys, amounts, max_size=4), st.sets(keys, max_size=3)), min_size=1, max_size=6
)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_any_run_of_updates_ends_with_what_the_bank_said_last(
    store: Store, steps: list[tuple[dict[str, Decimal], set[str]]]
) -> None:
    with store.read() as session:
        number = len(session.scalars(select(Item.id)).all())
    home = settle(store, f"person{number}@example.org")
    truth: dict[str, Decimal] = {}
    cursor = ""
    for index, (told, removed) in enumerate(steps):
        records = [
            TransactionRecord("chk", bought("x", "1").date, amount, "Shop", key=key) for key, amount in told.items()
        ]
        half = len(records) // 2
        news = SyncUpdate((CHECKING,), tuple(records[:half]), tuple(records[half:]), tuple(removed), f"c{index}")
        apply_update(store, home.user, home.item, news, since=cursor)
        cursor = f"c{index}"
        truth = {key: amount for key, amount in truth.items() if key not in removed} | told
    assert {row.provider_key: row.amount for row in home.rows()} == truth
