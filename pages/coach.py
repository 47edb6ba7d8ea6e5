"""Coach: questions in plain words, answered from the person's own figures, with what each answer rests on."""

from typing import Final

import streamlit as st

from core.analytics import account_summaries
from core.coach import (
    NO_END,
    OFFLINE,
    Answering,
    Asking,
    Message,
    Scope,
    Standing,
    coming_to,
    models_allowed,
    suggestions,
)
from pages.coaching import talking
from pages.coaching.message import COACH, key_of, message, question
from pages.coaching.steps import brief, looked_at
from pages.coaching.talks import talks
from pages.shared.empty import nothing_yet
from pages.shared.errors import failures_told, show_failure
from pages.shared.formats import Formats, clean, formats_of, plain_text
from pages.shared.gate import Visitor, require_user, visitor

EVERY: Final = 0.1
"""Seconds between two looks at an answer that is coming."""
SHOWN: Final = 20
"""So many questions of a conversation are drawn, and so many more each time that earlier ones are asked for."""
NO_MODEL: Final = (
    "No language model is set up, so the coach answers by itself the questions that it knows. "
    "For free conversation set GEMINI_API_KEY in your .env file and start FinTrack again."
)
USED_UP: Final = (
    "The tokens that you allow a month are used up, so the coach answers by itself. Settings, Coach, changes how many."
)
DOWN: Final = """<script>
for (const after of [0, 150, 500]) setTimeout(() => {
  const screen = document.querySelector('.stMain');
  if (screen) screen.scrollTo({top: screen.scrollHeight});
}, after);
</script>"""
"""Whoever has asked, or opened a conversation, sees its end: the page itself stays where an older answer was read."""
_EARLIER: Final = "coach_earlier"


@st.fragment(run_every=EVERY)
def coming(begun: Answering) -> None:
    """Draw an answer as it comes; the whole page anew once it is kept, or its person signed out elsewhere."""
    if _is_over(begun):
        st.rerun()
    with failures_told():
        told = begun.so_far()
        with st.chat_message("assistant", avatar=COACH):
            for one in told.found:
                brief(one)
            if told.text:
                st.markdown(begun.markdown(told))
            with st.container(horizontal=True, vertical_alignment="center", gap="small"):
                what = "Stopping …" if begun.stopping else doing(told.waiting, told.asking)
                st.caption(f":material/hourglass_top: {what}", width="content")
                st.button("Stop answering", icon=":material/stop_circle:", key="coach_stop", on_click=talking.stop)


@st.fragment(run_every=1.0)
def elsewhere(begun: Answering) -> None:
    """Say that an answer is coming in another conversation."""
    if _is_over(begun):
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            ":material/hourglass_top: An answer is coming in another conversation; then you can ask here.",
            width="content",
        )
        shown = st.button("Show it", icon=":material/visibility:", type="tertiary", key="coach_show")
        st.button("Stop it", icon=":material/stop_circle:", type="tertiary", key="coach_stop", on_click=talking.stop)
    if shown:
        talking.go_to(begun.conversation)
        st.rerun()


def _is_over(begun: Answering) -> bool:
    """Tell whether the answer is kept, or whoever asked is not here any more: then the whole page is drawn anew."""
    # Nobody needs to be there for this to run: a session that is left alone must still end.
    return begun.done or visitor(used=False) is None


def doing(waiting: tuple[str, ...], asking: Asking | None) -> str:
    """Return what happens at the moment, as Markdown."""
    if waiting:
        return plain_text(f"Looking at {' and '.join(dict.fromkeys(map(looked_at, waiting)))} …")
    if asking is None or asking.provider == OFFLINE:
        return "Looking it up …"
    return plain_text(f"{asking.because} Asking {asking.provider} …".strip())


def who_answers(guest: Visitor, standing: tuple[Standing, ...], *, first: bool) -> None:
    """Say who answers, and let a person choose where there are several; that there is no model is said `first`."""
    models = [one for one in standing if one.provider != OFFLINE]
    if models and not models_allowed(guest.house.store, guest.user, guest.today):
        st.caption(f":material/savings: {USED_UP}")
        return
    if not models:
        if first:
            st.caption(f":material/key_off: {NO_MODEL}")
        return
    names = {"": "First that can"} | {one.key: f"{one.provider} · {one.model}" for one in models}
    names[OFFLINE] = "Without a model"
    keys = list(names)
    chosen = talking.preferred()
    talking.prefer(
        st.selectbox(
            "Who answers",
            keys,
            index=keys.index(chosen) if chosen in keys else 0,
            format_func=lambda one: clean(names[one]),
            key="coach_who",
            width=320,
        )
    )
    for one in models:
        if not one.ready:
            st.caption(f":material/info: {plain_text(f'{one.provider}: {one.because}')}")


def beginning(guest: Visitor, *, waits: bool) -> None:
    """Offer some questions about this person's own money."""
    st.caption("Ask in plain words. Every figure in an answer comes from your own data, and you can see from where.")
    offered = suggestions(Scope(guest.house.store, guest.cache, guest.profile))
    with st.container(horizontal=True, gap="small"):
        for place, one in enumerate(offered):
            st.button(
                plain_text(one), key=f"coach_suggestion_{place}", on_click=talking.ask, args=(one,), disabled=waits
            )


def screen(guest: Visitor, formats: Formats) -> None:
    """Draw the conversation and the box for the next question."""
    guest.house.coach.make_ready()
    # Looked at first: what comes to its end while the messages are read is drawn from the answer itself.
    begun = coming_to(guest.user)
    number, messages = talking.opened(guest)
    if begun is None and messages and messages[-1].told == NO_END:
        begun = coming_to(guest.user)
    talks(guest, number, messages, formats)
    who_answers(guest, guest.house.coach.status(), first=not messages)
    if talking.gone():
        st.info(talking.GONE, icon=":material/info:")
    if not messages:
        beginning(guest, waits=begun is not None)
    here = begun is not None and begun.conversation == number
    shown = _last_of(number, messages)
    for one in shown:
        with failures_told():
            if begun is not None and here and one.id == begun.asked.id:
                question(one.question)
                coming(begun)
            else:
                message(one, formats, last=one is messages[-1] and begun is None)
    if begun is not None and not here:
        elsewhere(begun)
    refused = talking.refused()
    if refused is not None:
        show_failure(refused)
    if messages:
        st.html(f"{DOWN}<i data-last='{key_of(messages[-1])}'></i>", unsafe_allow_javascript=True)
    st.chat_input(
        "Ask about your money", key="coach_box", max_chars=2000, disabled=begun is not None, on_submit=from_box
    )


def _last_of(number: int | None, messages: tuple[Message, ...]) -> tuple[Message, ...]:
    """Return the last messages; a button before them leads to earlier ones, for each that is drawn takes its time."""
    place, most = st.session_state.get(_EARLIER, (None, SHOWN))
    most = most if place == number else SHOWN
    if len(messages) > most:
        st.button(
            "Show earlier questions",
            icon=":material/expand_less:",
            type="tertiary",
            key="coach_show_earlier",
            on_click=lambda: st.session_state.update({_EARLIER: (number, most + SHOWN)}),
        )
    return messages[-most:]


def from_box() -> None:
    """Ask what stands in the box; what was not taken stands there again."""
    text = str(st.session_state.get("coach_box") or "")
    if text.strip() and not talking.take(text):
        st.session_state["coach_box"] = text


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
