"""What people say of their transactions: one or many at once, kept over syncs and imports, and taken back."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from core import clock
from core.cache import Caches, verify
from core.errors import NotFoundError, ValidationError
from core.ledger import (
    Changes,
    Part,
    apply_update,
    edit_transactions,
    import_statements,
    list_edits,
    save_filter,
    split_transaction,
    transaction_detail,
    undo_edit,
    unsplit,
)
from core.ledger.saved_filters import delete_filter, list_filters
from core.store import Category, Pair, Split, Store, Transaction, UserId
from tests.core.ledger.household import Household, add_person, bought, settle, statement
from tests.core.ledger.household import update as told
from tests.machine.examples import examples

GROCERIES, RENT = 4, 6
OWN = ("own_name", "own_category_id", "note", "own_tags", "own_hidden")


def shopped(store: Store, count: int = 4) -> Household:
    home = settle(store)
    rows = [bought(f"t{number}", "-10.00", day=number % 28 + 1, name=f"Shop {number}") for number in range(count)]
    apply_update(store, home.user, home.item, told(*rows), since="")
    return home


def ids_of(home: Household) -> list[int]:
    return [row.id for row in home.rows()]


def said(home: Household) -> list[tuple[Any, ...]]:
    return [tuple(getattr(row, name) for name in OWN) for row in home.rows()]


def parts(home: Household) -> list[tuple[int, int, Decimal, int | None, str]]:
    with home.store.read() as session:
        columns = (Split.transaction_id, Split.position, Split.amount, Split.category_id, Split.note)
        return [tuple(row) for row in session.execute(select(*columns).order_by(*columns[:2]))]


def test_many_are_edited_at_once_and_the_history_says_so(store: Store) -> None:
    home = shopped(store)
    ids = ids_of(home)
    done = edit_transactions(store, home.user, ids[:3], Changes(own_category_id=GROCERIES, add_tags=("food", "May")))
    with store.read() as session:
        title = session.get_one(Category, GROCERIES).title
    assert (done.rows, done.left) == (3, 0)
    assert done.sentence == f"Put 3 transactions into {title} and tagged them food, May"
    assert said(home) == [("", GROCERIES, "", "May\nfood", None)] * 3 + [("", None, "", "", None)]
    (entry,) = list_edits(store, home.user)
    assert (entry.id, entry.sentence, entry.rows, entry.undone_at) == (done.edit_id, done.sentence, 3, None)
    detail = transaction_detail(store, home.user, ids[0])
    assert [(one.field, one.before, one.after) for one in detail.history] == [
        ("category", "", title),
        ("tags", "", "May, food"),
    ]
    assert {one.edit for one in detail.history} == {entry}
    assert (detail.decided_by, detail.category, detail.tags) == ("you", title, ("May", "food"))


def test_a_thousand_are_edited_and_each_is_given_back_what_was_its_own(store: Store) -> None:
    home = shopped(store, 1000)
    ids = ids_of(home)
    caches = Caches(None, store)
    caches.of(home.user).refresh()
    edit_transactions(store, home.user, ids[:3], Changes(note="mine", hidden=True))
    edit_transactions(store, home.user, ids[3:20], Changes(note="ours"))
    before = said(home)
    changes = Changes(own_category_id=GROCERIES, note="holiday", add_tags=("Rome",), hidden=True)
    done = edit_transactions(store, home.user, ids, changes)
    assert done.edit_id
    assert (done.rows, done.left) == (1000, 0)
    assert said(home) == [("", GROCERIES, "holiday", "Rome", True)] * 1000
    title, left_out = transaction_detail(store, home.user, ids[0]).category, ("hidden", "", "left out")
    for place, note, hidden in ((0, "mine", []), (10, "ours", [left_out]), (999, "", [left_out])):
        told_of = [
            (one.field, one.before, one.after)
            for one in transaction_detail(store, home.user, ids[place]).history
            if one.edit and one.edit.id == done.edit_id
        ]
        assert told_of == [("category", "", title), ("note", note, "holiday"), ("tags", "", "Rome"), *hidden]
    assert verify(caches.of(home.user), store) == []
    undone = undo_edit(store, home.user, done.edit_id)
    assert (undone.rows, undone.left) == (1000, 0)
    assert said(home) == before
    assert verify(caches.of(home.user), store) == []
    caches.close()


def test_only_what_became_another_is_told_of(store: Store) -> None:
    home = shopped(store, 1)
    (row,) = ids_of(home)
    assert edit_transactions(store, home.user, [row], Changes(own_name="", note="mine")).sentence == (
        "Wrote a note on “Shop 0”"
    )
    again = edit_transactions(store, home.user, [row], Changes(note="mine "))
    assert (again.edit_id, again.rows) == (None, 0)
    assert len(list_edits(store, home.user)) == 1
    assert [one.field for one in transaction_detail(store, home.user, row).history] == ["note"]


def test_edits_survive_a_sync_that_changes_everything(store: Store) -> None:
    home = shopped(store, 1)
    (row,) = ids_of(home)
    edit_transactions(store, home.user, [row], Changes("Lunch", RENT, note="n", add_tags=("work",), hidden=True))
    changed = bought("t0", "-99.00", day=9, name="Another name")
    apply_update(store, home.user, home.item, told(cursor="c2", modified=(changed,)), since="c1")
    assert said(home) == [("Lunch", RENT, "n", "work", True)]
    assert home.rows()[0].amount == Decimal("-99.00")


def test_a_row_that_left_meanwhile_is_passed_over_and_none_at_all_is_told(store: Store) -> None:
    home = shopped(store, 2)
    first, second = ids_of(home)
    apply_update(store, home.user, home.item, told(cursor="c2", removed=("t0",)), since="c1")
    assert edit_transactions(store, home.user, [first, second, 10**6], Changes(note="x")).rows == 1
    with pytest.raises(NotFoundError):
        edit_transactions(store, home.user, [first], Changes(note="x"))
    with pytest.raises(NotFoundError):
        edit_transactions(store, add_person(store, "eve@example.org"), [second], Changes(note="x"))


def test_texts_and_tags_have_their_bounds(store: Store) -> None:
    home = shopped(store, 1)
    ids = ids_of(home)
    for wrong in (
        Changes(note="x" * 501),
        Changes(own_name="x" * 501),
        Changes(add_tags=("x" * 41,)),
        Changes(add_tags=tuple(f"tag {number}" for number in range(21))),
    ):
        with pytest.raises(ValidationError):
            edit_transactions(store, home.user, ids, wrong)
    edit_transactions(store, home.user, ids, Changes(add_tags=(" Two  words ", "a,b", "A", "")))
    assert home.rows()[0].own_tags.split("\n") == ["Two words", "a", "b"]
    edit_transactions(store, home.user, ids, Changes(remove_tags=("two words",), add_tags=("B",)))
    assert home.rows()[0].own_tags.split("\n") == ["a", "b"]


def test_split_ones_keep_the_categories_of_their_parts(store: Store) -> None:
    home = shopped(store, 2)
    ids = ids_of(home)
    split_transaction(store, home.user, ids[0], [Part(Decimal(-4), GROCERIES), Part(Decimal(-6), RENT, "half")])
    done = edit_transactions(store, home.user, ids, Changes(own_category_id=RENT))
    assert (done.rows, done.left) == (1, 1)
    assert [row.own_category_id for row in home.rows()] == [None, RENT]


def test_an_edit_is_undone_where_it_still_stands(store: Store) -> None:
    home = shopped(store, 3)
    ids = ids_of(home)
    many = edit_transactions(store, home.user, ids, Changes(note="holiday", add_tags=("Rome",)))
    edit_transactions(store, home.user, ids[:1], Changes(note="mine", add_tags=("work",)))
    assert many.edit_id
    undone = undo_edit(store, home.user, many.edit_id)
    assert (undone.rows, undone.left) == (3, 1)
    # The note of the first was written anew; its tag was not.
    assert [row.note for row in home.rows()] == ["mine", "", ""]
    assert [row.own_tags for row in home.rows()] == ["work", "", ""]
    assert undone.sentence == f"Undid: {many.sentence}"


def test_what_an_undo_had_to_leave_is_given_back_once_the_later_edit_is_undone(store: Store) -> None:
    home = shopped(store, 2)
    ids = ids_of(home)
    both = edit_transactions(store, home.user, ids, Changes(note="holiday", own_category_id=RENT)).edit_id or 0
    later = edit_transactions(store, home.user, ids[:1], Changes(note="mine")).edit_id or 0
    assert undo_edit(store, home.user, both).left == 1
    undo_edit(store, home.user, later)
    assert [row.note for row in home.rows()] == ["holiday", ""]
    assert undo_edit(store, home.user, both).left == 0
    assert said(home) == [("", None, "", "", None)] * 2
    assert is_undone(store, home.user, both)


def test_an_undo_can_be_undone_and_an_edit_only_once(store: Store) -> None:
    home = shopped(store, 2)
    ids = ids_of(home)
    edit = edit_transactions(store, home.user, ids, Changes(own_category_id=RENT)).edit_id or 0
    undo = undo_edit(store, home.user, edit).edit_id or 0
    assert [row.own_category_id for row in home.rows()] == [None, None]
    with pytest.raises(ValidationError):
        undo_edit(store, home.user, edit)
    redo = undo_edit(store, home.user, undo)
    assert [row.own_category_id for row in home.rows()] == [RENT, RENT]
    assert redo.sentence.startswith("Redid: Put 2 transactions")
    assert undo_edit(store, home.user, redo.edit_id or 0).sentence.startswith("Undid: Put 2 transactions")
    assert [one.undone_at is not None for one in list_edits(store, home.user)] == [False, True, False, True]


def test_what_was_all_changed_since_cant_be_undone_before_that(store: Store) -> None:
    home = shopped(store, 1)
    ids = ids_of(home)
    first = edit_transactions(store, home.user, ids, Changes(note="one")).edit_id or 0
    second = edit_transactions(store, home.user, ids, Changes(note="two")).edit_id or 0
    with pytest.raises(ValidationError, match="changed again since"):
        undo_edit(store, home.user, first)
    undo_edit(store, home.user, second)
    undo_edit(store, home.user, first)
    assert home.rows()[0].note == ""


def test_the_refund_of_an_edited_purchase_follows_into_the_cache(store: Store) -> None:
    home = settle(store)
    apply_update(store, home.user, home.item, told(bought("buy", "-80.00"), bought("back", "80.00", day=20)), since="")
    purchase, refund = home.rows()
    with store.write() as session:
        pair = Pair(
            user_id=home.user, kind="refund", first_id=purchase.id, second_id=refund.id, state="found", permille=990,
            created_at=clock.now(),
        )  # fmt: skip
        session.add(pair)
        session.flush()
        session.execute(update(Transaction).where(Transaction.id == refund.id).values(pair_id=pair.id))
    cache = Caches(None, store).of(home.user)
    cache.refresh()
    edit = edit_transactions(store, home.user, [purchase.id], Changes(own_category_id=RENT)).edit_id or 0
    assert verify(cache, store) == []
    assert transaction_detail(store, home.user, refund.id).decided_by == "purchase"
    undo_edit(store, home.user, edit)
    assert verify(cache, store) == []
    apply_update(
        store,
        home.user,
        home.item,
        told(cursor="c2", modified=(bought("buy", "-80.00", category="TRAVEL"),)),
        since="c1",
    )
    assert verify(cache, store) == []
    assert [one.id for one in transaction_detail(store, home.user, purchase.id).pairs] == [refund.id]


def test_a_file_that_comes_again_brings_back_what_was_said(store: Store) -> None:
    from core.ledger import NewAccount, SourceFile, undo_import

    user = add_person(store)
    source = SourceFile("march.csv", "csv", "0" * 64)
    rows = statement(bought(None, "-20.00"), bought(None, "-30.00", day=11))
    (result,) = import_statements(store, user, [(rows, NewAccount("File", "checking", "USD"))], source)
    home = Household(store, user, 0)
    ids = ids_of(home)
    edit_transactions(store, user, ids[:1], Changes(note="mine", add_tags=("food",)))
    split_transaction(store, user, ids[1], [Part(Decimal(-10)), Part(Decimal(-20), RENT)])
    undo_import(store, user, result.batch_id)
    import_statements(store, user, [(rows, result.account_id)], source)
    assert [(row.id, row.note, row.own_tags) for row in home.rows()] == [(ids[0], "mine", "food"), (ids[1], "", "")]
    assert [one[2] for one in parts(home)] == [Decimal(-10), Decimal(-20)]


def test_filters_are_saved_under_a_name_and_deleted(store: Store) -> None:
    user, other = add_person(store), add_person(store, "eve@example.org")
    number = save_filter(store, user, " Big  ones ", "least=100")
    assert save_filter(store, user, "Big ones", "least=500") == number
    save_filter(store, user, "a trip", "tag=Rome")
    assert [(one.name, one.query) for one in list_filters(store, user)] == [
        ("a trip", "tag=Rome"),
        ("Big ones", "least=500"),
    ]
    assert list_filters(store, other) == ()
    for name, query in (("", "least=1"), ("x" * 61, "least=1"), ("nothing", "")):
        with pytest.raises(ValidationError):
            save_filter(store, user, name, query)
    with pytest.raises(NotFoundError):
        delete_filter(store, other, number)
    delete_filter(store, user, number)
    assert [one.name for one in list_filters(store, user)] == ["a trip"]


texts = st.sampled_from(["", "a", "b"])
tags = st.lists(st.sampled_from(["x", "y", "z"]), max_size=2).map(tuple)
changes = st.builds(
    Changes,
    own_name=st.none() | texts,
    own_category_id=st.sampled_from([None, GROCERIES, RENT]),
    note=st.none() | texts,
    add_tags=tags,
    remove_tags=tags,
    hidden=st.sampled_from([None, True, False]),
)
rows = st.lists(st.integers(0, 3), min_size=1, max_size=4, unique=True)
shares = st.integers(-1500, 1500).filter(lambda cents: cents not in {0, -1000})
deeds = st.one_of(
    st.tuples(st.just("edit"), rows, changes),
    st.tuples(st.just("split"), st.integers(0, 3), shares),
    st.tuples(st.just("unsplit"), st.integers(0, 3), st.none()),
    st.tuples(st.just("undo"), st.integers(0, 8), st.none()),
)


def do(store: Store, user: UserId, ids: list[int], deed: tuple[str, Any, Any]) -> None:
    what, where, how = deed
    try:
        if what == "edit":
            edit_transactions(store, user, [ids[place] for place in where], how)
        elif what == "split":
            first = Decimal(how) / 100
            split_transaction(store, user, ids[where], [Part(first, RENT), Part(Decimal(-10) - first, note="rest")])
        elif what == "unsplit":
            unsplit(store, user, ids[where])
        elif entries := list_edits(store, user):
            undo_edit(store, user, entries[where % len(entries)].id)
    except ValidationError:
        pass


# Not shrunk: with stores written for each attempt that takes minutes.
@settings(
    max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(first=st.lists(deeds, max_size=3), then=st.lists(deeds, min_size=1, max_size=6))
def test_undoing_everything_newest_first_returns_the_start(
    store: Store, first: list[tuple[str, Any, Any]], then: list[tuple[str, Any, Any]]
) -> None:
    number = len(list_people(store))
    home = settle(store, f"person{number}@example.org")
    purchases = [bought(f"t{one}", "-10.00", day=one + 1) for one in range(4)]
    apply_update(store, home.user, home.item, told(*purchases), since="")
    ids = ids_of(home)
    for deed in first:
        do(store, home.user, ids, deed)
    start, last = (said(home), parts(home)), max((one.id for one in list_edits(store, home.user)), default=0)
    for deed in then:
        do(store, home.user, ids, deed)
    later = [one for one in list_edits(store, home.user) if one.id > last]
    for entry in later:
        if not is_undone(store, home.user, entry.id):
            undo_edit(store, home.user, entry.id)
    assert (said(home), parts(home)) == start
    caches = Caches(None, store)
    assert verify(caches.of(home.user), store) == []
    caches.close()


def list_people(store: Store) -> list[int]:
    from core.store import User

    with store.read() as session:
        return list(session.scalars(select(User.id)))


def is_undone(store: Store, user: UserId, edit: int) -> bool:
    return any(one.id == edit and one.undone_at is not None for one in list_edits(store, user))
