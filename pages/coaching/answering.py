"""An answer that comes into being beside the page: the page looks at it, stops it, and keeps it when it is whole."""

import logging
import re
import secrets
from dataclasses import dataclass, field
from threading import Event as Flag
from threading import Lock, Thread
from typing import Final

from core.coach import Answered, Asking, Coach, Event, Exchange, Failed, Found, Revoked, Scope, Step, Words
from core.errors import FinTrackError

log = logging.getLogger(__name__)

STOPPED: Final = "You stopped this answer."
_UNFINISHED: Final = re.compile(r"\[\[?[^\[\]]*$")
"""A reference of which the end has not come yet."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """What has come of an answer: its text, who is asked and why, what was found, and which tools are being asked."""

    text: str = ""
    asking: Asking | None = None
    revoked: str = ""
    found: tuple[Found, ...] = ()
    waiting: tuple[str, ...] = ()
    outcome: Answered | Failed | None = None


@dataclass(slots=True)
class Answering:
    """A question that is being answered in a thread of its own, which ends with the answer or when it is stopped."""

    coach: Coach
    scope: Scope
    conversation: int
    question: str
    before: tuple[Exchange, ...]
    prefer: str = ""
    _events: list[Event] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)
    _stop: Flag = field(default_factory=Flag)
    _done: Flag = field(default_factory=Flag)

    def begin(self) -> None:
        """Begin to answer."""
        Thread(target=self._run, name="coach", daemon=True).start()

    def stop(self) -> None:
        """Ask for no more of it."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; tell whether it came."""
        return self._done.wait(seconds)

    @property
    def done(self) -> bool:
        """Tell whether nothing more comes."""
        return self._done.is_set() or self._stop.is_set()

    def so_far(self) -> SoFar:
        """Return what has come until now."""
        with self._lock:
            events = tuple(self._events)
        text, asking, revoked = "", None, ""
        found: list[Found] = []
        waiting: dict[str, str] = {}
        outcome: Answered | Failed | None = None
        for event in events:
            match event:
                case Words():
                    text += event.text
                case Asking():
                    asking = event
                case Revoked():
                    text, revoked = "", event.because
                case Step():
                    waiting[event.call.id] = event.call.tool
                case Found():
                    waiting.pop(event.call.id, None)
                    found.append(event)
                case Answered() | Failed():
                    outcome = event
        if outcome is None and self._stop.is_set():
            outcome = Failed(FinTrackError(STOPPED, "Ask again whenever you like."), tuple(found))
        shown = text if outcome else _UNFINISHED.sub("", text)
        return SoFar(shown, asking, revoked, tuple(found), tuple(waiting.values()), outcome)

    def _run(self) -> None:
        try:
            for event in self.coach.answer(self.scope, self.question, self.before, self._stop, self.prefer):
                with self._lock:
                    self._events.append(event)
        except FinTrackError as failure:
            self._fail(failure)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("failure %s in the coach", number)
            words = f"Something went wrong that should not have. It was written to the log as {number}."
            self._fail(FinTrackError(words, "Ask again; if it happens again, look that number up in the log."))
        finally:
            self._done.set()

    def _fail(self, failure: FinTrackError) -> None:
        with self._lock:
            self._events.append(Failed(failure))
