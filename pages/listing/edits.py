"""Everything that the person did to transactions, newest first, each to be undone."""

from typing import Final

import streamlit as st

from core.ledger import SHOWN, list_edits
from pages.listing import deeds
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import require_user

_BEFORE: Final = "edits_before"


def edits_window(formats: Formats) -> None:
    """Open the window of past edits."""
    st.dialog("Your edits", width="large", on_dismiss=_close)(_edits)(formats)


def _close() -> None:
    st.session_state.pop(_BEFORE, None)
    deeds.forget()


def _edits(formats: Formats) -> None:
    guest = require_user()
    with failures_told():
        edits = list_edits(guest.house.store, guest.user, before=st.session_state.get(_BEFORE))
        if not edits:
            st.caption("You have not changed any transaction yet. Every change comes here, and each can be undone.")
            return
        for one in edits:
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False
            ):
                rows = "" if one.rows == 1 else f" · {formats.number(one.rows)} transactions"
                undone = f" · undone {formats.ago(one.undone_at)}" if one.undone_at else ""
                when = plain_text(f"{formats.moment(one.at)}{rows}{undone}")
                st.markdown(f"{plain_text(one.sentence)}  \n:small[:gray[{when}]]", width="stretch")
                if one.undone_at is None and st.button("Undo", key=f"undo_{one.id}", icon=":material/undo:"):
                    deeds.undo(one.id)
                    deeds.ask("edits")
                    st.rerun()
        if len(edits) == SHOWN and st.button("Earlier ones", key="earlier_edits", type="tertiary"):
            st.session_state[_BEFORE] = edits[-1].id
            st.rerun(scope="fragment")
