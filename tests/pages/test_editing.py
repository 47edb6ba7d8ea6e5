"""The Transactions page as people edit on it: all that is filtered at once, one by one, and back again."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.analytics import TransactionFilter, list_transactions
from core.ledger import (
    Changes,
    Part,
    edit_transactions,
    list_edits,
    list_filters,
    save_filter,
    split_transaction,
    transaction_detail,
)
from core.runtime import Runtime
from core.store import UserId
from tests.pages.conftest import Open
from tests.pages.test_screens import words

WANTED = TransactionFilter(text="greenleaf", kind="spending")


def press(app: AppTest, key: str) -> AppTest:
    return next(one for one in app.button if one.key == key).click().run()


def widget(many: Any, key: str) -> Any:
    return next(one for one in many if one.key and one.key.startswith(key))


@pytest.mark.both_stores
def test_all_that_is_filtered_is_categorised_once_it_is_confirmed_and_undone(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    cache = house.caches.of(own_demo_person)
    wanted = TransactionFilter(text="er", kind="spending")
    before = list_transactions(cache, wanted)
    assert before.count > 100
    app = open_screen("transactions", own_demo_person, text="er", kind="spending")
    assert next(one for one in app.button if one.key == "action_categorise").disabled
    widget(app.toggle, "all_filtered").set_value(True).run()
    press(app, "action_categorise")
    widget(app.selectbox, "deed_category").set_value(6).run()
    # More than a hundred are changed only when that is confirmed.
    assert next(one for one in app.button if one.key == "deed_do").disabled
    widget(app.checkbox, "deed_sure").set_value(True).run()
    press(app, "deed_do")
    assert not app.exception
    changed = {row.id for row in before.rows}
    assert {
        row.category_id
        for row in list_transactions(cache, TransactionFilter(text="er"), 1, 100).rows
        if row.id in changed
    } == {6}
    (edit,) = list_edits(house.store, own_demo_person)
    assert edit.rows == before.count
    assert edit.sentence in app.toast[0].value.replace("\\", "")
    press(app, "undo_last")
    assert list_transactions(cache, wanted).rows == before.rows
    assert list_edits(house.store, own_demo_person)[0].is_undo
    press(app, "open_edits")
    assert any(edit.sentence in one.value.replace("\\", "") for one in app.markdown)


def test_what_was_selected_is_not_another_line_when_the_lines_change(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    app = open_screen("transactions", own_demo_person, hidden="no")
    before = app.dataframe[0].proto.id
    assert app.run().dataframe[0].proto.id == before
    first = list_transactions(house.caches.of(own_demo_person), TransactionFilter(hidden=False)).rows[0].id
    edit_transactions(house.store, own_demo_person, [first], Changes(hidden=True))
    # A selection belongs to the table of its key, by places.
    assert app.run().dataframe[0].proto.id != before


@pytest.mark.parametrize("name", ["tag", "rename", "note", "hide"])
def test_each_deed_has_a_window_that_says_how_many(
    open_screen: Open, house: Runtime, own_demo_person: UserId, name: str
) -> None:
    (row, *_) = list_transactions(house.caches.of(own_demo_person), TransactionFilter(), 1, 25).rows
    day = row.date.isoformat()
    app = open_screen("transactions", own_demo_person, text=row.name, **{"from": day, "to": day})
    widget(app.toggle, "all_filtered").set_value(True).run()
    press(app, f"action_{name}")
    if name == "tag":
        widget(app.multiselect, "deed_add_tags").set_value(["Rome"])
    elif name in {"rename", "note"}:
        widget(app.text_input if name == "rename" else app.text_area, f"deed_{name.replace('re', '')}").set_value(
            "Mine"
        )
    app.run()
    assert "Change" in next(one for one in app.button if one.key == "deed_do").label
    press(app, "deed_do")
    assert not app.exception
    one = transaction_detail(house.store, own_demo_person, row.id)
    assert {"tag": one.tags == ("Rome",), "rename": one.own_name == "Mine", "note": one.note == "Mine"}.get(
        name, one.hidden
    )


def test_tags_parts_and_budgets_are_seen_in_the_list_and_filtered_by_the_address(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    rows = [row for row in list_transactions(house.caches.of(own_demo_person), WANTED).rows if row.amount < -2]
    edit_transactions(house.store, own_demo_person, [rows[0].id], Changes(add_tags=("Rome",), hidden=True))
    split_transaction(house.store, own_demo_person, rows[1].id, [Part(Decimal(-1), 4), Part(rows[1].amount + 1, 6)])
    app = open_screen("transactions", own_demo_person, tag="Rome", hidden="yes")
    assert "**1** transaction " in words(app)
    assert "Only budgets: left out, tagged Rome" in words(app)
    app = open_screen("transactions", own_demo_person, split="yes")
    table = app.dataframe[0].value
    assert list(table["Name"]) == [f"{rows[1].name}, part {part} of 2" for part in (1, 2)]


@pytest.mark.both_stores
def test_a_filter_is_kept_chosen_and_deleted(open_screen: Open, house: Runtime, own_demo_person: UserId) -> None:
    app = open_screen("transactions", own_demo_person, text="greenleaf")
    assert not any(one.label == "Save filter" for one in app.button), "what nobody opened is not drawn"
    app.session_state["saved_filters"] = True
    app.run()
    next(one for one in app.text_input if one.label == "Keep this filter as").set_value("Market")
    next(one for one in app.button if one.label == "Save filter").click().run()
    (kept,) = list_filters(house.store, own_demo_person)
    assert (kept.name, kept.query) == ("Market", "text=greenleaf")
    number = save_filter(house.store, own_demo_person, "Pending ones", "pending=yes&nonsense=1")
    app.run()
    press(app, f"saved_filter_{number}")
    assert app.query_params["pending"] in ("yes", ["yes"])
    assert "text" not in app.query_params
    press(app, f"forget_filter_{number}")
    assert [one.name for one in list_filters(house.store, own_demo_person)] == ["Market"]


@pytest.mark.both_stores
def test_one_transaction_says_who_decided_and_is_edited_and_put_back(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    row = list_transactions(house.caches.of(own_demo_person), WANTED).rows[0]
    app = open_screen("transactions", own_demo_person, tx=str(row.id))
    assert "your bank says so" in words(app)
    next(one for one in app.multiselect if one.label == "Tags").set_value(["work"])
    next(one for one in app.toggle if one.label == "Leave it out of budgets").set_value(True)
    next(one for one in app.selectbox if one.label == "Category").set_value(6)
    next(one for one in app.button if one.label == "Save").click().run()
    assert not app.exception
    one = transaction_detail(house.store, own_demo_person, row.id)
    assert (one.tags, one.hidden, one.own_category_id) == (("work",), True, 6)
    assert "you said so" in words(app)
    (edit,) = list_edits(house.store, own_demo_person)
    press(app, f"undo_{edit.id}")
    one = transaction_detail(house.store, own_demo_person, row.id)
    assert (one.tags, one.hidden, one.own_category_id) == ((), False, None)


def test_what_is_typed_and_not_saved_stays_with_its_transaction(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    # Two that are alike in all that their form shows: the browser keeps what is typed by the number of the field.
    alike = list_transactions(house.caches.of(own_demo_person), TransactionFilter(text="greenleaf")).rows[:2]
    app = open_screen("transactions", own_demo_person, tx=str(alike[0].id))
    before = {field.proto.id for field in (*app.text_input, *app.text_area)}
    app.query_params["tx"] = str(alike[1].id)
    app.run()
    after = {field.proto.id for field in (*app.text_input, *app.text_area)}
    assert before
    assert before.isdisjoint(after)


def test_a_left_open_list_edits_nothing_once_its_session_ended(
    open_screen: Open, house: Runtime, own_demo_person: UserId, leave: Any
) -> None:
    app = open_screen("transactions", own_demo_person, text="greenleaf")
    widget(app.toggle, "all_filtered").set_value(True).run()
    press(app, "action_note")
    leave(own_demo_person)
    press(app, "deed_do")
    assert list_edits(house.store, own_demo_person) == ()


def test_the_export_is_of_what_is_filtered(house: Runtime, own_demo_person: UserId, tmp_path: Any) -> None:
    from core.identity import Operator
    from core.reports import export_listed

    cache = house.caches.of(own_demo_person)
    told = json.loads(export_listed(house.store, cache, Operator(own_demo_person), WANTED, "json", tmp_path))
    assert len(told) == list_transactions(cache, WANTED).count


def test_a_day_long_ago_in_the_address_is_the_one_in_the_field(open_screen: Open, own_demo_person: UserId) -> None:
    app = open_screen("transactions", own_demo_person, **{"from": "1999-03-01"})
    assert app.query_params["from"] in ("1999-03-01", ["1999-03-01"])
    app.session_state["filter_more"] = True
    app.run()
    field = next(one for one in app.date_input if one.label == "From")
    assert field.value == date(1999, 3, 1)
    assert field.min == date(1900, 1, 1)
