"""Webhooks over real HTTP to the running app: Plaid's own bring its rows onto the page, all others change nothing."""

import base64
import hmac
import http.client
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import count
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page, expect
from sqlalchemy import select

from core.banking import keep_item, list_connections, sync_item
from core.banking.plaid import PlaidProvider
from core.banking.runs import list_runs
from core.config import Settings
from core.demo import start_demo
from core.identity import add_user, start_session
from core.store import Account, Item, Transaction, UserId, WebhookDelivery
from tests.e2e.conftest import SECONDS, give_cookie
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.standins.plaid import Item as BankItem
from tests.standins.plaid import PlaidStandIn, transaction
from tests.standins.plaid.webhooks import SigningKey, encoded, post

PUBLIC = "money.example.org"
PATH = "/plaid/webhook"
_deliveries = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, bank: PlaidStandIn) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("data")
    with serving(
        folder, **bank.environment, FINTRACK_CATEGORISE="false", PLAID_WEBHOOK_URL=f"https://{PUBLIC}{PATH}"
    ) as running:
        yield running


@dataclass(frozen=True)
class Linked:
    """A person with a bank that is up to date."""

    user: UserId
    item: int
    bank: BankItem
    token: str


@pytest.fixture(scope="module")
def linked(server: Server, bank: PlaidStandIn) -> Linked:
    settings = Settings(**{name.lower(): value for name, value in bank.environment.items()})  # type: ignore[arg-type]
    provider = PlaidProvider.from_settings(settings)
    with server.house() as house:
        user = add_user(house.store, house.vault, "webhooks@example.org", "seven otters juggle lanterns")
        given = provider.sandbox_item()
        item = keep_item(house.store, house.vault, user, provider.name, given)
        assert not sync_item(house.store, house.vault, {provider.name: provider}, user, item).error
    return Linked(user, item, bank.item_of(given.access_token), given.access_token)


def state(server: Server) -> list[object]:
    """Return all that a webhook could change."""
    with server.house() as house, house.store.read() as session:
        return [
            [
                tuple(getattr(row, column.key) for column in table.__table__.columns)
                for row in session.scalars(select(table).order_by(*table.__table__.primary_key.columns))
            ]
            for table in (Item, Account, Transaction, WebhookDelivery)
        ]


def news_of(bank: PlaidStandIn, linked: Linked, kind: str = "ITEM", code: str = "NEW_ACCOUNTS_AVAILABLE") -> bytes:
    return encoded(bank.webhooks.body_of(linked.bank, kind, code))


def signed(bank: PlaidStandIn, body: bytes) -> str:
    """Sign a body as a delivery of its own, also twice in one second."""
    return bank.webhooks.sign(body, delivery=next(_deliveries))


def rows_of(server: Server, linked: Linked) -> list[str]:
    with server.house() as house, house.store.read() as session:
        return list(session.scalars(select(Transaction.name).where(Transaction.user_id == linked.user)))


def comes(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.1)


