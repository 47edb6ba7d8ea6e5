"""Goals: what is saved for, and debts to be rid of; how far each is and what it takes."""

import streamlit as st

from core.planning import list_goals
from pages.planning.goal_card import goal_card
from pages.planning.goal_form import WISH, confirm_delete, done, edit_goal, give, wish
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, formats_of
from pages.shared.gate import Visitor, require_user


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw every goal, and the dialog that was asked for."""
    goals = list_goals(guest.house.store, guest.user, guest.cache, guest.today)
    running, ended = ([one for one in goals if (one.ended_at is None) == on] for on in (True, False))
    st.button("New goal", type="primary", icon=":material/add:", key="goal_new", on_click=wish, args=("new",))
    if not goals:
        with st.container(border=True, horizontal_alignment="center", gap="small"):
            st.space("small")
            st.subheader(":material/flag: No goals yet", anchor=False, text_alignment="center")
            st.caption(
                "Say what you save for, or which debt you want to be rid of: how far it is, and what it takes a month, "
                "appears here.",
                text_alignment="center",
            )
            st.space("small")
    with st.grid(2, min_column_width=330, gap="small", height="stretch"):
        for one in running:
            goal_card(one, formats)
    if ended:
        with st.expander(f"Ended ({len(ended)})", icon=":material/inventory_2:"), st.grid(2, min_column_width=330):
            for one in ended:
                goal_card(one, formats)
    what, number = st.session_state.get(WISH, ("", 0))
    found = next((one for one in goals if one.id == number), None)
    if what == "new":
        edit_goal(None)
    elif found is None:
        done()
    elif what == "change":
        edit_goal(found)
    elif what == "give":
        give(found)
    elif what == "delete":
        confirm_delete(found)


visitor = require_user()
st.title("Goals", anchor=False)
with failures_told(), st.skeleton(height=400):
    screen(visitor, formats_of(visitor.profile))
