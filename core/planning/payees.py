"""Who stands behind a bank's text: the words that stay the same while references, dates and cities change."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from core.config import REFERENCE

Words = tuple[str, ...]

_APART: Final = re.compile(r"[\s*/#,;:|()<>\[\]{}_=+.\"“”„!?\\\-–—]+")
_DIGIT: Final = re.compile(r"\d")
_NUMBERED: Final = re.compile(r"([^\W\d_]{4,})\d+")
_NUMBER: Final = re.compile(r"\d\d+")
_ZERO: Final = np.uint8(ord("0"))
_BEYOND_ASCII: Final = 128
_AT_ONCE: Final = 4_096
_END: Final = "\n"
_SHORT: Final = 3
"""A word with a digit is a name when it is this short ("O2", "1&1"), and a reference when it is longer."""
_PLACES: Final = 3
"""A word that follows this many first words is a place or a way of paying, not part of a name."""
_FOLLOWERS: Final = 8
"""A first word with this many different second words, each seen again, says how the money moved, not to whom."""
_OFTEN: Final = 0.04
"""... if it also begins this share of the texts."""


@dataclass(frozen=True, slots=True)
class Payee:
    """One whom money goes to or comes from, as far as the text tells."""

    words: Words
    """All words that come again with it; () where the text has none."""
    key: Words
    """Those of them that are no places, as far as one can tell: they may be part of the name all the same."""

    @property
    def head(self) -> str:
        """Return the first word, which payees that may be the same share."""
        return self.key[0] if self.key else ""


def readable(words: Words) -> str:
    """Return words as people write a name."""
    return " ".join(_readable(word) for word in words) or "Unnamed"


@cache
def payment_words() -> frozenset[str]:
    """Return the words that say how or when money moved, in capitals."""
    lines = (REFERENCE / "payment_words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def without_numbers(texts: Sequence[str]) -> list[str]:
    """Return the texts with every number of two digits or more the same: references are mostly digits.

    A single digit stays, as it may belong to a name.
    """
    # Many in one go, as there may be a million; not all, for that takes ten times their memory.
    known: dict[str, str] = {}
    return [
        known.setdefault(text, text)
        for start in range(0, len(texts), _AT_ONCE)
        for text in _without_numbers(texts[start : start + _AT_ONCE])
    ]


def _without_numbers(texts: Sequence[str]) -> list[str]:
    together = _END.join(texts)
    if together.count(_END) >= len(texts):
        together = _END.join(text.replace(_END, " ") for text in texts)
    letters = np.frombuffer(together.encode(), dtype=np.uint8)
    # Only bytes of letters beyond ASCII are that large: alone they are as good a text.
    if any(map(str.isdecimal, set(letters[letters >= _BEYOND_ASCII].tobytes().decode()))):
        return _NUMBER.sub("00", together).split(_END)
    digit = letters - _ZERO < 10
    after = np.r_[False, digit[:-1]]
    begins = digit & ~after & np.r_[digit[1:], False]
    second = np.r_[False, begins[:-1]]
    shown = np.where(begins | second, _ZERO, letters)[~digit | ~after | second]
    return str(shown.tobytes(), "utf-8").split(_END)


def payees_of(texts: Sequence[str], weights: Sequence[int]) -> tuple[list[Payee], list[int]]:
    """Return the payees that different texts name, and for each text the number of its payee.

    The texts, each there `weights` times, are looked at together: a word that follows many names is a place, one seen
    once is a reference.
    """
    read = [_words(text) for text in texts]
    leading = _leading_noise(read, weights)
    numbers: dict[Payee, int] = {}
    number_of = [
        numbers.setdefault(payee, len(numbers))
        for payee in _payees([_after(words, leading) for words in read], weights)
    ]
    return list(numbers), number_of


def _words(text: str) -> Words:
    """Return what may be part of a name; the words of paying alone where there is nothing else."""
    names: list[str] = []
    ways: list[str] = []
    for chunk in _APART.split(text.upper()):
        word = chunk.strip("'’&@%$€£")
        if _DIGIT.search(word):
            numbered = _NUMBERED.fullmatch(word)
            if numbered:
                word = numbered[1]
            elif len(word) > _SHORT or "00" in word or not any(letter.isalpha() or letter == "&" for letter in word):
                continue
        if len(word) < 2 or (len(word) == 2 and names and "&" not in word):  # a state, a country, an initial
            continue
        (ways if word in payment_words() else names).append(word)
    return tuple(dict.fromkeys(names or ways))


def _leading_noise(read: Sequence[Words], weights: Sequence[int]) -> frozenset[str]:
    """Return first words that say how money moved, in words that no list of ours knows."""
    begins: Counter[str] = Counter()
    followers: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for shape, words in enumerate(read):
        if words:
            begins[words[0]] += weights[shape]
            if len(words) > 1:
                followers[words[0]][words[1]] += weights[shape]
    heads_before = Counter(word for after in followers.values() for word in after)
    rows = sum(begins.values())
    return frozenset(
        word
        for word, count in begins.items()
        if count >= _OFTEN * rows and _names_after(followers[word], heads_before) >= _FOLLOWERS
    )


def _names_after(followers: Counter[str], heads_before: Counter[str]) -> int:
    """Return how many words that come again follow here and hardly anywhere else: places follow many."""
    return sum(1 for word, seen in followers.items() if seen > 1 and heads_before[word] < _PLACES)


def _after(words: Words, leading: frozenset[str]) -> Words:
    return words[1:] if len(words) > 1 and words[0] in leading else words


def _payees(read: Sequence[Words], weights: Sequence[int]) -> list[Payee]:
    """Return the first word and those after it that come again with it, with places and without."""
    heads_before: defaultdict[str, set[str]] = defaultdict(set)
    together: Counter[tuple[str, str]] = Counter()
    for shape, words in enumerate(read):
        for word in words[1:]:
            heads_before[word].add(words[0])
            together[words[0], word] += weights[shape]
    places = {word for word, heads in heads_before.items() if len(heads) >= _PLACES}
    payees = []
    for words in read:
        again = (*words[:1], *(word for word in words[1:] if together[words[0], word] > 1))
        payees.append(Payee(again, (*again[:1], *(word for word in again[1:] if word not in places))))
    return payees


def _readable(word: str) -> str:
    shortened = len(word) <= _SHORT and not (len(word) == _SHORT and word[1] in "AEIOU")
    return word if shortened or "&" in word else word[:1] + word[1:].lower()
