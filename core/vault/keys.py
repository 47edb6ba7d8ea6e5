"""The installation's keys, and what is sealed and derived with them.

Subkeys for each purpose are derived by HKDF-SHA-256 (RFC 5869), so that no two uses share one.
What is sealed carries its context inside (Fernet has no associated data): a token copied from one
row into another does not open.
"""

import json
import secrets
from base64 import b64decode, b64encode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import StoreError
from core.vault.wrapping import KEY_BYTES, WrongKeyError

_STORE: Final = "store"
_SEAL: Final = "seal"


@dataclass(frozen=True, slots=True)
class Keys:
    """All that is secret about an installation."""

    root: bytes
    """Never changes: password hashes and limits depend on what is derived from it."""
    newest_first: tuple[bytes, ...]
    """The encryption keys. More than one: a rotation has begun and not ended."""
    recovery: bytes = b""
    """The public half of the recovery key; b"" until somebody was shown one."""

    @classmethod
    def made(cls, root: bytes = b"") -> Self:
        """Make new keys, around a root that is there already."""
        return cls(root or secrets.token_bytes(KEY_BYTES), (secrets.token_bytes(KEY_BYTES),))

    @property
    def store_keys(self) -> tuple[bytes, ...]:
        """Return the raw keys for the store's file, newest first."""
        return tuple(_derived(key, _STORE) for key in self.newest_first)

    def written(self) -> bytes:
        """Return them as what gets wrapped."""
        texts = {
            "root": _text(self.root),
            "keys": [_text(key) for key in self.newest_first],
            "recovery": _text(self.recovery),
        }
        return json.dumps(texts).encode()

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Return what `written` wrote.

        Raises:
            WrongKeyError: this is something else.
        """
        try:
            told = json.loads(text)
            return cls(_bytes(told["root"]), tuple(_bytes(key) for key in told["keys"]), _bytes(told["recovery"]))
        except (ValueError, KeyError, TypeError) as cause:
            raise WrongKeyError from cause


class Vault:
    """Seals, opens and derives with the installation's keys."""

    def __init__(self, keys: Keys) -> None:
        self.keys = keys
        # The last one sealed everything before there were encryption keys of their own.
        sealing = [_derived(key, _SEAL) for key in (*keys.newest_first, keys.root)]
        self._fernet = MultiFernet([Fernet(urlsafe_b64encode(key)) for key in sealing])

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte subkey of one purpose, the same at every start and after every rotation."""
        return _derived(self.keys.root, purpose)

    def seal(self, secret: str, context: str) -> str:
        """Return `secret` encrypted and signed, bound to `context` (such as "item:7")."""
        return self._fernet.encrypt(f"{context}\0{secret}".encode()).decode()

    def open(self, sealed: str, context: str) -> str:
        """Return what was sealed for `context`.

        Raises:
            StoreError: sealed with another key, for another context, or tampered with.
        """
        try:
            inside, _, secret = self._fernet.decrypt(sealed.encode()).decode().partition("\0")
        except InvalidToken:
            inside, secret = "", ""
        if inside != context:
            raise StoreError("A stored secret can't be opened with this installation's key.", "Link the bank again.")
        return secret

    def sealed_anew(self, sealed: str) -> str:
        """Return the same secret sealed with the newest key; what no key opens comes back as it is."""
        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken:
            return sealed


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"fintrack/{purpose}".encode()).derive(key)


def _text(key: bytes) -> str:
    return b64encode(key).decode()


def _bytes(text: str) -> bytes:
    key = b64decode(text, validate=True)
    if len(key) not in {0, KEY_BYTES}:
        raise ValueError("a key of another length")
    return key
