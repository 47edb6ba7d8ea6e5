"""A forgotten password: a link by e-mail, with the same words whether or not the address is known."""

import streamlit as st

from core.identity import forgot_password
from core.runtime import runtime
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.gate import address, server_address
from pages.shared.proof import outbox_note

house = runtime()
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.title("Forgot your password?", anchor=False)
    with st.form("forgot"):
        email = st.text_input("E-mail", autocomplete="email", placeholder="name@example.org")
        sent = st.form_submit_button("Send a link", type="primary", width="stretch")
    if sent:
        with failures_told():
            forgot_password(house.store, house.vault, house.senders.post, email, server_address(), address())
            st.success(
                "If this address has an account here, a link is on its way. It is good for an hour and works once.",
                icon=":material/mail:",
            )
            outbox_note()
    st.caption("No mail? The owner of this machine can set a new password: **python -m core user set-password**.")
    st.page_link(links.SIGN_IN, label="Sign in", icon=":material/login:")
