"""Models on loopback with the real SDKs before them, and the events of an answer in a form that reads well."""

import threading
from collections.abc import Iterator, Sequence

from core.coach import Event, Exchange, Scope
from core.coach.agent import answer
from core.coach.providers import Provider
from core.coach.providers.access import Access
from core.coach.providers.anthropic import Claude
from core.coach.providers.gemini import Gemini
from core.coach.providers.openai import ChatCompletions
from tests.standins.models import KEY, MODEL, Answer, ModelStandIn, Wish

WIRES = ("gemini", "openai", "anthropic")
NAMES = {"gemini": "Gemini", "openai": "OpenAI", "anthropic": "Anthropic"}
CLASSES = {"gemini": Gemini, "openai": ChatCompletions, "anthropic": Claude}
SPENDING = "get_spending_analytics"


def provider_for(model: ModelStandIn, key: str = KEY, silence: float = 5.0, name: str = "") -> Provider:
    """Return the real SDK before a stand-in."""
    access = Access(name or NAMES[model.wire], MODEL, key, model.url, model.wire.upper(), silence)
    provider = CLASSES[model.wire](access)
    model.callers.callback(provider.close)
    return provider


def events_of(
    scope: Scope,
    *providers: Provider,
    question: str = "What did I spend this month?",
    before: Sequence[Exchange] = (),
    stop: threading.Event | None = None,
    seconds: float = 20.0,
) -> Iterator[Event]:
    """Ask the agent."""
    return answer(scope, question, before, providers, stop or threading.Event(), seconds=seconds)


def kinds(events: Sequence[Event]) -> list[str]:
    """Return the kinds of events in their order."""
    return [type(one).__name__ for one in events]


def asks(arguments: object = None, tool: str = SPENDING) -> Answer:
    """Let the model want one tool."""
    return Answer(wishes=(Wish(tool, arguments),))


def says(*pieces: str) -> Answer:
    """Let the model answer in pieces."""
    return Answer(pieces)
