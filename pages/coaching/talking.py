"""Which conversation is open, what is being answered in it, and what buttons do to both."""

from contextlib import suppress
from typing import Final, cast

import streamlit as st

from core.coach import (
    OFFLINE,
    Answered,
    Failed,
    Message,
    Scope,
    add_usage,
    begin_conversation,
    checked_question,
    count_question,
    drop_from,
    exchanges,
    keep_message,
    message_of,
    models_allowed,
    open_conversation,
)
from core.errors import FinTrackError, NotFoundError
from pages.coaching.answering import Answering
from pages.shared.filters import number_in
from pages.shared.formats import formats_of
from pages.shared.gate import Visitor, require_user

ADDRESS: Final = "talk"
PREFER: Final = "coach_prefer"
_LIVE: Final = "coach_live"
_REFUSED: Final = "coach_refused"


def opened(guest: Visitor) -> tuple[int | None, tuple[Message, ...]]:
    """Return the conversation that the address names, with its messages; none where it is gone or somebody else's.

    Who left the screen while an answer was coming comes back to its conversation.
    """
    begun = live()
    if begun is not None and ADDRESS not in st.query_params:
        st.query_params[ADDRESS] = str(begun.conversation)
    number = number_in(st.query_params.get(ADDRESS))
    if number is None:
        return None, ()
    try:
        return number, open_conversation(guest.house.store, guest.user, number)
    except NotFoundError:
        st.query_params.pop(ADDRESS, None)
        return None, ()


def live() -> Answering | None:
    """Return the answer that is coming."""
    return cast("Answering | None", st.session_state.get(_LIVE))


def refused() -> FinTrackError | None:
    """Return why the last question was not taken, once."""
    return cast("FinTrackError | None", st.session_state.pop(_REFUSED, None))


def ask(text: str, prefer: str = "") -> None:
    """Ask a question in the conversation that is open; for a button or the box at the bottom.

    `prefer` is who shall answer, "" for who was chosen on the page.
    """
    guest = require_user()
    if live() is not None:
        return
    try:
        text = checked_question(text)
        count_question(guest.house.store, guest.house.vault, guest.user)
        number, messages = opened(guest)
        if number is None:
            number = begin_conversation(guest.house.store, guest.user, text)
            st.query_params[ADDRESS] = str(number)
    except FinTrackError as failure:
        st.session_state[_REFUSED] = failure
        return
    prefer = prefer or str(st.session_state.get(PREFER) or "")
    if not models_allowed(guest.house.store, guest.user, guest.today):
        prefer = OFFLINE
    scope = Scope(guest.house.store, guest.cache, guest.profile)
    begun = Answering(guest.house.coach, scope, number, text, exchanges(messages), prefer)
    begun.begin()
    st.session_state[_LIVE] = begun


def ask_again(one: Message) -> None:
    """Ask the question of a message once more, in its place."""
    _replace(one, one.question)


def ask_by_itself(one: Message) -> None:
    """Ask the question of a message once more, in its place, without a model."""
    _replace(one, one.question, OFFLINE)


def ask_instead(one: Message, key: str) -> None:
    """Ask what a person wrote instead of a question, in its place."""
    _replace(one, str(st.session_state.get(key) or "").strip())


def _replace(one: Message, text: str, prefer: str = "") -> None:
    guest = require_user()
    number, _ = opened(guest)
    if number is None or not text or live() is not None:
        return
    drop_from(guest.house.store, guest.user, number, one.id)
    ask(text, prefer)


def stop() -> None:
    """Stop the answer that is coming; for a button."""
    require_user()
    begun = live()
    if begun is not None:
        begun.stop()


def settle(guest: Visitor, begun: Answering) -> None:
    """Keep an answer that has come to its end; why it can't be kept is told where the next question is refused."""
    told = begun.so_far()
    outcome: Answered | Failed = told.outcome or Failed(FinTrackError("No answer came.", "Ask again."), told.found)
    formats = formats_of(guest.profile)
    message = message_of(begun.question, outcome, told.found, formats)
    st.session_state.pop(_LIVE, None)
    try:
        add_usage(guest.house.store, guest.user, guest.today, message.told.usage)
        # Deleted in another window meanwhile: then there is nothing to keep it in.
        with suppress(NotFoundError):
            keep_message(guest.house.store, guest.user, begun.conversation, message)
    except FinTrackError as failure:
        st.session_state[_REFUSED] = failure


def leave() -> None:
    """Begin another conversation; for a button. An answer that is coming is stopped and kept as far as it came."""
    guest = require_user()
    begun = live()
    if begun is not None:
        begun.stop()
        settle(guest, begun)
    st.query_params.pop(ADDRESS, None)


def go_to(number: int) -> None:
    """Open a conversation; for a button."""
    leave()
    st.query_params[ADDRESS] = str(number)
