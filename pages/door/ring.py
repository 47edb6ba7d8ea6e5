"""The ring around the server: what passes to Streamlit, and the headers on what comes back.

Streamlit leaves open, by default: any localhost origin, exports under /media without a session and
uploads from sessions that never signed in. This closes them before Streamlit sees the request.
"""

import logging
from collections.abc import Container, Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core.identity import Changes, session_of
from core.logs import new_request
from core.runtime import runtime
from pages.door import github, loopback
from pages.door.cookie import COOKIE
from pages.door.webhook import PATH as WEBHOOK

log = logging.getLogger(__name__)

SIGNED_IN_ONLY: Final = ("/media", "/_stcore/upload_file", "/_stcore/metrics")

# Streamlit's own front end needs inline styles, blob workers and WebAssembly; nothing may come from another host.
POLICY: Final = "; ".join(  # noqa: FLY002 - one rule a line
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)

HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class Ring:
    """ASGI middleware that checks Host, Origin and session, and adds the security headers."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str], webhook_host: str = "") -> None:
        """Let through only requests for one of `hosts` (names without port); for `webhook_host` the webhook alone."""
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self._changes = Changes()
        self.webhook_hosts = self.hosts | ({webhook_host.lower()} if webhook_host else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        number = new_request()
        scope["fintrack_request"] = number
        refusal = await self._refusal(scope)
        if refusal:
            log.info("refused: %s", refusal)
        wait = 0 if refusal or scope["type"] == "websocket" else await self._wait(scope)
        if wait:
            await PlainTextResponse(
                f"Too many requests. Try again in {wait} seconds.",
                status_code=429,
                headers={**HEADERS, "retry-after": str(wait)},
            )(scope, receive, send)
        elif refusal and scope["type"] == "websocket":
            await WebSocketClose(code=1008, reason=refusal)(scope, receive, send)
        elif refusal:
            await PlainTextResponse(refusal, status_code=403, headers=HEADERS)(scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(scope, send))

    async def _wait(self, scope: Scope) -> int:
        """Return for how many seconds this browser has to wait before it may change anything more, mostly 0."""
        if scope["method"] in {"GET", "HEAD", "OPTIONS"} or scope["path"] in {WEBHOOK, github.TOKEN}:
            return 0
        client = scope.get("client")
        token = HTTPConnection(scope).cookies.get(COOKIE, "")
        # A made-up cookie must not stand for somebody new each time.
        known = bool(token) and await run_in_threadpool(lambda: session_of(runtime().store, token)) is not None
        who = token if known else (client[0] if client else "")
        return self._changes.wait(who)

    async def _refusal(self, scope: Scope) -> str:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in self._hosts_of(scope):
            return "This address is not one of this server's."
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
            return "Another site can't speak to this server."
        if scope["path"].startswith("/session/") and headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return "Another site can't speak to this server."
        if scope["path"].startswith(SIGNED_IN_ONLY):
            token = HTTPConnection(scope).cookies.get(COOKIE, "")
            if await run_in_threadpool(lambda: session_of(runtime().store, token)) is None:
                return "Sign in first."
        return ""

    def _hosts_of(self, scope: Scope) -> Container[str]:
        """Return under which names a path may be called."""
        if scope["type"] == "http" and scope["path"] == WEBHOOK:
            return self.webhook_hosts
        if scope["path"].startswith(loopback.PREFIX):
            return {loopback.HOST} if loopback.is_from_here(scope.get("client")) else ()
        return self.hosts


def _name(host: str) -> str:
    """Return the name in a Host header, "" where what follows it is no port: links in letters are made of the whole."""
    name, colon, port = host.lower().rpartition(":")
    if not colon or host.endswith("]"):
        return host.lower()
    return name if port.isascii() and port.isdigit() else ""


def _with_headers(scope: Scope, send: Send) -> Send:
    private = scope["path"].startswith(("/media", "/session", "/_stcore"))

    async def add(message: Message) -> None:
        if message["type"] in {"http.response.start", "websocket.accept"}:
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            headers["x-request-id"] = scope["fintrack_request"]
            if private:
                headers["cache-control"] = "no-store"
        await send(message)

    return add
