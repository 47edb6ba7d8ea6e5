"""The authorization code flow with PKCE, as a provider runs it: discovery, a consent page, tokens and keys.

It takes nothing on trust: the client, the redirect address, the state and nonce that have to be there, the code that
works once, and the verifier behind the challenge. What is wrong is answered as RFC 6749 says.
"""

import base64
import hashlib
import html
import json
import secrets
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.standins.served import Served

CLIENT_ID = "fintrack-tests"
CLIENT_SECRET = "a secret of the tests"
KEY_ID = "first"
CODE_SECONDS = 60
MANY = {
    "/common/oauth2/v2.0/authorize": "/authorize",
    "/common/oauth2/v2.0/token": "/token",
    "/common/discovery/v2.0/keys": "/keys",
}
"""Where Microsoft is asked for many tenants: what it says of itself there is left out, as nobody could use it."""
NEEDED = ("response_type", "client_id", "redirect_uri", "scope", "state", "nonce", "code_challenge")

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Person:
    """Who signs in at the provider."""

    subject: str = "ada-1815"
    email: str = "ada@example.org"
    email_verified: bool | str | None = True
    given_name: str = "Ada"
    family_name: str = "Lovelace"


@dataclass
class _Grant:
    asked: dict[str, str]
    claims: dict[str, Any]
    until: float


@dataclass
class OidcProvider(Served):
    """A server on a free port, under the name localhost: another site than 127.0.0.1 to a browser.

    It insists on PKCE without advertising it.
    `person` signs in; `prompts` are the prompts that were asked for; `changes` are laid over the next tokens' claims.
    `client_id` is the one app that it knows, `callback` the path to which alone it sends that one's people back, and
    `path` what follows the host in its issuer. `tokens_asked` counts the codes that were handed to it.
    """

    person: Person = field(default_factory=Person)
    changes: dict[str, Any] = field(default_factory=dict)
    prompts: list[str] = field(default_factory=list)
    away: bool = False
    client_id: str = CLIENT_ID
    callback: str = "/oauth2callback"
    path: str = ""
    tokens_asked: int = 0

    def __post_init__(self) -> None:
        """Make a key and bind a port."""
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.foreign_key = False
        self._grants: dict[str, _Grant] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.base = f"http://localhost:{self._server.server_port}"
        self.issuer = f"{self.base}{self.path}"

    def answer(self, method: str, target: str, form: dict[str, str], credentials: str) -> Answer:
        """Answer one request."""
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query))
        if self.away:
            return as_text(503, "Busy.")
        match method, MANY.get(parts.path, parts.path.removeprefix(self.path)):
            case "GET", "/.well-known/openid-configuration":
                return as_json(200, self._metadata())
            case "GET", "/keys":
                return as_json(200, {"keys": [self._public_key()]})
            case "GET", "/authorize":
                return self._consent_page(query)
            case "POST", "/authorize":
                return self._decide(form)
            case "POST", "/token":
                return self._token(form, credentials)
        return as_text(404, "Not here.")

    def _metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "end_session_endpoint": f"{self.issuer}/leave",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def _public_key(self) -> dict[str, Any]:
        key: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return {**key, "kid": KEY_ID, "use": "sig", "alg": "RS256"}

    def _consent_page(self, asked: dict[str, str]) -> Answer:
        missing = [name for name in NEEDED if not asked.get(name)]
        strange = missing or urlsplit(asked["redirect_uri"]).path != self.callback
        if strange or asked["client_id"] != self.client_id or asked.get("code_challenge_method") != "S256":
            return as_text(400, f"This request is not right: {missing}")
        self.prompts.append(asked.get("prompt", ""))
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in asked.items()
        )
        page = (
            "<!doctype html><title>A provider</title>"
            f"<h1>Go on as {html.escape(self.person.email)}?</h1>"
            f'<form method="post" action="{self.path}/authorize">{hidden}'
            '<button name="decision" value="allow">Allow</button>'
            '<button name="decision" value="deny">Deny</button></form>'
        )
        return 200, {"content-type": "text/html; charset=utf-8"}, page.encode()

    def _decide(self, asked: dict[str, str]) -> Answer:
        back = {"state": asked["state"]}
        if asked.pop("decision") != "allow":
            back |= {"error": "access_denied", "error_description": "The person said no."}
        else:
            code = back["code"] = secrets.token_urlsafe(24)
            self._grants[code] = _Grant(asked, self._claims(asked["nonce"]), time.time() + CODE_SECONDS)
        return 302, {"location": f"{asked['redirect_uri']}?{urlencode(back)}"}, b""

    def _claims(self, nonce: str) -> dict[str, Any]:
        now = int(time.time())
        person = {
            "sub": self.person.subject,
            "email": self.person.email,
            "email_verified": self.person.email_verified,
            "given_name": self.person.given_name,
            "family_name": self.person.family_name,
        }
        claims = {"iss": self.issuer, "aud": self.client_id, "iat": now, "exp": now + 3600, "nonce": nonce, **person}
        claims |= self.changes
        return {name: value for name, value in claims.items() if value is not None}

    def _token(self, form: dict[str, str], credentials: str) -> Answer:
        self.tokens_asked += 1
        expected = base64.b64encode(f"{self.client_id}:{CLIENT_SECRET}".encode()).decode()
        if credentials != f"Basic {expected}":
            return as_json(401, {"error": "invalid_client"})
        grant = self._grants.pop(form.get("code", ""), None)
        if form.get("grant_type") != "authorization_code" or grant is None or grant.until < time.time():
            return as_json(400, {"error": "invalid_grant"})
        fits = challenge_of(form.get("code_verifier", "")) == grant.asked["code_challenge"]
        if not fits or form.get("redirect_uri") != grant.asked["redirect_uri"]:
            return as_json(400, {"error": "invalid_grant"})
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048) if self.foreign_key else self._key
        token = jwt.encode(grant.claims, key, algorithm="RS256", headers={"kid": KEY_ID})
        told = {"access_token": secrets.token_urlsafe(24), "token_type": "Bearer", "expires_in": 3600}
        return as_json(200, {**told, "id_token": token})


def as_json(status: int, body: object) -> Answer:
    """Return an answer that is JSON."""
    return status, {"content-type": "application/json", "cache-control": "no-store"}, json.dumps(body).encode()


def as_text(status: int, words: str) -> Answer:
    """Return an answer that is text."""
    return status, {"content-type": "text/plain"}, words.encode()


def challenge_of(verifier: str) -> str:
    """Return the challenge of PKCE's method S256 (RFC 7636, section 4.2)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class Answering(Protocol):
    """What a stand-in has: an answer to each request."""

    def answer(self, method: str, target: str, form: dict[str, str], credentials: str) -> Answer: ...


def handler_of(provider: Answering) -> type[BaseHTTPRequestHandler]:
    """Return what serves a stand-in's answers over HTTP."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._give(provider.answer("GET", self.path, {}, self.headers.get("authorization", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode()
            form = dict(parse_qsl(body))
            self._give(provider.answer("POST", self.path, form, self.headers.get("authorization", "")))

        def _give(self, answer: Answer) -> None:
            status, headers, body = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    return Handler
