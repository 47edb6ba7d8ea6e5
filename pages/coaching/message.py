"""A question and its answer, as they stand in a conversation."""

from typing import Final

import streamlit as st

from core.coach import OFFLINE, Message, rate, unique_leads
from pages.coaching import talking
from pages.coaching.steps import chart, leads, step
from pages.shared.formats import Formats, plain_text
from pages.shared.gate import require_user

PERSON: Final = ":material/person:"
COACH: Final = ":material/savings:"
EDITED: Final = 420
"""The pixels that a question takes which is edited, where there are as many."""
UNSURE: Final = "What is marked with “?” comes from no figure of yours: don’t rely on it."


def question(text: str) -> None:
    """Draw what the person asked, its lines as they were written."""
    with st.chat_message("user", avatar=PERSON):
        st.markdown("  \n".join(plain_text(line) for line in text.splitlines() if line.strip()))


def message(one: Message, formats: Formats, *, last: bool) -> None:
    """Draw a question and its answer; the last one can be asked again or put in other words."""
    question(one.question)
    key = key_of(one)
    with st.chat_message("assistant", avatar=COACH):
        if one.told.reading:
            st.caption(f"I read this as: {plain_text(one.told.reading)}")
        for place, kept in enumerate(one.told.steps):
            step(kept, f"{key}_{place}", formats)
        if one.answer or one.told.markdown:
            st.markdown(one.told.markdown or plain_text(one.answer))
        if one.told.unmatched:
            st.caption(UNSURE)
        _failure(one)
        curve = next((kept.curve for kept in reversed(one.told.steps) if kept.curve is not None), None)
        if curve is not None and not one.told.failure:
            chart(curve, formats, key)
        if one.answer:
            leads(unique_leads(lead for kept in one.told.steps for lead in kept.leads), key)
        _foot(one, formats, key, last=last)
        if last and one.told.choices:
            with st.container(horizontal=True, gap="small"):
                for place, choice in enumerate(one.told.choices):
                    st.button(plain_text(choice), key=f"{key}_choice_{place}", on_click=talking.ask, args=(choice, one))


def _failure(one: Message) -> None:
    if one.told.stopped:
        st.caption(f":material/stop_circle: {plain_text(one.told.failure)}")
    elif one.told.failure:
        st.error(f"{plain_text(one.told.failure)}  \n{plain_text(one.told.hint)}", icon=":material/error:")


def _foot(one: Message, formats: Formats, key: str, *, last: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if by := answered_by(one, formats):
            st.caption(by, width="content")
        if one.answer:
            st.feedback(
                "thumbs",
                key=f"{key}_thumb",
                default=None if one.thumb == 0 else (one.thumb + 1) // 2,
                on_change=_rate,
                args=(one.id, f"{key}_thumb"),
            )
            with st.popover(
                "Copy", icon=":material/content_copy:", type="tertiary", key=f"{key}_copy", on_change="rerun"
            ) as box:
                if box.open:
                    st.code(one.answer, language=None, wrap_lines=True)
        if last and one.told.failure and not one.told.stopped:
            st.button(
                "Answer without a model",
                icon=":material/key_off:",
                type="tertiary",
                key=f"{key}_itself",
                on_click=talking.ask_again,
                args=(one, OFFLINE),
            )
        if last:
            st.button(
                "Ask again",
                icon=":material/refresh:",
                type="tertiary",
                key=f"{key}_again",
                on_click=talking.ask_again,
                args=(one,),
            )
            with st.popover(
                "Edit", icon=":material/edit:", type="tertiary", key=f"{key}_edit", on_change="rerun"
            ) as box:
                if box.open:
                    words = st.text_area(
                        "Your question", one.question, max_chars=2000, height=160, width=EDITED, key=f"{key}_words"
                    )
                    st.button(
                        "Ask this instead",
                        key=f"{key}_instead",
                        on_click=talking.ask_instead,
                        args=(one, words),
                        disabled=not words.strip(),
                    )


def key_of(one: Message) -> str:
    """Return what the parts of a message are called: a store may give the id of one that was dropped anew."""
    return f"coach_{one.id}_{one.at:%H%M%S%f}"


def answered_by(one: Message, formats: Formats) -> str:
    """Return who gave an answer, and what it cost."""
    if one.told.stopped:
        spent = one.told.usage.sent + one.told.usage.received
        return f"About {formats.number(spent)} tokens" if spent else ""
    if not one.told.provider:
        return ""
    spent = one.told.usage.sent + one.told.usage.received
    tokens = f" · {formats.number(spent)} tokens" if spent else ""
    by = f"{one.told.provider} · {one.told.model}"
    if one.told.provider == OFFLINE:
        by = "Answered without a language model, from your figures alone"
    return plain_text(f"{one.told.because} {by}{tokens}".strip())


def _rate(number: int, key: str) -> None:
    guest = require_user()
    chosen = st.session_state.get(key)
    with talking.told_later():
        rate(guest.house.store, guest.user, number, 0 if chosen is None else 1 if chosen else -1)
