"""What of a bank's text names the payee: the text as it stands, and the words that stay the same each time."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

WORDS_AT_HAND: Final = 1 << 15
"""How many words are kept judged: banks use the same ones again and again."""

LONGEST_TEXT: Final = 300
"""Characters that are read of a description; banks send no longer ones that mean anything."""

_BREAKS: Final = re.compile(r"[^\w&+]+|_+")
_ARTICLES: Final = re.compile(r"\b([ldjnsmct])['’](?=\w)")
_APOSTROPHES: Final = re.compile(r"['’]")
_NUMBERED: Final = re.compile(r"\d")
_BRANDED: Final = re.compile(r"[^\W\d_]{3,}\d{1,3}|[^\W\d_]\d{1,2}|\d[^\W\d_]|\d&\d|\d{3}k|\d{1,2}([^\W\d_]{3,})")
"""Numbers that belong to a name: bet365, o2, 1&1, 7eleven."""
_MASK: Final = re.compile(r"x{2,}\d*")
_INITIALS: Final = re.compile(r"\b((?:\w\.){2,})")
_DAYS: Final = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september "
    "october november december mon tue wed thu fri sat sun januar februar mai juni juli oktober dezember märz "
    "janvier février mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo "
    "junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre "
    "ottobre novembre dicembre maart mei augustus".split()
)


def plain(text: str) -> str:
    """Return `text` in one spelling: compatibility forms composed, case folded, single spaces, cut to a length."""
    return " ".join(unicodedata.normalize("NFKC", text[: 2 * LONGEST_TEXT]).casefold().split())[:LONGEST_TEXT]


def payee_words(text: str) -> tuple[str, ...]:
    """Return the words of a plain text that don't change from one payment to the next.

    Numbers, references, masked cards and names of months are left out; a text of nothing else has no words.
    """
    joined = _INITIALS.sub(lambda found: found.group().replace(".", ""), text)
    joined = _APOSTROPHES.sub("", _ARTICLES.sub(r"\1 ", joined))
    words = [word.strip("&+") for word in _BREAKS.split(joined)]
    kept = [word for word in words if word and not _changing(word)]
    return tuple(word for word in kept if word not in _DAYS) or tuple(kept)


@lru_cache(WORDS_AT_HAND)
def _changing(word: str) -> bool:
    if _MASK.fullmatch(word):
        return True
    branded = _BRANDED.fullmatch(word)
    return _NUMBERED.search(word) is not None and (branded is None or branded.group(1) in _DAYS)
