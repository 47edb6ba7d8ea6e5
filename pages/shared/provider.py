"""Going to the sign-in provider and coming back from it: the button, and what is said of how it went."""

from typing import Final, cast, get_args

import streamlit as st

from core.errors import SignInError
from core.identity import Identity, identity_of
from core.runtime import Runtime
from pages.door.provider import PARAMETER, Errand, Outcome, callback_of
from pages.shared.formats import plain_text
from pages.shared.gate import server_address

WORDS: Final[dict[Outcome, tuple[str, str]]] = {
    "refused": ("You did not sign in at the provider, or it did not let you.", "Try again, or sign in in another way."),
    "away": ("The provider does not answer.", "Try again in a while, or sign in in another way."),
    "keys": (
        "The provider does not accept this server.",
        "The owner of this machine can check OIDC_CLIENT_ID and OIDC_CLIENT_SECRET in the file .env.",
    ),
    "state": ("This sign-in was not begun in this browser, or it is over.", "Begin again here."),
    "expired": ("This sign-in at the provider has expired.", "Sign in there again."),
    "failed": (
        "What the provider answered could not be checked.",
        "Try again. The owner of this machine finds the reason in the log.",
    ),
}


def go_button(house: Runtime, label: str, errand: Errand) -> None:
    """Draw the button that leads to the provider; from another address of this server, the link to the right one."""
    home = callback_of(house.settings, int(st.get_option("server.port"))).rpartition("/")[0]
    if server_address() != home:
        st.link_button(label, f"{home}/sign_in", icon=":material/passkey:", width="stretch")
        st.caption(f"It works under {plain_text(home)} only.")
    elif st.button(label, icon=":material/passkey:", width="stretch", key=f"provider_{errand}"):
        st.login(errand)


def name_of(house: Runtime) -> str:
    """Return what the provider is called here, as plain text."""
    return plain_text(house.settings.oidc_name)


def came_back() -> bool:
    """Tell whether this run is the one in which somebody has come back from the provider."""
    return PARAMETER in st.query_params


def whom_it_brought(house: Runtime) -> tuple[Identity, Errand]:
    """Return who came back from the provider, and why they went; the address forgets that they came.

    Raises:
        SignInError: they could not sign in there; the sentence says why.
    """
    outcome = st.query_params.pop(PARAMETER)
    if outcome in WORDS:
        raise SignInError(*WORDS[cast("Outcome", outcome)])
    claims: dict[str, object] = {**st.user.to_dict()}
    errand = str(claims.get("provider", ""))
    if outcome != "done" or not claims.get("is_logged_in") or errand not in get_args(Errand):
        raise SignInError(*WORDS["state"])
    return identity_of(house.settings, claims), cast("Errand", errand)
