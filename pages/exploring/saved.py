"""Views kept under a name: show one, keep the present one, call one otherwise, delete one."""

from typing import Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.analytics import View, delete_view, list_views, rename_view, save_view
from pages.exploring import address
from pages.shared.errors import failures_told
from pages.shared.formats import plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.icons import unseen

_NAME: Final = "saved_view_name"
_REPLACE: Final = "saved_view_replace"
"""The name that was typed and is taken: whether to replace its view is being asked."""


def saved_views(guest: Visitor, view: View, place: DeltaGenerator) -> None:
    """Draw the person's saved views in a popover at `place`."""
    box = place.popover(
        "Saved views", icon=":material/bookmark:", width="stretch", key="saved_views", on_change="rerun"
    )
    if not box.open:
        return
    kept = list_views(guest.house.store, guest.user)
    query = address.kept_query(view)
    with box:
        for one in kept:
            with st.container(horizontal=True, vertical_alignment="center", wrap=False):
                st.button(
                    plain_text(one.name),
                    key=f"saved_view_{one.id}",
                    icon=":material/check:" if one.query == query else ":material/bookmark:",
                    type="tertiary",
                    width="stretch",
                    on_click=address.show_query,
                    args=(one.query,),
                )
                label = unseen(f"Rename or delete {one.name}")
                with st.popover(label, icon=":material/more_vert:", type="tertiary", key=f"saved_view_menu_{one.id}"):
                    name = f"rename_view_{one.id}"
                    st.text_input("Name", one.name, key=name, max_chars=60)
                    st.button("Rename", key=f"{name}_do", icon=":material/edit:", on_click=rename, args=(one.id, name))
                    st.button(
                        "Delete", key=f"delete_view_{one.id}", icon=":material/delete:", on_click=forget, args=(one.id,)
                    )
        if not kept:
            st.caption("Keep what you look at under a name, and come back to it here.")
        taken = st.session_state.get(_REPLACE, "")
        if taken:
            st.warning(plain_text(f"There is a view called {taken} already."), icon=":material/help:")
            with st.container(horizontal=True):
                st.button("Replace it", type="primary", key="replace_view", on_click=keep, args=(query, taken))
                st.button(
                    "Choose another name", key="another_view_name", on_click=st.session_state.pop, args=(_REPLACE, None)
                )
        with st.form("save_view", border=False, clear_on_submit=True):
            st.text_input("Keep this view as", key=_NAME, max_chars=60, placeholder="Its name")
            st.form_submit_button("Save view", icon=":material/bookmark_add:", on_click=keep, args=(query,))


def keep(query: str, replaced: str = "") -> None:
    """Save the present view under the name that was typed, or in the place of the one called `replaced`."""
    guest = require_user()
    name = " ".join((replaced or st.session_state.get(_NAME, "")).split())
    st.session_state.pop(_REPLACE, None)
    with failures_told():
        if not replaced and any(one.name == name for one in list_views(guest.house.store, guest.user)):
            st.session_state[_REPLACE] = name
            return
        save_view(guest.house.store, guest.user, name, query, replace=bool(replaced))
        st.toast("The view is saved.", icon=":material/bookmark:")


def rename(number: int, widget: str) -> None:
    """Call a saved view as was typed."""
    guest = require_user()
    with failures_told():
        rename_view(guest.house.store, guest.user, number, st.session_state.get(widget, ""))


def forget(number: int) -> None:
    """Delete a saved view."""
    guest = require_user()
    with failures_told():
        delete_view(guest.house.store, guest.user, number)
