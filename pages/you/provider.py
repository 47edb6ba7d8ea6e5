"""The sign-in provider in Settings: linking it, unlinking it, and coming back from it."""

from typing import Final, cast

import streamlit as st

from core.identity import (
    Identity,
    check_provider,
    is_linked,
    link_external,
    list_external,
    list_factors,
    step_up,
    unlink_external,
)
from pages.shared.errors import failures_told
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import Visitor, address, require_user
from pages.shared.proof import confirmed
from pages.shared.provider import came_back, go_button, name_of, whom_it_brought

_OFFERED: Final = "provider_offered"


def arrival(guest: Visitor) -> None:
    """Draw what comes of coming back from the provider: a fresh check, or an identity that can be linked."""
    house = guest.house
    if came_back():
        st.session_state.pop(_OFFERED, None)
        with failures_told():
            identity, errand = whom_it_brought(house)
            if not is_linked(house.store, guest.user, identity):
                st.session_state[_OFFERED] = identity
            elif errand != "again" or list_factors(house.store, house.vault, guest.user):
                st.info("The provider knows you. It is linked to your account already.", icon=":material/link:")
            else:
                step_up(
                    house.store,
                    guest.signed_in,
                    check_provider(house.store, house.vault, guest.user, identity, address()),
                )
                st.success("You are confirmed, for ten minutes. Do again what asked for it.", icon=":material/check:")
    offered = cast("Identity | None", st.session_state.get(_OFFERED))
    if offered is not None:
        with st.container(border=True):
            whom = plain_text(offered.email or offered.subject)
            st.markdown(
                f"**Link {name_of(house)} ({whom})?**  \n"
                "Whoever can sign in to that account can then sign in here as you."
            )
            with st.container(horizontal=True):
                if st.button("Link it", type="primary", icon=":material/link:"):
                    _link()
                st.button("Don't link", on_click=_decline)


def _decline() -> None:
    st.session_state.pop(_OFFERED, None)


@st.dialog("Link the provider")
def _link() -> None:
    guest = require_user()
    offered = cast("Identity | None", st.session_state.get(_OFFERED))
    with failures_told():
        if offered is not None and confirmed(guest):
            link_external(guest.house.store, guest.signed_in, offered)
            _decline()
            st.toast(f"{name_of(guest.house)} is linked.", icon=":material/link:")
            st.rerun()


def providers_list(guest: Visitor) -> None:
    """Draw the provider: whether it is linked, and how to link or unlink it."""
    house, formats = guest.house, formats_of(guest.profile)
    linked = list_external(house.store, guest.user)
    if not linked and not house.settings.oidc_configured:
        return
    with st.container(border=True):
        st.subheader("Sign-in provider", anchor=False)
        for one in linked:
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                since = formats.moment(one.created_at)
                st.markdown(f"{plain_text(one.issuer)}  \n:small[:gray[linked since {since}]]", width="stretch")
                if st.button("Unlink", key=f"unlink_{one.id}"):
                    _unlink(one.id)
        if not linked:
            st.caption(f"Link {name_of(house)} to sign in there instead of typing your password.")
            if st.button("Link", key="link_provider", icon=":material/link:"):
                _begin()


@st.dialog("Link the provider")
def _begin() -> None:
    guest = require_user()
    with failures_told():
        if confirmed(guest):
            st.markdown("Sign in there; you come back to Settings and are asked once more.")
            go_button(guest.house, f"Go to {name_of(guest.house)}", "again")


@st.dialog("Unlink the provider")
def _unlink(number: int) -> None:
    guest = require_user()
    with failures_told():
        if not confirmed(guest):
            return
        st.markdown("You will sign in by your password alone. Every other browser is signed out.")
        if st.button("Unlink it", type="primary"):
            unlink_external(guest.house.store, guest.signed_in, number)
            st.rerun()
