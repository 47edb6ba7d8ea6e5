"""What is done to transactions from a screen: which, how it ended, and how it is undone."""

from dataclasses import dataclass
from typing import Final, cast

import streamlit as st

from core.ledger import EditDone, EditEntry, list_edits, undo_edit
from pages.shared.errors import failures_told
from pages.shared.formats import plain_text
from pages.shared.gate import Visitor, require_user

_ASKED: Final = "deed_asked"
"""The window that is open, and for which transactions: it stays open over the runs until it is closed."""
_TURN: Final = "deed_turn"
_SAID: Final = "deed_said"


@dataclass(frozen=True, slots=True)
class Deed:
    """A window that was asked for, and the transactions that it is about."""

    name: str
    ids: tuple[int, ...] = ()


def asked_deed() -> Deed | None:
    """Return the window that is open."""
    return cast("Deed | None", st.session_state.get(_ASKED))


def ask(name: str, ids: tuple[int, ...] = ()) -> None:
    """Open a window."""
    require_user()
    st.session_state[_ASKED] = Deed(name, ids)


def forget() -> None:
    """Close the window."""
    st.session_state.pop(_ASKED, None)


def turn() -> int:
    """Return a number that changes with every deed: a selection under it is empty after the deed."""
    return int(st.session_state.setdefault(_TURN, 0))


def done(result: EditDone) -> None:
    """Close the window and say after the next run what was done."""
    forget()
    st.session_state[_TURN] = turn() + 1
    sentence = plain_text(result.sentence) if result.edit_id else "Nothing to change: it was like that already"
    if result.left:
        sentence += "; one keeps what it had" if result.left == 1 else f"; {result.left:,} keep what they had"
    st.session_state[_SAID] = f"{sentence}."


def say() -> None:
    """Show once what was done last."""
    if sentence := st.session_state.pop(_SAID, ""):
        st.toast(sentence, icon=":material/check:", duration="long")


def last_edit(guest: Visitor) -> EditEntry | None:
    """Return the newest edit that still stands."""
    edits = list_edits(guest.house.store, guest.user)
    return next((one for one in edits if one.undone_at is None and not one.is_undo), None)


def undo(edit: int) -> None:
    """Take an edit back; for a button."""
    guest = require_user()
    with failures_told():
        done(undo_edit(guest.house.store, guest.user, edit))
