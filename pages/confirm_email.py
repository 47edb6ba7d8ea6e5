"""Confirming an e-mail address, by the link that was sent. A button does it: mail programs open links by themselves."""

from typing import cast

import streamlit as st

from core.identity import confirm_email, needs_sign_in
from core.runtime import runtime
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.formats import plain_text
from pages.shared.gate import let_link_wait, token_of_link, visitor

house = runtime()
guest = visitor()
token = token_of_link()
_, middle, _ = st.columns([1, 2, 1])
with middle:
    st.title("Confirm your e-mail address", anchor=False)
    # Kept for the runs that follow: the link itself works once.
    confirmed = cast("dict[str, str]", st.session_state.setdefault("confirmed_links", {}))
    waiting = bool(token) and token not in confirmed
    # Whoever gets the letter at a mistyped address must not be able to take the account over by it.
    to_sign_in = waiting and guest is None and needs_sign_in(house.store, house.vault, token)
    let_link_wait(wait=to_sign_in)
    if to_sign_in:
        st.markdown(
            "This link is for the address of an account. Sign in to that account, with the address that it has now, "
            "and it goes on here; if you sign in at a provider, open the link once more afterwards. If it is not your "
            "account, leave the link alone."
        )
    elif waiting:
        st.markdown("One click, and the address that this link was sent to is yours here.")
        if st.button("Confirm", type="primary", icon=":material/mark_email_read:"):
            with failures_told():
                confirmed[token] = confirm_email(house.store, house.vault, token, guest and guest.signed_in)
                st.rerun()
    if token in confirmed:
        st.success(f"{plain_text(confirmed[token])} is confirmed.", icon=":material/check_circle:")
    if not token:
        st.info("Open the link from the letter: it carries what is needed.", icon=":material/mail:")
    if guest is None:
        st.page_link(links.SIGN_IN, label="Sign in", icon=":material/login:")
    else:
        st.page_link(links.OVERVIEW, label="Overview", icon=":material/arrow_forward:")
