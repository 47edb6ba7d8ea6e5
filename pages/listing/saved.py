"""Filters kept under a name: choose one, keep the present one, delete one."""

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.analytics import TransactionFilter
from core.ledger import delete_filter, list_filters, save_filter
from pages.shared import filters
from pages.shared.errors import failures_told
from pages.shared.formats import plain_text
from pages.shared.gate import Visitor, require_user

_NAME: Final = "saved_filter_name"


def saved_filters(guest: Visitor, wanted: TransactionFilter, place: DeltaGenerator) -> None:
    """Draw the person's saved filters in a popover at `place`."""
    box = place.popover("Saved", icon=":material/bookmark:", width="stretch", key="saved_filters", on_change="rerun")
    if not box.open:
        return
    kept = list_filters(guest.house.store, guest.user)
    query = filters.kept_query(wanted)
    with box:
        for one in kept:
            with st.container(horizontal=True, vertical_alignment="center", wrap=False):
                st.button(
                    plain_text(one.name),
                    key=f"saved_filter_{one.id}",
                    icon=":material/check:" if one.query == query else ":material/filter_alt:",
                    type="tertiary",
                    width="stretch",
                    on_click=filters.apply,
                    args=(one.query,),
                )
                st.button(
                    "",
                    key=f"forget_filter_{one.id}",
                    icon=":material/delete:",
                    type="tertiary",
                    help=f"Delete {plain_text(one.name)}",
                    on_click=forget,
                    args=(one.id,),
                )
        if not query:
            st.caption("Filter the list, then keep the filter here under a name.")
        elif query not in {one.query for one in kept}:
            with st.form("save_filter", border=False, clear_on_submit=True):
                st.text_input("Keep this filter as", key=_NAME, max_chars=60, placeholder="Its name")
                st.form_submit_button("Save filter", icon=":material/bookmark_add:", on_click=keep, args=(query,))


def keep(query: str) -> None:
    """Save the present filter under the name that was typed."""
    guest = require_user()
    with failures_told():
        save_filter(guest.house.store, guest.user, st.session_state.get(_NAME, ""), query)
        st.toast("The filter is saved.", icon=":material/bookmark:")


def forget(number: int) -> None:
    """Delete a saved filter."""
    guest = require_user()
    with failures_told():
        delete_filter(guest.house.store, guest.user, number)
