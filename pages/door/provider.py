"""What stands around Streamlit's sign-in at OpenID Connect providers, so that it opens nothing by itself.

Streamlit goes to the provider, checks what comes back, and keeps it for thirty days in a cookie that it takes for a
session; and what fails it tells to the log alone. So its cookie lives for ten minutes here and carries no tokens,
every road back leads to the sign-in page with a word about how it went, and only there `core.identity` decides.

Each provider has a road back of its own, and what comes by it is passed on only where the sign-in was begun at that
provider: else one of them could send people on to another and be handed the code that this one gives out (a mix-up;
RFC 9700, section 4.4).
"""

import json
import logging
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from typing import Final, Literal, get_args

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.config import CALLBACK, Settings
from core.identity import FRESH, Provider, ProviderKey, github_of, providers_of
from core.vault import Vault
from pages.door import github, loopback, microsoft

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
STREAMLITS_SESSION: Final = "_streamlit_session"
"""The cookie in which Streamlit keeps what was begun and is waited for."""
ROADS: Final[dict[ProviderKey, str]] = {
    # The owner's own was there first, and is registered so.
    "own": CALLBACK,
    "google": f"{CALLBACK}/google",
    "microsoft": f"{CALLBACK}/microsoft",
    "github": f"{CALLBACK}/github",
}
"""By which path each provider sends people back."""
STREAMLITS_LOG: Final = "streamlit.web.server.starlette.starlette_auth_routes"
OUTCOMES: Final[dict[str, Outcome]] = {
    "access_denied": "refused",
    "consent_required": "refused",
    "interaction_required": "refused",
    "invalid_client": "keys",
    "unauthorized_client": "keys",
    "invalid_grant": "expired",
    "expired_token": "expired",
    # GitHub's own.
    "redirect_uri_mismatch": "keys",
    "application_suspended": "keys",
}
"""How it went, by what a provider says of it in OAuth's words."""

_caught: ContextVar[list[BaseException] | None] = ContextVar("caught", default=None)


def home_of(settings: Settings, port: int) -> str:
    """Return the address of this server to which providers send people back."""
    return (settings.oidc_redirect_url or OWN_ADDRESS).replace("{port}", str(port)).removesuffix(CALLBACK)


def road_of(settings: Settings, port: int, provider: ProviderKey) -> str:
    """Return the address to which a provider sends people back; it has to be registered there."""
    return home_of(settings, port) + ROADS[provider]


def section(provider: ProviderKey, errand: Errand) -> str:
    """Return under which name Streamlit knows a provider and an errand; it can't do with underscores."""
    return f"{provider}-{errand}"


def sections(settings: Settings, vault: Vault, port: int) -> dict[str, dict[str, object]]:
    """Return what Streamlit else reads from a secrets file: the app at each provider, once for each errand."""

    def client(provider: Provider, errand: Errand) -> dict[str, object]:
        # Who knows "login" asks for the password again.
        prompt = "login" if errand == "again" and provider.asks_again else "select_account"
        road = {"redirect_uri": road_of(settings, port, provider.key)}
        bridged = provider.key == "github"
        path = github.METADATA if bridged else microsoft.METADATA if provider.tenants else ""
        return {
            "client_id": provider.client_id,
            "client_secret": _bridge_secret(vault) if bridged else provider.client_secret.get_secret_value(),
            "server_metadata_url": loopback.address(port, path) if path else provider.metadata_url,
            # Streamlit leaves PKCE out where a provider doesn't advertise it; who doesn't know it passes it over.
            "client_kwargs": {
                "prompt": prompt,
                "code_challenge_method": "S256",
                **(loopback.CLIENT if path else {}),
            },
            "authorize_params": road,
            "access_token_params": road,
        }

    return {
        "auth": {
            "redirect_uri": settings.oidc_redirect_url or OWN_ADDRESS,
            "cookie_secret": vault.derive("sign-in provider cookie").hex(),
            **{
                section(provider.key, errand): client(provider, errand)
                for provider in providers_of(settings)
                for errand in get_args(Errand)
            },
        }
    }


def metadata_routes(settings: Settings) -> list[Route]:
    """Return the routes at which this server says what a provider doesn't say in a way that Streamlit can take."""
    return [microsoft.metadata_route(one) for one in providers_of(settings) if one.tenants]


def asks_itself(settings: Settings) -> bool:
    """Tell whether a provider is set of which this server is asked in its place."""
    return github_of(settings) is not None or any(one.tenants for one in providers_of(settings))


def bridge_of(settings: Settings, vault: Vault, port: int) -> github.Bridge | None:
    """Return the bridge to GitHub, None where the settings don't name it."""
    app = github_of(settings)
    if app is None:
        return None
    back = road_of(settings, port, "github")
    return github.Bridge(app, settings.oidc_github_issuer, back, port, _bridge_secret(vault))


