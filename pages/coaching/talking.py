"""Which conversation is open, what is being answered, and what buttons do to both."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, cast

import streamlit as st

from core.coach import (
    NO_END,
    OFFLINE,
    Answering,
    Message,
    Scope,
    begin_answer,
    begin_conversation,
    checked_question,
    coming_to,
    count_question,
    exchanges,
    keep_message,
    models_allowed,
    open_conversation,
)
from core.errors import FinTrackError, NotFoundError
from pages.shared.filters import number_in
from pages.shared.gate import Visitor, require_user

ADDRESS: Final = "talk"
GONE: Final = "The conversation that was open here was deleted. This is a new one."
STOPS_WITHIN: Final = 1.0
_OPEN: Final = "coach_open"
_PREFER: Final = "coach_prefer"
_REFUSED: Final = "coach_refused"
_GONE: Final = "coach_gone"


def opened(guest: Visitor) -> tuple[int | None, tuple[Message, ...]]:
    """Return the conversation that the address names, with its messages; none where it is gone or somebody else's.

    Who left the screen comes back to the conversation that was open.
    """
    if ADDRESS not in st.query_params and _OPEN in st.session_state:
        st.query_params[ADDRESS] = str(st.session_state[_OPEN])
    number = number_in(st.query_params.get(ADDRESS))
    if number is None:
        return None, ()
    try:
        messages = open_conversation(guest.house.store, guest.user, number)
    except NotFoundError:
        leave()
        st.session_state[_GONE] = True
        return None, ()
    st.session_state[_OPEN] = number
    return number, messages


def refused() -> FinTrackError | None:
    """Return why the last question was not taken, once."""
    return cast("FinTrackError | None", st.session_state.pop(_REFUSED, None))


@contextmanager
def told_later() -> Iterator[None]:
    """Let a button's failure be told where the next question is asked, not above the page."""
    try:
        yield
    except FinTrackError as failure:
        st.session_state[_REFUSED] = failure


def gone() -> bool:
    """Tell, once, whether the conversation that was to be opened is not there."""
    return bool(st.session_state.pop(_GONE, False))


def preferred() -> str:
    """Return the key of who shall answer, "" for the first that can."""
    return str(st.session_state.get(_PREFER) or "")


def prefer(key: str) -> None:
    """Remember who shall answer as long as this window is open."""
    st.session_state[_PREFER] = key


def ask(text: str, after: Message | None = None) -> None:
    """Ask a question in the conversation that is open; for a button under its last message, or where there is none."""
    guest = require_user()
    _, messages = opened(guest)
    if not _twice(text, messages, after):
        take(text)


def ask_again(one: Message, by: str = "") -> None:
    """Ask the question of the last message once more, in its place; `by` is who shall answer."""
    ask_instead(one, one.question, by)


def ask_instead(one: Message, text: str, by: str = "") -> None:
    """Ask another question in the place of the last message's; for a button."""
    guest = require_user()
    _, messages = opened(guest)
    if not _twice(text, messages, one):
        take(text, by, instead=one)


def _twice(text: str, messages: tuple[Message, ...], under: Message | None) -> bool:
    """Tell whether a button, drawn when `under` was the last message, was clicked twice."""
    if not messages or under is None:
        return bool(messages)
    return messages[-1].question == text.strip() and under.at != messages[-1].at


def take(text: str, by: str = "", *, instead: Message | None = None) -> bool:
    """Take a question; tell whether it was taken: why not is told where the next one is asked.

    `by` is who shall answer, "" for who was chosen on the page; with `instead` the question stands in the place of that
    message.
    """
    guest = require_user()
    try:
        text = checked_question(text)
        number, messages = opened(guest)
        begin_answer(guest.user, lambda: _prepared(guest, number, messages, text, by or preferred(), instead))
    except FinTrackError as failure:
        st.session_state[_REFUSED] = failure
        return False
    return True


def _prepared(
    guest: Visitor, number: int | None, messages: tuple[Message, ...], text: str, by: str, instead: Message | None
) -> Answering:
    store = guest.house.store
    count_question(store, guest.house.vault, guest.user)
    if not models_allowed(store, guest.user, guest.today):
        by = OFFLINE
    if number is None:
        number = begin_conversation(store, guest.user, text)
        st.query_params[ADDRESS] = str(number)
    asked = keep_message(store, guest.user, number, Message(text, "", NO_END), instead=instead)
    before = exchanges(one for one in messages if instead is None or one.id != instead.id)
    return Answering(guest.house.coach, Scope(store, guest.cache, guest.profile), number, asked, before, by)


def stop() -> None:
    """Stop the answer that is coming; for a button. What came of it is kept."""
    begun = coming_to(require_user().user)
    if begun is not None:
        begun.stop()
        begun.wait(STOPS_WITHIN)


def leave() -> None:
    """Begin another conversation; for a button. An answer that is coming goes on, and is kept where it was asked."""
    st.session_state.pop(_OPEN, None)
    st.query_params.pop(ADDRESS, None)


def go_to(number: int) -> None:
    """Open a conversation; for a button."""
    leave()
    st.query_params[ADDRESS] = str(number)
