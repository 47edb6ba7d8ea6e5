"""Passwords: judged by NIST SP 800-63B rev. 4 (length and a blocklist, no composition rules), kept by bcrypt.

bcrypt reads 72 bytes only; an HMAC-SHA-384 in front, in base64 (64 bytes), makes every byte of a
longer passphrase count and keeps zero bytes out. The HMAC's key is this installation's.
"""

import hmac
import re
import unicodedata
from base64 import b64encode
from functools import cache
from typing import Final

import bcrypt

from core.config import REFERENCE
from core.errors import ValidationError
from core.vault import Vault

SHORTEST: Final = 15
"""Without a second factor (800-63B 3.1.1.2)."""
SHORTEST_WITH_FACTOR: Final = 8
"""Beside a second factor (the same)."""
LONGEST: Final = 1024
COST: Final = 12
NO_PASSWORD: Final = "!"  # noqa: S105 - no password hashes to this
"""Kept for who has no password: nothing hashes to it, and it takes as long to say no."""
DISTINCT: Final = 5
"""Fewer different characters than this are a pattern, not a password."""


@cache
def _common() -> frozenset[str]:
    text = (REFERENCE / "common_passwords.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def check_strength(password: str, *personal: str, shortest: int = SHORTEST) -> None:
    """Accept `password` or say why not; `personal` are the e-mail and names, which it must not be made of.

    Raises:
        ValidationError: too short, too long, common, or made of personal words.
    """
    length = len(unicodedata.normalize("NFC", password))
    if length < shortest:
        raise ValidationError(
            f"The password has {length} characters; it needs {shortest} or more.",
            "Four or five words that don't belong together are easy to remember.",
        )
    if length > LONGEST:
        raise ValidationError(f"The password is longer than {LONGEST} characters.")
    bare = re.sub(r"[\W_]", "", password.casefold())
    own = {part for text in personal for part in re.split(r"[\W_]+", text.casefold()) if len(part) >= 4}
    if len(set(bare)) < DISTINCT or _made_of(bare, _common() | own | {"fintrack"}):
        raise ValidationError(
            "This password is too easy to guess: it is made of common words, runs of keys or your own name.",
            "Four or five words that don't belong together are easy to remember.",
        )


def _made_of(bare: str, words: frozenset[str] | set[str]) -> bool:
    """Tell whether `bare` is nothing but words of the blocklist, runs of digits and at most three other letters."""
    rest = bare
    for word in sorted(words, key=len, reverse=True):
        rest = rest.replace(word, " ")
    rest = re.sub(r"\d+", " ", rest)
    return len(rest.replace(" ", "")) <= 3


def hash_password(vault: Vault, password: str) -> str:
    """Return what is kept of a password."""
    return bcrypt.hashpw(_digest(vault, password), bcrypt.gensalt(COST)).decode()


def matches(vault: Vault, password: str, kept: str | None) -> bool:
    """Tell whether `password` is the one that was kept; None (nobody) takes the same time and is never right."""
    has_one = kept is not None and kept != NO_PASSWORD
    known = bcrypt.checkpw(_digest(vault, password[:LONGEST]), (kept if kept and has_one else _nobody()).encode())
    return known and has_one


@cache
def _nobody() -> str:
    return bcrypt.hashpw(b"nobody has this password", bcrypt.gensalt(COST)).decode()


def _digest(vault: Vault, password: str) -> bytes:
    text = unicodedata.normalize("NFC", password).encode()
    return b64encode(hmac.digest(vault.derive("passwords"), text, "sha384"))
