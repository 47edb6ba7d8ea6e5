"""The gate: every page, fragment and callback asks here who is there, each time it runs.

An open page runs on after its session ended elsewhere, so the check can't stand at the door only.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from core.cache import UserCache
from core.identity import (
    Act,
    Look,
    Profile,
    SignedIn,
    Ways,
    acting,
    end_session,
    guessed,
    is_acting_in,
    mark_browser,
    session_of,
)
from core.runtime import Runtime, runtime
from core.store import Store, UserId
from pages.door.cookie import COOKIE, MARK, issue_ticket, waits
from pages.shared.errors import store_away_told

TOKEN: Final = "session_token"  # noqa: S105 - the name of a place
"""Where a run that signs somebody in leaves the token for the runs after it; no browser can write it."""
FRESH_SECONDS: Final = 1.0
"""So long one run takes it from before who is there, at the most."""
_HOLDER: Final = "session_holder"
_TICKET: Final = "session_ticket"
_LEFT: Final = "signed_out"
_WORD: Final = "parting_word"
_LINK: Final = "link_token"
_GOES_ON: Final = "link_goes_on"


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
        return self.profile.today


def visitor(*, used: bool = True, counted: bool = True) -> Visitor | None:
    """Return who is there, None when nobody is signed in; what runs by itself does not count as `used`.

    Where the store does not answer that is said, and nothing more runs.

    What is written from then on in this run counts as one act of theirs; not `counted` is what is never too much.
    """
    house = runtime()
    token = st.session_state.get(TOKEN) or st.context.cookies.get(COOKIE)
    run = _this_run()
    if used or not is_acting_in(run):
        acting(None)
    signed_in = _holder(house.store, token, run, used=used) if isinstance(token, str) else None
    if signed_in is None:
        return None
    if used and counted:
        acting(Act(signed_in.user, address(), run))
    return Visitor(house, signed_in)


def _holder(store: Store, token: str, run: object, *, used: bool) -> SignedIn | None:
    """Return who holds a token. The frame, the page and each fragment ask in one run: it is looked up once for them.

    It is looked up again after this process wrote anything, so that whoever was just signed out is, and after a moment,
    so that whoever was signed out by another process soon is.
    """
    asked, now = (run, store, store.stage, token), time.monotonic()
    known = st.session_state.get(_HOLDER)
    if known is not None and known[0] == asked and (known[1] or not used) and now - known[2] < FRESH_SECONDS:
        found: SignedIn = known[3]
        return found
    with store_away_told():
        signed_in = session_of(store, token, used=used)
    if signed_in is not None:
        st.session_state[_HOLDER] = (asked, used, now, signed_in)
    return signed_in


def require_user(*, counted: bool = True) -> Visitor:
    """Return who is there; when nobody is, nothing more of the page runs."""
    found = visitor(counted=counted)
    if found is None:
        st.info("You are signed out. Reload the page to sign in.", icon=":material/lock:")
        st.stop()
    return found


def let_in(token: str, user: UserId, *, remember: bool) -> None:
    """Sign this browser in: here from now on, and by cookie once the next page has redeemed its ticket."""
    house = runtime()
    st.session_state[TOKEN] = token
    marks = mark_browser(house.store, house.vault, user, browser_marks())
    st.session_state[_TICKET] = issue_ticket(token, marks, remember=remember)


def browser_marks() -> str:
    """Return the marks of a browser in which people signed in before, "" where there are none."""
    return str(st.context.cookies.get(MARK) or "")


def server_address() -> str:
    """Return the address of this server as the browser knows it, for links in letters.

    Where the page says that it is can be made up by whoever speaks to the server without a browser. So only the
    scheme is taken from it, and the name from the request, which the ring holds against our own names.
    """
    host = str(st.context.headers.get("Host") or "127.0.0.1:8501")
    told = urlsplit(str(st.context.url or ""))
    scheme = "https" if (told.scheme, told.netloc.lower()) == ("https", host.lower()) else "http"
    return f"{scheme}://{host}"


def token_of_link() -> str:
    """Return the token of the link that led here, and take it out of the address bar."""
    if token := st.query_params.pop("token", ""):
        st.session_state[_LINK] = token
    return str(st.session_state.get(_LINK, ""))


def link_waits() -> bool:
    """Tell whether a link was followed that goes on after signing in."""
    return _GOES_ON in st.session_state


def let_link_wait(*, wait: bool) -> None:
    """Have the link that led here go on after signing in, or no longer."""
    if wait:
        st.session_state[_GOES_ON] = True
    else:
        st.session_state.pop(_GOES_ON, None)


def sign_out(word: str = "") -> None:
    """End this browser's session; the next run shows the landing page, with `word` on it, and drops the cookie."""
    found = visitor(counted=False)
    if found is not None:
        end_session(found.house.store, found.user, found.session_id)
    for key in list(st.session_state):
        del st.session_state[key]
    st.session_state[_LEFT] = True
    if word:
        st.session_state[_WORD] = word


def parting_word() -> str:
    """Return what is still to be said to somebody who signed out, "" for nothing."""
    return str(st.session_state.get(_WORD, ""))


def has_left() -> bool:
    """Tell whether the run before signed this browser out."""
    return _LEFT in st.session_state


def hand_over(look: Look | None = None, addresses: Iterable[str] = ()) -> None:
    """Let the page fetch its cookie after `let_in` until it has it, or drop it after `sign_out`; the shell draws it.

    With it goes how screens look to who is there, for each of the app's `addresses`: the browser keeps it, and loads
    the page anew where it looked otherwise.
    """
    ticket = st.session_state.get(_TICKET, "")
    if not (ticket and waits(ticket)):
        ticket = ""
        st.session_state.pop(_TICKET, None)
    errand = "start" if ticket else "end" if st.session_state.pop(_LEFT, False) else ""
    if errand or look:
        st.html(
            f'<script src="/session/door.js" data-errand="{errand}" data-ticket="{ticket}" '
            f'data-look="{look or ""}" data-addresses="{" ".join(addresses)}"></script>',
            unsafe_allow_javascript=True,
        )


def _this_run() -> object:
    """Return an object that is the same all through one run, its callbacks and fragments too, and no other's."""
    context = get_script_run_ctx()
    return context.parallel_coordinator if context is not None else object()


def address() -> str:
    """Return the network address of the browser, as far as it is known."""
    return st.context.ip_address or "127.0.0.1"


def ways() -> Ways:
    """Return the currency, locale and time zone that the browser suggests."""
    return guessed(st.context.locale, st.context.timezone)


def agent() -> str:
    """Return what the browser calls itself."""
    return str(st.context.headers.get("User-Agent") or "")
