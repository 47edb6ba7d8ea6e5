"""Settings: who you are, how you sign in, what you are told, what happened, and all of your data."""

import streamlit as st

from pages.shared.gate import require_user
from pages.you import coaching, data, notifications, profile, provider, rates, security, sessions

guest = require_user()
st.title("Settings", anchor=False)
if guest.profile.is_demo:
    profile.profile_form(guest)
    profile.look_choice(guest)
    rates.rates_section(guest)
    sessions.sessions_list(guest)
    data.own_data()
    st.stop()
# A place of its own, or the tabs would begin anew when what stands in it goes.
with st.container():
    provider.arrival(guest)
about, safety, told, coach, log, everything = st.tabs(
    ["Profile", "Signing in", "Notifications", "Coach", "Activity", "Your data"], key="settings_tab", on_change="rerun"
)
if about.open:
    with about:
        profile.profile_form(guest)
        profile.look_choice(guest)
        rates.rates_section(guest)
if safety.open:
    with safety:
        security.factors_list(guest)
        security.password_form(guest)
        provider.providers_list(guest)
        security.email_form(guest)
        sessions.sessions_list(guest)
if told.open:
    with told:
        notifications.notices_form(guest)
if coach.open:
    with coach:
        coaching.coach_form(guest)
if log.open:
    with log:
        sessions.activity(guest)
if everything.open:
    with everything:
        data.own_data()
