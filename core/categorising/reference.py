"""The reference merchants and words: what a text says of a category before anybody has taught anything."""

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, Literal

from core.categorising.text import WORDS_AT_HAND, payee_words, plain
from core.config import REFERENCE

HintSource = Literal["bank", "merchant", "word"]

TRUST: Final[dict[HintSource, float]] = {"bank": 0.75, "merchant": 0.8, "word": 0.6}
"""How often a hint is right where nothing was learned: of the bank's code, of a merchant, of a word."""

SHORTEST_PREFIX: Final = 4


@dataclass(frozen=True)
class Hint:
    """A category's code from `data/reference/categories.csv`, and where it comes from."""

    code: str
    source: HintSource


@dataclass(frozen=True)
class _Pattern:
    """Words in a row that tell a category; the last may stand for all that begin with it."""

    words: tuple[str, ...]
    begins: bool
    direction: str
    hint: Hint


@cache
def _patterns() -> dict[str, list[_Pattern]]:
    """Return the patterns by their first word (or its beginning), the longest first, merchants before words."""
    found: dict[str, list[_Pattern]] = {}
    with (REFERENCE / "merchants.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            source: HintSource = "merchant" if row["kind"] == "merchant" else "word"
            words = tuple(row["words"].removesuffix("*").split())
            pattern = _Pattern(words, row["words"].endswith("*"), row["direction"], Hint(row["code"], source))
            found.setdefault(words[0], []).append(pattern)
    return {word: sorted(patterns, key=_rank) for word, patterns in found.items()}


def _rank(pattern: _Pattern) -> tuple[bool, int, int]:
    return pattern.hint.source == "word", -len(pattern.words), -len(pattern.words[-1])


def hint_of(bank_code: str, words: tuple[str, ...], sign: int) -> Hint | None:
    """Return what the bank's code says, else the best reference merchant or word among `words`.

    `sign` is that of the amount: "interest" is earned or paid by it.
    """
    if bank_code:
        return Hint(bank_code, "bank")
    wanted = "in" if sign > 0 else "out"
    fitting = [
        (*_rank(pattern), place, pattern.hint)
        for place, word in enumerate(words)
        for pattern in _beginning(word)
        if pattern.direction in {"", wanted} and _fits(pattern, words[place : place + len(pattern.words)])
    ]
    return min(fitting, key=lambda one: one[:4])[4] if fitting else None


@lru_cache(WORDS_AT_HAND)
def _beginning(word: str) -> tuple[_Pattern, ...]:
    patterns = _patterns()
    starts = (word[:end] for end in range(SHORTEST_PREFIX, len(word)))
    single = [one for start in starts for one in patterns.get(start, ()) if one.begins and len(one.words) == 1]
    return (*patterns.get(word, ()), *single)


def _fits(pattern: _Pattern, words: tuple[str, ...]) -> bool:
    if len(words) != len(pattern.words) or words[:-1] != pattern.words[:-1]:
        return False
    return words[-1].startswith(pattern.words[-1]) if pattern.begins else words[-1] == pattern.words[-1]


@cache
def _categories() -> tuple[dict[str, str], dict[str, str]]:
    """Return the code of each title, and the group of each code."""
    with (REFERENCE / "categories.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    titles = {plain(row["title"]): row["code"] for row in rows}
    return titles, {row["code"]: row["group"] for row in rows}


def group_of(code: str) -> str:
    """Return the group of a reference category, "" for a code that is none."""
    return _categories()[1].get(code, "")


def code_of_title(title: str) -> str:
    """Return the code of the reference category that a person's name for a category means, "" when none is known.

    `title` may be a code itself. A name is taken for money that goes out, unless only incomes are called so.
    """
    titles, groups = _categories()
    if title.upper() in groups:
        return title.upper()
    if plain(title) in titles:
        return titles[plain(title)]
    words = payee_words(plain(title.replace("_", " ").replace("-", " ")))
    hint = hint_of("", words, -1) or hint_of("", words, 1)
    return hint.code if hint else ""
