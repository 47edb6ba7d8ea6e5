"""The conversations of a person: found, opened, renamed, taken away, deleted."""

from typing import Final

import streamlit as st

from core.coach import (
    Message,
    as_markdown,
    delete_conversation,
    list_conversations,
    rename_conversation,
    title_of,
)
from core.errors import FinTrackError
from pages.coaching import talking
from pages.shared.errors import failures_told, show_failure
from pages.shared.exporting import file_offered
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import Visitor, require_user

SHOWN: Final = 12
_FAILED: Final = "coach_talks_failed"


def talks(guest: Visitor, number: int | None, messages: tuple[Message, ...], formats: Formats) -> None:
    """Draw what leads to another conversation and what can be done with this one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "New", icon=":material/add_comment:", key="coach_new", on_click=talking.leave, disabled=number is None
        )
        with st.popover("Conversations", icon=":material/forum:", key="coach_talks", on_change="rerun") as box:
            if box.open:
                _list(guest, number, formats)
        if number is not None and messages:
            with st.popover("This one", icon=":material/more_horiz:", key="coach_this", on_change="rerun") as box:
                if box.open:
                    _this(guest, number, messages)


def _list(guest: Visitor, number: int | None, formats: Formats) -> None:
    text = st.text_input(
        "Search", key="coach_search", placeholder="Words of a question or an answer", icon=":material/search:"
    )
    found = list_conversations(guest.house.store, guest.user, text)
    if not found:
        st.caption("None has these words." if text else "What you ask is kept here.")
    for one in found[:SHOWN]:
        label = plain_text(one.title)
        st.button(
            label,
            key=f"coach_talk_{one.id}",
            type="tertiary",
            help=f"{formats.moment(one.changed_at)}",
            disabled=one.id == number,
            on_click=talking.go_to,
            args=(one.id,),
        )
    if len(found) > SHOWN:
        st.caption(f"The last {SHOWN} of {formats.number(len(found))}: search for an older one.")


def _this(guest: Visitor, number: int, messages: tuple[Message, ...]) -> None:
    failed = st.session_state.pop(_FAILED, None)
    if isinstance(failed, FinTrackError):
        show_failure(failed)
    title = title_of(guest.house.store, guest.user, number)
    st.text_input("Name", title, max_chars=80, key=f"coach_name_{number}", on_change=_rename, args=(number,))
    file_offered(
        guest,
        "conversation",
        {"md": "Markdown"},
        {"md": "text/markdown"},
        lambda _: lambda: _file(number, messages),
        key="coach_file",
        notes={"md": "Questions, answers and what they rest on, as text."},
    )
    st.divider()
    if st.checkbox("Delete this conversation for good", key=f"coach_sure_{number}"):
        st.button(
            "Delete", icon=":material/delete:", type="primary", key="coach_delete", on_click=_delete, args=(number,)
        )


def _file(number: int, messages: tuple[Message, ...]) -> bytes:
    guest = require_user()
    return as_markdown(title_of(guest.house.store, guest.user, number), messages).encode()


def _rename(number: int) -> None:
    guest = require_user()
    try:
        rename_conversation(guest.house.store, guest.user, number, str(st.session_state[f"coach_name_{number}"]))
    except FinTrackError as failure:
        st.session_state[_FAILED] = failure


def _delete(number: int) -> None:
    guest = require_user()
    with failures_told():
        talking.leave()
        delete_conversation(guest.house.store, guest.user, number)
