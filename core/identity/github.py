"""Whom GitHub let in. It speaks OAuth 2 and gives out no identity token: its code is handed in, and it is asked.

Facts from GitHub's documentation: "Authorizing OAuth apps", "Troubleshooting OAuth app access token request errors",
"REST API endpoints for users" and "for emails". Errors of the first request come with the status 200. The access token
lives in this module alone, for two questions.
"""

import asyncio
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from core.config import GITHUB, Settings
from core.errors import SignInError

if TYPE_CHECKING:
    import httpx2

SCOPE: Final = "read:user user:email"
SECONDS: Final = 20.0
"""How long the three requests may take together."""
LARGEST: Final = 256 * 1024
"""Bytes of an answer at the most; GitHub's have a few thousand."""
LONGEST_CLAIM: Final = 320
TOKEN: Final = re.compile(r"[!-~]{1,1024}")
GREATEST_ID: Final = 2**63 - 1

Code = Literal["invalid_client", "invalid_grant", "access_denied", "server_error", "temporarily_unavailable"]
"""What went wrong, as OAuth 2 calls it."""

_CODES: Final[dict[str, Code]] = {
    "incorrect_client_credentials": "invalid_client",
    "redirect_uri_mismatch": "invalid_client",
    "application_suspended": "invalid_client",
    "bad_verification_code": "invalid_grant",
    # GitHub lets nobody through who never confirmed an address there.
    "unverified_user_email": "access_denied",
}
_UNKNOWN_APP: Final = {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}
_UNTOLD: Final = {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
"""An app that may not read addresses is answered so."""


class GitHubError(SignInError):
    """GitHub did not tell who somebody is; `code` says why in OAuth's words."""

    def __init__(self, code: Code, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class GitHub:
    """This app at github.com, or at a GitHub Enterprise."""

    url: str
    client_id: str
    client_secret: SecretStr

    @property
    def authorize(self) -> str:
        """Return where people sign in and let this app in."""
        return f"{self.url}/login/oauth/authorize"

    @property
    def api(self) -> str:
        """Return where GitHub answers questions: at a name of its own, but for an Enterprise Server."""
        parts = urlsplit(self.url)
        cloud = self.url == GITHUB or (parts.hostname or "").endswith(".ghe.com")
        return f"{parts.scheme}://api.{parts.netloc}" if cloud else f"{self.url}/api/v3"


def github_of(settings: Settings) -> GitHub | None:
    """Return this app at GitHub, None where the settings name none."""
    if not settings.oidc_github_client_id:
        return None
    return GitHub(settings.oidc_github_url, settings.oidc_github_client_id, settings.oidc_github_client_secret)


async def person_at(github: GitHub, code: str, verifier: str, back: str) -> dict[str, object]:
    """Return who brought `code` from GitHub, as claims of OpenID Connect: sub, name, and where told the e-mail.

    The subject is the account's number: its name and its address can come to belong to somebody else. `verifier` is
    what PKCE asks for, `back` the address to which GitHub sent the code.

    Raises:
        GitHubError: the code is not taken, or GitHub is away or makes no sense.
    """
    # Half as much to load as all the rest of the room, for who has no GitHub.
    import httpx2

    try:
        async with asyncio.timeout(SECONDS), httpx2.AsyncClient(follow_redirects=False) as client:
            token = await _token(client, github, code, verifier, back)
            bearer = {"authorization": f"Bearer {token}", "accept": "application/vnd.github+json"}
            status, person = await _asked(client, "GET", f"{github.api}/user", bearer)
            if status != HTTPStatus.OK:
                raise GitHubError("server_error", f"GitHub does not tell who somebody is, with the status {status}.")
            status, addresses = await _asked(client, "GET", f"{github.api}/user/emails?per_page=100", bearer)
            if status != HTTPStatus.OK and status not in _UNTOLD:
                raise GitHubError("server_error", f"GitHub tells no addresses, with the status {status}.")
            return {**_who(person), **(_address(addresses) if status == HTTPStatus.OK else {})}
    except (httpx2.HTTPError, TimeoutError) as failure:
        raise GitHubError("temporarily_unavailable", "GitHub can't be reached.") from failure


async def _token(client: "httpx2.AsyncClient", github: GitHub, code: str, verifier: str, back: str) -> str:
    form = {
        "client_id": github.client_id,
        "client_secret": github.client_secret.get_secret_value(),
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": back,
    }
    address = f"{github.url}/login/oauth/access_token"
    status, said = await _asked(client, "POST", address, {"accept": "application/json"}, form)
    if status in _UNKNOWN_APP:
        raise GitHubError("invalid_client", "GitHub does not know this app.")
    if not isinstance(said, dict):
        raise GitHubError("server_error", "GitHub's answer to the code makes no sense.")
    if "error" in said:
        # Only words that are known go on, to the log too.
        meant = _CODES.get(str(said["error"]), "server_error")
        raise GitHubError(meant, f"GitHub does not take the code ({meant}).")
    token, kind = said.get("access_token"), said.get("token_type")
    if not isinstance(token, str) or not TOKEN.fullmatch(token) or str(kind).lower() != "bearer":
        raise GitHubError("server_error", "GitHub's answer to the code has no access token.")
    return token


async def _asked(
    client: "httpx2.AsyncClient", method: str, address: str, headers: dict[str, str], form: dict[str, str] | None = None
) -> tuple[int, object]:
    """Return the status and the JSON of an answer; a compressed one is none, as it could unfold without end."""
    headers = {**headers, "accept-encoding": "identity", "user-agent": "FinTrack"}
    body = bytearray()
    async with client.stream(method, address, headers=headers, data=form) as answer:
        if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR or answer.status_code == HTTPStatus.TOO_MANY_REQUESTS:
            raise GitHubError("temporarily_unavailable", f"GitHub is busy, with the status {answer.status_code}.")
        async for piece in answer.aiter_raw():
            body += piece
            if len(body) > LARGEST:
                raise GitHubError("temporarily_unavailable", "GitHub's answer is too large to be one of GitHub's.")
    try:
        return answer.status_code, json.loads(bytes(body))
    except (ValueError, RecursionError):
        raise GitHubError("temporarily_unavailable", "What answered in GitHub's place is no JSON.") from None


def _who(person: object) -> dict[str, object]:
    number = person.get("id") if isinstance(person, dict) else None
    if not isinstance(person, dict) or type(number) is not int or not 0 < number <= GREATEST_ID:
        raise GitHubError("server_error", "GitHub's answer has no account in it.")
    names = (person.get("name"), person.get("login"))
    name = next((one.strip() for one in names if isinstance(one, str) and one.strip()), "")
    return {"sub": str(number), "name": name[:LONGEST_CLAIM]}


def _address(addresses: object) -> dict[str, object]:
    """Return the one address that counts at GitHub: of others its person may have confirmed some long ago."""
    if not isinstance(addresses, list):
        raise GitHubError("server_error", "GitHub's answer has no addresses in it.")
    for one in addresses:
        if isinstance(one, dict) and one.get("primary") is True and isinstance(one.get("email"), str):
            return {"email": one["email"][:LONGEST_CLAIM], "email_verified": one.get("verified") is True}
    return {}
