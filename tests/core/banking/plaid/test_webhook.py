"""Webhooks: only Plaid's own are believed, each once; what it says is kept, and the money is asked for."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core import clock
from core.banking import RefusedError, UndecidedError
from core.banking.plaid import webhook
from core.banking.plaid.client import PlaidClient
from core.banking.plaid.webhook import KEY_LIFE, LOOKUPS, WebhookProof
from core.config import Settings
from core.errors import BankLoginError
from tests.standins.plaid import Fault, PlaidStandIn, default_item
from tests.standins.plaid.fixture import QUICK
from tests.standins.plaid.webhooks import SigningKey, encoded

BODY = encoded({"webhook_type": "TRANSACTIONS", "webhook_code": "SYNC_UPDATES_AVAILABLE", "item_id": "item-1"})
KEYS = "/webhook_verification_key/get"


@pytest.fixture
def proof(plaid: PlaidStandIn, plaid_settings: Settings) -> WebhookProof:
    return WebhookProof(PlaidClient(plaid_settings, QUICK), "https://money.example.org/plaid/webhook")


def asked(plaid: PlaidStandIn) -> int:
    return [route for route, _ in plaid.calls].count(KEYS)


def test_plaids_own_is_believed(plaid: PlaidStandIn, proof: WebhookProof) -> None:
    proven = proof.prove(plaid.webhooks.sign(BODY), BODY)
    assert (proven.news.kind, proven.news.item_key) == ("new data", "item-1")


def without_signature(plaid: PlaidStandIn) -> str:
    return jwt.encode(claims(BODY), None, algorithm="none", headers={"kid": plaid.webhooks.key.kid})


def with_the_public_key_as_a_password(plaid: PlaidStandIn) -> str:
    pem = plaid.webhooks.key.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    head = segment({"alg": "HS256", "typ": "JWT", "kid": plaid.webhooks.key.kid})
    signed = f"{head}.{segment(claims(BODY))}"
    return f"{signed}.{unpadded(hmac.digest(pem, signed.encode(), 'sha256'))}"


def with_rsa(plaid: PlaidStandIn) -> str:
    private = rsa.generate_private_key(65537, 2048)
    return jwt.encode(claims(BODY), private, algorithm="RS256", headers={"kid": plaid.webhooks.key.kid})


def with_es384(plaid: PlaidStandIn) -> str:
    private = ec.generate_private_key(ec.SECP384R1())
    return jwt.encode(claims(BODY), private, algorithm="ES384", headers={"kid": plaid.webhooks.key.kid})


def with_another_key(plaid: PlaidStandIn) -> str:
    stranger = replace(plaid.webhooks.key, private=ec.generate_private_key(ec.SECP256R1()))
    return plaid.webhooks.sign(BODY, stranger)


def with_an_unknown_key_id(plaid: PlaidStandIn) -> str:
    return plaid.webhooks.sign(BODY, SigningKey("nobody", ec.generate_private_key(ec.SECP256R1()), 0))


def without_a_key_id(plaid: PlaidStandIn) -> str:
    return jwt.encode(claims(BODY), plaid.webhooks.key.private, algorithm="ES256")


def with_its_key_inside(plaid: PlaidStandIn) -> str:
    stranger = SigningKey("mine", ec.generate_private_key(ec.SECP256R1()), 0)
    headers = {"kid": "mine", "jwk": stranger.public(), "jku": "https://example.org/keys"}
    return jwt.encode(claims(BODY), stranger.private, algorithm="ES256", headers=headers)


def about_another_body(plaid: PlaidStandIn) -> str:
    return plaid.webhooks.sign(BODY + b" ")


def too_old(plaid: PlaidStandIn) -> str:
    return plaid.webhooks.sign(BODY, iat=int(time.time()) - 302)


def from_the_future(plaid: PlaidStandIn) -> str:
    return plaid.webhooks.sign(BODY, iat=int(time.time()) + 60)


def of_no_time(plaid: PlaidStandIn) -> str:
    return plaid.webhooks.sign(BODY, iat=10**300)


def without_a_time(plaid: PlaidStandIn) -> str:
    told = {"request_body_sha256": sha256(BODY).hexdigest()}
    return jwt.encode(told, plaid.webhooks.key.private, algorithm="ES256", headers={"kid": plaid.webhooks.key.kid})


def without_a_digest(plaid: PlaidStandIn) -> str:
    return plaid.webhooks.sign(BODY, request_body_sha256=None)


def with_an_expired_key(plaid: PlaidStandIn) -> str:
    plaid.webhooks.key.expired_at = int(time.time()) - 1
    return plaid.webhooks.sign(BODY)


def too_long(plaid: PlaidStandIn) -> str:
    return plaid.webhooks.sign(BODY, padding="x" * 5000)


def cut_off(plaid: PlaidStandIn) -> str:
    return plaid.webhooks.sign(BODY)[:-10]


def deeply_nested(plaid: PlaidStandIn) -> str:
    return f"{unpadded(b'[' * 2000)}.e30.AA"


WRONG: list[Callable[[PlaidStandIn], str]] = [
    without_signature, with_the_public_key_as_a_password, with_rsa, with_es384, with_another_key,
    with_an_unknown_key_id, without_a_key_id, with_its_key_inside, about_another_body, too_old, from_the_future,
    of_no_time, without_a_time, without_a_digest, with_an_expired_key, too_long, cut_off, deeply_nested,
    lambda _: "", lambda _: "garbage", lambda _: "a.b.c", lambda _: "ÿ.ÿ.ÿ", lambda _: "...", lambda _: "Bearer x",
]  # fmt: skip


@pytest.mark.parametrize("token_of", WRONG, ids=[one.__name__ for one in WRONG])
def test_whatever_is_not_plaids_is_refused(
    plaid: PlaidStandIn, proof: WebhookProof, token_of: Callable[[PlaidStandIn], str]
) -> None:
    with pytest.raises(RefusedError):
        proof.prove(token_of(plaid), BODY)


def test_a_token_is_good_for_five_minutes(plaid: PlaidStandIn, proof: WebhookProof) -> None:
    made = datetime.now(UTC).replace(microsecond=0)
    token = plaid.webhooks.sign(BODY, iat=int(made.timestamp()))
    for seconds in (-5, 0, 300):
        with clock.frozen(made + timedelta(seconds=seconds)):
            assert proof.prove(token, BODY)
    for seconds in (-6, 301):
        with clock.frozen(made + timedelta(seconds=seconds)), pytest.raises(RefusedError):
            proof.prove(token, BODY)


def test_a_second_signature_of_the_same_proof_is_the_same_delivery(plaid: PlaidStandIn, proof: WebhookProof) -> None:
    token = plaid.webhooks.sign(BODY)
    signed, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "==")
    r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    twin = f"{signed}.{unpadded(r.to_bytes(32, 'big') + (order - s).to_bytes(32, 'big'))}"
    assert decode_dss_signature(encode_dss_signature(r, order - s)) != (r, s)
    assert twin != token
    assert proof.prove(twin, BODY).digest == proof.prove(token, BODY).digest


def test_a_key_is_asked_for_once_and_again_after_a_while(plaid: PlaidStandIn, proof: WebhookProof) -> None:
    start = datetime.now(UTC)
    for minutes in (0, 1, 30, 59):
        with clock.frozen(start + timedelta(minutes=minutes)):
            proof.prove(plaid.webhooks.sign(BODY, iat=int(clock.now().timestamp())), BODY)
    assert asked(plaid) == 1
    plaid.webhooks.key.expired_at = int(start.timestamp())
    with clock.frozen(start + KEY_LIFE), pytest.raises(RefusedError):
        proof.prove(plaid.webhooks.sign(BODY, iat=int(clock.now().timestamp())), BODY)
    assert asked(plaid) == 2


def test_a_key_that_expires_later_is_good_until_then(plaid: PlaidStandIn, proof: WebhookProof) -> None:
    start = datetime.now(UTC).replace(microsecond=0)
    plaid.webhooks.key.expired_at = int(start.timestamp()) + 60
    with clock.frozen(start):
        assert proof.prove(plaid.webhooks.sign(BODY, iat=int(start.timestamp())), BODY)
    with clock.frozen(start + timedelta(seconds=60)), pytest.raises(RefusedError):
        proof.prove(plaid.webhooks.sign(BODY, iat=int(start.timestamp()) + 60), BODY)


@pytest.mark.parametrize(
    "wrong", [{"kty": "RSA"}, {"crv": "P-384"}, {"alg": "HS256"}, {"use": "enc"}, {"x": "AA"}, {"x": "%"}, {"kid": "o"}]
)
def test_a_key_of_another_make_is_not_used(
    plaid: PlaidStandIn, proof: WebhookProof, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str]
) -> None:
    public = plaid.webhooks.key.public()
    monkeypatch.setattr(SigningKey, "public", lambda _: public | wrong)
    with pytest.raises(RefusedError):
        proof.prove(plaid.webhooks.sign(BODY), BODY)


def test_a_flood_of_unknown_keys_does_not_reach_plaid_and_keeps_nobody_out(
    plaid: PlaidStandIn, proof: WebhookProof
) -> None:
    stranger = ec.generate_private_key(ec.SECP256R1())
    start = datetime.now(UTC)
    with clock.frozen(start):
        proof.prove(plaid.webhooks.sign(BODY), BODY)
        for number in range(200):
            with pytest.raises((RefusedError, UndecidedError)):
                proof.prove(plaid.webhooks.sign(BODY, SigningKey(f"flood-{number}", stranger, 0)), BODY)
        assert asked(plaid) == LOOKUPS
        assert proof.prove(plaid.webhooks.sign(BODY), BODY)
    with clock.frozen(start + KEY_LIFE):
        for number in range(200, 300):
            with pytest.raises((RefusedError, UndecidedError)):
                proof.prove(plaid.webhooks.sign(BODY, SigningKey(f"flood-{number}", stranger, 0)), BODY)
        assert proof.prove(plaid.webhooks.sign(BODY, iat=int(clock.now().timestamp())), BODY)


def test_the_same_unknown_key_is_asked_about_once(plaid: PlaidStandIn, proof: WebhookProof) -> None:
    for _ in range(5):
        with pytest.raises(RefusedError):
            proof.prove(with_an_unknown_key_id(plaid), BODY)
    assert asked(plaid) == 1


def test_while_plaid_is_away_nothing_is_decided_and_it_is_left_alone(plaid: PlaidStandIn, proof: WebhookProof) -> None:
    start = datetime.now(UTC)
    plaid.fail(KEYS, *[Fault(code="INTERNAL_SERVER_ERROR", status=500)] * 3)
    with clock.frozen(start):
        for _ in range(5):
            with pytest.raises(UndecidedError):
                proof.prove(plaid.webhooks.sign(BODY), BODY)
    assert asked(plaid) == 3
    with clock.frozen(start + webhook.REST):
        assert proof.prove(plaid.webhooks.sign(BODY), BODY)


MEANINGS = [
    ("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE", "new data"),
    ("TRANSACTIONS", "INITIAL_UPDATE", "new data"),
    ("TRANSACTIONS", "HISTORICAL_UPDATE", "new data"),
    ("TRANSACTIONS", "DEFAULT_UPDATE", "new data"),
    ("TRANSACTIONS", "TRANSACTIONS_REMOVED", "new data"),
    ("TRANSACTIONS", "RECURRING_TRANSACTIONS_UPDATE", ""),
    ("HOLDINGS", "DEFAULT_UPDATE", "new data"),
    ("INVESTMENTS_TRANSACTIONS", "DEFAULT_UPDATE", "new data"),
    ("LIABILITIES", "DEFAULT_UPDATE", "new data"),
    ("ITEM", "USER_ACCOUNT_REVOKED", "new data"),
    ("ITEM", "ERROR", "failed"),
    ("ITEM", "USER_PERMISSION_REVOKED", "failed"),
    ("ITEM", "LOGIN_REPAIRED", "mended"),
    ("ITEM", "NEW_ACCOUNTS_AVAILABLE", "more accounts"),
    ("ITEM", "PENDING_EXPIRATION", "ends"),
    ("ITEM", "PENDING_DISCONNECT", "ends"),
    ("ITEM", "WEBHOOK_UPDATE_ACKNOWLEDGED", ""),
    ("ITEM", "NEVER_SEEN", ""),
    ("AUTH", "DEFAULT_UPDATE", ""),
    ("LINK", "EVENTS", ""),
]


@pytest.mark.parametrize(("kind", "code", "meaning"), MEANINGS)
def test_each_webhook_has_its_meaning(plaid: PlaidStandIn, kind: str, code: str, meaning: str) -> None:
    item = default_item("ins_1")
    news = webhook.read(encoded(plaid.webhooks.body_of(item, kind, code)))
    assert (news.kind, news.item_key) == (meaning, item.item_id if meaning else "")
    if meaning == "ends":
        assert news.ends_at is not None
        assert timedelta(days=6) < news.ends_at - datetime.now(UTC) <= timedelta(days=7)
    if meaning == "failed":
        assert isinstance(news.failure, BankLoginError)


def test_a_finished_link_session_names_its_token(plaid: PlaidStandIn) -> None:
    news = webhook.read(encoded(plaid.webhooks.session_finished("link-sandbox-1")))
    assert (news.kind, news.link_token) == ("link", "link-sandbox-1")


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"1", b"{", b"\xff\xfe", b'{"item_id": 7}', b"[" * 60_000])
def test_what_is_no_webhook_is_refused(body: bytes) -> None:
    with pytest.raises(RefusedError):
        webhook.read(body)


def claims(body: bytes) -> dict[str, Any]:
    return {"iat": int(time.time()), "request_body_sha256": sha256(body).hexdigest()}


def segment(told: dict[str, Any]) -> str:
    return unpadded(json.dumps(told).encode())


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
