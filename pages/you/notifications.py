"""What you are told by letter, besides on the screen."""

from typing import Final

import streamlit as st

from core.identity import ALWAYS, KINDS, NoticeKind, choose_notice, notices_of
from core.insights import EVERY, Digest, Every, choose_digest, digest_of
from pages.shared.errors import failures_told
from pages.shared.formats import plain_text
from pages.shared.gate import Visitor, require_user
from pages.shared.proof import outbox_note

_TOLD: Final[dict[NoticeKind, tuple[str, str, str]]] = {
    "bank": (
        ":material/link_off:",
        "A bank connection needs you",
        "Once each time that a connection breaks and only you can mend it. Accounts always shows it.",
    ),
    "sync": (
        ":material/sync_problem:",
        "A bank could not be read for more than a day",
        "It is tried again by itself. Accounts always shows it.",
    ),
    "sign-in": (
        ":material/devices:",
        "A sign-in from a new browser",
        "From one in which you had not signed in before. Activity always shows it.",
    ),
    "safety": (
        ":material/shield_lock:",
        "How you sign in was changed",
        "Password, second factors, recovery codes, address, provider. Always sent: it protects your account.",
    ),
}

_OFTEN: Final[dict[Every, str]] = {"off": "Never", "daily": "Every day", "weekly": "Every week"}


def notices_form(guest: Visitor) -> None:
    """Draw each kind of news with whether it comes by e-mail too."""
    wanted = notices_of(guest.house.store, guest.user)
    with st.container(border=True):
        st.subheader("By e-mail", anchor=False)
        if guest.profile.email_verified:
            st.caption(plain_text(f"Letters go to {guest.profile.email}. These name no bank, amount or account."))
            outbox_note()
        else:
            st.info(
                "Letters go to a confirmed address only. Confirm yours under Signing in.", icon=":material/pending:"
            )
        for kind in KINDS:
            _choice(kind, by_letter=wanted[kind])
        st.caption("What is off here is told on the screen alone.")
    digest_form(guest)


def digest_form(guest: Visitor) -> None:
    """Draw how often a digest of insights comes by e-mail, and whether it may name amounts."""
    chosen = digest_of(guest.house.store, guest.user)
    with st.container(border=True):
        st.subheader("A digest of your insights", anchor=False)
        st.caption(
            "One letter with what is new and not yet seen: a budget that runs out, a goal that falls behind, an "
            "unusual charge. Each stands in one letter only, and without news there is none. Insights shows them all."
        )
        st.segmented_control(
            "How often",
            EVERY,
            default=chosen.every,
            required=True,
            key="digest_every",
            format_func=_OFTEN.__getitem__,
            on_change=_keep_digest,
            label_visibility="collapsed",
        )
        st.toggle(
            "With amounts and names",
            chosen.with_figures,
            key="digest_figures",
            on_change=_keep_digest,
            disabled=chosen.every == "off",
        )
        st.caption("A letter can be read on its way. Without this it only says how many there are of each kind.")


def _keep_digest() -> None:
    guest = require_user()
    with failures_told():
        wanted = Digest(st.session_state["digest_every"], bool(st.session_state["digest_figures"]))
        choose_digest(guest.house.store, guest.user, wanted)


def _choice(kind: NoticeKind, *, by_letter: bool) -> None:
    icon, name, when = _TOLD[kind]
    with st.container(gap="xsmall"):
        st.toggle(f"{icon} {name}", by_letter, key=_key(kind), disabled=kind in ALWAYS, on_change=_keep, args=(kind,))
        st.caption(when)


def _keep(kind: NoticeKind) -> None:
    guest = require_user()
    with failures_told():
        choose_notice(guest.house.store, guest.user, kind, by_letter=bool(st.session_state[_key(kind)]))


def _key(kind: NoticeKind) -> str:
    return f"notice_{kind}"
