"""The gate: every page, fragment and callback asks here who is there, each time it runs.

An open page runs on after its session ended elsewhere, so the check can't stand at the door only.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import streamlit as st

from core import clock
from core.cache import UserCache
from core.identity import Profile, SignedIn, session_of
from core.runtime import Runtime, runtime
from core.store import UserId
from pages.door.cookie import COOKIE, issue_ticket

TOKEN: Final = "session_token"
"""Where a run that signs somebody in leaves the token for the runs after it; no browser can write it."""
_TICKET: Final = "session_ticket"


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is there, and the open house."""

    house: Runtime
    signed_in: SignedIn

    @property
    def user(self) -> UserId:
        """Return the id that every question takes."""
        return self.signed_in.user

    @property
    def profile(self) -> Profile:
        """Return how this person likes things shown."""
        return self.signed_in.profile

    @property
    def session_id(self) -> int:
        """Return the session of this browser."""
        return self.signed_in.session_id

    @property
    def cache(self) -> UserCache:
        """Return this person's cache."""
        return self.house.caches.of(self.user)

    @property
    def today(self) -> date:
        """Return today's date where this person is."""
        return clock.today(self.profile.time_zone)


def visitor() -> Visitor | None:
    """Return who is there, None when nobody is signed in."""
    house = runtime()
    token = st.session_state.get(TOKEN) or st.context.cookies.get(COOKIE)
    signed_in = session_of(house.store, token) if isinstance(token, str) else None
    return Visitor(house, signed_in) if signed_in else None


def require_user() -> Visitor:
    """Return who is there; when nobody is, nothing more of the page runs."""
    found = visitor()
    if found is None:
        st.info("You are signed out. Reload the page to sign in.", icon=":material/lock:")
        st.stop()
    return found


def let_in(token: str, *, remember: bool) -> None:
    """Sign this browser in: from now on here, and by cookie once the next run's page has redeemed its ticket."""
    st.session_state[TOKEN] = token
    st.session_state[_TICKET] = issue_ticket(token, remember=remember)


def hand_over_cookie() -> None:
    """Let the page fetch its cookie when `let_in` has left a ticket; drawn once by the shell."""
    ticket = st.session_state.pop(_TICKET, None)
    if ticket:
        st.html(
            f"<script>fetch('/session/start', {{method: 'POST', headers: {{'x-ticket': '{ticket}'}}}})</script>",
            unsafe_allow_javascript=True,
        )


def sign_out() -> None:
    """End this browser's session; the next run shows the landing page and drops the cookie."""
    from core.identity import end_session

    found = visitor()
    if found is not None:
        end_session(found.house.store, found.user, found.session_id)
    for key in list(st.session_state):
        del st.session_state[key]


def address() -> str:
    """Return the network address of the browser, as far as it is known."""
    return st.context.ip_address or "127.0.0.1"


def agent() -> str:
    """Return what the browser calls itself."""
    return str(st.context.headers.get("User-Agent") or "")
