"""Backing everything up: for the owner of the installation, into one encrypted file."""

from collections.abc import Callable
from typing import Final, cast

import streamlit as st

from core.backup import Written
from core.identity import SHORTEST
from core.safekeeping import back_up_everything, handed_out, last_of, may_back_up
from pages.shared.errors import failures_told
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.proof import confirmed

_ASKED: Final = "backup_asked"
"""The window stays open over the runs until it is closed."""
_MADE: Final = "backup_made"


def offer_backup(guest: Visitor, forget: Callable[[], None]) -> None:
    """Draw what the owner needs for a backup; `forget` closes whatever other window is open."""
    if not may_back_up(guest.house, guest.signed_in):
        return
    formats, last = formats_of(guest.profile), last_of(guest.house)
    with st.container(border=True):
        st.subheader("Back up", anchor=False)
        st.markdown(
            "One encrypted file with everything of everybody here, and the keys: by it FinTrack can be put back, on "
            "another machine too."
        )
        told = "No backup was made yet."
        if last is not None:
            told = f"The last one was made {formats.ago(last.at)}: {plain_text(str(last.file))}"
        st.caption(told)
        if st.button("Back up everything", icon=":material/encrypted:", key="back_up_everything"):
            forget()
            st.session_state[_ASKED] = True
    if st.session_state.get(_ASKED):
        _back_up()


def close_backup() -> None:
    """Close the window, and forget what was made in it."""
    st.session_state.pop(_ASKED, None)
    st.session_state.pop(_MADE, None)


@st.dialog("Back up everything", on_dismiss=close_backup)
def _back_up() -> None:
    guest = require_user()
    with failures_told():
        if not confirmed(guest):
            return
        made = cast("Written | None", st.session_state.get(_MADE)) or _made(guest)
        if made is not None:
            _ready(guest, made)


def _made(guest: Visitor) -> Written | None:
    """Ask for the passphrase; return the backup in the run in which it was made."""
    place = st.empty()
    with place.container(), st.form("backup", border=False):
        st.markdown(
            "**Whoever has the file and the passphrase has everything; without the passphrase the file is useless.** "
            "Nobody can get it back, and the recovery key does not open a backup."
        )
        passphrase = st.text_input("Passphrase", type="password", autocomplete="new-password")
        again = st.text_input("The same again", type="password", autocomplete="new-password")
        st.caption(f"{SHORTEST} characters or more and no common one: four words of your own do well.")
        sent = st.form_submit_button("Back up", type="primary", icon=":material/encrypted:")
    if not sent:
        return None
    if passphrase != again:
        st.error("The two are not the same. Nothing was written.", icon=":material/error:")
        return None
    bar = st.progress(0.0, "Making a key of the passphrase")
    try:
        done = back_up_everything(guest.house, guest.signed_in, passphrase, bar.progress)
    finally:
        bar.empty()
    place.empty()
    st.session_state[_MADE] = done
    return done


def _ready(guest: Visitor, made: Written) -> None:
    formats = formats_of(guest.profile)
    rows, size = formats.number(sum(made.rows.values())), max(made.size / 1e6, 0.1)
    st.markdown(f"**Your backup is written, and reads back**  \n{rows} rows, {size:.1f} MB")
    st.caption("It stays here, on the machine that FinTrack runs on. Keep a copy elsewhere: this disk may die.")
    st.code(str(made.file), language=None, wrap_lines=True)
    st.download_button(
        "Download a copy",
        data=lambda: handed_out(guest.house, guest.signed_in, made),
        file_name=made.file.name,
        mime="application/octet-stream",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
    )
