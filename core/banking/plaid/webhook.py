"""Proving that a webhook is Plaid's, and reading it. Source: Plaid's webhook verification guide; RFC 7515, 7517.

Nothing of a webhook is believed before its signature is: anybody can send one.
"""

import hmac
import re
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from jwt.algorithms import ECAlgorithm

from core import clock
from core.banking.news import News, Proven, RefusedError, UndecidedError
from core.banking.plaid.client import Patience, PlaidClient
from core.banking.plaid.hosted import instant
from core.banking.plaid.models import ErrorBody, ItemAnswer, VerificationKey, VerificationKeyAnswer
from core.banking.plaid.reactions import failure_of
from core.config import Settings
from core.errors import BankError, BankSetupError, BankTemporaryError

ALGORITHM: Final = "ES256"
OLDEST: Final = timedelta(minutes=5)
SKEW: Final = timedelta(seconds=5)
"""How far Plaid's clock may be ahead of ours."""
LONGEST_TOKEN: Final = 4096
KEY_ID: Final = re.compile(r"[A-Za-z0-9._~-]{1,128}")
KEY_LIFE: Final = timedelta(hours=1)
"""How long an answer about a key is believed: then Plaid is asked whether it has expired."""
LOOKUPS: Final = 10
"""How many key ids that we have never seen Plaid is asked about in a minute, whatever is sent to us."""
HASTE: Final = Patience(timeout=(3.0, 5.0), tries=2, first_wait=0.2, longest_wait=1.0)
REST: Final = timedelta(seconds=10)
"""How long Plaid is left alone about keys after it did not answer."""
DISCONNECT: Final = timedelta(days=7)
"""How long before it ends a connection Plaid tells of it."""

_NEW_DATA: Final = {
    "TRANSACTIONS": {"SYNC_UPDATES_AVAILABLE", "INITIAL_UPDATE", "HISTORICAL_UPDATE", "DEFAULT_UPDATE",
                     "TRANSACTIONS_REMOVED"},
    "HOLDINGS": {"DEFAULT_UPDATE"},
    "INVESTMENTS_TRANSACTIONS": {"DEFAULT_UPDATE", "HISTORICAL_UPDATE"},
    "LIABILITIES": {"DEFAULT_UPDATE"},
    "ITEM": {"USER_ACCOUNT_REVOKED"},
}  # fmt: skip


class _Claims(msgspec.Struct, frozen=True):
    iat: int
    request_body_sha256: str


class _Body(msgspec.Struct, frozen=True):
    webhook_type: str = ""
    webhook_code: str = ""
    item_id: str | None = None
    error: ErrorBody | None = None
    consent_expiration_time: str | None = None
    disconnect_time: str | None = None
    link_token: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    key: EllipticCurvePublicKey | None
    """None: Plaid knows no such key, or one that we can't use."""
    expired_at: datetime | None
    asked_at: datetime


class KeyRing:
    """Plaid's public keys, asked for by their ids and kept for a while."""

    def __init__(self, fetch: Callable[[str], VerificationKey]) -> None:
        """Ask `fetch` for a key that is not known; it raises a `BankError`."""
        self._fetch = fetch
        self._known: dict[str, _Known] = {}
        self._asked: deque[datetime] = deque()
        self._rests_until: datetime | None = None
        self._lock = threading.Lock()

    def key(self, key_id: str) -> EllipticCurvePublicKey:
        """Return the key of an id.

        Raises:
            RefusedError: Plaid has no such key, or it has expired.
            UndecidedError: Plaid can't be asked now.
        """
        now = clock.now()
        with self._lock:
            known = self._known.get(key_id)
            if known is None or now - known.asked_at >= KEY_LIFE:
                known = self._ask(key_id, now, seen=known is not None and known.key is not None)
        if known.key is None or (known.expired_at is not None and known.expired_at <= now):
            raise RefusedError("no such key")
        return known.key

    def _ask(self, key_id: str, now: datetime, *, seen: bool) -> _Known:
        if self._rests_until is not None and now < self._rests_until:
            raise UndecidedError("Plaid did not answer just now")
        if not seen:
            # A key that was good once is asked about again at any rate: nobody else's ids keep Plaid's own out.
            while self._asked and now - self._asked[0] >= timedelta(minutes=1):
                self._asked.popleft()
            if len(self._asked) >= LOOKUPS:
                raise UndecidedError("too many unknown keys")
            self._asked.append(now)
        try:
            known = _usable(self._fetch(key_id), key_id, now)
        except (BankTemporaryError, BankSetupError) as silent:
            self._rests_until = now + REST
            raise UndecidedError("Plaid does not tell its key") from silent
        except BankError:
            known = _Known(None, None, now)
        for old in [name for name, one in self._known.items() if now - one.asked_at >= 2 * KEY_LIFE]:
            del self._known[old]
        self._known[key_id] = known
        return known


