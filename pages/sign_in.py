"""Signing in: streamlit-authenticator's form over the store's users, then the second factor; our sessions behind it."""

from datetime import datetime
from typing import Final, NamedTuple, cast

import streamlit as st

from core import clock
from core.errors import FactorNeededError
from core.identity import FRESH, Passed, sign_in_external, sign_up_open, start_session, was_here
from core.runtime import Runtime, runtime
from core.store import UserId
from pages.door.form import SignInForm
from pages.shared import links
from pages.shared.errors import failures_told
from pages.shared.gate import address, agent, browser_marks, let_in, server_address, visitor, ways
from pages.shared.proof import prove
from pages.shared.provider import came_back, go_buttons, whom_it_brought

_PENDING: Final = "sign_in_pending"


class Pending(NamedTuple):
    """Somebody whose first step was right and whose second factor is still to come: known to this server only."""

    user: UserId
    remember: bool
    since: datetime


def _enter(house: Runtime, user: UserId, *, remember: bool, passed: Passed | None = None) -> None:
    token = start_session(
        house.store,
        user,
        passed=passed,
        agent=agent(),
        address=address(),
        remember=remember,
        new_browser=not was_here(house.store, house.vault, user, browser_marks()),
    )
    st.session_state.pop(_PENDING, None)
    let_in(token, user, remember=remember)
    st.rerun()


def _first_step(house: Runtime, user: UserId, *, remember: bool) -> None:
    """Let somebody in who has proven who they are, or ask for their second factor."""
    try:
        _enter(house, user, remember=remember)
    except FactorNeededError:
        st.session_state[_PENDING] = Pending(user, remember, clock.now())
        st.rerun()


def _take_arrival(house: Runtime) -> None:
    with failures_told():
        identity, errand = whom_it_brought(house)
        user = sign_in_external(
            house.store,
            house.vault,
            house.settings,
            identity,
            post=house.senders.post,
            base=server_address(),
            address=address(),
            ways=ways(),
        )
        _first_step(house, user, remember=errand == "keep")


def _ask_password(house: Runtime) -> None:
    st.title("Sign in", anchor=False)
    if came_back():
        _take_arrival(house)
    # Drawn below the form, but asked before it: signing in takes it along.
    form = st.container()
    remember = st.checkbox(
        "Keep me signed in on this browser", value=True, help="For 30 days; else until you close it, 12 hours at most."
    )
    with form, failures_told():
        user = SignInForm(house.store, house.vault, address(), browser_marks()).ask()
        if user is not None:
            _first_step(house, user, remember=remember)
    go_buttons(house, "Sign in with", "keep" if remember else "visit")
    with st.container(horizontal=True):
        if sign_up_open(house.store, house.settings):
            st.page_link(links.SIGN_UP, label="Sign up", icon=":material/person_add:")
        st.page_link(links.FORGOT, label="Forgot your password?", icon=":material/lock_reset:")
        st.page_link(links.LANDING, label="Back", icon=":material/arrow_back:")


def _forget() -> None:
    st.session_state.pop(_PENDING, None)


def _ask_factor(house: Runtime, pending: Pending) -> None:
    st.title("One more step", anchor=False)
    st.caption("So far so good. Now show your second factor.")
    with failures_told():
        passed = prove(house, pending.user, "sign in")
        if passed is not None:
            _enter(house, pending.user, remember=pending.remember, passed=passed)
    st.button("Start over", icon=":material/arrow_back:", on_click=_forget, type="tertiary")


if visitor() is not None:
    st.stop()

pending = cast("Pending | None", st.session_state.get(_PENDING))
if pending is not None and not clock.now() - FRESH < pending.since <= clock.now():
    pending = None
    _forget()
_, middle, _ = st.columns([1, 2, 1])
with middle:
    if pending is None:
        _ask_password(runtime())
    else:
        _ask_factor(runtime(), pending)
