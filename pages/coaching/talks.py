"""The conversations of a person: found, opened, renamed, taken away, deleted."""

from contextlib import suppress
from typing import Final

import streamlit as st

from core.coach import (
    Message,
    as_markdown,
    coming_to,
    delete_conversation,
    list_conversations,
    open_conversation,
    rename_conversation,
    title_of,
)
from core.errors import FinTrackError, NotFoundError
from core.formats import one_line
from pages.coaching import talking
from pages.shared.errors import show_failure
from pages.shared.exporting import file_offered
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import Visitor, require_user

SHOWN: Final = 12
LONGEST: Final = 44
"""Letters of a name in the list: as many as a narrow screen has room for."""
_FAILED: Final = "coach_talks_failed"
_MORE: Final = "coach_talks_shown"


def talks(guest: Visitor, number: int | None, messages: tuple[Message, ...], formats: Formats) -> None:
    """Draw what leads to another conversation and what can be done with this one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "New", icon=":material/add_comment:", key="coach_new", on_click=talking.leave, disabled=number is None
        )
        with st.popover("Conversations", icon=":material/forum:", key="coach_talks", on_change="rerun") as box:
            if box.open:
                _list(guest, number, formats)
        if number is not None:
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
    most = int(st.session_state.get(_MORE, SHOWN))
    with st.container(gap="xsmall"):
        for one in found[:most]:
            when = "open" if one.id == number else formats.ago(one.changed_at)
            st.button(
                f"{plain_text(one_line(one.title, LONGEST)) or 'No name'} :small[:gray[· {when}]]",
                key=f"coach_talk_{one.id}",
                type="tertiary",
                help=formats.moment(one.changed_at),
                disabled=one.id == number,
                on_click=talking.go_to,
                args=(one.id,),
            )
    if len(found) > most:
        st.caption(f"The last {most} of {formats.number(len(found))}.")
        st.button(
            "Show more", icon=":material/expand_more:", key="coach_more", on_click=_more, args=(most + 2 * SHOWN,)
        )


def _more(most: int) -> None:
    st.session_state[_MORE] = most


def _this(guest: Visitor, number: int, messages: tuple[Message, ...]) -> None:
    failed = st.session_state.pop(_FAILED, None)
    if isinstance(failed, FinTrackError):
        show_failure(failed)
    title = title_of(guest.house.store, guest.user, number)
    st.text_input("Name", title, max_chars=80, key=f"coach_name_{number}", on_change=_rename, args=(number,))
    if messages:
        file_offered(
            guest,
            "conversation",
            {"md": "Markdown"},
            {"md": "text/markdown"},
            lambda _: lambda: _file(number),
            key="coach_file",
            notes={"md": "Questions, answers and what they rest on, as Markdown."},
        )
    st.divider()
    if st.checkbox("Delete this conversation for good", key=f"coach_sure_{number}"):
        st.button(
            "Delete", icon=":material/delete:", type="primary", key="coach_delete", on_click=_delete, args=(number,)
        )


def _file(number: int) -> bytes:
    guest = require_user()
    store, user = guest.house.store, guest.user
    return as_markdown(title_of(store, user, number), open_conversation(store, user, number)).encode()


def _rename(number: int) -> None:
    guest = require_user()
    try:
        rename_conversation(guest.house.store, guest.user, number, str(st.session_state[f"coach_name_{number}"]))
    except FinTrackError as failure:
        st.session_state[_FAILED] = failure


def _delete(number: int) -> None:
    guest = require_user()
    talking.leave()
    begun = coming_to(guest.user)
    if begun is not None and begun.conversation == number:
        begun.stop()
    # Deleted in another window meanwhile: then it is gone, as was wanted.
    with talking.told_later(), suppress(NotFoundError):
        delete_conversation(guest.house.store, guest.user, number)
