"""The session cookie: HttpOnly and SameSite=Strict, so it can only be set by a response of ours.

A script run can't send such a response. It leaves a one-time ticket in the page instead, which the
page redeems at once at `/session/start`; the token itself never appears in a page or an address.
"""

import secrets
import threading
import time
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from core.identity import LONG, end_session, session_of
from core.runtime import runtime

COOKIE: Final = "fintrack_session"
TICKET_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class _Ticket:
    token: str
    remember: bool
    good_until: float


_lock: Final = threading.Lock()
_tickets: Final[dict[str, _Ticket]] = {}


def issue_ticket(token: str, *, remember: bool) -> str:
    """Return a ticket that turns into the cookie of `token` once, within `TICKET_SECONDS`."""
    ticket = secrets.token_urlsafe(32)
    now = time.monotonic()
    with _lock:
        for old in [name for name, one in _tickets.items() if one.good_until < now]:
            del _tickets[old]
        _tickets[ticket] = _Ticket(token, remember, now + TICKET_SECONDS)
    return ticket


def start(request: Request) -> Response:
    """Redeem the ticket in the `x-ticket` header: the response sets the session cookie."""
    with _lock:
        ticket = _tickets.pop(request.headers.get("x-ticket", ""), None)
    if ticket is None or ticket.good_until < time.monotonic():
        return Response(status_code=403)
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE,
        ticket.token,
        max_age=int(LONG[0].total_seconds()) if ticket.remember else None,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return response


def end(request: Request) -> Response:
    """Sign this browser out: the session ends in the store, and the cookie goes."""
    house = runtime()
    signed_in = session_of(house.store, request.cookies.get(COOKIE, ""))
    if signed_in is not None:
        end_session(house.store, signed_in.user, signed_in.session_id)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return response
