"""What stands around Streamlit's routes for a sign-in provider: what it lets out, and what it says of failures."""

import asyncio
import base64
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from authlib.integrations.base_client import OAuthError
from pydantic import SecretStr
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from core.config import Settings
from core.vault import Keys, Vault
from pages.door.provider import STREAMLITS_LOG, ProviderDoor, home_of, road_of, sections

SETTINGS = Settings(
    oidc_issuer_url="https://id.example.org", oidc_client_id="fintrack", oidc_client_secret=SecretStr("s")
)
EVERY = Settings(
    oidc_issuer_url="https://id.example.org",
    oidc_client_id="ours",
    oidc_client_secret=SecretStr("our secret"),
    oidc_google_client_id="google's",
    oidc_google_client_secret=SecretStr("google's secret"),
    oidc_microsoft_client_id="microsoft's",
    oidc_microsoft_client_secret=SecretStr("microsoft's secret"),
    oidc_microsoft_tenant="consumers",
    oidc_github_client_id="github's",
    oidc_github_client_secret=SecretStr("github's secret"),
)
PUBLIC = SETTINGS.model_copy(update={"oidc_redirect_url": "https://money.example.org/oauth2callback"})
USER = "_streamlit_user"


class Streamlit:
    """Stands where Streamlit is: answers what it would answer, and logs what it would log."""

    def __init__(self, response: Response, failure: Exception | None = None) -> None:
        self.response = response
        self.failure = failure
        self.asked = 0
        self.path = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked += 1
        self.path = scope["path"]
        if self.failure is not None:
            logging.getLogger(STREAMLITS_LOG).warning("It failed.", exc_info=self.failure)
        await self.response(scope, receive, send)


def ask(
    inside: Streamlit, path: str, query: str = "", settings: Settings = SETTINGS, **headers: str
) -> tuple[int, str, list[str]]:
    """Ask through the door; return the status, where it leads and the cookies that it sets."""
    sent: list[dict[str, Any]] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, ProviderDoor(inside, settings)(scope, receive, send)).result()
    told = [(name.decode(), value.decode()) for name, value in sent[0]["headers"]]
    return sent[0]["status"], dict(told).get("location", ""), [value for name, value in told if name == "set-cookie"]


def begun(section: str, state: str = "s") -> str:
    """Return the cookie in which Streamlit keeps that a sign-in was begun."""
    kept = base64.b64encode(json.dumps({f"_state_{section}_{state}": {"data": {}}}).encode()).decode()
    return f"_streamlit_session={kept}.time.signature"


def home(*cookies: str, drop: bool = False) -> Response:
    """Answer as Streamlit does after the provider, with cookies of 30 days."""
    response = RedirectResponse("/", 302)
    for name in cookies:
        response.set_cookie(name, "" if drop else "signed", max_age=0 if drop else 2592000, httponly=True)
    return response


@pytest.mark.parametrize("path", ["/auth/login", "/auth/logout", "/oauth2callback"])
def test_without_settings_there_are_no_routes(path: str) -> None:
    inside = Streamlit(home())
    assert ask(inside, path, settings=Settings())[0] == 404
    assert inside.asked == 0


def test_streamlits_way_out_is_shut_and_the_way_in_is_for_our_own_pages() -> None:
    inside = Streamlit(RedirectResponse("https://id.example.org/authorize", 302))
    assert ask(inside, "/auth/logout")[0] == 404
    for site in ("cross-site", "same-site", "none"):
        assert ask(inside, "/auth/login", sec_fetch_site=site)[0] == 403
    assert inside.asked == 0
    status, location, _ = ask(inside, "/auth/login", sec_fetch_site="same-origin")
    assert (status, location) == (302, "https://id.example.org/authorize")


def test_other_paths_pass_untouched() -> None:
    inside = Streamlit(home(USER))
    _, location, (cookie,) = ask(inside, "/")
    assert location == "/"
    assert "Max-Age=2592000" in cookie


