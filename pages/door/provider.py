"""What stands around Streamlit's sign-in at an OpenID Connect provider, so that it opens nothing by itself.

Streamlit goes to the provider, checks what comes back, and keeps it for thirty days in a cookie that it takes for a
session; and what fails it tells to the log alone. So its cookie lives for ten minutes here and carries no tokens,
every road back leads to the sign-in page with a word about how it went, and only there `core.identity` decides.
"""

import logging
import re
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from typing import Final, Literal

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.config import CALLBACK, Settings
from core.identity import FRESH
from core.vault import Vault

Errand = Literal["keep", "visit", "again"]
"""Why somebody goes to the provider: to sign in for long, for this visit, or to prove again who they are."""
Outcome = Literal["done", "refused", "away", "keys", "state", "expired", "failed"]

LOGIN: Final = "/auth/login"
LOGOUT: Final = "/auth/logout"
BACK: Final = "/sign_in"
PARAMETER: Final = "provider"
"""In the address of the sign-in page: how it went at the provider."""
OWN_ADDRESS: Final = f"http://127.0.0.1:{{port}}{CALLBACK}"
"""Where the provider sends people back to, unless `OIDC_REDIRECT_URL` says otherwise; Streamlit fills the port in."""
COOKIES: Final = re.compile(r"_streamlit_user(_tokens)?(_\d+)?")
GOOGLE: Final = "https://accounts.google.com"
STREAMLITS_LOG: Final = "streamlit.web.server.starlette.starlette_auth_routes"

_caught: ContextVar[list[BaseException] | None] = ContextVar("caught", default=None)


def callback_of(settings: Settings, port: int) -> str:
    """Return the address to which the provider sends people back; it has to be registered there."""
    return (settings.oidc_redirect_url or OWN_ADDRESS).replace("{port}", str(port))


def sections(settings: Settings, vault: Vault) -> dict[str, dict[str, object]]:
    """Return what Streamlit else reads from a secrets file: the app at the provider, once for each errand."""

    def client(prompt: str) -> dict[str, object]:
        return {
            "client_id": settings.oidc_client_id,
            "client_secret": settings.oidc_client_secret.get_secret_value(),
            "server_metadata_url": settings.oidc_metadata_url,
            # Streamlit leaves PKCE out where a provider doesn't advertise it; who doesn't know it passes it over.
            "client_kwargs": {"prompt": prompt, "code_challenge_method": "S256"},
        }

    # Who knows "login" asks for the password again. Google knows none, consent and select_account alone.
    again = "select_account" if settings.oidc_issuer_url.rstrip("/") == GOOGLE else "login"
    return {
        "auth": {
            "redirect_uri": settings.oidc_redirect_url or OWN_ADDRESS,
            "cookie_secret": vault.derive("sign-in provider cookie").hex(),
            "keep": client("select_account"),
            "visit": client("select_account"),
            "again": client(again),
        }
    }


def drop_cookies(request: Request, response: Response) -> None:
    """Take Streamlit's cookies about who somebody is at the provider out of the browser."""
    for name in filter(COOKIES.fullmatch, request.cookies):
        response.delete_cookie(name, httponly=True, samesite="lax")


class ProviderDoor:
    """ASGI middleware around the routes by which Streamlit signs people in at a provider."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        """Close those routes where no provider is configured."""
        self.app = app
        self.is_open = settings.oidc_configured
        self.secure = settings.oidc_redirect_url.startswith("https:")
        log = logging.getLogger(STREAMLITS_LOG)
        if _overhear not in log.filters:
            log.addFilter(_overhear)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, refuse it, or say how it went."""
        if scope["type"] != "http" or scope["path"] not in {LOGIN, LOGOUT, CALLBACK}:
            await self.app(scope, receive, send)
            return
        if not self.is_open or scope["path"] == LOGOUT:
            # Streamlit's way out would sign people out at the provider too, and any site could send them there.
            await PlainTextResponse("Not found.", status_code=404)(scope, receive, send)
            return
        if scope["path"] == LOGIN and Headers(scope=scope).get("sec-fetch-site", "same-origin") != "same-origin":
            await PlainTextResponse("Another site can't sign you in.", status_code=403)(scope, receive, send)
            return
        answers: list[Message] = []

        async def keep(message: Message) -> None:
            answers.append(message)

        caught: list[BaseException] = []
        token = _caught.set(caught)
        try:
            await self.app(scope, receive, keep)
        finally:
            _caught.reset(token)
        answer = Headers(raw=answers[0]["headers"])
        if scope["path"] == LOGIN and answers[0]["status"] == 302 and answer["location"].startswith("http"):
            for message in answers:
                await send(message)
            return
        cookies = list(self._cookies(answer.getlist("set-cookie")))
        came = scope["path"] == CALLBACK and any(_keeps(cookie) for cookie in cookies)
        outcome: Outcome = "done" if came else _outcome(Request(scope).query_params, caught)
        response = RedirectResponse(f"{BACK}?{PARAMETER}={outcome}", 302, {"cache-control": "no-store"})
        response.raw_headers.extend((b"set-cookie", cookie.encode("latin-1")) for cookie in cookies)
        await response(scope, receive, send)

    def _cookies(self, cookies: Iterable[str]) -> Iterable[str]:
        for cookie in cookies:
            found = COOKIES.match(cookie)
            if found and found[1] and _lives(cookie):
                # The tokens themselves: nothing here needs them.
                continue
            if not found or not _lives(cookie):
                yield cookie
                continue
            brief = re.sub(r"Max-Age=\d+", f"Max-Age={int(FRESH.total_seconds())}", cookie, flags=re.IGNORECASE)
            yield f"{brief}; Secure" if self.secure else brief


def _lives(cookie: str) -> bool:
    return not re.search(r"Max-Age=0\b", cookie, re.IGNORECASE)


def _keeps(cookie: str) -> bool:
    return bool(COOKIES.match(cookie)) and _lives(cookie)


def _overhear(record: logging.LogRecord) -> bool:
    """Note what Streamlit logs and answers without a word; let the record pass."""
    caught = _caught.get()
    if caught is not None and record.exc_info and record.exc_info[1] is not None:
        caught.append(record.exc_info[1])
    return True


def _outcome(query: Mapping[str, str], caught: list[BaseException]) -> Outcome:
    said = query.get("error", "")
    if said:
        return "refused" if said in {"access_denied", "consent_required", "interaction_required"} else "failed"
    if not caught:
        return "state"
    failure = caught[0]
    said = str(getattr(failure, "error", ""))
    if said in {"invalid_client", "unauthorized_client"}:
        return "keys"
    if said in {"invalid_grant", "expired_token"}:
        return "expired"
    # It could not be reached, or what came was no answer of a provider.
    if type(failure).__module__.partition(".")[0] in {"httpx", "httpx2"} or type(failure).__name__ == "JSONDecodeError":
        return "away"
    return "failed"
