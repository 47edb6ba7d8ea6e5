"""An answer that comes into being beside the page, and is kept when it is whole, whatever became of the page."""

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from threading import Event as Flag
from threading import Lock, Thread
from typing import Final

from core.coach.allowance import add_usage
from core.coach.coach import Coach
from core.coach.conversations import finish_message
from core.coach.estimating import estimated_usage
from core.coach.grounding import ground
from core.coach.kept import Message, message_of, stopped_message
from core.coach.tools import Scope
from core.coach.turns import Answered, Asking, Event, Exchange, Failed, Found, Revoked, Step, Words
from core.coach.wording import safe_markdown
from core.errors import FinTrackError, NotFoundError, ValidationError
from core.store import UserId

log: Final = logging.getLogger(__name__)

TRIES: Final = 5
"""So often it is tried to keep an answer where the store is busy."""
PAUSE: Final = 1.0
_UNFINISHED: Final = re.compile(r"\[\[?[^\[\]]*$")
"""A reference of which the end has not come yet."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """What has come of an answer: its text, who is asked and why, what was found, and which tools are being asked."""

    text: str = ""
    asking: Asking | None = None
    found: tuple[Found, ...] = ()
    waiting: tuple[str, ...] = ()
    outcome: Answered | Failed | None = None


@dataclass(slots=True)
class Answering:
    """A question that is being answered in a thread of its own, which ends with the answer or when it is stopped."""

    coach: Coach
    scope: Scope
    conversation: int
    asked: Message
    """The question as it is kept, until its answer is kept with it."""
    before: tuple[Exchange, ...]
    prefer: str = ""
    _events: list[Event] = field(default_factory=list)
    _shown: tuple[str, int, str] = ("", 0, "")
    _lock: Lock = field(default_factory=Lock)
    _stop: Flag = field(default_factory=Flag)
    _done: Flag = field(default_factory=Flag)

    @property
    def user(self) -> UserId:
        """Return whose question it is."""
        return self.scope.person.id

    def stop(self) -> None:
        """Ask for no more of it; it is over a moment later."""
        self._stop.set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end; tell whether it came."""
        return self._done.wait(seconds)

    @property
    def done(self) -> bool:
        """Tell whether nothing more comes, and what came is kept."""
        return self._done.is_set()

    @property
    def stopping(self) -> bool:
        """Tell whether its person wants no more of it."""
        return self._stop.is_set()

    def so_far(self) -> SoFar:
        """Return what has come until now."""
        with self._lock:
            events = tuple(self._events)
        text, asking = "", None
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
                    text = ""
                case Step():
                    waiting[event.call.id] = event.call.tool
                case Found():
                    waiting.pop(event.call.id, None)
                    found.append(event)
                case Answered() | Failed():
                    outcome = event
        shown = text if outcome else _UNFINISHED.sub("", text)
        return SoFar(shown, asking, tuple(found), tuple(waiting.values()), outcome)

    def markdown(self, told: SoFar) -> str:
        """Return the text so far as Markdown that is safe to show, made once for the same words."""
        text, found, made = self._shown
        if (text, found) != (told.text, len(told.found)):
            made = safe_markdown(ground(told.text, self.asked.question, told.found, self.scope.formats))
            self._shown = (told.text, len(told.found), made)
        return made

    def run(self) -> None:
        """Answer, and keep the answer; this is what the thread does."""
        try:
            for event in self.coach.answer(self.scope, self.asked.question, self.before, self._stop, self.prefer):
                with self._lock:
                    self._events.append(event)
        except FinTrackError as failure:
            self._fail(failure)
        except Exception:
            number = secrets.token_hex(4)
            log.exception("failure %s in the coach", number)
            words = f"Something went wrong that should not have. It was written to the log as {number}."
            self._fail(FinTrackError(words, "Ask again; if it happens again, look that number up in the log."))
        try:
            self._keep()
        except Exception:
            log.exception("an answer of the coach was not kept")
        finally:
            self._done.set()
            _forget(self)

    def _fail(self, failure: FinTrackError) -> None:
        with self._lock:
            spent = estimated_usage(self.scope, self.asked.question, self.before, self._events)
            self._events.append(Failed(failure, usage=spent))

    def _keep(self) -> None:
        message = self._message()
        store = self.scope.store
        patiently(lambda: add_usage(store, self.user, self.scope.today, message.told.usage))
        # Deleted, or asked anew, in another window meanwhile: then there is nothing to keep it with.
        with suppress(NotFoundError):
            patiently(lambda: finish_message(store, self.user, self.conversation, message))

    def _message(self) -> Message:
        told, question = self.so_far(), self.asked.question
        if told.outcome is not None:
            message = message_of(question, told.outcome, told.found, self.scope.formats)
        else:
            with self._lock:
                spent = estimated_usage(self.scope, question, self.before, self._events)
            grounded = ground(told.text, question, told.found, self.scope.formats)
            message = stopped_message(question, grounded, told.found, spent, self.scope.formats)
        because = told.asking.because if told.asking is not None else ""
        return replace(message, id=self.asked.id, at=self.asked.at, told=replace(message.told, because=because))


def patiently(deed: Callable[[], None]) -> None:
    """Do it, again where the store is busy: an answer is not lost because a backup took long."""
    for left in reversed(range(TRIES)):
        try:
            deed()
        except NotFoundError:
            raise
        except FinTrackError:
            if not left:
                raise
            time.sleep(PAUSE)
        else:
            return


_coming: Final[dict[UserId, Answering]] = {}
"""The answers that are coming in this process, one for each person: what one costs counts before the next begins."""
_beginning: Final = Lock()


def coming_to(user: UserId) -> Answering | None:
    """Return the answer that is coming to a person, in whichever window it was asked for; None when none is."""
    begun = _coming.get(user)
    return None if begun is None or begun.done else begun


def _forget(begun: Answering) -> None:
    with _beginning:
        if _coming.get(begun.user) is begun:
            del _coming[begun.user]


def begin_answer(user: UserId, prepare: Callable[[], Answering]) -> Answering:
    """Begin to answer what `prepare` returns.

    Raises:
        ValidationError: another answer is coming to this person.
    """
    with _beginning:
        if coming_to(user) is not None:
            raise ValidationError("Another answer is still coming.", "Wait for it, or stop it; then ask again.")
        begun = _coming[user] = prepare()
        Thread(target=begun.run, name="coach", daemon=True).start()
        return begun
