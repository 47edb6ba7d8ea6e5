"""Wrapping one key under another: AES-256-GCM, a passphrase stretched by Argon2id, a recovery key by X25519.

The recovery key is a private key of which the installation keeps the public half alone: whatever is
wrapped later, a rotation's new keys too, can be wrapped for it without anybody typing it in.
"""

import secrets
import unicodedata
from base64 import b64decode, b64encode
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import BaseModel, ConfigDict, Field

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
SALT_BYTES: Final = 16
MEMORY_KIB: Final = 64 * 1024
"""What Argon2id takes, by RFC 9106's second recommendation."""


class WrongKeyError(Exception):
    """What was wrapped does not open with this key, or was tampered with."""


class Stretching(BaseModel):
    """How a passphrase becomes a key: Argon2id's salt (base64) and costs, RFC 9106's second recommendation."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    salt: str = Field(default_factory=lambda: b64encode(secrets.token_bytes(SALT_BYTES)).decode())
    memory_kib: int = Field(default_factory=lambda: MEMORY_KIB, ge=8 * 1024, le=1024 * 1024)
    iterations: int = Field(default=3, ge=1, le=16)
    lanes: int = Field(default=4, ge=1, le=16)

    def key(self, passphrase: str) -> bytes:
        """Return the 32-byte key of `passphrase`, however its accents were typed."""
        text = unicodedata.normalize("NFC", passphrase).encode()
        return Argon2id(
            salt=b64decode(self.salt),
            length=KEY_BYTES,
            iterations=self.iterations,
            lanes=self.lanes,
            memory_cost=self.memory_kib,
        ).derive(text)


def wrap(key: bytes, secret: bytes, label: str) -> str:
    """Return `secret` encrypted under `key` and bound to `label`."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, secret, label.encode())).decode()


def unwrap(key: bytes, wrapped: str, label: str) -> bytes:
    """Return what was wrapped.

    Raises:
        WrongKeyError: another key or label, or tampered with.
    """
    try:
        inside = b64decode(wrapped, validate=True)
        return AESGCM(key).decrypt(inside[:NONCE_BYTES], inside[NONCE_BYTES:], label.encode())
    except (InvalidTag, ValueError) as cause:
        raise WrongKeyError from cause


def public_half(recovery_key: bytes) -> bytes:
    """Return what is kept of a recovery key: enough to wrap for it, not to unwrap."""
    return X25519PrivateKey.from_private_bytes(recovery_key).public_key().public_bytes_raw()


def wrap_for(public: bytes, secret: bytes, label: str) -> str:
    """Return `secret` encrypted for whoever holds the recovery key of `public`."""
    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(public))
    ours = once.public_key().public_bytes_raw()
    return f"{b64encode(ours).decode()}.{wrap(_agreed(shared, ours, public), secret, label)}"


def unwrap_by(recovery_key: bytes, wrapped: str, label: str) -> bytes:
    """Return what was wrapped for a recovery key.

    Raises:
        WrongKeyError: it is another one, or what was wrapped was tampered with.
    """
    head, _, body = wrapped.partition(".")
    try:
        theirs = b64decode(head, validate=True)
        shared = X25519PrivateKey.from_private_bytes(recovery_key).exchange(X25519PublicKey.from_public_bytes(theirs))
    except ValueError as cause:
        raise WrongKeyError from cause
    return unwrap(_agreed(shared, theirs, public_half(recovery_key)), body, label)


def _agreed(shared: bytes, once: bytes, public: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=once + public, info=b"fintrack/recovery").derive(shared)