@pytest.mark.browser
def test_plaids_own_brings_its_rows_onto_the_page(
    page: Page, server: Server, bank: PlaidStandIn, linked: Linked
) -> None:
    with server.house() as house:
        give_cookie(page.context, server, start_session(house.store, linked.user, agent="tests"))
    page.goto(f"{server.url}/transactions")
    expect(page.get_by_text(re.compile(r"24 transactions · in ")).first).to_be_visible()
    holder = linked.bank.accounts[0]["account_id"]
    linked.bank.add(transaction(holder, 12.34, date(2026, 11, 20), "LIGHTHOUSE TEA ROOM"))
    body = news_of(bank, linked, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE")
    assert post(server.url + PATH, body, signed(bank, body)) == (200, b"")
    comes(lambda: "LIGHTHOUSE TEA ROOM" in rows_of(server, linked))
    with server.house() as house:
        comes(lambda: list_runs(house.store, linked.user, linked.item)[0].trigger == "webhook")
    page.reload()
    expect(page.get_by_text(re.compile(r"25 transactions · in ")).first).to_be_visible()


def test_the_public_name_reaches_the_webhook_and_nothing_else(
    server: Server, bank: PlaidStandIn, linked: Linked
) -> None:
    body = news_of(bank, linked)
    assert post(server.url + PATH, body, signed(bank, body), Host=PUBLIC) == (200, b"")
    for path in ("/", "/accounts", "/healthz", "/session/start", f"{PATH}/", f"{PATH}/../..", "/_stcore/host-config"):
        status, _ = post(server.url + path, body, signed(bank, body), Host=PUBLIC)
        assert status == 403, path


def tampered(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    return body.replace(b"ITEM", b"item", 1), bank.webhooks.sign(body)


def unsigned(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    return body, None


def without_algorithm(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    return body, jwt.encode(_claims(body), None, algorithm="none", headers={"kid": bank.webhooks.key.kid})


def with_the_public_key_as_a_password(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    public = bank.webhooks.key.private.public_key()
    pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head, claims = ({"alg": "HS256", "typ": "JWT", "kid": bank.webhooks.key.kid}, _claims(body))
    signed = ".".join(_unpadded(json.dumps(one).encode()) for one in (head, claims))
    return body, f"{signed}.{_unpadded(hmac.digest(pem, signed.encode(), 'sha256'))}"


def old(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    return body, bank.webhooks.sign(body, iat=int(time.time()) - 310)


def from_the_future(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    return body, bank.webhooks.sign(body, iat=int(time.time()) + 60)


def of_a_stranger(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    return body, bank.webhooks.sign(body, SigningKey("stranger", ec.generate_private_key(ec.SECP256R1()), 0))


def garbage(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    return b"\x00\xff" * 100, "garbage"


def signed_garbage(bank: PlaidStandIn, body: bytes) -> tuple[bytes, str | None]:
    return b"\x00\xff", bank.webhooks.sign(b"\x00\xff")


@pytest.mark.parametrize(
    "wrong",
    [
        tampered,
        unsigned,
        without_algorithm,
        with_the_public_key_as_a_password,
        old,
        from_the_future,
        of_a_stranger,
        garbage,
        signed_garbage,
    ],
)
def test_what_is_not_plaids_is_refused_without_a_word_and_changes_nothing(
    server: Server, bank: PlaidStandIn, linked: Linked, wrong: Callable[[PlaidStandIn, bytes], tuple[bytes, str | None]]
) -> None:
    before = state(server)
    body, token = wrong(bank, news_of(bank, linked, "ITEM", "ERROR"))
    assert post(server.url + PATH, body, token) == (401, b"")
    time.sleep(0.3)
    assert state(server) == before


def test_the_same_delivery_counts_once(server: Server, bank: PlaidStandIn, linked: Linked) -> None:
    body = news_of(bank, linked)
    token = signed(bank, body)
    assert post(server.url + PATH, body, token) == (200, b"")
    before = state(server)
    for _ in range(3):
        assert post(server.url + PATH, body, token) == (401, b"")
    assert state(server) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_only_post_is_answered(server: Server, method: str) -> None:
    connection = http.client.HTTPConnection(server.host, timeout=SECONDS)
    connection.request(method, PATH)
    answer = connection.getresponse()
    assert (answer.status, answer.read(), answer.getheader("allow")) == (405, b"", "POST")
    connection.close()


def test_a_page_of_another_site_cant_send_one(server: Server, bank: PlaidStandIn, linked: Linked) -> None:
    body = news_of(bank, linked)
    status, _ = post(server.url + PATH, body, bank.webhooks.sign(body), Origin="https://evil.example")
    assert status == 403


def test_a_large_body_is_refused_however_it_comes(server: Server, bank: PlaidStandIn, linked: Linked) -> None:
    before = state(server)
    large = news_of(bank, linked) + b" " * 70_000
    token = bank.webhooks.sign(large)
    assert post(server.url + PATH, large, token) == (413, b"")
    assert _raw(server, token, b"Content-Length: 99999999999\r\n\r\n", large[:100]) == 413
    chunks = b"".join(b"1000\r\n" + large[at : at + 4096] + b"\r\n" for at in range(0, 65536 + 4096, 4096))
    assert _raw(server, token, b"Transfer-Encoding: chunked\r\n\r\n", chunks) == 413
    assert state(server) == before
    exact = news_of(bank, linked).ljust(64 * 1024)
    assert post(server.url + PATH, exact, signed(bank, exact)) == (200, b"")


def test_a_body_in_pieces_is_one_body(server: Server, bank: PlaidStandIn, linked: Linked) -> None:
    body = news_of(bank, linked)
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(body[at : at + 50]), body[at : at + 50]) for at in range(0, len(body), 50))
    token = signed(bank, body)
    assert _raw(server, token, b"Transfer-Encoding: chunked\r\n\r\n", chunks + b"0\r\n\r\n") == 200


@pytest.mark.parametrize("missing", ["PLAID_WEBHOOK_URL", "PLAID_SECRET"])
def test_without_an_address_or_keys_there_is_no_such_route(
    tmp_path_factory: pytest.TempPathFactory, bank: PlaidStandIn, missing: str
) -> None:
    wanted = bank.environment | {"PLAID_WEBHOOK_URL": f"https://{PUBLIC}{PATH}", missing: ""}
    body = encoded({"webhook_type": "ITEM", "webhook_code": "ERROR", "item_id": "x"})
    with serving(tmp_path_factory.mktemp("shut"), **wanted) as shut:
        assert post(shut.url + PATH, body, bank.webhooks.sign(body)) == (404, b"")
        status, _ = post(shut.url + PATH, body, bank.webhooks.sign(body), Host=PUBLIC)
        assert status == 403


def test_the_demo_shows_nothing_of_it(server: Server, bank: PlaidStandIn) -> None:
    with server.house() as house:
        user = start_demo(house)
        before = [(one.error_code, one.new_accounts) for one in list_connections(house.store, user)]
        with house.store.read() as session:
            keys = list(session.scalars(select(Item.provider_key).where(Item.user_id == user)))
        assert len(keys) == 3
        for key in keys:
            body = encoded({"webhook_type": "ITEM", "webhook_code": "NEW_ACCOUNTS_AVAILABLE", "item_id": key})
            assert post(server.url + PATH, body, signed(bank, body)) == (200, b"")
        assert [(one.error_code, one.new_accounts) for one in list_connections(house.store, user)] == before


def _unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _claims(body: bytes) -> dict[str, Any]:
    return {"iat": int(time.time()), "request_body_sha256": sha256(body).hexdigest()}


def _raw(server: Server, token: str, rest_of_head: bytes, body: bytes) -> int:
    """Send a request byte by byte as given; return the status."""
    host, _, port = server.host.partition(":")
    with socket.create_connection((host, int(port)), timeout=SECONDS) as line:
        head = f"POST {PATH} HTTP/1.1\r\nHost: {server.host}\r\nPlaid-Verification: {token}\r\n".encode()
        line.sendall(head + rest_of_head + body)
        return int(line.recv(64).split()[1])
