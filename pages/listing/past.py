"""Every change of one transaction since it came, and the way to take the person's own back."""

import streamlit as st

from core.ledger import HistoryEntry, TransactionDetail, keep_both
from pages.listing import deeds
from pages.shared.errors import failures_told
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import require_user

FIELDS = {
    "own_name": "name",
    "merchant_name": "merchant",
    "original_text": "bank's text",
    "hidden": "in budgets",
    "joined": "taken for the same as a file's",
    "parted": "kept apart from a file's",
}
SOURCES = {"person": "You", "bank": "Bank", "import": "Import"}


def tell_apart(transaction: int) -> None:
    """Keep a file's row and the connection's as two, on the person's word."""
    guest = require_user()
    with failures_told():
        keep_both(guest.house.store, guest.user, transaction)
        st.toast("Both are kept: the bank's and the file's.", icon=":material/call_split:")


def history(one: TransactionDetail, formats: Formats) -> None:
    """Draw every change of it since it came, newest first."""
    with st.container(border=True):
        st.subheader("History", anchor=False)
        if not one.history:
            st.caption("Nothing has changed since it came. Every change by the bank, an import or you is listed here.")
            return
        if one.joined:
            said = next((change.before for change in reversed(one.history) if change.field == "joined"), "")
            with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
                st.markdown(
                    f"A file told of this one too, as {plain_text(said)}. It was taken for the same.", width="stretch"
                )
                st.button("Not the same: keep both", icon=":material/call_split:", on_click=tell_apart, args=(one.id,))
        offered: set[int] = set()
        for change in reversed(one.history):
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False
            ):
                st.markdown(_told(change, formats), width="stretch")
                edit = change.edit
                if edit is None or edit.id in offered:
                    continue
                offered.add(edit.id)
                if edit.undone_at is not None:
                    st.caption("undone", width="content")
                    continue
                many = f" ({formats.number(edit.rows)} transactions)" if edit.rows > 1 else ""
                st.button(
                    f"Undo{many}",
                    key=f"undo_{edit.id}",
                    icon=":material/undo:",
                    type="tertiary",
                    help=plain_text(edit.sentence),
                    on_click=deeds.undo,
                    args=(edit.id,),
                )


def _told(change: HistoryEntry, formats: Formats) -> str:
    """Return a change in words, as Markdown: what, from what to what, who and when."""
    field = plain_text(FIELDS.get(change.field, change.field.replace("_", " ")).capitalize())
    before, after = plain_text(change.before) or "nothing", plain_text(change.after) or "nothing"
    who = plain_text(f"{SOURCES.get(change.source, change.source)} · {formats.moment(change.at)}")
    return f"{field}: {before} → **{after}**  \n:small[:gray[{who}]]"
