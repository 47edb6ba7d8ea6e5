"""How you sign in: e-mail address, password, second factors, recovery codes."""

from typing import Final, Literal, cast

import streamlit as st

from core.identity import (
    SHORTEST,
    SHORTEST_WITH_FACTOR,
    AppSetup,
    FactorEntry,
    FactorKind,
    ask_email_change,
    begin_app,
    begin_email,
    begin_phone,
    change_password,
    codes_left,
    confirm_app,
    confirm_sent,
    forgot_password,
    list_factors,
    renew_codes,
    send_verification,
    step_up,
    turn_off,
)
from pages.shared.errors import failures_told
from pages.shared.formats import formats_of, plain_text
from pages.shared.gate import Visitor, address, require_user, server_address
from pages.shared.proof import confirmed, forget_sent, outbox_note, prove, sent_panel

_CODES: Final = "new_recovery_codes"
_SETUP: Final = "app_setup"
NAMES: Final[dict[FactorKind, str]] = {"app": "Authenticator app", "phone": "Phone", "email": "E-mail codes"}
ICONS: Final[dict[FactorKind, str]] = {
    "app": ":material/phonelink_lock:",
    "phone": ":material/sms:",
    "email": ":material/mail_lock:",
}


def email_form(guest: Visitor) -> None:
    """Draw the e-mail address: whether it is confirmed, and how to change it."""
    house, profile = guest.house, guest.profile
    with st.container(border=True):
        st.subheader("E-mail address", anchor=False)
        state = ":material/verified: confirmed" if profile.email_verified else ":material/pending: not confirmed yet"
        st.markdown(f"{plain_text(profile.email)}  \n:small[:gray[{state}]]")
        if not profile.email_verified and st.button("Send the letter again", icon=":material/send:"):
            with failures_told(), st.spinner("Sending"):
                send_verification(house.store, house.vault, house.senders.post, guest.user, server_address())
                st.success("A letter with a link is on its way.", icon=":material/mail:")
                outbox_note()
        if st.button("Change the address", key="change_email"):
            _change_email()


@st.dialog("Change your e-mail address")
def _change_email() -> None:
    guest = require_user()
    house = guest.house
    with failures_told():
        if not confirmed(guest):
            return
        with st.form("new_email", border=False):
            wanted = st.text_input("New e-mail address", autocomplete="email")
            sent = st.form_submit_button("Send a link to it", type="primary")
        if sent:
            with st.spinner("Sending"):
                ask_email_change(
                    house.store, house.vault, house.senders.post, guest.signed_in, wanted, server_address()
                )
            st.success("The change is made once the link in the letter is followed.", icon=":material/mail:")
            outbox_note()


def password_form(guest: Visitor) -> None:
    """Draw the change of the password, or the way to a first one."""
    with st.container(border=True):
        st.subheader("Password", anchor=False)
        if not guest.profile.has_password:
            _first_password(guest)
            return
        st.caption("Changing it signs you out everywhere else.")
        if st.button("Change the password", key="change_password"):
            _change_password()


def _first_password(guest: Visitor) -> None:
    if not guest.profile.email_verified:
        # The link would unlink the provider: whoever owns the address would have come instead of who made the account.
        st.caption("You have none: you sign in at the provider. Confirm your e-mail address first, then choose one.")
        return
    st.caption(
        "You have none: you sign in at the provider. A link by e-mail lets you choose one; after that, link the "
        "provider again."
    )
    if st.button("Send a link to set a password", icon=":material/send:"):
        house = guest.house
        with failures_told():
            forgot_password(
                house.store, house.vault, house.senders.post, guest.profile.email, server_address(), address()
            )
            st.success("A letter with a link is on its way.", icon=":material/mail:")
            outbox_note()


@st.dialog("Change your password")
def _change_password() -> None:
    guest = require_user()
    house = guest.house
    with failures_told():
        if not confirmed(guest):
            return
        shortest = SHORTEST_WITH_FACTOR if list_factors(house.store, house.vault, guest.user) else SHORTEST
        with st.form("password", border=False):
            old = st.text_input("Present password", type="password", autocomplete="current-password")
            new = st.text_input("New password", type="password", autocomplete="new-password")
            again = st.text_input("New password again", type="password", autocomplete="new-password")
            st.caption(f"{shortest} characters or more.")
            sent = st.form_submit_button("Change it", type="primary")
        if sent and new != again:
            st.error("The two new passwords are not the same. Nothing was changed.", icon=":material/error:")
        elif sent:
            change_password(house.store, house.vault, guest.signed_in, old, new)
            st.success("The password is changed.", icon=":material/check_circle:")


def factors_list(guest: Visitor) -> None:
    """Draw the second factors: what there is, and what can be set up."""
    house = guest.house
    factors = {one.kind: one for one in list_factors(house.store, house.vault, guest.user)}
    with st.container(border=True):
        st.subheader("Second factor", anchor=False)
        if not factors:
            st.caption("None yet. With one, a stolen password opens nothing. An authenticator app is the safest.")
        for kind in NAMES:
            if kind == "phone" and house.senders.phone is None and kind not in factors:
                st.caption("Codes by phone need an account at Vonage: set VONAGE_APPLICATION_ID in the file .env.")
                continue
            _factor(guest, kind, factors.get(kind))
        if factors:
            left = codes_left(house.store, guest.user)
            with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
                st.markdown(f":material/password: Recovery codes  \n:small[:gray[{left} unused]]", width="stretch")
                if st.button("Make new ones", key="renew_codes"):
                    _renew_codes()
    _show_codes()


