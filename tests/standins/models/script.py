"""What a stand-in shall answer, in nobody's wire format."""

from dataclasses import dataclass
from typing import Any, Literal

End = Literal["", "done", "length", "blocked", "malformed", "missing"]
Error = Literal["", "key", "quota", "spent", "busy", "too long", "model", "other", "prompt blocked", "gone"]


@dataclass(frozen=True)
class Wish:
    """A tool that the model wants asked; `arguments` a string where they are to be broken."""

    tool: str
    arguments: Any = None
    id: str = ""


@dataclass(frozen=True)
class Answer:
    """One answer; several pieces of text come one by one."""

    pieces: tuple[str, ...] = ()
    wishes: tuple[Wish, ...] = ()
    end: End = ""
    """"" ends as it should; "missing" ends the stream without saying why."""
    error: Error = ""
    retry_after: str = ""
    within: bool = False
    """The error comes in the middle of the stream, after the pieces."""
    cut: bool = False
    """The connection breaks after the pieces."""
    wait: float = 0.0
    """Seconds before the first piece."""
    between: float = 0.0
    """Seconds between pieces."""
    sent: int = 100
    received: int = 20
    raw: tuple[str, ...] = ()
    """Lines to be sent as they stand, instead of all that."""
