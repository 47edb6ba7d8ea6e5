"""Looking at an uploaded file: once for each way of reading it, not on every click, and with progress told."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner_utils.exceptions import ScriptControlException
from streamlit.typing import UploadedFile

from core.importing import CsvLayout, FileIntake, look_at_file
from core.ledger import Progress, StatementPreview, Target, ledger_change, preview_statement
from pages.files.keys import part_key
from pages.shared.formats import Formats, clean
from pages.shared.gate import Visitor

T = TypeVar("T")
KEPT: Final = ("looked", "judged")
LONG: Final = 500_000
"""Bytes; shorter files are read before a bar could be seen."""


def looked_at(
    guest: Visitor, file: UploadedFile, layout: CsvLayout | None, currency: str, formats: Formats
) -> FileIntake:
    """Return what is in an uploaded file, as `look_at_file` says it."""

    def look() -> FileIntake:
        with telling(file.size, formats) as progress:
            return look_at_file(
                guest.house.store,
                guest.user,
                file.getvalue(),
                clean(file.name),
                layout=layout,
                currency=currency,
                progress=progress,
            )

    return _kept(guest, file, "looked", (layout, currency), look)


def judged_for(
    guest: Visitor, file: UploadedFile, intake: FileIntake, targets: Sequence[Target]
) -> tuple[StatementPreview, ...]:
    """Return what importing a file's accounts into these places would do."""

    def judge() -> tuple[StatementPreview, ...]:
        return tuple(
            preview_statement(guest.house.store, guest.user, statement, target, intake.source)
            for statement, target in zip(intake.statements, targets, strict=True)
        )

    # The same question was asked of the file for `intake`.
    looked = st.session_state[part_key(file, 0, "looked")][0]
    return _kept(guest, file, "judged", (looked, tuple(targets)), judge)


@contextmanager
def telling(size: int, formats: Formats, *, to_the_end: bool = False) -> Iterator[Progress | None]:
    """Draw a bar with words while something long runs on a file of so many bytes; nothing for a short one.

    Who leaves the screen ends its run, at whatever it draws next. What is to be done `to_the_end` goes on without
    being seen, and the run ends after it.
    """
    if size < LONG:
        yield None
        return
    place = st.empty()
    left: list[ScriptControlException] = []

    def told(words: str, done: int, of: int) -> None:
        share = min(1.0, done / of) if of else 0.0
        try:
            place.progress(share, f"{words}: {formats.number(done)} of {formats.number(of)}")
        except ScriptControlException as leaving:
            if not to_the_end:
                raise
            left.append(leaving)

    yield told
    if left:
        raise left[0]
    place.empty()


def _kept(guest: Visitor, file: UploadedFile, name: str, asked: tuple[Any, ...], work: Callable[[], T]) -> T:
    """Return what `work` gave for the same question, unless the person's accounts have changed since."""
    question = (ledger_change(guest.house.store, guest.user), *asked)
    key = part_key(file, 0, name)
    known = st.session_state.get(key)
    if known is None or known[0] != question:
        known = (question, work())
        st.session_state[key] = known
    answer: T = known[1]
    return answer


def keep_only(files: Sequence[UploadedFile]) -> None:
    """Drop what is kept of files that are no longer there to be imported."""
    wanted = {part_key(file, 0, name) for file in files for name in KEPT}
    for key in [key for key in st.session_state if str(key).endswith(tuple(f"_0_{name}" for name in KEPT))]:
        if key not in wanted:
            del st.session_state[key]
