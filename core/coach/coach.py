"""Who answers: the models in their order, each behind its breaker, and the offline coach where none of them can."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Event as Flag
from threading import Thread
from typing import Final

from core.coach import agent
from core.coach.breaker import Guarded
from core.coach.providers import TROUBLE
from core.coach.providers.choosing import Offered, offered_by
from core.coach.tools import Scope
from core.coach.turns import Answered, Asking, Event, Exchange, Failed, Usage
from core.config import Settings
from core.errors import CoachKeyError

OFFLINE: Final = "offline"


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody who can answer; `key` is what a person prefers it by."""

    key: str
    provider: str
    """As in `Asking` and `Answered`: a name that people know, or "offline"."""
    model: str
    ready: bool
    because: str = ""
    """Why it is not ready, in a sentence."""
    seconds: float = 0.0
    """For so long it is left alone."""


class Coach:
    """Answers questions about money. One for the whole process: all persons' questions tell how providers are."""

    def __init__(self, offered: Sequence[Offered], seconds: float = agent.SECONDS) -> None:
        """Ask those that are offered; a whole answer takes `seconds` at the most."""
        self._seconds = seconds
        self._offered = [(one, Guarded(one.provider)) for one in offered]
        self._ready_soon = Flag()

    def status(self) -> tuple[Standing, ...]:
        """Return who can answer, in their order; the offline coach, which always can, last."""
        found = [self._standing(one, guarded) for one, guarded in self._offered]
        return (*found, Standing(OFFLINE, OFFLINE, "", ready=True))

    def answer(
        self, scope: Scope, question: str, before: Sequence[Exchange], stop: Flag, prefer: str = ""
    ) -> Iterator[Event]:
        """Answer with the model that is preferred, else with the first that can, else offline.

        `prefer` is the key of a `Standing`. Ends with `Answered` or `Failed`, or without where `stop` is set. It fails
        where no other model would do better, as with a question that a provider refuses, or where the only key is
        wrong: that is for the person to mend.
        """
        because, spent = "", Usage()
        if prefer != OFFLINE:
            ready, because = self._ready(prefer)
            failed: Failed | None = None
            if ready:
                for event in agent.answer(scope, question, before, ready, stop, because=because, seconds=self._seconds):
                    if isinstance(event, Failed):
                        failed = event
                    else:
                        yield event
                if failed is None:
                    return
                if not isinstance(failed.error, TROUBLE) and not self._is_one_wrong_key_of_several(failed):
                    yield failed
                    return
                because, spent = failed.error.sentence, failed.usage
        from core.coach import offline

        for event in offline.answer(scope, question, before, stop):
            if isinstance(event, Asking):
                yield replace(event, because=because)
            elif isinstance(event, Answered | Failed):
                # What a model cost that came to no answer is counted all the same.
                yield replace(event, usage=spent)
            else:
                yield event

    def make_ready(self) -> None:
        """Load the library of the model that is asked first beside what goes on, once: its user is about to ask."""
        if not self._ready_soon.is_set():
            self._ready_soon.set()
            ready, _ = self._ready("")
            for first in ready[:1]:
                Thread(target=first.load, name="coach-ready", daemon=True).start()

    def close(self) -> None:
        """Hang up."""
        for _, guarded in self._offered:
            guarded.close()

    def _ready(self, prefer: str) -> tuple[list[Guarded], str]:
        """Return who may be asked, and why not the very first."""
        wanted = [pair for pair in self._offered if pair[0].key == prefer]
        wanted += [pair for pair in self._offered if pair[0].in_turn and pair[0].key != prefer]
        standing = [(self._standing(one, guarded), guarded) for one, guarded in wanted]
        because = next((one.because for one, _ in standing[:1] if not one.ready), "")
        return [guarded for one, guarded in standing if one.ready], because

    def _is_one_wrong_key_of_several(self, failed: Failed) -> bool:
        return isinstance(failed.error, CoachKeyError) and sum(one.in_turn for one, _ in self._offered) > 1

    @staticmethod
    def _standing(one: Offered, guarded: Guarded) -> Standing:
        because, left = one.trouble, guarded.breaker.left
        if not because and left:
            because = f"{guarded.name} is left alone for another {math.ceil(left)} s."
        return Standing(one.key, guarded.name, guarded.model, not because, because, left)


def coach_for(settings: Settings) -> Coach:
    """Return the coach of the settings; no SDK is loaded before somebody is about to ask."""
    return Coach(offered_by(settings), settings.coach_seconds)
