"""The words of an MT940 statement line's field 86: who stands on the other side, and what it was.

Three ways of writing are known: subfields of two digits after a sign (?20 in Germany and Austria, ~20, ^20 or <20 in
Poland; DFÜ agreement, annex 3), codes between slashes (/NAME/, /REMI/; Dutch and Belgian banks), and plain words.
"""

import re
from typing import Final, NamedTuple

_SIGN: Final = re.compile(r"(?:\d{3})?\s*([?~^<>|!@#$§])(?=\d{2})")
_LATER: Final = re.compile(r"\?(?=[0-6]\d)")
_PURPOSE: Final = frozenset(f"{number:02}" for number in (*range(20, 30), *range(60, 64)))
_SEPA: Final = re.compile(r"(?=(?:EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|PURP)\+)")
_CODES: Final = re.compile(
    r"/(TRTP|TRCD|IBAN|BIC|NAME|REMI|EREF|PREF|IREF|KREF|ORDP|BENM|CNTP|CSID|MARF|PURP|RTRN|ISDT|ULTC|ULTB|ULTD|SVCL|"
    r"ADDR|ID|CHGS|OCMT|EXCH|SUM|USTD|STRD|INFO|TXID)/"
)
_STRUCTURE: Final = re.compile(r"^(?:USTD|STRD/[A-Z]{3})/+")
_WIDTH: Final = 27
"""Characters of a subfield; a name that fills one goes on in the next without a space."""


class Words(NamedTuple):
    """Who or what a movement was with, and all that is said of it."""

    name: str
    said: str


def read_words(text: str, more: str, reference: str) -> Words:
    """Return the words of a field 86 (`text`); without one those of field 61 behind its reference, else that."""
    sign = _SIGN.match(text) or _LATER.search(text)
    if sign is not None:
        return _of_subfields(text.replace("\n", ""), sign.group(1) if sign.re is _SIGN else "?")
    if len(_CODES.findall(text.replace("\n", ""))) > 1:
        return _of_codes(text.replace("\n", ""))
    said = _plain(text) or _plain(more) or (_plain(reference) if reference != "NONREF" else "")
    return Words(said or "Unnamed", said)


def _of_subfields(text: str, sign: str) -> Words:
    pieces = re.split(rf"{re.escape(sign)}(\d{{2}})", text)
    told: dict[str, str] = {}
    for tag, words in zip(pieces[1::2], pieces[2::2], strict=True):
        told[tag] = f"{told.get(tag, '')}{words}"
    first, second = told.get("32", ""), told.get("33", "")
    name = _plain(first + second if len(first) >= _WIDTH else f"{first} {second}")
    purpose = [_plain(part) for part in _SEPA.split("".join(words for tag, words in told.items() if tag in _PURPOSE))]
    subject = next((part[5:] for part in purpose if part.startswith("SVWZ+")), " ".join(filter(None, purpose)))
    kind = _plain(told.get("00", ""))
    return Words(name or _plain(subject) or kind or "Unnamed", " · ".join(filter(None, (kind, *purpose))))


def _of_codes(text: str) -> Words:
    pieces = _CODES.split(text)
    told: dict[str, str] = {}
    for code, words in zip(pieces[1::2], pieces[2::2], strict=True):
        value = _plain(words.strip("/"))
        if value:
            told.setdefault(code, value)
    # Account, bank, name and town of the other side.
    other = told.get("CNTP", "").split("/")
    name = told.get("NAME", "") or (other[2].strip() if len(other) > 2 else "")
    subject = _STRUCTURE.sub("", told.get("REMI") or told.get("USTD") or "")
    parts = (told.get("TRTP", ""), subject, told.get("EREF", "").replace("NOTPROVIDED", ""), told.get("MARF", ""))
    said = " · ".join(dict.fromkeys(filter(None, parts)))
    return Words(name or subject or said or "Unnamed", said)


def _plain(text: str) -> str:
    return " ".join(text.split())
