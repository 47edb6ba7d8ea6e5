"""The table of categories, and what can be done with one."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import streamlit as st

from core.ledger import (
    CategoryEntry,
    MoneyKind,
    Need,
    add_category,
    change_category,
    delete_category,
    list_categories,
    merge_category,
    part_category,
)
from pages.shared.categories import choices
from pages.shared.errors import failures_told
from pages.shared.formats import plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.tables import pandas

NEEDS: Final[dict[Need, str]] = {"": "–", "need": "Need", "want": "Want", "saving": "Saving"}
KINDS: Final[dict[MoneyKind, str]] = {"spending": "Spending", "income": "Income", "transfer": "Transfer"}
_TABLE: Final = "category_table"
_TURN: Final = "category_turn"
"""How often the table was written: a table under a new key forgets what was typed into the one before."""


def categories_table(guest: Visitor, rows: Mapping[int, int]) -> None:
    """Draw every category; names, needs and what is shown are changed in place."""
    categories = list_categories(guest.house.store, guest.user)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("New category", type="primary", icon=":material/add:"):
            _new()
        if st.button("Merge", icon=":material/merge:", help="Let the transactions of one count as another's"):
            _merge()
        if any(one.own for one in categories) and st.button("Delete", icon=":material/delete:"):
            _delete()
        everything = st.toggle("Show hidden and merged", key="show_hidden_categories")
    shown = [one for one in categories if everything or one.offered]
    titles = {one.id: one.title for one in categories}
    groups = {one.code: one.title for one in categories if one.code == one.group}
    table = pandas().DataFrame(
        {
            "Group": [groups.get(one.group, "") for one in shown],
            "Category": [one.title for one in shown],
            "Counts as": [KINDS.get(cast("MoneyKind", one.kind), one.kind) for one in shown],
            "Need": [NEEDS.get(cast("Need", one.need), "–") for one in shown],
            "Transactions": [rows.get(one.id, 0) for one in shown],
            "Hidden": [one.hidden for one in shown],
            "Merged into": [titles.get(one.merged_into or 0, "") for one in shown],
        }
    )
    key = f"{_TABLE}_{st.session_state.setdefault(_TURN, 0)}"
    st.data_editor(
        table,
        key=key,
        hide_index=True,
        height=620,
        disabled=["Group", "Counts as", "Transactions", "Merged into"],
        column_config={
            "Category": st.column_config.TextColumn(max_chars=40, required=True, help="Type another name over it"),
            "Need": st.column_config.SelectboxColumn(
                options=list(NEEDS.values()), required=True, help="For shares such as 50/30/20"
            ),
            "Hidden": st.column_config.CheckboxColumn(help="Not offered any more; what has it keeps it"),
            "Merged into": st.column_config.TextColumn() if everything else None,
        },
        on_change=_take_typed,
        args=(key, tuple(one.id for one in shown)),
    )
    st.caption("Names, needs and Hidden are changed in the table itself. What you change here, others do not see.")


def _take_typed(key: str, ids: Sequence[int]) -> None:
    """Keep what was typed into the table."""
    guest = require_user()
    edited: dict[int, dict[str, Any]] = st.session_state[key]["edited_rows"]
    needs = {told: need for need, told in NEEDS.items()}
    with failures_told():
        for row, changed in edited.items():
            change_category(
                guest.house.store,
                guest.user,
                ids[int(row)],
                title=changed.get("Category"),
                need=needs[changed["Need"]] if "Need" in changed else None,
                hidden=changed.get("Hidden"),
            )
        st.toast("Saved.", icon=":material/check:")
    st.session_state[_TURN] += 1


def _groups(categories: Sequence[CategoryEntry]) -> dict[int, str]:
    return {one.id: one.title for one in categories if one.code == one.group and one.offered}


@st.dialog("New category")
def _new() -> None:
    guest = require_user()
    groups = _groups(list_categories(guest.house.store, guest.user))
    title = st.text_input("Name", max_chars=40, key="new_category_title")
    group = st.selectbox(
        "Belongs to",
        [None, *groups],
        format_func=lambda one: "A group of its own" if one is None else groups[one],
        key="new_category_group",
    )
    kind: MoneyKind = "spending"
    if group is None:
        kind = st.segmented_control(
            "Counts as", list(KINDS), default="spending", required=True, format_func=KINDS.__getitem__
        )
    need: Need = st.segmented_control("Need", list(NEEDS), default="", required=True, format_func=NEEDS.__getitem__)
    if st.button("Add", type="primary", key="add_category"):
        with failures_told():
            add_category(guest.house.store, guest.user, title, kind=kind, need=need, group_id=group)
            _done(f"{plain_text(title)} is there.")


@st.dialog("Merge categories")
def _merge() -> None:
    guest = require_user()
    categories = list_categories(guest.house.store, guest.user)
    names, kinds = choices(categories, every=True), {one.id: one.kind for one in categories}
    merged = {one.id: one.merged_into for one in categories if one.merged_into is not None}
    one = st.selectbox("This one", list(names), index=None, format_func=names.__getitem__, key="merge_category")
    if one in merged:
        st.info(f"It counts as {plain_text(names[merged[one]])}.", icon=":material/merge:")
        if st.button("Take it apart again", key="part_category"):
            with failures_told():
                part_category(guest.house.store, guest.user, one)
                _done(f"{plain_text(names[one])} stands by itself again.")
        return
    goals = [other for other in names if other not in merged and other != one and kinds[other] == kinds.get(one or 0)]
    into = st.selectbox("counts as", goals, index=None, format_func=names.__getitem__, key="merge_into")
    st.caption("Every transaction keeps what it has: the two can be taken apart again.")
    if st.button("Merge", type="primary", disabled=one is None or into is None, key="confirm_merge"):
        with failures_told():
            merge_category(guest.house.store, guest.user, int(one or 0), int(into or 0))
            _done(f"{plain_text(names[int(one or 0)])} counts as {plain_text(names[int(into or 0)])} now.")


@st.dialog("Delete a category")
def _delete() -> None:
    guest = require_user()
    own = {one.id: one.title for one in list_categories(guest.house.store, guest.user) if one.own}
    one = st.selectbox("Your category", list(own), format_func=own.__getitem__, key="delete_category")
    st.caption("Only what was never used can go. What was is merged into another one, or hidden.")
    if st.button("Delete", type="primary", key="confirm_delete_category"):
        with failures_told():
            delete_category(guest.house.store, guest.user, one)
            _done(f"{plain_text(own[one])} is gone.")


def _done(sentence: str) -> None:
    st.session_state[_TURN] += 1
    st.toast(sentence, icon=":material/check:")
    st.rerun()
