"""What a person wants to hear less of, and to take it back."""

from collections.abc import Sequence

import streamlit as st

from core.insights import KIND_TITLES, Mute, unmute
from pages.noticed.leads import SIGNS
from pages.shared.errors import failures_told
from pages.shared.formats import plain_text
from pages.shared.gate import require_user


def muted_list(mutes: Sequence[Mute]) -> None:
    """Draw what is not told of, each with a button that takes it back."""
    st.caption("These are looked for and not shown. Nothing else is left out.")
    with st.container(border=True, gap="small"):
        for one in mutes:
            about = f" about {plain_text(one.title)}" if one.subject else ": all of them"
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(f"{SIGNS[one.kind][0]} **{KIND_TITLES[one.kind]}**{about}")
                st.button(
                    "Show again",
                    icon=":material/undo:",
                    key=f"unmute_{one.kind}_{one.subject}",
                    on_click=_back,
                    args=(one,),
                    help=f"Tell of {KIND_TITLES[one.kind].lower()}{about} again",
                )


def _back(one: Mute) -> None:
    guest = require_user()
    with failures_told():
        unmute(guest.house.store, guest.user, one.kind, one.subject)
