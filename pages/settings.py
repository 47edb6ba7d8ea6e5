"""Settings: who you are, how things are shown, your password, and where you are signed in."""

from dataclasses import replace
from typing import Final
from zoneinfo import available_timezones

import streamlit as st
from babel import Locale

from core.identity import Profile, change_password, end_all_sessions, end_session, list_sessions, update_profile
from pages.shared.errors import failures_told
from pages.shared.formats import CURRENCIES, formats_of, plain_text
from pages.shared.gate import Visitor, require_user

LOCALES: Final = (
    "en_US",
    "en_GB",
    "de_DE",
    "de_CH",
    "fr_FR",
    "es_ES",
    "it_IT",
    "nl_NL",
    "pt_PT",
    "da_DK",
    "sv_SE",
    "pl_PL",
)
ZONES: Final = tuple(sorted(available_timezones()))


def _language(code: str) -> str:
    return str(Locale.parse(code).get_display_name("en"))


def _profile(guest: Visitor) -> None:
    now = guest.profile
    with st.form("profile", border=True):
        st.subheader("Profile")
        st.caption(plain_text(f"Signed in as {now.email}"))
        first, last = st.columns(2)
        first_name = first.text_input("First name", now.first_name, max_chars=80)
        last_name = last.text_input("Last name", now.last_name, max_chars=80)
        left, right = st.columns(2)
        currency = left.selectbox(
            "Currency of your totals", CURRENCIES, index=_index(CURRENCIES, now.currency), accept_new_options=True
        )
        locale = right.selectbox(
            "How numbers and dates are written", LOCALES, index=_index(LOCALES, now.locale), format_func=_language
        )
        zone = st.selectbox(
            "Time zone", ZONES, index=_index(ZONES, now.time_zone), help="It decides which day it is for you."
        )
        if st.form_submit_button("Save", type="primary"):
            _save(
                replace(
                    now,
                    first_name=first_name,
                    last_name=last_name,
                    currency=currency or now.currency,
                    locale=locale or now.locale,
                    time_zone=zone or now.time_zone,
                )
            )


def _index(choices: tuple[str, ...], chosen: str) -> int:
    return choices.index(chosen) if chosen in choices else 0


def _save(wanted: Profile) -> None:
    guest = require_user()
    with failures_told():
        update_profile(guest.house.store, wanted)
        st.toast("Saved.", icon=":material/check:")


def _password(guest: Visitor) -> None:
    with st.form("password", border=True, clear_on_submit=True):
        st.subheader("Password")
        old = st.text_input("Present password", type="password", autocomplete="current-password")
        new = st.text_input("New password", type="password", autocomplete="new-password")
        again = st.text_input("New password again", type="password", autocomplete="new-password")
        st.caption("Changing it signs you out everywhere else.")
        if st.form_submit_button("Change password"):
            with failures_told():
                if new != again:
                    st.error("The two new passwords are not the same. Nothing was changed.", icon=":material/error:")
                else:
                    house = guest.house
                    change_password(house.store, house.vault, guest.user, guest.session_id, old, new)
                    st.success("The password is changed.", icon=":material/check_circle:")


def _end(session_id: int) -> None:
    guest = require_user()
    end_session(guest.house.store, guest.user, session_id)


def _end_others() -> None:
    guest = require_user()
    end_all_sessions(guest.house.store, guest.user, but=guest.session_id)


def _sessions(guest: Visitor) -> None:
    with st.container(border=True):
        st.subheader("Where you are signed in")
        sessions, formats = list_sessions(guest.house.store, guest.user), formats_of(guest.profile)
        for one in sessions:
            words, button = st.columns([5, 1], vertical_alignment="center")
            here = " (this browser)" if one.id == guest.session_id else ""
            words.markdown(plain_text(f"{_browser(one.agent)}{here}"))
            words.caption(plain_text(f"from {one.address}, last seen {formats.ago(one.last_seen_at)}"))
            if not here:
                button.button("Sign out", key=f"end-{one.id}", on_click=_end, args=(one.id,))
        if len(sessions) > 1:
            st.button("Sign out everywhere else", on_click=_end_others)


def _browser(agent: str) -> str:
    for sign, name in (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari")):
        if sign in agent:
            return name
    return agent[:60] or "A browser"


guest = require_user()
st.title("Settings")
_profile(guest)
if not guest.profile.is_demo:
    _password(guest)
_sessions(guest)
