"""Rows of a file that are likely here already in other words: side by side with their twins, a choice for each."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from core.ledger import JudgedRow
from pages.shared.formats import Formats, plain_text

ON_A_PAGE: Final = 10
SAME: Final = "Same"
OTHER: Final = "Add it anyway"


def likely_rows(rows: Sequence[JudgedRow], currency: str, formats: Formats, *, key: str) -> set[str]:
    """Draw rows beside what they likely repeat; return the keys of those that the person wants added all the same."""
    # Kept apart from the widgets: those of another page are not drawn, and would be forgotten.
    kept: set[str] = st.session_state.setdefault(f"{key}_kept", set())
    kept &= {row.file_key for row in rows}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False):
        st.caption(
            "What is here already has the same amount, a near day and like words. Leave them the same, or add them.",
            width="stretch",
        )
        if len(rows) > 1:
            st.button(
                "All the same" if kept else "Add all anyway",
                type="tertiary",
                key=f"{key}_all",
                on_click=choose_all,
                args=(key, [] if kept else [row.file_key for row in rows]),
            )
    pages = -(-len(rows) // ON_A_PAGE)
    page = st.pagination(pages, key=f"{key}_page") if pages > 1 else 1
    for place, row in list(enumerate(rows))[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]:
        with st.container(border=True):
            ours, theirs, choice = st.columns([5, 5, 5], vertical_alignment="center")
            record = row.record
            amount = formats.money(record.amount, currency, signed=True)
            ours.markdown(_side("In the file", record.date, record.merchant_name or record.name, amount, formats))
            theirs.markdown(_side("Here already", row.twin_date, row.twin_text, amount, formats))
            widget = f"{key}_choice_{row.file_key}"
            st.session_state[widget] = OTHER if row.file_key in kept else SAME
            choice.segmented_control(
                f"Row {place + 1}: the same, or another?",
                [SAME, OTHER],
                required=True,
                key=widget,
                on_change=choose,
                args=(key, row.file_key, widget),
                label_visibility="collapsed",
            )
    return set(kept)


def _side(title: str, day: date | None, name: str, amount: str, formats: Formats) -> str:
    """Return one side of a pair in Markdown; the name comes from elsewhere and is written as it is."""
    return f":small[:gray[{title} · {plain_text(formats.day(day))}]]  \n{plain_text(name)}  \n**{plain_text(amount)}**"


def choose(key: str, file_key: str, widget: str) -> None:
    """Keep what the person said of one row."""
    kept: set[str] = st.session_state.setdefault(f"{key}_kept", set())
    (kept.add if st.session_state.get(widget) == OTHER else kept.discard)(file_key)


def choose_all(key: str, file_keys: Sequence[str]) -> None:
    """Keep one answer for every row."""
    st.session_state[f"{key}_kept"] = set(file_keys)
