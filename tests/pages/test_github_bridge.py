"""The bridge to GitHub: to Streamlit a provider as others are, to anybody else a shut door."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx2
import jwt
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import RedirectResponse
from starlette.types import Receive, Scope, Send

from core.config import Settings
from core.identity import identity_of, providers_of
from core.vault import Keys, Vault
from pages.door.github import KEYS, METADATA, TOKEN, Bridge
from pages.door.provider import ProviderDoor, bridge_of, sections
from pages.door.ring import Ring
from tests.machine.outside import outside
from tests.standins.oidc import CLIENT_SECRET, VERIFIER, Account, GitHubSite

PORT = 8502
BACK = f"http://127.0.0.1:{PORT}/oauth2callback/github"
VAULT = Vault(Keys.made())


@pytest.fixture(scope="module")
def running() -> Iterator[GitHubSite]:
    with GitHubSite() as site:
        yield site


@pytest.fixture
def site(running: GitHubSite) -> GitHubSite:
    running.account, running.answers, running.exchanged = Account(), {}, 0
    return running


@pytest.fixture
def settings(site: GitHubSite) -> Settings:
    return Settings(
        oidc_github_client_id=site.client_id,
        oidc_github_client_secret=SecretStr(CLIENT_SECRET),
        oidc_github_url=site.url,
    )


@pytest.fixture
def bridge(settings: Settings) -> Bridge:
    made = bridge_of(settings, VAULT, PORT)
    assert made is not None
    return made


@pytest.fixture
def secret(settings: Settings) -> str:
    auth: dict[str, Any] = sections(settings, VAULT, PORT)["auth"]
    return str(auth["github-keep"]["client_secret"])


def asked(bridge: Bridge, method: str, path: str, **more: Any) -> httpx2.Response:
    async def ask() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=Starlette(routes=bridge.routes()))
        async with httpx2.AsyncClient(transport=transport, base_url=bridge.local) as client:
            return await client.request(method, path, **more)

    return outside(ask())


def handed_in(
    bridge: Bridge, secret: str, code: str, client_id: str = "", **changes: str
) -> tuple[int, dict[str, Any]]:
    """Hand a code in as Streamlit does; return the status and what is told."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": VERIFIER,
        "redirect_uri": BACK,
    }
    answer = asked(bridge, "POST", TOKEN, data={**form, **changes}, auth=(client_id or bridge.github.client_id, secret))
    return answer.status_code, answer.json()


def test_a_code_becomes_a_token_that_is_for_this_app_and_this_sign_in(
    bridge: Bridge, secret: str, site: GitHubSite, settings: Settings
) -> None:
    code = site.let_in(BACK)
    with bridge.carrying(code, VERIFIER, "the nonce"):
        status, told = handed_in(bridge, secret, code)
    assert (status, set(told)) == (200, {"token_type", "id_token"}), "GitHub's access token goes no further"
    described = asked(bridge, "GET", METADATA).json()
    assert (described["issuer"], described["jwks_uri"]) == (f"{site.url}/login/oauth", f"{bridge.local}{KEYS}")
    (key,) = asked(bridge, "GET", KEYS).json()["keys"]
    assert "d" not in key, "the key that signs stays here"
    claims = jwt.decode(
        told["id_token"],
        jwt.PyJWK(key),
        algorithms=described["id_token_signing_alg_values_supported"],
        audience=site.client_id,
        issuer=described["issuer"],
    )
    assert claims["nonce"] == "the nonce"
    (provider,) = providers_of(settings)
    identity = identity_of(provider, claims)
    assert (identity.subject, identity.email, identity.email_verified) == ("1815", "ada@example.org", True)


def test_the_bridge_takes_a_code_of_streamlit_alone_while_its_browser_stands_there_and_once(
    bridge: Bridge, secret: str, site: GitHubSite
) -> None:
    code = site.let_in(BACK)
    assert handed_in(bridge, secret, code) == (400, {"error": "invalid_grant"}), "nobody brought it"
    with bridge.carrying(code, VERIFIER, "n"):
        for wrong in ("", "wrong", CLIENT_SECRET):
            assert handed_in(bridge, wrong, code) == (401, {"error": "invalid_client"})
        assert handed_in(bridge, secret, code, "another") == (401, {"error": "invalid_client"})
        assert asked(bridge, "POST", TOKEN, data={"code": code}).status_code == 401
        assert handed_in(bridge, secret, code, code_verifier="w" * 48) == (400, {"error": "invalid_grant"})
        assert handed_in(bridge, secret, "another") == (400, {"error": "invalid_grant"})
        assert handed_in(bridge, secret, "x" * 20_000) == (413, {"error": "invalid_request"})
        assert site.exchanged == 0, "no stranger's code reaches GitHub"
        assert handed_in(bridge, secret, code)[0] == 200
        assert handed_in(bridge, secret, code) == (400, {"error": "invalid_grant"})
    with bridge.carrying(site.let_in(BACK), VERIFIER, "n"):
        pass
    assert not bridge._carried, "nothing is kept of who left"
    assert site.exchanged == 1


@pytest.mark.parametrize(
    "changes", [{"redirect_uri": f"{BACK}/"}, {"redirect_uri": "http://evil.example.org"}, {"grant_type": "password"}]
)
def test_what_else_streamlit_never_says_is_refused(
    bridge: Bridge, secret: str, site: GitHubSite, changes: dict[str, str]
) -> None:
    code = site.let_in(BACK)
    with bridge.carrying(code, VERIFIER, "n"):
        assert handed_in(bridge, secret, code, **changes) == (400, {"error": "invalid_grant"})
    assert site.exchanged == 0


