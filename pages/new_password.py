"""Choosing a new password, by the link that was sent."""

import streamlit as st

from core.errors import FinTrackError
from core.identity import SHORTEST, look_at_link, reset_password
from core.runtime import runtime
from pages.shared import links
from pages.shared.errors import failures_told, show_failure
from pages.shared.gate import address, token_of_link

house = runtime()
token = token_of_link()
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.title("A new password", anchor=False)
    try:
        look_at_link(house.store, house.vault, token, "reset")
    except FinTrackError as failure:
        show_failure(failure)
        st.page_link(links.FORGOT, label="Ask for a new link", icon=":material/lock_reset:")
        st.stop()
    with st.form("new_password"):
        new = st.text_input("New password", type="password", autocomplete="new-password")
        again = st.text_input("New password again", type="password", autocomplete="new-password")
        st.caption(
            f"{SHORTEST} characters or more; 8 where a second factor stands beside it. "
            "Every browser is signed out, and a second factor stays as it is."
        )
        sent = st.form_submit_button("Set the password", type="primary", width="stretch")
    if sent:
        with failures_told():
            if new != again:
                st.error("The two passwords are not the same. Type them again.", icon=":material/error:")
            else:
                reset_password(house.store, house.vault, token, new, address())
                st.success("The password is set. Sign in with it.", icon=":material/check_circle:")
                st.page_link(links.SIGN_IN, label="Sign in", icon=":material/login:")
