"""Plaid's webhooks: signed with an EC key of the stand-in's own and delivered over HTTP, right or wrong on purpose."""

import http.client
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from tests.standins.plaid.bank import Item, new_id

if TYPE_CHECKING:
    from tests.standins.plaid.server import PlaidStandIn

SECONDS = 20


@dataclass
class SigningKey:
    """One key pair; Plaid has expired it when `expired_at` is set."""

    kid: str
    private: ec.EllipticCurvePrivateKey
    created_at: int
    expired_at: int | None = None

    def public(self) -> dict[str, Any]:
        """Return the public half as /webhook_verification_key/get gives it."""
        numbers = self.private.public_key().public_numbers()
        return {
            "alg": "ES256",
            "crv": "P-256",
            "kid": self.kid,
            "kty": "EC",
            "use": "sig",
            "x": _base64(numbers.x.to_bytes(32, "big")),
            "y": _base64(numbers.y.to_bytes(32, "big")),
            "created_at": self.created_at,
            "expired_at": self.expired_at,
        }


class Webhooks:
    """Signs and delivers the webhooks of a stand-in."""

    def __init__(self, bank: "PlaidStandIn") -> None:
        """Make the first key."""
        self.bank = bank
        self.keys: dict[str, SigningKey] = {}
        self.key = self.rotate()

    def rotate(self) -> SigningKey:
        """Sign with a new key from now on; the old one goes on being told, as not expired."""
        self.key = SigningKey(str(uuid4()), ec.generate_private_key(ec.SECP256R1()), int(time.time()))
        self.keys[self.key.kid] = self.key
        return self.key

    def routes(self) -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
        """Return the API routes."""
        return {
            "/webhook_verification_key/get": self._verification_key,
            "/item/webhook/update": self._update,
            "/sandbox/item/fire_webhook": self._fire,
        }

    def sign(self, body: bytes, key: SigningKey | None = None, **claims: Any) -> str:
        """Return the header `Plaid-Verification` for a body; `claims` overrides what it says."""
        key = key or self.key
        told = {"iat": int(time.time()), "request_body_sha256": sha256(body).hexdigest()} | claims
        return jwt.encode(told, key.private, algorithm="ES256", headers={"kid": key.kid})

    def deliver(self, url: str, told: dict[str, Any]) -> int:
        """Sign a webhook, send it to `url` and return the status of the answer."""
        body = encoded(told)
        status, _ = post(url, body, self.sign(body))
        return status

    def body_of(self, item: Item, kind: str, code: str) -> dict[str, Any]:
        """Return what Plaid tells of an item under a webhook's type and code."""
        soon = (datetime.now(UTC) + timedelta(days=7)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        more: dict[str, Any] = {
            "SYNC_UPDATES_AVAILABLE": {"initial_update_complete": True, "historical_update_complete": True},
            "ERROR": {"error": _error(item.error or "ITEM_LOGIN_REQUIRED")},
            "USER_PERMISSION_REVOKED": {"error": _error("USER_PERMISSION_REVOKED")},
            "USER_ACCOUNT_REVOKED": {"account_id": item.accounts[0]["account_id"] if item.accounts else ""},
            "PENDING_EXPIRATION": {"consent_expiration_time": soon},
            "PENDING_DISCONNECT": {"reason": "INSTITUTION_TOKEN_EXPIRATION", "disconnect_time": soon},
            "NEW_ACCOUNTS_AVAILABLE": {"error": None},
        }.get(code, {})
        return {
            "webhook_type": kind,
            "webhook_code": code,
            "item_id": item.item_id,
            "user_id": "usr_9nSp2KuZ2x4JDw",
            "environment": "sandbox",
        } | more

    def session_finished(self, link_token: str) -> dict[str, Any]:
        """Return what Plaid tells of a Link session that is over."""
        return {
            "webhook_type": "LINK",
            "webhook_code": "SESSION_FINISHED",
            "status": "SUCCESS",
            "link_session_id": str(uuid4()),
            "link_token": link_token,
            "public_tokens": [],
            "environment": "sandbox",
        }

    def _verification_key(self, body: dict[str, Any]) -> dict[str, Any]:
        key = self.keys.get(body["key_id"])
        if key is None:
            raise self.bank.refusal("INVALID_WEBHOOK_VERIFICATION_KEY_ID", "invalid key_id provided")
        return {"key": key.public()}

    def _update(self, body: dict[str, Any]) -> dict[str, Any]:
        item = self.bank.item_for_link(body["access_token"])
        item.webhook = body.get("webhook")
        return {"item": self.bank.facts(item)}

    def _fire(self, body: dict[str, Any]) -> dict[str, Any]:
        item = self.bank.item_for_link(body["access_token"])
        if not item.webhook:
            raise self.bank.refusal("SANDBOX_WEBHOOK_INVALID", "no webhook is set for this item")
        told = self.body_of(item, body.get("webhook_type") or "TRANSACTIONS", body["webhook_code"])
        threading.Thread(target=self.deliver, args=(item.webhook, told), daemon=True).start()
        return {"webhook_fired": True}


def encoded(told: dict[str, Any]) -> bytes:
    """Return a webhook's body as Plaid writes it."""
    return json.dumps(told, indent=2).encode()


def post(url: str, body: bytes, token: str | None, **headers: str) -> tuple[int, bytes]:
    """Send a webhook; return the status and the body of the answer."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=SECONDS)
    proof = {} if token is None else {"Plaid-Verification": token}
    try:
        connection.request("POST", address.path, body, {"Content-Type": "application/json", **proof, **headers})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _error(code: str) -> dict[str, Any]:
    return {
        "error_type": "ITEM_ERROR",
        "error_code": code,
        "error_message": f"the error {code}",
        "display_message": None,
        "request_id": new_id()[:15],
        "causes": [],
        "status": 400,
        "documentation_url": "",
        "suggested_action": None,
    }
