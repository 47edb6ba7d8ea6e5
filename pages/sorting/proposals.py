"""What the model proposes: taken line by line, or all that are ticked at once."""

from collections import defaultdict
from typing import Final

import streamlit as st

from core.ledger import Changes, edit_transactions, list_categories, list_proposals
from pages.shared.categories import choices
from pages.shared.errors import failures_told
from pages.shared.formats import clean, formats_of
from pages.shared.gate import Visitor, require_user
from pages.shared.tables import pandas

_TURN: Final = "proposals_turn"


def proposals_list(guest: Visitor) -> None:
    """Draw the proposals, the surest first, and take those that the person agrees to."""
    proposals = list_proposals(guest.house.store, guest.user)
    if not proposals:
        with st.container(border=True, horizontal_alignment="center"):
            st.subheader(":material/school: Nothing to decide", anchor=False, text_alignment="center")
            st.caption(
                "What you put into categories yourself teaches FinTrack. What it is sure of it sets by itself; "
                "the rest it proposes here.",
                text_alignment="center",
            )
        return
    formats = formats_of(guest.profile)
    names = choices(list_categories(guest.house.store, guest.user), every=True)
    table = pandas().DataFrame(
        {
            "Take": [False] * len(proposals),
            "Date": [formats.day(one.date) for one in proposals],
            "Name": [clean(one.name) for one in proposals],
            "Amount": [formats.money(one.amount, one.currency, signed=True) for one in proposals],
            "Counts now as": [names.get(one.category_id or 0, "–") for one in proposals],
            "Proposed": [names.get(one.proposed_id, "–") for one in proposals],
            "Sure": [formats.percent(one.permille / 1000) for one in proposals],
        }
    )
    # Ticks are places of lines, and the clerk may put others there meanwhile: what was pressed was meant for these.
    shown = f"{st.session_state.setdefault(_TURN, 0)}_{hash(tuple((one.id, one.proposed_id) for one in proposals))}"
    edited = st.data_editor(
        table,
        key=f"proposals_{shown}",
        hide_index=True,
        disabled=list(table.columns[1:]),
    )
    ticked = [one for one, take in zip(proposals, edited["Take"], strict=True) if take]
    with st.container(horizontal=True):
        if st.button(
            "Take the ticked ones",
            key=f"take_ticked_{shown}",
            type="primary",
            icon=":material/check:",
            disabled=not ticked,
        ):
            _take({one.id: one.proposed_id for one in ticked})
        if st.button("Take all of these", key=f"take_all_{shown}", icon=":material/done_all:"):
            _take({one.id: one.proposed_id for one in proposals})
    st.caption("What you take here is your word from then on, and teaches for the next ones. It can be undone.")


def _take(categories: dict[int, int]) -> None:
    guest = require_user()
    rows: dict[int, list[int]] = defaultdict(list)
    for number, category in categories.items():
        rows[category].append(number)
    with failures_told():
        for category, ids in rows.items():
            edit_transactions(guest.house.store, guest.user, ids, Changes(own_category_id=category))
        st.session_state[_TURN] += 1
        st.toast("Taken.", icon=":material/check:")
        st.rerun()
