"""The list of first steps on the overview: what was done, what comes next and where, until all of it is done."""

from typing import Final

import streamlit as st

from core.first_steps import StepKind, first_steps, put_first_steps_away
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.formats import Formats
from pages.shared.gate import Visitor, require_user
from pages.shared.links import Link
from pages.shared.tables import link_with_words

COLUMNS: Final = 3
_DONE: Final = ":material/check_circle:"
_STEPS: Final[dict[StepKind, tuple[str, Link, str]]] = {
    "account": (
        ":material/account_balance:",
        Link("Bring in an account", links.ACCOUNTS),
        "A bank, a file, or the demo bank",
    ),
    "order": (
        ":material/category:",
        Link("Put a transaction right", links.TRANSACTIONS),
        "FinTrack learns from what you change",
    ),
    "budget": (
        ":material/donut_large:",
        Link("Set a budget", links.BUDGETS),
        "What may be spent on what",
    ),
    "goal": (":material/flag:", Link("Set a goal", links.GOALS), "What you save for, and by when"),
    "coach": (
        ":material/forum:",
        Link("Ask the coach", links.COACH),
        "In plain words, from your own data",
    ),
    "safety": (
        ":material/shield:",
        Link("Add a second step to sign in", links.SETTINGS),
        "A code from your phone",
    ),
}


def first_steps_list(guest: Visitor, formats: Formats) -> None:
    """Draw the list, as long as there is something on it."""
    steps = first_steps(guest.house.store, guest.user)
    if not steps:
        return
    taken = sum(one.taken for one in steps)
    with st.container(border=True, gap="xsmall", key="first_steps"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            st.subheader("First steps", anchor=False)
            st.button("Hide", icon=":material/close:", type="tertiary", key="first_steps_hide", on_click=_hide)
        st.progress(taken / len(steps), text=f"{formats.number(taken)} of {formats.number(len(steps))} done")
        with st.grid(COLUMNS, min_column_width=240, gap="small"):
            for one in steps:
                icon, link, words = _STEPS[one.kind]
                link_with_words(link, "Done" if one.taken else words, icon=_DONE if one.taken else icon)


def _hide() -> None:
    guest = require_user()
    with failures_told():
        put_first_steps_away(guest.house.store, guest.user)
