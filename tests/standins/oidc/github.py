"""GitHub's OAuth 2, as it documents it: a consent page, a code for a token, and two questions that the token opens.

It is an Enterprise Server by its addresses. It takes nothing on trust: the app, the address to go back to, the state,
the code that works once, and the verifier behind the challenge. What is wrong with a code it says with the status 200,
and it wonders at every parameter that GitHub does not know.
"""

import html
import secrets
import time
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.standins.oidc.server import CLIENT_SECRET, CODE_SECONDS, Answer, as_json, as_text, challenge_of, handler_of
from tests.standins.served import Served

KNOWN = {"client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "prompt"}
SCOPE = "read:user user:email"
VERIFIER = "v" * 48


@dataclass
class Account:
    """Who signs in at GitHub; of the addresses the first one is the primary one."""

    number: int = 1815
    login: str = "ada"
    name: str | None = "Ada Lovelace"
    addresses: tuple[tuple[str, bool], ...] = (("ada@example.org", True),)
    """Each with whether it was confirmed."""


@dataclass
class GitHubSite(Served):
    """A server on a free port, under the name localhost.

    `account` signs in; `prompts` are the prompts that were asked for. `answers` take the place of what a path answers,
    and `refusal` is what the callback says in place of a code. `exchanged` counts the codes handed in, `bearers` are
    the tokens that came with questions.
    """

    account: Account = field(default_factory=Account)
    answers: dict[str, Answer] = field(default_factory=dict)
    refusal: str = ""
    prompts: list[str] = field(default_factory=list)
    bearers: list[str] = field(default_factory=list)
    exchanged: int = 0
    client_id: str = "fintrack-at-github"
    callback: str = "/oauth2callback/github"

    def __post_init__(self) -> None:
        """Bind a port."""
        self._codes: dict[str, tuple[dict[str, str], Account, float]] = {}
        self._tokens: dict[str, Account] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.url = f"http://localhost:{self._server.server_port}"

    def code(self, seconds: float = CODE_SECONDS, **asked: str) -> str:
        """Let the account's person in without the page: return the code that goes back."""
        code = secrets.token_hex(10)
        self._codes[code] = (asked, self.account, time.time() + seconds)
        return code

    def let_in(self, back: str, seconds: float = CODE_SECONDS) -> str:
        """Do so as who comes from `back` and knows `VERIFIER`."""
        return self.code(seconds, redirect_uri=back, code_challenge=challenge_of(VERIFIER))

    def answer(self, method: str, target: str, form: dict[str, str], credentials: str) -> Answer:
        """Answer one request."""
        parts = urlsplit(target)
        if parts.path in self.answers:
            return self.answers[parts.path]
        match method, parts.path:
            case "GET", "/login/oauth/authorize":
                return self._page(dict(parse_qsl(parts.query)))
            case "POST", "/login/oauth/authorize":
                return self._decided(form)
            case "POST", "/login/oauth/access_token":
                return self._token(form)
            case "GET", "/api/v3/user" | "/api/v3/user/emails":
                return self._told(parts.path, credentials)
        return as_json(404, {"message": "Not Found"})

    def _page(self, asked: dict[str, str]) -> Answer:
        strange = set(asked) ^ KNOWN
        fits = asked.get("client_id") == self.client_id and asked.get("scope") == SCOPE
        if strange or not fits or urlsplit(asked["redirect_uri"]).path != self.callback:
            return as_text(400, f"This request is not right: {strange}")
        self.prompts.append(asked["prompt"])
        hidden = "".join(
            f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
            for name, value in asked.items()
        )
        page = (
            f"<!doctype html><title>GitHub</title><h1>Authorize FinTrack as {html.escape(self.account.login)}?</h1>"
            f'<form method="post" action="/login/oauth/authorize">{hidden}'
            '<button name="decision" value="allow">Authorize</button>'
            '<button name="decision" value="deny">Cancel</button></form>'
        )
        return 200, {"content-type": "text/html; charset=utf-8"}, page.encode()

    def _decided(self, asked: dict[str, str]) -> Answer:
        back = {"state": asked["state"]}
        refusal = self.refusal or ("access_denied" if asked.pop("decision") != "allow" else "")
        back |= {"error": refusal} if refusal else {"code": self.code(**asked)}
        return 302, {"location": f"{asked['redirect_uri']}?{urlencode(back)}"}, b""

    def _token(self, form: dict[str, str]) -> Answer:
        self.exchanged += 1
        if form.get("client_id") != self.client_id:
            return as_json(404, {"error": "Not Found"})
        if form.get("client_secret") != CLIENT_SECRET:
            return as_json(200, {"error": "incorrect_client_credentials", "error_description": "They are incorrect."})
        asked, account, until = self._codes.pop(form.get("code", ""), ({}, Account(), 0.0))
        if until < time.time() or challenge_of(form.get("code_verifier", "")) != asked.get("code_challenge"):
            return as_json(200, {"error": "bad_verification_code", "error_description": "It is incorrect or expired."})
        if form.get("redirect_uri") != asked["redirect_uri"]:
            return as_json(200, {"error": "redirect_uri_mismatch"})
        token = f"gho_{secrets.token_hex(18)}"
        self._tokens[token] = account
        return as_json(200, {"access_token": token, "scope": SCOPE.replace(" ", ","), "token_type": "bearer"})

    def _told(self, path: str, credentials: str) -> Answer:
        token = credentials.removeprefix("Bearer ")
        self.bearers.append(token)
        account = self._tokens.get(token)
        if account is None:
            return as_json(401, {"message": "Bad credentials"})
        if path.endswith("/user"):
            told: dict[str, Any] = {"login": account.login, "id": account.number, "name": account.name, "email": None}
            return as_json(200, told)
        return as_json(
            200,
            [
                {"email": address, "verified": verified, "primary": number == 0, "visibility": None}
                for number, (address, verified) in reversed(list(enumerate(account.addresses)))
            ],
        )
