"""Letting Python's search for garbage rest while very many objects are made that all stay.

Reading 100,000 rows of a file makes a million objects and no garbage cycles; searching them again and again takes a
quarter of the time. Taking in the pages of several banks brings on a search of everything in the process, in which no
thread goes on for 0.15 s. What goes out of use is freed all the same: only cycles wait until the work is done.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Final

_lock: Final = Lock()
_working = 0
_was_on = True


@contextmanager
def no_collecting() -> Iterator[None]:
    """Switch the search off until the last of those who asked for it is done; then as it was before the first."""
    global _working, _was_on  # noqa: PLW0603 - the search is the process's
    with _lock:
        if not _working:
            _was_on = gc.isenabled()
            gc.disable()
        _working += 1
    try:
        yield
    finally:
        with _lock:
            _working -= 1
            if not _working and _was_on:
                gc.enable()
