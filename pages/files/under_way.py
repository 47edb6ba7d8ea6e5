"""Imports that are being written: one at a time for each person, told in every tab, and with an end that nobody misses.

Who leaves the screen ends its run, but not the import: what came of it waits here for the next run of the screen.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import streamlit as st

from core.errors import FinTrackError
from core.ledger import ImportResult
from core.store import UserId
from pages.shared.formats import plain_text
from pages.shared.gate import visitor

EVERY: Final = 1.0
"""Seconds from one look to the next."""
_lock: Final = threading.Lock()
_written: Final[dict[UserId, str]] = {}
_finished: Final[dict[UserId, list["Finished"]]] = {}


class UnderWayError(FinTrackError):
    """A file of the same person is being written."""


@dataclass(frozen=True, slots=True)
class Finished:
    """An import that is over: whose it was, the uploaded file's own id, its name, and what came of it."""

    email: str
    """Ids of people who are gone are given out again; addresses are somebody's."""
    file_id: str
    filename: str
    results: Sequence[tuple[str, ImportResult]] = ()
    """Each account as it was shown before, and what was taken in."""
    failure: FinTrackError | None = None
    """Why nothing was taken in."""


@contextmanager
def being_written(user: UserId, filename: str) -> Iterator[None]:
    """Let every tab of a person's know that a file is being written.

    Raises:
        UnderWayError: one is, this one or another: a second click would make its accounts twice.
    """
    with _lock:
        if user in _written:
            raise UnderWayError("A file is still being taken in.", "Wait until it is.")
        _written[user] = filename
    try:
        yield
    finally:
        with _lock:
            del _written[user]


def file_under_way(user: UserId) -> str | None:
    """Return which of a person's files is being written."""
    with _lock:
        return _written.get(user)


def keep_finished(user: UserId, one: Finished) -> None:
    """Keep what came of an import until a run of the screen takes it."""
    with _lock:
        _finished.setdefault(user, []).append(one)


def is_finished(user: UserId) -> bool:
    """Tell whether something came of a person's imports that no run of the screen has taken yet."""
    with _lock:
        return user in _finished


def take_finished(user: UserId) -> list[Finished]:
    """Return what came of a person's imports since it was last asked; it is not kept any longer."""
    with _lock:
        return _finished.pop(user, [])


@st.fragment(run_every=EVERY)
def still_written() -> None:
    """Say which file is being written, until it is; then draw the screen anew with what came of it."""
    # Nobody needs to be there for this to run: a session that is left alone must still end.
    guest = visitor(used=False)
    name = file_under_way(guest.user) if guest else None
    if name is None:
        st.rerun()
    st.info(f"{plain_text(name)} is still being taken in.", icon=":material/hourglass_top:")
