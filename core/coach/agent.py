"""A plain loop: a model says what it wants to know, the tools answer, until it gives an answer or has asked enough."""

import json
import logging
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from typing import Any, Final

from core.coach.grounded import Grounded
from core.coach.grounding import ground
from core.coach.listening import listen
from core.coach.prompting import opening, system_prompt
from core.coach.providers import TROUBLE, Provider, Request, ToolDefinition
from core.coach.providers.definitions import definition_of
from core.coach.tool_round import ask_tools, told_back
from core.coach.tools import TOOLS, Scope, Tool
from core.coach.turns import (
    Answered,
    Asking,
    Call,
    Event,
    Exchange,
    Failed,
    Found,
    ModelSaid,
    PersonSaid,
    Revoked,
    ToolsTold,
    Turn,
    Usage,
    Words,
)
from core.errors import CoachError, CoachKeyError, CoachNonsenseError, CoachQuotaError
from core.formats import encodable, one_line

MOST_ROUNDS: Final = 5
"""So often tools may be asked; then the model has to answer with what it has."""
SECONDS: Final = 120.0
"""A whole turn takes no longer."""
PATIENCE: Final = 5.0
"""So many seconds are waited for the last provider that asks to wait; for more, somebody else answers."""
SOON: Final = 1.0
"""How long to wait where a provider did not say."""
UNPROVEN: Final = "Some figures stand in no result: asks for the answer once more."
MOST_NAMED: Final = 10
LOOKS_UP: Final = "Looks things up first."

log: Final = logging.getLogger(__name__)


def answer(
    scope: Scope,
    question: str,
    before: Sequence[Exchange],
    providers: Sequence[Provider],
    stop: Flag,
    *,
    because: str = "",
    seconds: float = SECONDS,
    tools: Sequence[Tool[Any]] = TOOLS,
) -> Iterator[Event]:
    """Answer a question with the first of the providers that can, in their order; yield what happens meanwhile.

    Ends with `Answered` or `Failed`, or without either where `stop` is set. `because` says why the first provider is
    not another one; `seconds` are for the whole turn. Whoever takes over begins anew, and knows nothing of what the one
    before was told; the ids of calls go on.
    """
    turn = _Turn(scope, question, before, stop, time.monotonic() + seconds, {one.name: one for one in tools})
    failure: CoachError = CoachKeyError("No language model is set up.", "Set a key in your .env file.")
    for place, provider in enumerate(providers):
        last = place == len(providers) - 1
        for again in (False, True):
            yield Asking(provider.name, provider.model, because)
            try:
                yield from turn.by(provider)
                return
            except CoachError as caught:
                failure = caught
            if turn.shown:
                turn.shown = False
                yield Revoked(failure.sentence)
            because = failure.sentence
            if again or not turn.waited(failure, last=last):
                break
        passed_on = isinstance(failure, TROUBLE) or (isinstance(failure, CoachKeyError) and not last)
        if stop.is_set():
            return
        if not passed_on or turn.late:
            break
    yield Failed(failure, tuple(turn.found), turn.usage)


