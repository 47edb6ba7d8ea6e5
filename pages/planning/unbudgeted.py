"""What is spent on without a budget, each with a limit that past months suggest; and a budget for any category."""

from functools import partial

import streamlit as st

from core.errors import FinTrackError
from core.ledger import list_categories
from core.planning import BudgetMonth, set_limits
from pages.planning.budget_table import FAILED, TURN, keep_limit, rows_query
from pages.shared import links
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.icons import material
from pages.shared.links import Link
from pages.shared.tables import link_with_words


def unbudgeted(view: BudgetMonth, formats: Formats) -> None:
    """Draw what has no budget, and the buttons that give it one."""
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader("Without a budget", anchor=False)
        if len(view.suggested) > 1:
            st.button(
                "Set all as suggested",
                icon=":material/done_all:",
                key="budget_all",
                on_click=partial(_take, view, tuple(view.suggested)),
                help="One limit for each line below that has a suggestion, from this month on.",
            )
    if not view.unbudgeted:
        st.caption("Everything that was spent this month has a budget.")
    for one in view.unbudgeted:
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            usual = "no usual amount"
            if one.usual:
                usual = f"usually {formats.money(one.usual, view.currency, whole=True)}"
            spent = f"{formats.money(one.spent, view.currency)} spent"
            link_with_words(
                Link(clean(one.title), links.TRANSACTIONS, rows_query(one.listed_ids, view)),
                f"{spent} · {usual}",
                icon=material(one.icon),
            )
            if one.suggestion is not None and one.category_id is not None:
                st.button(
                    plain_text(f"Set {formats.money(one.suggestion, view.currency, whole=True)}"),
                    key=f"budget_take_{one.category_id}",
                    on_click=partial(_take, view, (one.category_id,)),
                    help="A limit that half of the last twelve months would have kept.",
                )


def add_budget(guest: Visitor, view: BudgetMonth, formats: Formats) -> None:
    """Let the person set a limit for any category that is spent on."""
    taken = {one.category_id for one in view.lines}
    offered = [one for one in list_categories(guest.house.store, guest.user) if one.kind == "spending" and one.offered]
    groups = {one.code: one.title for one in offered if one.code == one.group}
    names = {
        one.id: one.title if one.code == one.group else f"{groups.get(one.group, one.title)}: {one.title}"
        for one in offered
        if one.id not in taken
    }
    with (
        # Another one after each, so that it closes.
        st.popover("Add a budget", icon=":material/add:", key=f"budget_add_{st.session_state.get(TURN, 0)}"),
        st.form("budget_form", border=False, clear_on_submit=True),
    ):
        category = st.selectbox(
            "Category",
            sorted(names, key=names.__getitem__),
            index=None,
            format_func=names.__getitem__,
            key="budget_category",
            help="A main category stands for its whole group, less those of it that have a budget of their own.",
        )
        limit = st.number_input(
            f"Limit a month in {view.currency}", min_value=0.0, value=None, format="%.2f", key="budget_limit"
        )
        carries = st.checkbox("Carry over what is left, or was too much", key="budget_carries")
        if st.form_submit_button("Set the budget", type="primary"):
            if category is None or limit is None:
                st.warning("Choose a category and type a limit.", icon=":material/edit:")
                return
            keep_limit(category, names[category], view.month.start, limit, formats, carries=carries)
            st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
            st.rerun()


def _take(view: BudgetMonth, categories: tuple[int, ...]) -> None:
    guest = require_user()
    try:
        set_limits(guest.house.store, guest.user, view.month.start, {one: view.suggested[one] for one in categories})
    except FinTrackError as failure:
        st.session_state[FAILED] = failure
        return
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    count = "1 budget was" if len(categories) == 1 else f"{len(categories)} budgets were"
    st.toast(f"{count} set.", icon=":material/check:")