@pytest.mark.parametrize(("settings", "secure"), [(SETTINGS, False), (PUBLIC, True)])
def test_streamlits_cookie_lives_ten_minutes_and_carries_no_tokens(settings: Settings, *, secure: bool) -> None:
    inside = Streamlit(home(USER, f"{USER}_1", f"{USER}_tokens", f"{USER}_tokens_1", "_streamlit_session"))
    _, location, cookies = ask(inside, "/oauth2callback", "code=c&state=s", settings, cookie=begun("own-keep"))
    assert location == "/sign_in?provider=done"
    assert [one.partition("=")[0] for one in cookies] == [USER, f"{USER}_1", "_streamlit_session"]
    assert all("Max-Age=600;" in one and one.endswith("; Secure") == secure for one in cookies[:2])
    assert "Max-Age=2592000" in cookies[2]


@pytest.mark.parametrize(
    ("failure", "query", "outcome"),
    [
        (None, "error=access_denied&state=s", "refused"),
        (None, "error=server_error&state=s", "failed"),
        (None, "error=redirect_uri_mismatch&state=s", "keys"),
        (None, "error=application_suspended&state=s", "keys"),
        (None, "code=c&state=s", "state"),
        (OAuthError(error="invalid_client"), "code=c&state=s", "keys"),
        (OAuthError(error="invalid_grant"), "code=c&state=s", "expired"),
        (OAuthError(error="expired_token"), "code=c&state=s", "expired"),
        (OAuthError(error="access_denied"), "code=c&state=s", "refused"),
        (OAuthError(error="something"), "code=c&state=s", "failed"),
        (httpx.ConnectError("no route"), "code=c&state=s", "away"),
        (ValueError("a bad signature"), "code=c&state=s", "failed"),
    ],
)
def test_what_streamlit_tells_the_log_alone_is_told_to_the_person(
    failure: Exception | None, query: str, outcome: str
) -> None:
    inside = Streamlit(home(USER, drop=True), failure)
    _, location, cookies = ask(inside, "/oauth2callback", query, cookie=begun("own-visit"))
    assert location == f"/sign_in?provider={outcome}"
    assert all("Max-Age=0" in one for one in cookies)


def test_a_provider_that_is_away_is_told_before_anybody_leaves() -> None:
    inside = Streamlit(PlainTextResponse("Authentication error", 400), httpx.ReadTimeout("slow"))
    assert ask(inside, "/auth/login", sec_fetch_site="same-origin")[:2] == (302, "/sign_in?provider=away")


def test_what_failed_for_one_is_not_told_to_the_next() -> None:
    cookie, query = begun("own-again"), "code=c&state=s"
    assert ask(Streamlit(home(), OAuthError(error="invalid_client")), "/oauth2callback", query, cookie=cookie)[1]
    assert ask(Streamlit(home()), "/oauth2callback", query, cookie=cookie)[1] == "/sign_in?provider=state"


@pytest.mark.parametrize(
    ("path", "section"),
    [
        ("/oauth2callback", "own-keep"),
        ("/oauth2callback/google", "google-visit"),
        ("/oauth2callback/microsoft", "microsoft-again"),
        ("/oauth2callback/github", "github-keep"),
    ],
)
def test_people_come_back_by_the_road_of_the_provider_at_which_they_began(path: str, section: str) -> None:
    inside = Streamlit(home(USER))
    assert ask(inside, path, "code=c&state=s", EVERY, cookie=begun(section))[1] == "/sign_in?provider=done"
    assert inside.path == "/oauth2callback"
    others = {"own-keep", "google-visit", "microsoft-again", "github-keep"} - {section}
    endless = f"_streamlit_session={base64.b64encode(b'[' * 3000).decode()}"
    strange = [begun(section, "another"), "_streamlit_session=%%%", "_streamlit_session=bm8.t.s", "other=1", endless]
    for cookie in [*map(begun, others), *strange]:
        assert ask(inside, path, "code=c&state=s", EVERY, cookie=cookie)[1] == "/sign_in?provider=state"
    assert inside.asked == 1, "no code of one provider reaches another"


