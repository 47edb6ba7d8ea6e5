"""Signing in: streamlit-authenticator's form over the store's users, our check and our sessions behind it."""

import streamlit as st

from core.identity import sign_up_open, start_session
from core.runtime import runtime
from pages.door.form import SignInForm
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.gate import address, agent, let_in, visitor

if visitor() is not None:
    st.stop()

house = runtime()
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.title("Sign in")
    # Drawn below the form, but asked before it: signing in takes it along.
    form = st.container()
    remember = st.checkbox(
        "Keep me signed in on this browser", value=True, help="For 30 days; else until you close it, 12 hours at most."
    )
    with form, failures_told():
        user = SignInForm(house.store, house.vault, address()).ask()
        if user is not None:
            let_in(
                start_session(house.store, user, agent=agent(), address=address(), remember=remember),
                remember=remember,
            )
            st.rerun()
    with st.container(horizontal=True):
        if sign_up_open(house.store, house.settings):
            st.page_link(links.SIGN_UP, label="Sign up", icon=":material/person_add:")
        st.page_link(links.LANDING, label="Back", icon=":material/arrow_back:")
