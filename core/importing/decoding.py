"""From bytes to text, and from other kinds of file to a sentence that says so."""

import codecs
import re
from contextlib import suppress
from typing import Final

from core.errors import ImportFileError
from core.importing.encodings import declared_encoding, likely_encoding

LARGEST: Final = 20 * 1024 * 1024
"""Bytes; ten years of a busy account take less than a tenth of this."""

_OTHER_KINDS: Final = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP or Excel file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
)

_EMPTY: Final = ("The file is empty.", "Download it from your bank again.")
_WEB_PAGE: Final = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+)?html\b", re.IGNORECASE | re.DOTALL
)
_PACKED: Final = frozenset({"a ZIP or Excel file", "a compressed file"})


def decode(data: bytes) -> str:
    """Return the text in a bank file, whatever its encoding.

    Raises:
        ImportFileError: empty, too large, or not text at all.
    """
    if len(data) > LARGEST:
        raise ImportFileError(f"The file is larger than {LARGEST // 1024**2} MB.", "Export a shorter period.")
    if not data.strip(b"\x00 \t\r\n"):
        raise ImportFileError(*_EMPTY)
    for magic, kind in _OTHER_KINDS:
        if data.startswith(magic):
            advice = "Choose OFX, CAMT or CSV on your bank's download page."
            raise ImportFileError(
                f"This is {kind}, not a bank export.",
                f"If it holds such files, unpack it first. Otherwise: {advice}" if kind in _PACKED else advice,
            )
    data = _unpadded(data)
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _plain(data.decode(encoding, "replace"))
    head = data[:4096]
    before, behind = head[::2].count(0), head[1::2].count(0)
    if before or behind:
        # Of digits, marks and Latin letters one of the two bytes is zero, and always the same one.
        fewer, more = sorted((before, behind))
        if 10 * fewer > more or 20 * more < len(head):
            raise ImportFileError("This is not a text file.", "Choose OFX, CAMT or CSV on your bank's download page.")
        return _plain(data.decode("utf-16-le" if behind > before else "utf-16-be", "replace"))
    try:
        return _plain(data.decode("utf-8"))
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
    # Some banks cut names after so many bytes, in the middle of a sign: the rest is UTF-8 all the same.
    broken = text.count("\ufffd")
    if sum(sign > "\x7f" for sign in text) - broken > broken:
        return _plain(text)
    if declared := declared_encoding(data):
        with suppress(UnicodeDecodeError):
            return _plain(data.decode(declared))
    return _plain(data.decode(likely_encoding(data), "replace"))


def _unpadded(data: bytes) -> bytes:
    """Return `data` without the zeros that fill up its last block; in UTF-16 the last sign keeps its own."""
    bare = data.rstrip(b"\0")
    if len(data) - len(bare) < 3:
        return data
    return bare + b"\0" if b"\0" in bare and len(bare) % 2 else bare


def _plain(text: str) -> str:
    # DOS ends a text with this sign.
    text = text.rstrip("\x1a\x00")
    if text.count("\x00") or sum(ord(sign) < 32 and sign not in "\r\n\t\f\x1a" for sign in text[:4096]) > 8:
        raise ImportFileError("This is not a text file.", "Choose OFX, CAMT or CSV on your bank's download page.")
    if not text.strip():
        raise ImportFileError(*_EMPTY)
    if _WEB_PAGE.match(text[:1024]):
        raise ImportFileError(
            "This is a web page, not a bank export.", "Sign in to your bank and download the file once more."
        )
    return text
