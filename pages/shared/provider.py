"""Going to a sign-in provider and coming back from it: the buttons, and what is said of how it went."""

from collections.abc import Iterable
from typing import Final, cast, get_args

import streamlit as st

from core.errors import SignInError
from core.identity import Identity, Provider, identity_of, providers_of
from core.runtime import Runtime
from pages.door.provider import PARAMETER, Errand, Outcome, home_of, section
from pages.shared.formats import plain_text
from pages.shared.gate import server_address

WORDS: Final[dict[Outcome, tuple[str, str]]] = {
    "refused": ("You did not sign in at the provider, or it did not let you.", "Try again, or sign in in another way."),
    "away": ("The provider does not answer.", "Try again in a while, or sign in in another way."),
    "keys": (
        "The provider does not accept this server.",
        "The owner of this machine can check its client id and secret in the file .env.",
    ),
    "state": ("This sign-in was not begun in this browser, or it is over.", "Begin again here."),
    "expired": ("This sign-in at the provider has expired.", "Sign in there again."),
    "failed": (
        "What the provider answered could not be checked.",
        "Try again. The owner of this machine finds the reason in the log.",
    ),
}


def go_buttons(house: Runtime, words: str, errand: Errand, providers: Iterable[Provider] | None = None) -> None:
    """Draw a button for each provider that leads there: `words`, then its name. Without `providers` for all there are.

    From another address of this server, they are links to the right one.
    """
    home = home_of(house.settings, int(st.get_option("server.port")))
    elsewhere = server_address() != home
    offered = tuple(providers_of(house.settings) if providers is None else providers)
    for provider in offered:
        label = f"{words} {plain_text(provider.name)}"
        if elsewhere:
            st.link_button(label, f"{home}/sign_in", icon=":material/passkey:", width="stretch")
        elif st.button(label, icon=":material/passkey:", width="stretch", key=f"provider_{provider.key}_{errand}"):
            st.login(section(provider.key, errand))
    if elsewhere and offered:
        st.caption(f"It works under {plain_text(home)} only.")


def name_at(house: Runtime, issuer: str) -> str:
    """Return what the provider of an issuer is called here, as plain text; one that is no longer set by its address."""
    names = (one.name for one in providers_of(house.settings) if one.signs_as(issuer))
    return plain_text(next(names, issuer))


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
    # Where it was begun, as Streamlit noted it: what the claims say of themselves is held against that.
    begun = {
        section(one.key, errand): (one, cast("Errand", errand))
        for one in providers_of(house.settings)
        for errand in get_args(Errand)
    }.get(str(claims.get("provider", "")))
    if outcome != "done" or not claims.get("is_logged_in") or begun is None:
        raise SignInError(*WORDS["state"])
    provider, errand = begun
    return identity_of(provider, claims), errand
