"""Where this server is asked in a provider's place, nobody else is, whatever the network says."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from authlib.integrations.starlette_client import OAuth
from pydantic import SecretStr
from streamlit import App

from core.config import ROOT, Settings
from core.vault import Keys, Vault
from pages.door.loopback import hindrance, pass_proxies
from pages.door.provider import asks_itself, sections
from tests.machine.outside import outside

GITHUB = Settings(oidc_github_client_id="ours", oidc_github_client_secret=SecretStr("s"))
MANY = Settings(
    oidc_microsoft_client_id="ours", oidc_microsoft_client_secret=SecretStr("s"), oidc_microsoft_tenant="common"
)


@contextmanager
def telling(issuer: str, asked: list[str]) -> Iterator[int]:
    """Serve metadata of `issuer` at every address; note what is asked for. Yields the port."""

    class Teller(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = json.dumps({"issuer": issuer}).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Teller) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("settings", "key"), [(GITHUB, "github-keep"), (MANY, "microsoft-again")])
def test_no_proxy_of_the_networks_answers_in_this_servers_place(
    settings: Settings, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here: list[str] = []
    elsewhere: list[str] = []
    with telling("ours", here) as port, telling("a liar's", elsewhere) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.setenv(name, "10.0.0.1")  # taken back at the end, whatever is written over it
        pass_proxies(os.environ)
        auth: Any = sections(settings, Vault(Keys.made()), port)["auth"]
        client = OAuth().register(
            "one", **{name: auth[key][name] for name in ("client_id", "server_metadata_url", "client_kwargs")}
        )
        told = outside(client.load_server_metadata())
    assert (told["issuer"], len(here), elsewhere) == ("ours", 1, [])


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({}, "127.0.0.1"),
        ({"NO_PROXY": "a.example"}, "a.example,127.0.0.1"),
        ({"no_proxy": "b.example", "NO_PROXY": "a.example"}, "b.example,127.0.0.1"),
        ({"NO_PROXY": "a.example, 127.0.0.1"}, None),
    ],
)
def test_what_is_asked_past_a_proxy_already_still_is(said: dict[str, str], left: str | None) -> None:
    environment = dict(said)
    pass_proxies(environment)
    assert environment == (said if left is None else {"no_proxy": left, "NO_PROXY": left})


@pytest.mark.parametrize("settings", [GITHUB, MANY])
def test_streamlit_takes_what_it_is_told_of_providers(settings: Settings) -> None:
    App(ROOT / "pages" / "about.py", secrets=sections(settings, Vault(Keys.made()), 8502))


def test_who_asks_itself_has_to_be_there() -> None:
    own = Settings(oidc_issuer_url="https://id.example.org", oidc_client_id="ours", oidc_client_secret=SecretStr("s"))
    assert (asks_itself(GITHUB), asks_itself(MANY)) == (True, True)
    assert not asks_itself(own)
    assert not asks_itself(MANY.model_copy(update={"oidc_microsoft_tenant": "consumers"}))
    for listens in ("", "127.0.0.1", "localhost", "0.0.0.0"):  # noqa: S104 - compared with
        assert hindrance(listens, "", "") == ""
    for served in (("127.0.0.2", "", ""), ("::1", "", ""), ("127.0.0.1", "cert.pem", ""), ("", "", "money")):
        assert "need this server at http://127.0.0.1" in hindrance(*served)
