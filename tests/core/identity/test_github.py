"""Asking GitHub who came: what it tells becomes claims, and what it can't tell a word of OAuth's."""

import gzip
import logging
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from core.identity import GitHub, GitHubError, person_at
from tests.machine.outside import outside
from tests.standins.oidc import CLIENT_SECRET, VERIFIER, Account, GitHubSite

BACK = "http://127.0.0.1:8501/oauth2callback/github"
USER, EMAILS, TOKEN = "/api/v3/user", "/api/v3/user/emails", "/login/oauth/access_token"


@pytest.fixture(scope="module")
def running() -> Iterator[GitHubSite]:
    with GitHubSite() as site:
        yield site


@pytest.fixture
def site(running: GitHubSite) -> GitHubSite:
    running.account, running.answers = Account(), {}
    running.bearers.clear()
    return running


def app(site: GitHubSite, secret: str = CLIENT_SECRET, client_id: str = "") -> GitHub:
    return GitHub(site.url, client_id or site.client_id, SecretStr(secret))


def ask(github: GitHub, code: str, verifier: str = VERIFIER, back: str = BACK) -> dict[str, object]:
    return outside(person_at(github, code, verifier, back))


def refusal(github: GitHub, code: str, **more: str) -> str:
    with pytest.raises(GitHubError) as told:
        ask(github, code, **more)
    return told.value.code


def answered(body: str | bytes, status: int = 200, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, named, body if isinstance(body, bytes) else body.encode()


@pytest.mark.parametrize(
    ("account", "told"),
    [
        (
            Account(7, "ada", "Ada Lovelace", (("ada@example.org", True), ("old@example.org", False))),
            {"sub": "7", "name": "Ada Lovelace", "email": "ada@example.org", "email_verified": True},
        ),
        (
            Account(8, "bob", None, (("bob@example.org", False), ("bobs@example.org", True))),
            {"sub": "8", "name": "bob", "email": "bob@example.org", "email_verified": False},
        ),
        (Account(9, "eve", " ", ()), {"sub": "9", "name": "eve"}),
    ],
)
def test_an_account_is_its_number_and_its_primary_address(
    site: GitHubSite, account: Account, told: dict[str, object]
) -> None:
    site.account = account
    assert ask(app(site), site.let_in(BACK)) == told


@pytest.mark.parametrize("status", [403, 404])
def test_without_leave_to_read_addresses_there_is_none(site: GitHubSite, status: int) -> None:
    site.answers = {EMAILS: answered('{"message": "Resource not accessible by integration"}', status)}
    assert ask(app(site), site.let_in(BACK)) == {"sub": "1815", "name": "Ada Lovelace"}


def test_what_is_not_right_is_told_in_oauths_words(site: GitHubSite) -> None:
    code = site.let_in(BACK)
    assert ask(app(site), code)["sub"] == "1815"
    assert refusal(app(site), code) == "invalid_grant", "a code works once"
    assert refusal(app(site), site.let_in(BACK, -1)) == "invalid_grant", "and for a time"
    assert refusal(app(site), site.let_in(BACK), verifier="w" * 48) == "invalid_grant", "for who began"
    assert refusal(app(site), site.let_in(BACK), back=f"{BACK}/elsewhere") == "invalid_client"
    assert refusal(app(site, "wrong"), site.let_in(BACK)) == "invalid_client"
    assert refusal(app(site, client_id="nobody"), site.let_in(BACK)) == "invalid_client"
    for said, code in (("unverified_user_email", "access_denied"), ("something new", "server_error")):
        site.answers = {TOKEN: answered(f'{{"error": "{said}"}}')}
        assert refusal(app(site), site.let_in(BACK)) == code


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        *((path, answered("Busy.", 503)) for path in (TOKEN, USER, EMAILS)),
        *((path, answered("<!doctype html><h1>Sign in", 200)) for path in (TOKEN, USER, EMAILS)),
        (USER, answered('{"message": "Slow down"}', 429)),
        (USER, answered(b'{"id": 1, "x": "' + b"x" * 300_000 + b'"}')),
        (USER, answered(gzip.compress(b'{"id": 1}'), content_encoding="gzip")),
        (USER, answered("[" * 100_000)),
        (USER, answered('{"id": ' + "1" * 5000 + "}")),
        (USER, answered("", 302, location="/api/v3/user/emails")),
        (USER, answered(b"\xff\xfe")),
    ],
)
def test_who_answers_otherwise_than_github_counts_as_away(site: GitHubSite, path: str, answer: Any) -> None:
    site.answers = {path: answer}
    assert refusal(app(site), site.let_in(BACK)) == "temporarily_unavailable"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *((TOKEN, body) for body in ("[]", "{}", '{"access_token": 1, "token_type": "bearer"}')),
        (TOKEN, '{"access_token": "gho_1", "token_type": "mac"}'),
        (TOKEN, '{"access_token": "gho_1\\r\\nx: y", "token_type": "bearer"}'),
        *((USER, body) for body in ("[]", "{}", "null", '{"id": "1"}', '{"id": true}', '{"id": 0}', '{"id": 1.0}')),
        *((EMAILS, body) for body in ("{}", "null", '"ada@example.org"')),
    ],
)
def test_an_answer_with_holes_lets_nobody_in(site: GitHubSite, path: str, body: str) -> None:
    site.answers = {path: answered(body)}
    assert refusal(app(site), site.let_in(BACK)) == "server_error"
    assert path != TOKEN or not site.bearers, "what is no token is shown to nobody"


@pytest.mark.parametrize(
    "body",
    [
        '["ada@example.org", {"email": "ada@example.org"}, {"email": 1, "primary": true}]',
        '[{"email": "ada@example.org", "primary": "true", "verified": true}]',
    ],
)
def test_an_address_of_which_little_is_told_is_none(site: GitHubSite, body: str) -> None:
    site.answers = {EMAILS: answered(body)}
    assert "email" not in ask(app(site), site.let_in(BACK))


def test_an_address_is_confirmed_where_github_says_so_and_not_else(site: GitHubSite) -> None:
    for said in ('"true"', "1", "null"):
        site.answers = {EMAILS: answered(f'[{{"email": "a@example.org", "primary": true, "verified": {said}}}]')}
        assert ask(app(site), site.let_in(BACK))["email_verified"] is False


def test_nobody_waits_for_a_github_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.identity.github.SECONDS", 0.2)
    began = time.monotonic()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        assert refusal(GitHub(url, "id", SecretStr("s")), "code") == "temporarily_unavailable"
    assert time.monotonic() - began < 4, "the network's own patience is five seconds"
    assert refusal(GitHub(url, "id", SecretStr("s")), "code") == "temporarily_unavailable", "nobody is there"


def test_the_access_token_is_asked_with_twice_and_told_to_nobody(
    site: GitHubSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = ask(app(site), site.let_in(BACK))
    site.answers = {EMAILS: answered("{}")}
    with pytest.raises(GitHubError) as failure:
        ask(app(site), site.let_in(BACK))
    assert len(site.bearers) == 3
    for token in {*site.bearers, CLIENT_SECRET}:
        assert token not in f"{told}{failure.value!s}{caplog.text}"
