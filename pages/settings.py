"""Settings: who you are, how you sign in, where you are signed in, and what happened."""

import streamlit as st

from pages.shared.gate import require_user
from pages.you import profile, provider, security, sessions

guest = require_user()
st.title("Settings")
if guest.profile.is_demo:
    profile.profile_form(guest)
    sessions.sessions_list(guest)
    st.stop()
# A place of its own, or the tabs would begin anew when what stands in it goes.
with st.container():
    provider.arrival(guest)
about, safety, log = st.tabs(["Profile", "Signing in", "Activity"])
with about:
    profile.profile_form(guest)
with safety:
    security.factors_list(guest)
    security.password_form(guest)
    provider.providers_list(guest)
    security.email_form(guest)
    sessions.sessions_list(guest)
with log:
    sessions.activity(guest)