def _usable(told: VerificationKey, key_id: str, now: datetime) -> _Known:
    """Return the key that Plaid told, without one when it is not what its signatures are made with."""
    right = (told.kid, told.kty, told.crv, told.alg) == (key_id, "EC", "P-256", ALGORITHM)
    if not right or told.use != "sig":
        return _Known(None, None, now)
    try:
        key = ECAlgorithm.from_jwk({"kty": told.kty, "crv": told.crv, "x": told.x, "y": told.y})
    except (jwt.InvalidKeyError, ValueError):
        return _Known(None, None, now)
    expired = None if told.expired_at is None else datetime.fromtimestamp(told.expired_at, tz=now.tzinfo)
    return _Known(key if isinstance(key, EllipticCurvePublicKey) else None, expired, now)


class WebhookProof:
    """Tells Plaid's webhooks from anybody else's."""

    provider = "plaid"

    def __init__(self, client: PlaidClient, address: str) -> None:
        """Ask for keys through `client`; `address` is where webhooks are to come."""
        self._client = client
        self._address = address
        self._ring = KeyRing(self._fetch)

    @classmethod
    def from_settings(cls, settings: Settings) -> "WebhookProof":
        """Return the proof for the keys in `settings`; it asks Plaid with little patience, for a sender waits.

        Raises:
            BankSetupError: the keys are missing.
        """
        return cls(PlaidClient(settings, HASTE), settings.plaid_webhook_url)

    def prove(self, token: str, body: bytes) -> Proven:
        """Return what a webhook says and a digest of its proof; `token` is the header `Plaid-Verification`.

        The digest leaves out the signature: of one ECDSA signature anybody can make a second one.

        Raises:
            RefusedError: not Plaid's, too old, from the future, or not about this body.
            UndecidedError: Plaid can't be asked for its key now.
        """
        if len(token) > LONGEST_TOKEN:
            raise RefusedError("a proof too long")
        try:
            header = jwt.get_unverified_header(token)
            if header.get("alg") != ALGORITHM:
                raise RefusedError("another algorithm")
            key_id = header.get("kid")
            if not isinstance(key_id, str) or not KEY_ID.fullmatch(key_id):
                raise RefusedError("no key id")
            signed = jwt.PyJWS().decode(token, self._ring.key(key_id), algorithms=[ALGORITHM])
            claims = msgspec.json.decode(signed, type=_Claims)
            age = clock.now() - datetime.fromtimestamp(claims.iat, tz=clock.now().tzinfo)
        except (jwt.PyJWTError, msgspec.MsgspecError, UnicodeError, OverflowError, OSError, ValueError) as wrong:
            raise RefusedError("no proof") from wrong
        if not -SKEW <= age <= OLDEST:
            raise RefusedError("too old, or from the future")
        if not hmac.compare_digest(sha256(body).hexdigest().encode(), claims.request_body_sha256.encode()):
            raise RefusedError("about another body")
        return Proven(sha256(token.rpartition(".")[0].encode()).hexdigest(), read(body))

    def point_here(self, access_token: str) -> bool:
        """Let the webhooks of an item come to our address, where they don't already; return whether that was news.

        Raises:
            BankError: Plaid refused or could not be reached.
        """
        from plaid.model.item_get_request import ItemGetRequest
        from plaid.model.item_webhook_update_request import ItemWebhookUpdateRequest

        told = self._client.call("item_get", ItemGetRequest(access_token=access_token), ItemAnswer)
        if told.item.webhook == self._address:
            return False
        request = ItemWebhookUpdateRequest(access_token=access_token, webhook=self._address)
        self._client.call("item_webhook_update", request, ItemAnswer)
        return True

    def _fetch(self, key_id: str) -> VerificationKey:
        from plaid.model.webhook_verification_key_get_request import WebhookVerificationKeyGetRequest

        request = WebhookVerificationKeyGetRequest(key_id=key_id)
        return self._client.call("webhook_verification_key_get", request, VerificationKeyAnswer).key


def read(body: bytes) -> News:
    """Return what a webhook says in our words; of a kind "" when it is nothing to us.

    Raises:
        RefusedError: it is none of Plaid's JSON.
    """
    try:
        told = msgspec.json.decode(body, type=_Body)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as wrong:
        raise RefusedError("no webhook") from wrong
    item, code = told.item_id or "", told.webhook_code
    if code in _NEW_DATA.get(told.webhook_type, ()):
        return News("new data", item)
    if told.webhook_type == "LINK" and code == "SESSION_FINISHED":
        return News("link", link_token=told.link_token or "")
    if told.webhook_type != "ITEM":
        return News("")
    match code:
        case "ERROR" | "USER_PERMISSION_REVOKED":
            named = told.error is not None and told.error.error_code
            return News("failed", item, failure=failure_of(told.error if told.error and named else ErrorBody(code)))
        case "LOGIN_REPAIRED":
            return News("mended", item)
        case "NEW_ACCOUNTS_AVAILABLE":
            return News("more accounts", item)
        case "PENDING_EXPIRATION" | "PENDING_DISCONNECT":
            ends = instant(told.consent_expiration_time or told.disconnect_time or "")
            return News("ends", item, ends_at=ends or clock.now() + DISCONNECT)
        case _:
            return News("")
