"""Coach: questions in plain words, answered from the person's own figures, with what each answer rests on."""

from typing import Final

import streamlit as st

from core.analytics import account_summaries
from core.coach import OFFLINE, Asking, Scope, Standing, ground, models_allowed, safe_markdown, suggestions
from pages.coaching import talking
from pages.coaching.answering import Answering
from pages.coaching.message import COACH, message, question
from pages.coaching.steps import brief, looked_at
from pages.coaching.talks import talks
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told, show_failure
from pages.shared.formats import Formats, formats_of, plain_text
from pages.shared.gate import Visitor, require_user

EVERY: Final = 0.1
"""Seconds between two looks at an answer that is coming."""
NO_MODEL: Final = (
    "No language model is set up, so the coach answers by itself the questions that it knows. "
    "For free conversation set GEMINI_API_KEY in your .env file and start FinTrack again."
)
USED_UP: Final = (
    "The tokens that you allow a month are used up, so the coach answers by itself. Settings, Coach, changes how many."
)


@st.fragment(run_every=EVERY)
def coming(formats: Formats) -> None:
    """Draw an answer as it comes; keep it when it has."""
    begun = _unfinished()
    if begun is None:
        return
    told = begun.so_far()
    question(begun.question)
    with st.chat_message("assistant", avatar=COACH):
        for one in told.found:
            brief(one)
        if told.text:
            st.markdown(safe_markdown(ground(told.text, begun.question, told.found, formats)))
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f":material/hourglass_top: {doing(told.waiting, told.asking)}", width="content")
            st.button("Stop", icon=":material/stop_circle:", key="coach_stop", on_click=talking.stop)


@st.fragment(run_every=1.0)
def elsewhere() -> None:
    """Say that an answer is coming in another conversation; keep it when it has."""
    if _unfinished() is not None:
        st.caption(":material/hourglass_top: An answer is coming in another conversation; then you can ask here.")


def _unfinished() -> Answering | None:
    """Return the answer that is coming; one that has come is kept, and the page drawn anew with it."""
    guest = require_user()
    begun = talking.live()
    if begun is not None and begun.done:
        talking.settle(guest, begun)
        st.rerun()
    return begun


def doing(waiting: tuple[str, ...], asking: Asking | None) -> str:
    """Return what happens at the moment, as Markdown."""
    if waiting:
        return plain_text(f"Looking at {' and '.join(dict.fromkeys(map(looked_at, waiting)))} …")
    if asking is None or asking.provider == OFFLINE:
        return "Looking it up …"
    return plain_text(f"{asking.because} Asking {asking.provider} …".strip())


def who_answers(guest: Visitor, standing: tuple[Standing, ...]) -> None:
    """Say who answers, and let a person choose where there are several."""
    models = [one for one in standing if one.provider != OFFLINE]
    if models and not models_allowed(guest.house.store, guest.user, guest.today):
        st.caption(f":material/savings: {USED_UP}")
        return
    if not models:
        st.caption(f":material/key_off: {NO_MODEL}")
        return
    names = {"": "First that can"} | {one.key: f"{one.provider} · {one.model}" for one in models}
    names[OFFLINE] = "Without a model"
    st.selectbox(
        "Who answers", list(names), format_func=lambda one: plain_text(names[one]), key=talking.PREFER, width=320
    )
    for one in models:
        if not one.ready:
            st.caption(f":material/info: {plain_text(f'{one.provider}: {one.because}')}")


def beginning(guest: Visitor) -> None:
    """Offer some questions about this person's own money."""
    st.caption("Ask in plain words. Every figure in an answer comes from your own data, and you can see from where.")
    offered = suggestions(Scope(guest.house.store, guest.cache, guest.profile))
    with st.container(horizontal=True, gap="small"):
        for place, one in enumerate(offered):
            st.button(plain_text(one), key=f"coach_suggestion_{place}", on_click=talking.ask, args=(one,))


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the conversation and the box for the next question."""
    guest.house.coach.make_ready()
    number, messages = talking.opened(guest)
    talks(guest, number, messages, formats)
    who_answers(guest, guest.house.coach.status())
    begun = talking.live()
    if not messages and begun is None:
        beginning(guest)
    for one in messages:
        with failures_told():
            message(one, formats, last=one is messages[-1] and begun is None)
    if begun is not None and begun.conversation == number:
        coming(formats)
    elif begun is not None:
        elsewhere()
    refused = talking.refused()
    if refused is not None:
        show_failure(refused)
    st.chat_input(
        "Ask about your money", key="coach_box", max_chars=2000, disabled=begun is not None, on_submit=from_box
    )


def from_box() -> None:
    """Ask what stands in the box."""
    text = str(st.session_state.get("coach_box") or "").strip()
    if text:
        talking.ask(text)


guest = require_user()
st.title("Coach", anchor=False)
with failures_told():
    if account_summaries(guest.cache):
        screen(guest, formats_of(guest.profile))
    else:
        nothing_yet(
            "Nothing to ask about yet",
            "Once your accounts are here the coach answers questions about your money, each figure from your own data.",
            icon=":material/forum:",
        )