def test_there_is_no_road_back_from_a_provider_that_is_not_set() -> None:
    inside = Streamlit(home(USER))
    for path, section in (("/oauth2callback/google", "google-keep"), ("/oauth2callback/other", "other-keep")):
        status, location, _ = ask(inside, path, "code=c&state=s", cookie=begun(section))
        assert (status, location) in {(404, ""), (302, "/")}


def test_streamlits_key_is_the_vaults_and_every_errand_uses_pkce() -> None:
    keys = Keys.made()
    auth: dict[str, Any] = sections(SETTINGS, Vault(keys), 8502)["auth"]
    assert auth["cookie_secret"] == sections(SETTINGS, Vault(keys), 8502)["auth"]["cookie_secret"]
    assert auth["cookie_secret"] != sections(SETTINGS, Vault(Keys.made()), 8502)["auth"]["cookie_secret"]
    assert len(auth["cookie_secret"]) == 64
    prompts = {}
    for errand in ("keep", "visit", "again"):
        client = auth[f"own-{errand}"]
        assert client["server_metadata_url"] == "https://id.example.org/.well-known/openid-configuration"
        assert client["client_kwargs"]["code_challenge_method"] == "S256"
        prompts[errand] = client["client_kwargs"]["prompt"]
    assert prompts == {"keep": "select_account", "visit": "select_account", "again": "login"}


def test_every_provider_has_its_keys_its_address_and_its_road_back() -> None:
    auth: dict[str, Any] = sections(EVERY, Vault(Keys.made()), 8502)["auth"]
    told = {
        name: (one["client_id"], one["client_secret"], one["server_metadata_url"].partition("/.well-known")[0])
        for name, one in auth.items()
        if name.endswith("-again")
    }
    bridge = told.pop("github-again")
    assert told == {
        "google-again": ("google's", "google's secret", "https://accounts.google.com"),
        "microsoft-again": (
            "microsoft's",
            "microsoft's secret",
            "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0",
        ),
        "own-again": ("ours", "our secret", "https://id.example.org"),
    }
    assert (bridge[0], bridge[2]) == ("github's", "http://127.0.0.1:8502/bridge/github")
    assert "github's secret" not in str(auth), "what GitHub knows this app by is the bridge's alone"
    for key, road in (("google", "/google"), ("microsoft", "/microsoft"), ("github", "/github"), ("own", "")):
        back = {"redirect_uri": f"http://127.0.0.1:8502/oauth2callback{road}"}
        assert auth[f"{key}-keep"]["authorize_params"] == auth[f"{key}-keep"]["access_token_params"] == back
    assert not any("_" in name for name, one in auth.items() if isinstance(one, dict)), "Streamlit can't read those"


def test_google_and_github_are_asked_for_nothing_that_they_do_not_know() -> None:
    issuers = ("https://accounts.google.com", "https://accounts.google.com/")
    for settings, key in (
        (EVERY, "google"),
        (EVERY, "github"),
        *((SETTINGS.model_copy(update={"oidc_issuer_url": issuer}), "own") for issuer in issuers),
    ):
        auth: dict[str, Any] = sections(settings, Vault(Keys.made()), 8502)["auth"]
        prompts = {auth[f"{key}-{errand}"]["client_kwargs"]["prompt"] for errand in ("keep", "visit", "again")}
        assert prompts == {"select_account"}


def test_people_come_back_to_this_server() -> None:
    assert home_of(SETTINGS, 8502) == "http://127.0.0.1:8502"
    assert home_of(PUBLIC, 8502) == "https://money.example.org"
    assert road_of(PUBLIC, 8502, "google") == "https://money.example.org/oauth2callback/google"
