"""What is said in a conversation, in nobody's wire format; and what happens while an answer comes into being."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.coach.grounded import Grounded
from core.coach.tools import ToolResult
from core.errors import FinTrackError


@dataclass(frozen=True, slots=True)
class Call:
    """A tool that a model wants asked; `arguments` as it sent them, unchecked."""

    id: str
    """Ours: "c1", "c2" … through the whole turn, so that the text can refer to values; providers map it to theirs."""
    tool: str
    arguments: object


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call cost, in tokens as the provider counts them."""

    sent: int = 0
    received: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        """Return both together."""
        return Usage(self.sent + other.sent, self.received + other.received)


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """What the person wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class ModelSaid:
    """What a model answered: words, or tools that it wants asked, or both."""

    text: str
    calls: tuple[Call, ...] = ()
    usage: Usage = Usage()
    provider: str = ""
    raw: Any = None
    """The provider's own object, to be sent back untouched (thought signatures); of use to that provider alone."""


@dataclass(frozen=True, slots=True)
class ToolsTold:
    """What the tools answered to the calls right before, as JSON, by call."""

    results: Mapping[str, str]


Turn = PersonSaid | ModelSaid | ToolsTold


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer from earlier in a conversation, as both were shown."""

    question: str
    answer: str
    context: Mapping[str, Any] = field(default_factory=dict)
    """What the offline coach had understood, for questions that go on from it; as JSON can hold it."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody is asked: a provider by its name and model, or the offline coach."""

    provider: str
    model: str
    because: str = ""
    """Why not the one before, in a sentence; "" for the first."""


@dataclass(frozen=True, slots=True)
class Words:
    """More of the answer's text, with references such as [[c1:spent]] not yet put in."""

    text: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """What came of the text so far does not count: the connection was cut, or the answer is asked for once more."""

    because: str


@dataclass(frozen=True, slots=True)
class Step:
    """A tool is being asked."""

    call: Call


@dataclass(frozen=True, slots=True)
class Found:
    """A tool answered, or said in a sentence why it can't."""

    call: Call
    result: ToolResult | None
    failure: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Answered:
    """The whole answer: `text` with its references, all that was found, and who gave it."""

    text: str
    found: tuple[Found, ...]
    provider: str
    model: str
    usage: Usage = Usage()
    rounds: int = 0
    choices: tuple[str, ...] = ()
    """Questions to go on with, such as what the offline coach can answer instead."""
    reading: str = ""
    """How the offline coach read the question ("spending · Groceries · March 2026")."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """The same for the next `Exchange`."""
    grounded: Grounded = field(default_factory=Grounded)
    """The text with its values put in, each figure held against what was found; without parts where nobody did."""


@dataclass(frozen=True, slots=True)
class Failed:
    """No answer came; the error's sentence and hint tell why."""

    error: FinTrackError
    found: tuple[Found, ...] = ()
    usage: Usage = Usage()
    """What was spent on it all the same."""


Event = Asking | Words | Revoked | Step | Found | Answered | Failed