def _factor(guest: Visitor, kind: FactorKind, entry: FactorEntry | None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        state = "not set up"
        if entry is not None:
            since = formats_of(guest.profile).moment(entry.confirmed_at)
            state = f"{plain_text(entry.hint)} since {since}".strip()
        st.markdown(f"{ICONS[kind]} {NAMES[kind]}  \n:small[:gray[{state}]]", width="stretch")
        if entry is not None:
            if st.button("Turn off", key=f"off_{kind}"):
                _turn_off(kind)
        elif st.button("Set up", key=f"on_{kind}"):
            st.session_state.pop(_SETUP, None)
            for channel in ("phone", "email"):
                forget_sent(f"set up_{channel}")
            if kind == "app":
                _set_up_app()
            else:
                _set_up_sent("phone" if kind == "phone" else "email")


@st.dialog("Set up an authenticator app")
def _set_up_app() -> None:
    guest = require_user()
    house = guest.house
    with failures_told():
        if not confirmed(guest):
            return
        setup = cast("AppSetup | None", st.session_state.get(_SETUP))
        if setup is None:
            setup = st.session_state[_SETUP] = begin_app(house.store, house.vault, guest.signed_in)
        st.markdown("Scan this with the app, or type the secret into it. Then type the code that the app shows.")
        st.image(setup.picture, width=220)
        st.code(
            " ".join(setup.secret[at : at + 4] for at in range(0, len(setup.secret), 4)), language=None, wrap_lines=True
        )
        with st.form("confirm_app", border=False):
            code = st.text_input("Code from the app", autocomplete="one-time-code", max_chars=12)
            sent = st.form_submit_button("Confirm", type="primary")
        if sent:
            _done(confirm_app(house.store, house.vault, guest.signed_in, code, address()))


@st.dialog("Set up codes")
def _set_up_sent(kind: Literal["phone", "email"]) -> None:
    guest = require_user()
    house = guest.house
    store, vault, senders = house.store, house.vault, house.senders
    with failures_told():
        if not confirmed(guest):
            return
        if kind == "email":
            st.markdown(f"Codes go to {plain_text(guest.profile.email)}.")
            waited = sent_panel("set up_email", lambda: begin_email(store, vault, senders, guest.signed_in))
        else:
            number = st.text_input("Phone number", placeholder="+44 7700 900123", autocomplete="tel")
            call = st.toggle("Call me instead of a text message")
            channel: Literal["sms", "voice"] = "voice" if call else "sms"
            waited = sent_panel(
                "set up_phone", lambda: begin_phone(store, vault, senders, guest.signed_in, number, channel)
            )
        if not waited:
            return
        with st.form("confirm_sent", border=False):
            code = st.text_input("Code", autocomplete="one-time-code", max_chars=12)
            sent = st.form_submit_button("Confirm", type="primary")
        if sent:
            _done(confirm_sent(store, vault, senders, guest.signed_in, kind, code, address()))


@st.dialog("Turn a second factor off")
def _turn_off(kind: FactorKind) -> None:
    guest = require_user()
    house = guest.house
    st.markdown(f"{NAMES[kind]} will no longer be asked for. It needs your password and a code, once more.")
    if not guest.profile.has_password:
        st.info("You have no password. Set one first.", icon=":material/password:")
        return
    with failures_told():
        password = st.text_input("Password", type="password", autocomplete="current-password", key="off_password")
        passed = prove(house, guest.user, "confirm")
        if passed is not None:
            # The code that is asked for anyway is the fresh check too: no code works twice.
            step_up(house.store, guest.signed_in, passed)
            turn_off(house.store, house.vault, guest.signed_in, kind, password, passed)
            st.rerun()


@st.dialog("New recovery codes")
def _renew_codes() -> None:
    guest = require_user()
    with failures_told():
        if not confirmed(guest):
            return
        st.markdown("The old ones stop working.")
        if st.button("Make new codes", type="primary"):
            _done(renew_codes(guest.house.store, guest.house.vault, guest.signed_in))


def _done(codes: tuple[str, ...]) -> None:
    st.session_state.pop(_SETUP, None)
    if codes:
        st.session_state[_CODES] = codes
    st.rerun()


def _show_codes() -> None:
    codes = cast("tuple[str, ...]", st.session_state.get(_CODES, ()))
    if codes:
        _codes_dialog(codes)


def _forget_codes() -> None:
    st.session_state.pop(_CODES, None)


@st.dialog("Your recovery codes", on_dismiss=_forget_codes)
def _codes_dialog(codes: tuple[str, ...]) -> None:
    st.markdown("Each opens your account once, when the second factor is lost. **They are shown now and never again.**")
    st.code("\n".join(codes), language=None)
    if st.button("I have kept them", type="primary", icon=":material/check:"):
        _forget_codes()
        st.rerun()
