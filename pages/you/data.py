"""Your data: taking everything away in one file, and leaving for good."""

from contextlib import suppress
from typing import Final, cast

import streamlit as st

from core import clock
from core.banking import list_connections
from core.errors import BankError, StepUpNeededError
from core.farewell import Farewell, delete_everything, list_backups
from core.identity import SignedIn, demand
from core.reports import WaitingFile, export_to_wait
from core.runtime import Runtime
from pages.shared.errors import failures_told, show_failure
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import Visitor, require_user, sign_out
from pages.shared.proof import confirmed
from pages.you.backing_up import close_backup, offer_backup

_ASKED: Final = "own_data_asked"
"""Which of the two was asked for: its window stays open over the runs until it is closed."""
_MADE: Final = "export_made"
_UNTOLD: Final = "banks_untold"


def own_data() -> None:
    """Draw the two things that a person can do with all of their data: take it, and delete it."""
    with st.container(border=True):
        st.subheader("Take everything with you", anchor=False)
        st.markdown(
            "One ZIP with every account, transaction, category, balance, note and event of yours: as CSV for "
            "spreadsheets, as JSON for programs, and as a page to read."
        )
        if st.button("Export everything", icon=":material/download:", key="export_everything"):
            _forget()
            st.session_state[_ASKED] = "export"
    offer_backup(require_user(), forget=_forget)
    with st.container(border=True):
        st.subheader("Leave for good", anchor=False)
        st.markdown(
            "Your banks are told that FinTrack may no longer read your accounts, then everything of yours is deleted."
        )
        if st.button("Delete everything", icon=":material/delete_forever:", key="delete_everything"):
            _forget()
            st.session_state[_ASKED] = "delete"
    asked = st.session_state.get(_ASKED)
    if asked == "export":
        _export()
    elif asked == "delete":
        _delete()


def _forget() -> None:
    close_backup()
    st.session_state.pop(_ASKED, None)
    st.session_state.pop(_UNTOLD, None)
    waiting = cast("WaitingFile | None", st.session_state.pop(_MADE, None))
    if waiting is not None:
        waiting.close()


@st.dialog("Export everything", on_dismiss=_forget)
def _export() -> None:
    guest = require_user()
    with failures_told():
        if not confirmed(guest):
            return
        waiting = cast("WaitingFile | None", st.session_state.get(_MADE))
        if waiting is None:
            bar = st.progress(0.0, "Beginning")
            waiting = export_to_wait(guest.house.store, guest.signed_in, guest.house.settings.exports, bar.progress)
            st.session_state[_MADE] = waiting
            bar.empty()
        made, formats = waiting.made, formats_of(guest.profile)
        rows, files = formats.number(made.rows), formats.number(made.files)
        st.markdown(f"**Your file is ready**  \n{rows} rows in {files} files, {_size(made.size)}")
        st.caption(
            "Whoever has the file can read all of it, so keep it as you would keep a bank statement. Here it is gone "
            "as soon as this window is closed."
        )
        st.download_button(
            "Download",
            data=lambda: _handed_out(guest.house, guest.signed_in, waiting),
            file_name=f"fintrack-{clock.today(guest.profile.time_zone):%Y-%m-%d}.zip",
            mime="application/zip",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
        )


def _handed_out(house: Runtime, asker: SignedIn, waiting: WaitingFile) -> bytes:
    """Return the file to whoever made it, while they are signed in: a page that was left open hands nothing out."""
    # The fresh check was asked for when the file was made; the session has to be there still.
    with suppress(StepUpNeededError):
        demand(house.store, asker)
    return waiting.read()


def _size(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e5 else f"{max(size / 1e3, 1):.0f} kB"


@st.dialog("Delete everything", on_dismiss=_forget)
def _delete() -> None:
    guest = require_user()
    with failures_told():
        if not confirmed(guest):
            return
        _what_goes(guest)
        untold = bool(st.session_state.get(_UNTOLD))
        if untold:
            show_failure(cast("BankError", st.session_state[_UNTOLD]))
        copies = len(list_backups(guest.house))
        with st.form("farewell", border=False):
            backups = False
            if copies and guest.profile.is_owner:
                backups = st.checkbox(
                    "Delete the backups too",
                    help="The backups in FinTrack's own folder, and the copies that it made before it changed its "
                    "tables or encrypted them. Backups that were put elsewhere stay.",
                )
                number = "There is one" if copies == 1 else f"There are {copies}"
                st.caption(f"{number}, with the data of everybody here. What is left goes on holding yours.")
            typed = guest.profile.email
            if not guest.profile.is_demo:
                typed = st.text_input(
                    "Your e-mail address, to be sure", placeholder=guest.profile.email, autocomplete="off"
                )
            label = "Delete anyway" if untold else "Delete everything for good"
            sent = st.form_submit_button(label, type="primary", icon=":material/delete_forever:")
        if sent and typed.strip().casefold() != guest.profile.email:
            st.error("This is not your e-mail address. Nothing was deleted.", icon=":material/error:")
        elif sent:
            _leave(guest, even_unrevoked=untold, backups=backups)


def _what_goes(guest: Visitor) -> None:
    banks = [plain_text(one.institution) for one in list_connections(guest.house.store, guest.user)]
    told = ""
    if len(banks) == 1:
        told = f"the connection to {banks[0]}, which is ended there first"
    elif banks:
        told = f"the connections to {', '.join(banks[:-1])} and {banks[-1]}, each ended there first"
    st.markdown("**This can't be undone.** It deletes")
    st.markdown(
        "\n".join(
            f"- {line}"
            for line in (
                told,
                "every account, transaction, balance and import, with your names, categories and notes",
                "your profile, your password, your second factors and every browser that is signed in",
                "letters to you that wait on this machine",
            )
            if line
        )
    )
    if not guest.profile.is_demo:
        st.caption(
            "Files that you exported stay where you put them. The log keeps that an account was deleted, without a "
            "name."
        )


def _leave(guest: Visitor, *, even_unrevoked: bool, backups: bool) -> None:
    with st.status("Deleting", expanded=True) as status:
        try:
            done = delete_everything(
                guest.house,
                guest.signed_in,
                even_unrevoked=even_unrevoked,
                backups=backups,
                progress=lambda sentence: status.write(plain_text(sentence)),
            )
        except BankError as failure:
            st.session_state[_UNTOLD] = failure
            st.rerun()
    _forget()
    sign_out(_goodbye(done))
    st.rerun()


def _goodbye(done: Farewell) -> str:
    said = ["Everything of yours is deleted."]
    if done.unrevoked:
        said.append(f"Remove {plain_text(', '.join(done.unrevoked))} in Plaid's dashboard.")
    if done.traces:
        said.append(f"The store's file may hold traces of it: {plain_text(done.traces)}")
    return " ".join(said)
