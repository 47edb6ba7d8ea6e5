"""What a click on the Accounts page asks for: kept for the run that follows, where there is room to do it."""

from typing import Final, Literal, NamedTuple, cast

import streamlit as st

Deed = Literal[
    "add",
    "edit account",
    "remove account",
    "remove bank",
    "reconcile",
    "history",
    "sync",
    "sync all",
    "balances",
    "mend",
    "accounts",
    "next day",
    "break",
]

EVERYTHING: Final = 0
_KEY: Final = "accounts_wish"
_TOLD: Final = "accounts_told"


class Wish(NamedTuple):
    """Something to be done: what, and to which account or connection; `way` is how an account is added."""

    deed: Deed
    target: int = EVERYTHING
    way: str = ""


class Told(NamedTuple):
    """A sentence about something done, to be shown at the top until the next click."""

    good: bool
    sentence: str


def wish(deed: Deed, target: int = EVERYTHING, way: str = "") -> None:
    """Remember what was asked for."""
    st.session_state[_KEY] = Wish(deed, target, way)


def wished(*deeds: Deed) -> Wish | None:
    """Return what was asked for, when it is one of `deeds`."""
    found = cast("Wish | None", st.session_state.get(_KEY))
    return found if found is not None and found.deed in deeds else None


def done() -> None:
    """Forget what was asked for."""
    st.session_state.pop(_KEY, None)


def tell(*sentences: Told) -> None:
    """Leave sentences for the next run to show."""
    st.session_state[_TOLD] = [*st.session_state.get(_TOLD, []), *sentences]


def take_told() -> list[Told]:
    """Return the sentences that were left, once."""
    return cast("list[Told]", st.session_state.pop(_TOLD, []))
