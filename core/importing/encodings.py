"""Which encoding bytes are in that are no UTF-8: the one that the file declares, else the one that makes sense.

Makes sense: each language has a few letters beyond a to z, and in the right encoding nearly all such bytes are letters
of one language. In the wrong one they are a mixture of several, or signs in the middle of words.
"""

import codecs
import re
from collections import Counter
from typing import Final

_SIGNS: Final = "€£§°·«»–—’“”„…ºª¿¡²³½µ÷•\u2018\u00b4\u00d7\u00a0\u00ad"
_LANGUAGES: Final[dict[str, tuple[str, ...]]] = {
    # The letters of: German, French, Spanish and Portuguese, Italian, Danish and Norwegian, Swedish and Finnish.
    "cp1252": ("äöüß", "àâçéèêëîïôöùûüÿœæ", "áéíóúñüçãõâêôàò", "àèéìòùî", "æøåéöäüó", "åäöéü"),
    # Polish; Czech and Slovak; Hungarian; Romanian; Slovene and Croatian.
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýžľĺŕôä", "áéíóöőúüű", "ăâîşţ", "čšžćđ"),
    "iso8859_2": ("ąćęłńóśźż", "áčďéěíňóřšťúůýžľĺŕôä", "áéíóöőúüű", "ăâîşţ", "čšžćđ"),
    "cp1254": ("çğıöşüâî",),
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґ",),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋ",),
    # What DOS programs wrote.
    "cp850": ("äöüß", "àâçéèêëîïôùûü", "áéíóúñü", "æøå"),
    "cp852": ("ąćęłńóśźż", "áčďéěíňóřšťúůýžľĺŕôä", "áéíóöőúüű"),
}
_OTHER_SCRIPTS: Final = frozenset({"cp1251", "cp1253"})
"""Encodings of letters that stand in no word beside Latin ones."""
_OLD: Final = frozenset({"cp850", "cp852"})
"""Encodings of DOS, which are rare by now: only a clear lead speaks for them."""
_MONEY: Final = re.compile(rb"\xa3(?=[ \xa0-]?\d)|\x80(?=[ \xa0-]?\d)|(?<=\d)[ \xa0]?\x80|(?<=\d)\xa0(?=\d)")
"""Pounds, euros and spaces in amounts, in the encodings of Windows."""
_BESIDE_LATIN: Final = re.compile(rb"(?<=[A-Za-z])[\xb8-\xff]|[\xb8-\xff](?=[A-Za-z])")
_MIXED_CASE: Final = re.compile("[\u0430-\u044f\u0451][\u0410-\u042f]|[\u03ac-\u03ce][\u0391-\u03a9]")
_DECLARED: Final = (
    re.compile(rb"<\?xml[^>]{0,100}encoding\s*=\s*[\"']([\w.-]{2,20})[\"']", re.IGNORECASE),
    re.compile(rb"^CHARSET\s*:\s*([\w.-]{2,20})\s*$", re.IGNORECASE | re.MULTILINE),
    re.compile(rb"\bCHARSET:([\w.-]{2,20}?)(?=COMPRESSION)", re.IGNORECASE),
)


def declared_encoding(data: bytes) -> str:
    """Return the encoding that an OFX or XML header names, as Python calls it; "" without one that is known."""
    head = data[:1024]
    for pattern in _DECLARED:
        found = pattern.search(head)
        if found is None:
            continue
        name = found[1].decode("ascii", "replace")
        for form in (name, f"cp{name}", f"iso{name}"):
            try:
                codec = codecs.lookup(form).name
            except LookupError:
                continue
            # XML and OFX writers say ISO-8859-1 and mean what Windows calls so.
            return "cp1252" if codec in {"iso8859-1", "ascii"} else codec
    return ""


def likely_encoding(data: bytes) -> str:
    """Return the encoding in which the bytes beyond ASCII are most nearly the letters of one language."""
    data = _MONEY.sub(b"", data)
    counted = Counter(data.translate(None, bytes(range(0x80))))
    if not counted:
        return "cp1252"
    scores = {encoding: _score(data, counted, encoding) for encoding in _LANGUAGES}
    best = max(scores.values())
    # On a tie the first counts: they are listed by how common they are.
    return next(encoding for encoding, score in scores.items() if score == best)


def _score(data: bytes, counted: Counter[int], encoding: str) -> float:
    signs = {bytes([byte]).decode(encoding, "replace"): times for byte, times in counted.items()}
    plain = sum(times for sign, times in signs.items() if sign in _SIGNS)
    letters: Counter[str] = Counter()
    for sign, times in signs.items():
        letters[sign.lower()] += times if sign not in _SIGNS else 0
    fitting = max(sum(letters[letter] for letter in alphabet) for alphabet in _LANGUAGES[encoding])
    if encoding in _OTHER_SCRIPTS:
        strange = len(_BESIDE_LATIN.findall(data)) + len(_MIXED_CASE.findall(data.decode(encoding, "replace")))
        fitting -= 10 * strange
    # A sign may stand anywhere, and says less than a letter.
    return (fitting + 0.9 * plain) / counted.total() * (0.9 if encoding in _OLD else 1.0)
