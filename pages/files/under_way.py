"""Imports that are being written: who left the screen meanwhile is told when they are back, and sees them end."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from core.store import UserId
from pages.shared.formats import plain_text
from pages.shared.gate import visitor

EVERY: Final = 1.0
"""Seconds from one look to the next."""
_lock: Final = threading.Lock()
_written: Final[Counter[tuple[UserId, str]]] = Counter()


@contextmanager
def being_written(user: UserId, filename: str) -> Iterator[None]:
    """Let every tab of a person's know that a file is being written."""
    one = (user, filename)
    with _lock:
        _written[one] += 1
    try:
        yield
    finally:
        with _lock:
            _written[one] -= 1
            if not _written[one]:
                del _written[one]


def files_under_way(user: UserId) -> tuple[str, ...]:
    """Return which of a person's files are being written."""
    with _lock:
        return tuple(sorted(name for one, name in _written if one == user))


@st.fragment(run_every=EVERY)
def still_written() -> None:
    """Say which files are being written, until they are; then draw the screen anew with what came of them."""
    # Nobody needs to be there for this to run: a session that is left alone must still end.
    guest = visitor(used=False)
    names = files_under_way(guest.user) if guest else ()
    if not names:
        st.rerun()
    for name in names:
        st.info(f"{plain_text(name)} is still being taken in.", icon=":material/hourglass_top:")
