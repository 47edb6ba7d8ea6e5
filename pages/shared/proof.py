"""Asking who is there: by the second factor; where there is none by the password, or at the sign-in provider."""

from collections.abc import Callable
from typing import Final, cast

import streamlit as st

from core import clock
from core.errors import FinTrackError
from core.identity import (
    Channel,
    CodePurpose,
    FactorEntry,
    Passed,
    Senders,
    SentCode,
    check_app,
    check_code,
    check_password,
    check_recovery,
    codes_left,
    is_fresh,
    list_external,
    list_factors,
    profile,
    providers_of,
    send_code,
    step_up,
)
from core.runtime import Runtime, runtime
from core.store import Store, UserId
from core.vault import Vault
from pages.shared.errors import failures_told, show_failure
from pages.shared.formats import plain_text
from pages.shared.gate import Visitor, address
from pages.shared.provider import go_buttons

WAYS: Final = {
    "app": "Authenticator app",
    "sms": "Text message",
    "voice": "Phone call",
    "email": "E-mail",
    "recovery": "Recovery code",
}
CODE_LENGTH: Final = 12


def confirmed(guest: Visitor) -> bool:
    """Tell whether `guest` proved who they are a short while ago; else draw what they can prove it with.

    The service behind asks again: this only spares people a refusal.
    """
    house = guest.house
    if is_fresh(house.store, guest.signed_in):
        return True
    place = st.empty()
    with place.container(border=True):
        st.markdown(
            "**First confirm that it is you**  \n:small[:gray[It is asked before what is yours is "
            "opened, ended or handed out, and again after ten minutes.]]"
        )
        passed = prove(house, guest.user, "confirm")
        if passed is None:
            return False
        step_up(house.store, guest.signed_in, passed)
    place.empty()
    return True


def prove(house: Runtime, user: UserId, purpose: CodePurpose) -> Passed | None:
    """Draw the form that proves who somebody is; return the proof in the run in which it was given."""
    factors = list_factors(house.store, house.vault, user)
    # Whoever is signed in already is not held up by strangers who guess from the same address.
    where = address() if purpose == "sign in" else ""
    if not factors and not profile(house.store, user).has_password:
        _at_provider(house, user)
        return None
    if not factors:
        return _typed(
            "Password",
            lambda typed: check_password(house.store, house.vault, user, typed, where),
            secret=True,
        )
    ways = _ways(house, user, factors)
    way = ways[0]
    if len(ways) > 1:
        way = (
            st.segmented_control(
                "How", ways, format_func=WAYS.__getitem__, default=ways[0], required=True, key=f"proof_way_{purpose}"
            )
            or ways[0]
        )
    if way == "app":
        return _typed(
            "Code from your authenticator app",
            lambda typed: check_app(house.store, house.vault, user, typed, where),
        )
    if way == "recovery":
        return _typed(
            "Recovery code",
            lambda typed: check_recovery(house.store, house.vault, user, typed, where),
        )
    channel: Channel = "email" if way == "email" else "voice" if way == "voice" else "sms"
    key = f"{user}_{purpose}_{channel}"
    if not sent_panel(key, lambda: send_code(*_of(house), user, channel, purpose)):
        return None
    passed = _typed("Code", lambda typed: check_code(*_of(house), user, typed, purpose, where))
    if passed is not None:
        forget_sent(key)
    return passed


def _at_provider(house: Runtime, user: UserId) -> None:
    """Draw the way to the providers that know `user`: who comes back from there is taken on the Settings page."""
    linked = list_external(house.store, user)
    known = [one for one in providers_of(house.settings) if any(one.signs_as(link.issuer) for link in linked)]
    if not known:
        st.caption("Set a password first: Settings, under Signing in, sends you a link.")
        return
    st.caption("You have no password here. Sign in there once more; you come back to Settings.")
    go_buttons(house, "Confirm with", "again", known)


def sent_panel(key: str, send: Callable[[], SentCode]) -> bool:
    """Draw the button that sends a code, and what became of it; tell whether one is waited for."""
    place = f"sent_{key}"
    sent = cast("SentCode | None", st.session_state.get(place))
    if sent is not None and sent.expires_at <= clock.now():
        sent = None
    if st.button("Send a new code" if sent else "Send a code", icon=":material/send:", key=f"send_{key}"):
        with st.spinner("Sending"), failures_told():
            sent = st.session_state[place] = send()
    if sent is None:
        return False
    st.caption(f"A code went to {plain_text(sent.sent_to)}. It is good for ten minutes and three tries.")
    outbox_note()
    return True


def forget_sent(key: str) -> None:
    """Forget the code that a panel sent: it was used, or something else is begun."""
    st.session_state.pop(f"sent_{key}", None)


def outbox_note() -> None:
    """Tell where letters are, on a machine without a mail server."""
    outbox = runtime().senders.post.outbox
    if outbox is not None:
        st.caption(
            f"No mail server is set up, so letters are laid into the folder `{outbox.name}` of FinTrack's data folder, "
            "on the machine that it runs on."
        )


def _of(house: Runtime) -> tuple[Store, Vault, Senders]:
    return house.store, house.vault, house.senders


def _ways(house: Runtime, user: UserId, factors: tuple[FactorEntry, ...]) -> list[str]:
    ways: list[str] = []
    for one in factors:
        if one.kind == "phone":
            ways += ["sms", "voice"] if house.senders.phone is not None else []
        else:
            ways.append(one.kind)
    return [*ways, *(["recovery"] if codes_left(house.store, user) or not ways else [])]


def _typed(label: str, check: Callable[[str], Passed], *, secret: bool = False) -> Passed | None:
    with st.form(f"proof_{label}", border=False, clear_on_submit=True):
        typed = st.text_input(
            label,
            type="password" if secret else "default",
            autocomplete="current-password" if secret else "one-time-code",
            max_chars=None if secret else CODE_LENGTH,
        )
        sent = st.form_submit_button("Confirm", type="primary", icon=":material/verified_user:")
    if not sent:
        return None
    try:
        return check(typed)
    except FinTrackError as failure:
        show_failure(failure)
        return None
