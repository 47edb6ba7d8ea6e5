"""Signing up: e-mail, names and a password."""

import streamlit as st

from core.errors import MailError
from core.identity import SHORTEST, sign_up, sign_up_open
from core.runtime import runtime
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.gate import address, server_address, visitor, ways
from pages.shared.proof import outbox_note
from pages.shared.provider import go_buttons

if visitor() is not None:
    st.stop()

house = runtime()
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.title("Sign up", anchor=False)
    if not sign_up_open(house.store, house.settings):
        st.info("Signing up is closed on this machine. Ask its owner to add you.", icon=":material/lock:")
        st.page_link(links.SIGN_IN, label="Sign in", icon=":material/login:")
        st.stop()
    with st.form("sign_up"):
        first, last = st.columns(2)
        first_name = first.text_input("First name", autocomplete="given-name", max_chars=80)
        last_name = last.text_input("Last name", autocomplete="family-name", max_chars=80)
        email = st.text_input("E-mail", autocomplete="email", placeholder="name@example.org")
        password = st.text_input(
            "Password",
            type="password",
            autocomplete="new-password",
            help=f"At least {SHORTEST} characters, of any kind, spaces too.",
        )
        st.caption(
            f"{SHORTEST} characters or more. Four or five words that don't belong together are easy to remember."
        )
        again = st.text_input("Password again", type="password", autocomplete="new-password")
        sent = st.form_submit_button("Sign up", type="primary", width="stretch")
    if sent:
        with failures_told():
            if password != again:
                st.error("The two passwords are not the same. Type them again.", icon=":material/error:")
            else:
                letter = "A letter asks you to confirm the address."
                try:
                    sign_up(
                        house.store,
                        house.vault,
                        house.settings,
                        email,
                        password,
                        first_name,
                        last_name,
                        post=house.senders.post,
                        base=server_address(),
                        address=address(),
                        ways=ways(),
                    )
                except MailError:
                    letter = (
                        "The letter that asks you to confirm the address could not be sent: Settings sends it again."
                    )
                st.success(
                    "Done. If this e-mail was not known here before, its account is ready: sign in with it now. "
                    f"{letter}",
                    icon=":material/check_circle:",
                )
                outbox_note()
    go_buttons(house, "Sign up with", "keep")
    with st.container(horizontal=True):
        st.page_link(links.SIGN_IN, label="Sign in", icon=":material/login:")
        st.page_link(links.LANDING, label="Back", icon=":material/arrow_back:")
