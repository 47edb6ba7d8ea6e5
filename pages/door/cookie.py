"""The session cookie: HttpOnly and SameSite=Strict, so it can only be set by a response of ours.

A script run can't send such a response, and a redirect would lose the open page. So the run leaves a
one-time ticket in the page, and a script of ours (`door.js`, allowed by the content policy because it is
served from here) redeems it at once at `/session/start`. The token itself never appears in a page, an
address or a log; a ticket read later is worth nothing.
"""

import secrets
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from core.identity import LONG, end_session, session_of
from core.runtime import runtime
from pages.door.provider import drop_cookies

COOKIE: Final = "fintrack_session"
MARK: Final = "fintrack_browser"
"""By this cookie a browser is known again when its person signs in: strangers' guesses don't count against it."""
MARK_SECONDS: Final = 365 * 24 * 3600
SCRIPT: Final = Path(__file__).with_name("door.js")
TICKET_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class _Ticket:
    token: str
    mark: str
    remember: bool
    good_until: float


_lock: Final = threading.Lock()
_tickets: Final[dict[str, _Ticket]] = {}


def issue_ticket(token: str, mark: str, *, remember: bool) -> str:
    """Return a ticket that turns into the cookies of `token` and `mark` once, within `TICKET_SECONDS`."""
    ticket = secrets.token_urlsafe(32)
    now = time.monotonic()
    with _lock:
        for old in [name for name, one in _tickets.items() if one.good_until < now]:
            del _tickets[old]
        _tickets[ticket] = _Ticket(token, mark, remember, now + TICKET_SECONDS)
    return ticket


def waits(ticket: str) -> bool:
    """Tell whether `ticket` is still to be redeemed."""
    with _lock:
        found = _tickets.get(ticket)
    return found is not None and found.good_until >= time.monotonic()


def script(_request: Request) -> Response:
    """Serve the script that redeems a ticket or drops the cookie, and gives the page its look."""
    return FileResponse(SCRIPT, media_type="text/javascript")


def start(request: Request) -> Response:
    """Redeem the ticket in the `x-ticket` header: the response sets the session cookie.

    A session that this browser had before ends: it is replaced, and nobody could reach it any more.
    """
    with _lock:
        ticket = _tickets.pop(request.headers.get("x-ticket", ""), None)
    if ticket is None or ticket.good_until < time.monotonic():
        return Response(status_code=403)
    _end_session_of(request, but=ticket.token)
    response = Response(status_code=204)
    drop_cookies(request, response)
    response.set_cookie(
        COOKIE,
        ticket.token,
        max_age=int(LONG[0].total_seconds()) if ticket.remember else None,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    if ticket.mark:
        response.set_cookie(
            MARK,
            ticket.mark,
            max_age=MARK_SECONDS,
            httponly=True,
            samesite="strict",
            secure=request.url.scheme == "https",
        )
    return response


def end(request: Request) -> Response:
    """Sign this browser out: the session ends in the store, and the cookie goes."""
    _end_session_of(request)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    drop_cookies(request, response)
    return response


def _end_session_of(request: Request, but: str = "") -> None:
    token = request.cookies.get(COOKIE, "")
    store = runtime().store
    signed_in = session_of(store, token) if token != but else None
    if signed_in is not None:
        end_session(store, signed_in.user, signed_in.session_id)