def drop_cookies(request: Request, response: Response) -> None:
    """Take Streamlit's cookies about who somebody is at the provider out of the browser."""
    for name in filter(COOKIES.fullmatch, request.cookies):
        response.delete_cookie(name, httponly=True, samesite="lax")


class ProviderDoor:
    """ASGI middleware around the routes by which Streamlit signs people in at a provider."""

    def __init__(self, app: ASGIApp, settings: Settings, bridge: github.Bridge | None = None) -> None:
        """Close those routes where no provider is configured."""
        self.app = app
        self.bridge = bridge
        self.roads = {ROADS[one.key]: one.key for one in providers_of(settings)}
        self.secure = settings.oidc_redirect_url.startswith("https:")
        log = logging.getLogger(STREAMLITS_LOG)
        if _overhear not in log.filters:
            log.addFilter(_overhear)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, refuse it, or say how it went."""
        if scope["type"] != "http" or scope["path"] not in {LOGIN, LOGOUT, *ROADS.values()}:
            await self.app(scope, receive, send)
            return
        back_from = self.roads.get(scope["path"])
        if (scope["path"] != LOGIN and back_from is None) or not self.roads:
            # Streamlit's way out would sign people out at the provider too, and any site could send them there.
            await PlainTextResponse("Not found.", status_code=404)(scope, receive, send)
            return
        begun = {} if back_from is None else _begun(Request(scope), back_from)
        if begun is None:
            await RedirectResponse(f"{BACK}?{PARAMETER}=state", 302, {"cache-control": "no-store"})(
                scope, receive, send
            )
            return
        if back_from is not None:
            # The one road that Streamlit knows.
            scope = {**scope, "path": CALLBACK, "raw_path": CALLBACK.encode()}
        if scope["path"] == LOGIN and Headers(scope=scope).get("sec-fetch-site", "same-origin") != "same-origin":
            await PlainTextResponse("Another site can't sign you in.", status_code=403)(scope, receive, send)
            return
        answers: list[Message] = []

        async def keep(message: Message) -> None:
            answers.append(message)

        caught: list[BaseException] = []
        token = _caught.set(caught)
        try:
            with self._carried(scope, begun) if back_from == "github" else nullcontext():
                await self.app(scope, receive, keep)
        finally:
            _caught.reset(token)
        answer = Headers(raw=answers[0]["headers"])
        if scope["path"] == LOGIN and answers[0]["status"] == 302 and answer["location"].startswith("http"):
            if self.bridge is not None:
                MutableHeaders(raw=answers[0]["headers"])["location"] = self.bridge.address(answer["location"])
            for message in answers:
                await send(message)
            return
        cookies = list(self._cookies(answer.getlist("set-cookie")))
        came = scope["path"] == CALLBACK and any(_keeps(cookie) for cookie in cookies)
        outcome: Outcome = "done" if came else _outcome(Request(scope).query_params, caught)
        response = RedirectResponse(f"{BACK}?{PARAMETER}={outcome}", 302, {"cache-control": "no-store"})
        response.raw_headers.extend((b"set-cookie", cookie.encode("latin-1")) for cookie in cookies)
        await response(scope, receive, send)

    def _carried(self, scope: Scope, begun: Mapping[str, object]) -> AbstractContextManager[None]:
        if self.bridge is None:
            return nullcontext()
        code = Request(scope).query_params.get("code", "")
        return self.bridge.carrying(code, str(begun.get("code_verifier", "")), str(begun.get("nonce", "")))

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


def _begun(request: Request, provider: ProviderKey) -> Mapping[str, object] | None:
    """Return what Streamlit noted of the sign-in that this browser began at a provider, and that comes back from there.

    None where it began none. The cookie's signature is Streamlit's to check, of the same cookie: what is forged in it
    is nothing to it.
    """
    state = request.query_params.get("state", "")
    try:
        kept = json.loads(b64decode(request.cookies.get(STREAMLITS_SESSION, "").partition(".")[0]))
    except (ValueError, RecursionError):
        # A browser's own cookie is neither; what is nested without end is somebody's trial.
        return None
    for name in (f"_state_{section(provider, errand)}_{state}" for errand in get_args(Errand)):
        if isinstance(kept, dict) and name in kept:
            noted = kept[name].get("data") if isinstance(kept[name], dict) else None
            return noted if isinstance(noted, dict) else {}
    return None


def _bridge_secret(vault: Vault) -> str:
    return vault.derive("bridge to GitHub").hex()


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
        return OUTCOMES.get(said, "failed")
    if not caught:
        return "state"
    failure = caught[0]
    # It could not be reached, or what came was no answer of a provider.
    if type(failure).__module__.partition(".")[0] in {"httpx", "httpx2"} or type(failure).__name__ == "JSONDecodeError":
        return "away"
    return OUTCOMES.get(str(getattr(failure, "error", "")), "failed")
