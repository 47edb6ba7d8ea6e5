"""What a question wants: the nearest of the wordings that were learned from, and how sure that is.

Pieces of characters weighted by how rare they are, and one line for each intent, as `tests/eval/coach/learn_intents.py`
learned them; scored here with numpy alone.
"""

import base64
import json
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SIZES: Final = (1, 2, 3, 4, 5)
"""Letters of a piece."""
SHIPPED: Final = "intents.json"


def pieces(text: str) -> list[str]:
    """Return the pieces of a plain text: of each word with a space at both ends, and of two words side by side."""
    words = text.split()
    found = [piece for word in words for piece in _cut(f" {word} ")]
    return found + [f"{one}_{two}" for one, two in zip(["^", *words], [*words, "$"], strict=True)]


def _cut(word: str) -> list[str]:
    return [
        word[at : at + size] for size in SIZES for at in range(len(word) - size + 1) if word[at : at + size].strip()
    ]


def weighed(counts: Counter[str], places: dict[str, int], rarity: Floats) -> Floats:
    """Return the known pieces of one text as a vector of length 1."""
    row = np.zeros(len(places))
    for piece, count in counts.items():
        if piece in places:
            row[places[piece]] = (1 + np.log(count)) * rarity[places[piece]]
    length = float(np.sqrt(row @ row))
    return row / length if length else row


@dataclass(frozen=True)
class Sense:
    """What was learned."""

    intents: tuple[str, ...]
    places: dict[str, int]
    rarity: Floats
    weights: Floats
    """A row for each intent, a column for each piece."""
    offsets: Floats
    words: frozenset[str]
    """All words of the wordings, and those that every question may have."""

    def likely(self, text: str) -> list[tuple[str, float]]:
        """Return the intents of a plain text, the likeliest first, with how likely each is."""
        scores = self.weights @ weighed(Counter(pieces(text)), self.places, self.rarity) + self.offsets
        odds = np.exp(scores - scores.max())
        odds /= odds.sum()
        return sorted(zip(self.intents, odds.tolist(), strict=True), key=lambda one: -one[1])


@lru_cache(maxsize=1)
def shipped() -> Sense:
    """Return what ships with FinTrack."""
    kept = json.loads(files("core.coach.offline").joinpath(SHIPPED).read_text("utf-8"))
    names = tuple(kept["pieces"].split("\n"))
    weights = np.frombuffer(base64.b64decode(kept["weights"]), dtype=np.int8).reshape(len(kept["intents"]), len(names))
    return Sense(
        tuple(kept["intents"]),
        {name: at for at, name in enumerate(names)},
        np.array(kept["rarity"], dtype=np.float64),
        weights * np.array(kept["scales"])[:, None],
        np.array(kept["offsets"], dtype=np.float64),
        frozenset(kept["words"].split()),
    )
