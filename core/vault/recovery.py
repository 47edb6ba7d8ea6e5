"""The recovery key as people write it down: groups of letters and digits, mistakes told by two check characters.

Crockford's base32 leaves out I, L, O and U; when read, I and L are 1, O is 0, and case and dashes don't matter.
"""

import zlib
from typing import Final

from core.errors import ValidationError
from core.vault.wrapping import KEY_BYTES

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS: Final = 52
"""As many as 256 bits take."""
CHECKS: Final = 2
"""Check characters: of a thousand slips of the pen, one is missed."""
GROUP: Final = 6
_READ_AS: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


def written(key: bytes) -> str:
    """Return a recovery key in nine groups of six."""
    number = int.from_bytes(key, "big")
    digits = "".join(ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(DIGITS)))
    whole = digits + _checks(digits)
    return "-".join(whole[start : start + GROUP] for start in range(0, len(whole), GROUP))


def read(text: str) -> bytes:
    """Return the recovery key that somebody typed in.

    Raises:
        ValidationError: it has a slip of the pen.
    """
    plain = "".join(text.upper().split()).translate(_READ_AS)
    digits, checks = plain[:DIGITS], plain[DIGITS:]
    if len(plain) != DIGITS + CHECKS or not set(plain) <= set(ALPHABET) or _checks(digits) != checks:
        raise ValidationError(
            "This is not a recovery key as it was printed.",
            f"It has {DIGITS + CHECKS} letters and digits: compare each with what you wrote down.",
        )
    number = 0
    for digit in digits:
        number = number << 5 | ALPHABET.index(digit)
    if number >> (8 * KEY_BYTES):
        raise ValidationError("This is not a recovery key as it was printed.", "Compare it with what you wrote down.")
    return number.to_bytes(KEY_BYTES, "big")


def _checks(digits: str) -> str:
    rest = zlib.crc32(digits.encode())
    return "".join(ALPHABET[rest >> (5 * place) & 31] for place in range(CHECKS))
