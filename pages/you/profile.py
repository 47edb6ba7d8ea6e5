"""Who you are and how things are shown."""

from dataclasses import replace
from typing import Final
from zoneinfo import available_timezones

import streamlit as st
from babel import Locale

from core.identity import LOOKS, Look, Profile, update_profile
from pages.shared.errors import failures_told
from pages.shared.formats import CURRENCIES, plain_text
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
DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ZONES: Final = tuple(sorted(available_timezones()))


LOOKS_TOLD: Final[dict[Look, str]] = {
    "system": ":material/contrast: System",
    "light": ":material/light_mode: Light",
    "dark": ":material/dark_mode: Dark",
}
_LOOK: Final = "look"


def _language(code: str) -> str:
    return str(Locale.parse(code).get_display_name("en"))


def profile_form(guest: Visitor) -> None:
    """Draw the profile and keep what is changed."""
    now = guest.profile
    with st.form("profile", border=True):
        st.subheader("Profile", anchor=False)
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
        month, week = st.columns(2)
        month_day = month.number_input(
            "First day of your month", 1, 28, now.month_start_day, help="The day your pay comes, if you plan by it."
        )
        week_day = week.selectbox(
            "First day of your week", range(7), index=now.week_start_day, format_func=DAYS.__getitem__
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
                    month_start_day=int(month_day),
                    week_start_day=int(week_day or 0),
                )
            )


def _index(choices: tuple[str, ...], chosen: str) -> int:
    return choices.index(chosen) if chosen in choices else 0


def _save(wanted: Profile) -> None:
    guest = require_user()
    with failures_told():
        update_profile(guest.house.store, wanted)
        st.toast("Saved.", icon=":material/check:")


def look_choice(guest: Visitor) -> None:
    """Draw the choice of how screens look; the shell takes it to the browser."""
    with st.container(border=True):
        st.subheader("Appearance", anchor=False)
        st.segmented_control(
            "Appearance",
            LOOKS,
            default=guest.profile.look,
            format_func=LOOKS_TOLD.__getitem__,
            required=True,
            key=_LOOK,
            on_change=_keep_look,
            label_visibility="collapsed",
        )
        st.caption("In effect at once here, and in every other browser as soon as you open a page there.")


def _keep_look() -> None:
    guest = require_user()
    with failures_told():
        update_profile(guest.house.store, replace(guest.profile, look=st.session_state[_LOOK]))