def test_what_github_says_no_to_is_passed_on_and_that_it_is_away_too(
    bridge: Bridge, secret: str, site: GitHubSite
) -> None:
    code = site.let_in(BACK, -1)
    with bridge.carrying(code, VERIFIER, "n"):
        assert handed_in(bridge, secret, code) == (400, {"error": "invalid_grant"})
    site.answers = {"/api/v3/user": (502, {}, b"<html>")}
    code = site.let_in(BACK)
    with bridge.carrying(code, VERIFIER, "n"):
        assert handed_in(bridge, secret, code)[0] == 503


def test_people_are_sent_to_github_with_nothing_that_it_does_not_know(bridge: Bridge, site: GitHubSite) -> None:
    said = {"client_id": "c", "redirect_uri": BACK, "state": "s", "code_challenge": "x", "prompt": "select_account"}
    given = {**said, "scope": "openid email profile", "nonce": "n", "response_type": "code", "login": "ada"}
    sent = bridge.address(f"{site.url}/login/oauth/authorize?{urlencode(given)}")
    assert sent.startswith(f"{site.url}/login/oauth/authorize?")
    assert parse_qs(urlsplit(sent).query) == {
        name: [value] for name, value in {**said, "scope": "read:user user:email"}.items()
    }
    others = f"https://id.example.org/login/oauth/authorize?{urlencode(given)}"
    assert bridge.address(others) == others


def through_the_door(
    bridge: Bridge, settings: Settings, path: str, query: str, cookie: str
) -> tuple[str, list[dict[tuple[str, str], str]]]:
    """Come back by `path`; return where that leads, and what the bridge carries meanwhile, if anybody asks."""
    seen: list[dict[tuple[str, str], str]] = []

    async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(dict(bridge._carried))
        response = RedirectResponse("/", 302)
        response.set_cookie("_streamlit_user", "signed", max_age=60)
        await response(scope, receive, send)

    async def come() -> str:
        transport = httpx2.ASGITransport(app=ProviderDoor(streamlit, settings, bridge))
        async with httpx2.AsyncClient(transport=transport, base_url=bridge.local) as client:
            answer = await client.get(f"{path}?{query}", headers={"cookie": cookie})
            return str(answer.headers.get("location"))

    return outside(come()), seen


def noted(section: str, **data: str) -> str:
    """Return the cookie of a browser in which Streamlit noted `data` of a sign-in."""
    kept = base64.b64encode(json.dumps({f"_state_{section}_s": {"data": data}}).encode()).decode()
    return f"_streamlit_session={kept}.time.signature"


def test_a_code_is_carried_by_the_browser_that_began_at_github_with_its_own_nonce(
    bridge: Bridge, settings: Settings
) -> None:
    more = settings.model_copy(
        update={"oidc_google_client_id": "g", "oidc_google_client_secret": SecretStr("s")},
    )
    mine = {"nonce": "mine", "code_verifier": VERIFIER}
    came = through_the_door(bridge, more, "/oauth2callback/github", "code=c&state=s", noted("github-again", **mine))
    assert came == ("/sign_in?provider=done", [{("c", VERIFIER): "mine"}])
    assert not bridge._carried
    # Another browser's state, a sign-in begun elsewhere, and the road of another.
    for path, query, cookie in (
        ("/oauth2callback/github", "code=c&state=theirs", noted("github-keep", **mine)),
        ("/oauth2callback/github", "code=c&state=s", noted("google-keep", **mine)),
        ("/oauth2callback/google", "code=c&state=s", noted("github-keep", **mine)),
        ("/oauth2callback/github", "code=c&state=s", ""),
    ):
        assert through_the_door(bridge, more, path, query, cookie) == ("/sign_in?provider=state", [])
    assert through_the_door(bridge, more, "/oauth2callback/google", "code=c&state=s", noted("google-keep", **mine)) == (
        "/sign_in?provider=done",
        [{}],
    )


def test_without_a_nonce_no_code_is_taken(bridge: Bridge, secret: str, site: GitHubSite) -> None:
    code = site.let_in(BACK)
    with bridge.carrying(code, VERIFIER, ""):
        assert handed_in(bridge, secret, code) == (400, {"error": "invalid_grant"})
    assert site.exchanged == 0


def test_the_bridge_answers_under_the_machines_own_name_alone(bridge: Bridge) -> None:
    async def ask(host: str, path: str, by: str = "127.0.0.1") -> int:
        ring = Ring(Starlette(routes=bridge.routes()), hosts=["money.example.org"])
        transport = httpx2.ASGITransport(app=ring, client=(by, 4711))
        async with httpx2.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return (await client.get(path)).status_code

    for path in (METADATA, KEYS):
        assert outside(ask(f"127.0.0.1:{PORT}", path)) == 200
        for host in ("money.example.org", "evil.example.org", "localhost:8502"):
            assert outside(ask(host, path)) == 403
        for by in ("203.0.113.9", "2001:db8::1", "testclient", ""):
            assert outside(ask(f"127.0.0.1:{PORT}", path, by)) == 403
        assert outside(ask(f"127.0.0.1:{PORT}", path, "::1")) == 200
    assert outside(ask(f"127.0.0.1:{PORT}", "/")) == 403, "and nothing else does"


def test_what_streamlit_hands_in_for_everybody_is_no_change_of_anybodys(bridge: Bridge) -> None:
    async def ask() -> list[int]:
        ring = Ring(Starlette(routes=bridge.routes()), hosts=["127.0.0.1"])
        transport = httpx2.ASGITransport(app=ring)
        async with httpx2.AsyncClient(transport=transport, base_url=bridge.local) as client:
            return [(await client.post(TOKEN)).status_code for _ in range(150)]

    assert set(outside(ask())) == {401}


def test_there_is_no_bridge_to_a_github_that_is_not_set() -> None:
    assert bridge_of(Settings(), VAULT, PORT) is None
