"""What a language model is to the coach: something that goes on with a conversation, piece by piece."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from threading import Event as Flag
from typing import Any, Final, Protocol

from core.coach.turns import ModelSaid, Turn
from core.errors import CoachCutError, CoachNonsenseError, CoachQuotaError, CoachUnreachableError

TROUBLE: Final = (CoachQuotaError, CoachUnreachableError, CoachCutError, CoachNonsenseError)
"""Failures of a provider, for which nothing is wrong with the question: another one may be tried."""


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool as a model is told of it."""

    name: str
    description: str
    schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """What a model is asked to go on with."""

    system: str
    turns: Sequence[Turn]
    tools: Sequence[ToolDefinition] = ()
    answer_now: bool = False
    """No tool may be asked any more; some providers want to be told of those asked before all the same."""


class Provider(Protocol):
    """One language model behind one address."""

    name: str
    """As people know it: "Gemini", "OpenAI", "Anthropic", or the host of a server of their own."""
    model: str

    def go_on(self, request: Request, stop: Flag) -> Iterator[str | ModelSaid]:
        """Yield pieces of the text as they come, and at the end, once, all of it with the calls.

        Ends without that where `stop` is set meanwhile.

        Raises:
            CoachError: which of its kinds tells whether another provider may be tried.
        """
        ...

    def load(self) -> None:
        """Load what takes a while, so that the first question need not wait for it; what fails is told then."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...
