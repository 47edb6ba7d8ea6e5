"""The bridge to GitHub, which speaks OAuth 2 only: to Streamlit, and to nobody else, it is an OpenID Connect provider.

People go to GitHub and come back from it as at the other providers, with the state, the cookie and the PKCE challenge
that Streamlit made. Only when Streamlit hands in the code, it does so here, over loopback: the code goes on to GitHub,
which is asked whose it is, and the answer becomes an identity token. So nothing is kept here between going and coming
back.

A code is taken while a browser stands in the door that brought it and began that sign-in here, and once. What signs the
tokens is made at the start, as they are read within the same request. Who can reach these routes without the secret,
which is no one's but Streamlit's, learns what any provider says of itself in public.
"""

import hmac
import logging
import secrets
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core import clock
from core.config import DISCOVERY
from core.identity import FRESH, GITHUB_SCOPE, GitHub, GitHubError, person_at
from pages.door import loopback

log = logging.getLogger(__name__)

METADATA: Final = f"{loopback.PREFIX}github{DISCOVERY}"
KEYS: Final = f"{loopback.PREFIX}github/keys"
TOKEN: Final = f"{loopback.PREFIX}github/token"
LARGEST: Final = 16 * 1024
"""Bytes of a form at the most."""
ALGORITHM: Final = "ES256"
KNOWN: Final = ("client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method", "prompt")
"""What GitHub knows of what is asked at a provider; of scopes it has its own, and no nonce."""


class Bridge:
    """GitHub as an OpenID Connect provider; `back` is where it sends people to, `secret` Streamlit's at the bridge."""

    def __init__(self, github: GitHub, issuer: str, back: str, port: int, secret: str) -> None:
        """Make the key that signs."""
        self.github = github
        self.issuer = issuer
        self.back = back
        self.local = loopback.address(port)
        self._credentials = f"Basic {b64encode(f'{github.client_id}:{secret}'.encode()).decode()}".encode()
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._key_id = secrets.token_urlsafe(8)
        self._carried: dict[tuple[str, str], str] = {}

    def routes(self) -> list[Route]:
        """Return the routes at which Streamlit asks."""
        return [
            Route(METADATA, self._metadata),
            Route(KEYS, self._keys),
            Route(TOKEN, self._token, methods=["POST"]),
        ]

    def address(self, location: str) -> str:
        """Return where to send a person whom Streamlit sends to `location`: at GitHub in words that it knows."""
        if not location.startswith(f"{self.github.authorize}?"):
            return location
        asked = dict(parse_qsl(urlsplit(location).query))
        said = {name: asked[name] for name in KNOWN if name in asked}
        return f"{self.github.authorize}?{urlencode({**said, 'scope': GITHUB_SCOPE})}"

    @contextmanager
    def carrying(self, code: str, verifier: str, nonce: str) -> Iterator[None]:
        """Take `code` while this lasts, with the verifier of the sign-in that a browser began, for a token of `nonce`.

        All three are as that browser says: Streamlit, which signed what it began, checks them before it hands them in.
        """
        self._carried[code, verifier] = nonce
        try:
            yield
        finally:
            self._carried.pop((code, verifier), None)

    async def _metadata(self, _request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": self.github.authorize,
                "token_endpoint": f"{self.local}{TOKEN}",
                "jwks_uri": f"{self.local}{KEYS}",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": [ALGORITHM],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    async def _keys(self, _request: Request) -> JSONResponse:
        import jwt  # a third of this folder's time to load, for who has no GitHub

        key: dict[str, Any] = jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return JSONResponse({"keys": [{**key, "kid": self._key_id, "use": "sig", "alg": ALGORITHM}]})

    async def _token(self, request: Request) -> JSONResponse:
        if not hmac.compare_digest(request.headers.get("authorization", "").encode(), self._credentials):
            return _refused("invalid_client", 401)
        body = bytearray()
        async for piece in request.stream():
            body += piece
            if len(body) > LARGEST:
                return _refused("invalid_request", 413)
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        code, verifier = form.get("code", ""), form.get("code_verifier", "")
        nonce = self._carried.pop((code, verifier), "")
        if form.get("grant_type") != "authorization_code" or form.get("redirect_uri") != self.back or not nonce:
            return _refused("invalid_grant", 400)
        try:
            person = await person_at(self.github, code, verifier, self.back)
        except GitHubError as failure:
            log.warning("a sign-in at GitHub failed: %s", failure.sentence)
            return _refused(failure.code, 503 if failure.code == "temporarily_unavailable" else 400)
        import jwt

        now = int(clock.now().timestamp())
        claims = {
            **person,
            "iss": self.issuer,
            "aud": self.github.client_id,
            "iat": now,
            "exp": now + int(FRESH.total_seconds()),
            "nonce": nonce,
        }
        token = jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": self._key_id})
        # There is nothing that an access token would open.
        return JSONResponse({"token_type": "Bearer", "id_token": token}, headers={"cache-control": "no-store"})


def _refused(code: str, status: int) -> JSONResponse:
    return JSONResponse({"error": code}, status, headers={"cache-control": "no-store"})
