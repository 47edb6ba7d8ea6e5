"""The installation's key: 32 random bytes in a file that only its owner can read.

Subkeys for each purpose are derived by HKDF-SHA-256 (RFC 5869), so that no two uses share one.
What is sealed carries its context inside (Fernet has no associated data): a token copied from one
row into another does not open.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import StoreError

KEY_BYTES: Final = 32


class Vault:
    """Seals, opens and derives with the key in one file, which is made at first use."""

    def __init__(self, path: Path) -> None:
        """Read the key at `path`, or make it.

        Raises:
            StoreError: the file can't be read or made, or is not a key.
        """
        try:
            self._key = _read_or_make(path)
        except OSError as cause:
            raise StoreError(
                f"The key file {path} can't be used: {cause.strerror}.", "Check who owns the data folder."
            ) from cause
        if len(self._key) != KEY_BYTES:
            raise StoreError(
                f"The key file {path} is damaged.", "Put it back from a backup; without it, banks must be linked anew."
            )
        self._fernet = Fernet(urlsafe_b64encode(self.derive("seal")))

    def derive(self, purpose: str) -> bytes:
        """Return the 32-byte subkey of one purpose, the same at every start."""
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"fintrack/{purpose}".encode()).derive(self._key)

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


def _read_or_make(path: Path) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        # Written whole under another name, then linked: two starting processes agree on one key.
        partial = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(partial, path)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return path.read_bytes()
