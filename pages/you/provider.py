"""The sign-in providers in Settings: linking one, unlinking it, and coming back from it."""

from typing import Final, cast

import streamlit as st

from core.identity import (
    Identity,
    Provider,
    check_provider,
    is_linked,
    link_external,
    list_external,
    list_factors,
    providers_of,
    step_up,
    unlink_external,
)
from pages.shared.errors import failures_told
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import Visitor, address, require_user
from pages.shared.proof import confirmed
from pages.shared.provider import came_back, go_buttons, name_at, whom_it_brought

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
                f"**Link {name_at(house, offered.issuer)} ({whom})?**  \n"
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
            st.toast(f"{name_at(guest.house, offered.issuer)} is linked.", icon=":material/link:")
            st.rerun()


def providers_list(guest: Visitor) -> None:
    """Draw the providers: which are linked, and how to link or unlink one."""
    house, formats = guest.house, formats_of(guest.profile)
    linked = list_external(house.store, guest.user)
    others = [one for one in providers_of(house.settings) if not any(one.signs_as(link.issuer) for link in linked)]
    if not linked and not others:
        return
    with st.container(border=True):
        st.subheader("Sign-in providers", anchor=False)
        if not linked:
            st.caption("Link an account elsewhere to sign in there instead of typing your password.")
        for one in linked:
            name, since = name_at(house, one.issuer), formats.moment(one.created_at)
            if _row(name, f"linked since {since}", "Unlink", f"unlink_{one.id}"):
                _unlink(one.id, name)
        for provider in others:
            if _row(plain_text(provider.name), "not linked", "Link", f"link_{provider.key}"):
                _begin(provider)


def _row(name: str, state: str, label: str, key: str) -> bool:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        st.markdown(f":material/passkey: {name}  \n:small[:gray[{state}]]", width="stretch")
        return st.button(label, key=key)


@st.dialog("Link the provider")
def _begin(provider: Provider) -> None:
    guest = require_user()
    with failures_told():
        if confirmed(guest):
            st.markdown("Sign in there; you come back to Settings and are asked once more.")
            go_buttons(guest.house, "Go to", "again", [provider])


@st.dialog("Unlink the provider")
def _unlink(number: int, name: str) -> None:
    guest = require_user()
    with failures_told():
        if not confirmed(guest):
            return
        st.markdown(f"{name} will no longer let you in here. Every other browser is signed out.")
        if st.button("Unlink it", type="primary"):
            unlink_external(guest.house.store, guest.signed_in, number)
            st.rerun()