@dataclass
class _Turn:
    """What a turn holds whoever answers."""

    scope: Scope
    question: str
    before: Sequence[Exchange]
    stop: Flag
    deadline: float
    tools: Mapping[str, Tool[Any]]
    found: list[Found] = field(default_factory=list)
    calls: int = 0
    usage: Usage = field(default_factory=Usage)
    rounds: int = 0
    shown: bool = False
    """Whether words were yielded that count as long as they are not revoked."""

    @property
    def late(self) -> bool:
        """Tell whether the time is over."""
        return time.monotonic() >= self.deadline

    def waited(self, failure: CoachError, *, last: bool) -> bool:
        """Tell whether the same provider may be asked once more; wait as long as it wants where that is short."""
        if isinstance(failure, CoachNonsenseError):
            return self.rounds < MOST_ROUNDS and not self.late
        if not last or not isinstance(failure, CoachQuotaError):
            return False
        seconds = SOON if failure.retry_after is None else failure.retry_after
        if seconds > PATIENCE or time.monotonic() + seconds >= self.deadline:
            return False
        return not self.stop.wait(seconds)

    def by(self, provider: Provider) -> Iterator[Event]:
        """Let one provider answer the whole question; figures that stand in no result are asked for once more."""
        turns: list[Turn] = list(opening(self.question, self.before))
        self.rounds = 0
        said = yield from self._said(provider, turns)
        if said is None:
            return
        text, grounded = said.text, self._grounded(said.text)
        if grounded.unmatched and not self.late:
            self.shown = False
            yield Revoked(UNPROVEN)
            turns += [said, PersonSaid(_mend(grounded.unmatched))]
            try:
                said = yield from self._said(provider, turns)
            except CoachError as failure:
                log.info("an answer could not be asked for once more: %s", type(failure).__name__)
            if self.stop.is_set():
                return
            if said and len((other := self._grounded(said.text)).unmatched) <= len(grounded.unmatched):
                text, grounded = said.text, other
        yield Answered(
            text,
            tuple(self.found),
            provider.name,
            provider.model,
            self.usage,
            self.rounds,
            grounded=grounded,
        )

    def _said(self, provider: Provider, turns: list[Turn]) -> Generator[Event, None, ModelSaid | None]:
        """Let it ask tools until it has an answer, and return that; None where the person stopped."""
        definitions = [definition_of(tool) for tool in self.tools.values()]
        while True:
            enough = self.rounds == MOST_ROUNDS
            said = yield from self._hear(provider, turns, definitions, answer_now=enough)
            if said is None:
                return None
            if not said.calls or enough:
                break
            if self.shown:
                self.shown = False
                yield Revoked(LOOKS_UP)
            self.rounds += 1
            said = replace(said, calls=tuple(self._numbered(call) for call in said.calls))
            results = yield from self._ask(said.calls)
            if self.stop.is_set():
                return None
            turns += [said, ToolsTold(results)]
        if not said.text:
            raise CoachNonsenseError(f"{provider.name} came to no answer.", "Ask for less at once.", provider.name)
        # Calls that nobody answers any more would have to be answered if this went back.
        return said if not said.calls else ModelSaid(said.text, provider=provider.name)

    def _grounded(self, text: str) -> Grounded:
        return ground(text, self.question, self.found, self.scope.formats)

    def _hear(
        self, provider: Provider, turns: Sequence[Turn], tools: Sequence[ToolDefinition], *, answer_now: bool
    ) -> Generator[Event, None, ModelSaid | None]:
        request = Request(system_prompt(self.scope), tuple(turns), tools, answer_now)
        for piece in listen(provider, request, self.stop, self.deadline):
            if isinstance(piece, str):
                self.shown = True
                yield Words(encodable(piece))
            else:
                self.usage += piece.usage
                return replace(piece, text=encodable(piece.text))
        return None

    def _numbered(self, call: Call) -> Call:
        self.calls += 1
        return replace(call, id=f"c{self.calls}", tool=encodable(call.tool))

    def _ask(self, calls: Sequence[Call]) -> Generator[Event, None, dict[str, str]]:
        results: dict[str, str] = {}
        # What earlier rounds found is what `calculate` reckons with.
        scope = self.scope.knowing({one.call.id: one.result.told for one in self.found if one.result})
        for event in ask_tools(scope, self.tools, calls, self.stop, self.deadline):
            if isinstance(event, Found):
                self.found.append(event)
                results[event.call.id] = told_back(event)
            yield event
        return results


def _mend(unmatched: Sequence[str]) -> str:
    figures = json.dumps([one_line(one, 60) for one in unmatched[:MOST_NAMED]], ensure_ascii=False)
    return (
        f"These stand in no result: {figures}. Write the whole answer again, with every figure as a reference to a "
        "value of a result, such as [[c1:spent]]. Ask the tools for what is missing; leave out what they can't tell."
    )
