"""Where you are signed in, and what happened to your account."""

import streamlit as st

from core.identity import broken_event, end_all_sessions, end_session, list_events, list_sessions
from pages.shared.errors import failures_told
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import Visitor, require_user


def _end(session_id: int) -> None:
    # Whoever got into another browser could else keep its owner from this by changing a lot there.
    guest = require_user(counted=False)
    with failures_told():
        end_session(guest.house.store, guest.user, session_id)


def _end_others() -> None:
    guest = require_user(counted=False)
    with failures_told():
        end_all_sessions(guest.house.store, guest.user, but=guest.session_id)


def sessions_list(guest: Visitor) -> None:
    """Draw the browsers that are signed in, each with a way to end it."""
    with st.container(border=True):
        st.subheader("Where you are signed in", anchor=False)
        sessions, formats = list_sessions(guest.house.store, guest.user), formats_of(guest.profile)
        for one in sessions:
            words, button = st.columns([5, 1], vertical_alignment="center")
            here = " (this browser)" if one.id == guest.session_id else ""
            words.markdown(plain_text(f"{_browser(one.agent)}{here}"))
            words.caption(
                plain_text(f"from {one.address or 'this machine'}, last seen {formats.ago(one.last_seen_at)}")
            )
            if not here:
                button.button("Sign out", key=f"end-{one.id}", on_click=_end, args=(one.id,))
        if len(sessions) > 1:
            st.button("Sign out everywhere else", on_click=_end_others)


def _browser(agent: str) -> str:
    for sign, name in (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")):
        if sign in agent:
            return name
    return agent[:60] or "A browser"


def activity(guest: Visitor) -> None:
    """Draw the audit log: what was done with this account, newest first."""
    store, formats = guest.house.store, formats_of(guest.profile)
    events, broken = list_events(store, guest.user), broken_event(store, guest.user)
    if broken is not None:
        at = next((formats.moment(one.at) for one in events if one.id == broken), "an earlier day")
        st.error(
            f"Somebody changed this list from outside FinTrack: the entry of {at} does not follow from the one before "
            "it. Restore a backup, and find out who had access to the data.",
            icon=":material/gpp_bad:",
        )
    if not events:
        st.caption("Nothing has happened yet.")
        return
    st.dataframe(
        {
            "When": [formats.moment(one.at) for one in events],
            "What": [_sentence(one.event) for one in events],
            "From": [one.address or "-" for one in events],
        },
        hide_index=True,
        width="stretch",
        height="content" if len(events) < 12 else 420,
    )
    if broken is None:
        st.caption(
            "Each entry is sealed to the one before it, and all still fit: none was changed or taken out between."
        )


def _sentence(event: str) -> str:
    return event[:1].upper() + event[1:]
