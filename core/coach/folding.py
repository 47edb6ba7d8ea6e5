"""Text as an eye reads its figures: digits of any script, without what is not seen, each letter with where it stood."""

# ruff: noqa: RUF001 - the signs of all scripts are what this is about

import unicodedata
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

STAND_IN: Final = "\ue000"
"""Stands for a reference, whatever its value is; the text's own are folded away."""
_GONE: Final = frozenset("*`~_")
_MINUS: Final = frozenset("−﹣－‐‑⁻₋")
_DASH: Final = frozenset("–—‒―﹘")
_AS: Final = {
    "٬": ",",
    "٫": ".",
    "،": ",",
    "⹁": ",",
    "’": "'",
    "ʼ": "'",
    "‘": "'",
    "´": "'",
    "＇": "'",
    "٪": "%",
    "؉": "‰",
}


@dataclass(frozen=True, slots=True)
class Folded:
    """A text and, for each of its letters, where in the written one it begins and ends."""

    text: str
    begins: Sequence[int]
    ends: Sequence[int]

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the written one."""
        return self.begins[start], self.ends[end - 1]

    def place(self, written: int) -> int:
        """Return which folded letter a place in the written text belongs to."""
        return bisect_right(self.begins, written) - 1


def fold(text: str, references: Sequence[tuple[int, int]] = ()) -> Folded:
    """Fold a text; each of the `references` (begin and end, in order) becomes one `STAND_IN`.

    Markup that bold and italics are made of, marks that are not seen and escapes go, so that 1**2**34 reads 1234.
    """
    letters: list[str] = []
    begins: list[int] = []
    ends: list[int] = []
    place, waiting = 0, list(reversed(references))
    while place < len(text):
        if waiting and place == waiting[-1][0]:
            end, folded = waiting.pop()[1], STAND_IN
        else:
            end = place + 1
            escape = text[place] == "\\" and not text[end : end + 1].isalnum()
            folded = "" if escape else _folded(text[place])
        for letter in folded:
            letters.append(letter)
            begins.append(place)
            ends.append(end)
        place = end
    return Folded("".join(letters), begins, ends)


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    if letter in _GONE or letter == STAND_IN:
        return "" if letter in _GONE else " "
    if letter.isascii():
        return letter
    if letter in _MINUS:
        return "-"
    if letter in _DASH:
        return "–"
    if letter in _AS:
        return _AS[letter]
    kind = unicodedata.category(letter)
    if kind in {"Cf", "Cc", "Mn", "Me", "Co", "Cs", "Cn"}:
        return ""
    if kind == "Zs":
        return " "
    if kind in {"Zl", "Zp"}:
        return "\n"
    value = unicodedata.numeric(letter, -1.0)
    if kind in {"Nd", "No", "Nl"} and value >= 0 and value.is_integer():
        return str(int(value))
    plain = unicodedata.normalize("NFKC", letter)
    return plain if len(plain) == 1 else letter
