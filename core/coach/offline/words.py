"""A question as it is read: folded, cut into words, its slips of the pen put right."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

LONGEST_QUESTION: Final = 400
_WORD: Final = re.compile(r"[a-z0-9](?:[\w'&/.,:-]*[a-z0-9])?%?|[€$£>&<=+-]")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_APOSTROPHES: Final = re.compile("[\u2019\u2018\u0060\u00b4]")
_LETTERS: Final = re.compile(r"[a-z]+")
_SHORT_FORMS: Final = (
    (r"\b(what|where|how|who|when|that|it|there)'?s\b(?! )", r"\1 is"),
    (r"\b(what|where|how|who|when|that|there)'s\b", r"\1 is"),
    (r"\b(what|where|how|who)s\b", r"\1 is"),
    (r"\b(i|we|you|they)'(?:ve|m|re|d|ll)\b", r"\1"),
    (r"\b(do|does|did|is|are|have|has|can|could|was)n'?t\b", r"\1 not"),
    (r"\bcan ?not\b", "can not"),
    (r"'s\b", ""),
    (r"\b(much|many)'?s\b", r"\1"),
    (r"\bu\b", "you"),
    (r"\bgonna\b", "going to"),
    (r"\bpls\b|\bplz\b|\bplease\b", " "),
    (r"\bthx\b|\bthanks\b|\bthank you\b", "thanks"),
    (r"\b(in|on|of|from|to|into) (my |the |our )?savings\b(?! (?:account|rate|goal))", r"\1 \2savings account"),
    (r"\bh(?:w|ow|o) (?=much|many|mch)", "how "),
    (r"\b(?:wht|waht|wat|whats)\b", "what"),
    (r"\b(?:lst|las)(?= (?:week|month|year|quarter|weekend))", "last"),
    (r"\bths(?= (?:week|month|year|quarter|weekend))", "this"),
    (r"\bmch\b", "much"),
    (r"\bwk\b", "week"),
    (r"\bmth\b|\bmnth\b", "month"),
    (r"\byr\b", "year"),
    (r"\btxns?\b|\btrx\b|\btransacs?\b", "transactions"),
)


def folded(text: str) -> str:
    """Return a text in one case, without accents, in one kind of apostrophe and dash."""
    text = unicodedata.normalize("NFKD", text[: 2 * LONGEST_QUESTION]).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return _DASHES.sub("-", _APOSTROPHES.sub("'", text))


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Return a text as words with one space between: punctuation is gone, what belongs to numbers and names stays."""
    text = folded(text)
    for pattern, instead in _SHORT_FORMS:
        text = re.sub(pattern, instead, text)
    text = re.sub(r"([€$£])\s*(?=\d)", r"\1 ", text)
    text = re.sub(r"(?<=\d)\s*([€$£])", r" \1", text)
    return " ".join(_WORD.findall(text))


def mended(text: str, known: Collection[str], names: Collection[str]) -> str:
    """Return a plain text with slips put right: a word that nobody knows, one slip away from just one that is known.

    Words of the person's own names are left for those who look for names.
    """
    return " ".join(_mended(word, known, names) for word in text.split())


def _mended(word: str, known: Collection[str], names: Collection[str]) -> str:
    if len(word) < 4 or word in known or word in names or not _LETTERS.fullmatch(word):
        return word
    most = 1 if len(word) < 8 else 2
    near = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=4)
    near = [one for one in near if len(one[0]) >= 4 and abs(len(one[0]) - len(word)) <= most]
    if not near:
        return word
    best = min(score for _, score, _ in near)
    found = sorted(name for name, score, _ in near if score == best)
    same_start = [name for name in found if name[0] == word[0] and sorted(name) == sorted(word)] or found
    if len(same_start) > 1:
        same_start = [name for name in same_start if name[0] == word[0]] or same_start
    closer = process.extract(word, names, scorer=OSA.distance, score_cutoff=int(best), limit=1)
    return word if closer or len(same_start) > 1 else same_start[0]
