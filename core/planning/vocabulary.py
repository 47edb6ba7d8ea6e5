"""What names give away: services that are paid again and again, and shops that people go to out of habit."""

import csv
from collections.abc import Mapping
from functools import cache
from typing import Final

from core.config import REFERENCE

_LONGEST: Final = 3
"""No name in our lists has more words."""

SAME_NEED: Final = frozenset(
    "video|music|audio books|books|delivery|meal kits|storage|AI assistant|passwords|VPN|virus protection|news|learning"
    "|well-being|fitness|dating|sport on screen|internet".split("|")
)
"""Kinds of which one service is mostly enough."""


def service_kind(text: str) -> str:
    """Return the kind of service that a payee's text names ("music"), "" where it names none we know."""
    return _found(text, _known("services.csv"))


def habit_kind(text: str) -> str:
    """Return the kind of shop that a payee's text names ("groceries"), "" where it names none we know."""
    return _found(text, _known("habits.csv"))


@cache
def _known(file: str) -> Mapping[str, str]:
    with (REFERENCE / file).open(encoding="utf-8", newline="") as lines:
        return {row["name"]: row["kind"] for row in csv.DictReader(lines)}


def _found(text: str, known: Mapping[str, str]) -> str:
    """Return the kind of the longest known name within `text`, of several the first."""
    words = text.upper().replace(".", " ").replace("*", " ").split()
    for length in range(_LONGEST, 0, -1):
        for start in range(len(words) - length + 1):
            name = " ".join(words[start : start + length])
            kind = known.get(name) or known.get(name.removesuffix("S"))
            if kind:
                return kind
    return ""
