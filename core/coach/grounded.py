"""An answer in parts: which words are only words, which figures a tool told, and which none did."""

from dataclasses import dataclass
from typing import Literal

from core.coach.values import Leaf

PartKind = Literal["words", "value", "matched", "unmatched"]


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer: words, a value that was put in, a figure that a tool told, or one that none did."""

    kind: PartKind
    text: str
    source: str = ""
    """Where a value or a figure comes from: a reference such as "c1:spent", or "question"."""
    leaf: Leaf | None = None


@dataclass(frozen=True, slots=True)
class Grounded:
    """An answer in its parts, in their order."""

    parts: tuple[Part, ...] = ()

    @property
    def text(self) -> str:
        """Return the whole with its values put in, unmarked."""
        return "".join(one.text for one in self.parts)

    @property
    def unmatched(self) -> tuple[str, ...]:
        """Return the figures, and the references, that no result has."""
        return tuple(one.text for one in self.parts if one.kind == "unmatched")

    @property
    def matched(self) -> tuple[Part, ...]:
        """Return the values put in and the figures that were found in a result."""
        return tuple(one for one in self.parts if one.kind in {"value", "matched"})
