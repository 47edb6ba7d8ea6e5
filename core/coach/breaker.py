"""A circuit breaker: a provider that fails again and again, or wants to be left alone, is left alone for a while."""

import threading
import time
from collections.abc import Callable, Iterator
from threading import Event as Flag
from typing import Final

from core.coach.providers import TROUBLE, Provider, Request
from core.coach.turns import ModelSaid
from core.errors import CoachBusyError, CoachError, CoachQuotaError

MOST_FAILURES: Final = 3
"""After so many in a row it opens."""
REST: Final = 30.0
"""Seconds for which it stays open at first; each failure after that doubles them."""
SHORT_REST: Final = 1.0
"""The same where the provider wants no more questions, and does not say for how long."""
LONGEST_REST: Final = 600.0
LONGEST_TOLD: Final = 3600.0


class Breaker:
    """Closed: questions pass. Open: none does until its time is over; then one may try, and what comes of it counts."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Begin closed; `now` in seconds."""
        self._now = now
        self._lock = threading.Lock()
        self._failures = 0
        self._until: float | None = None
        self._trying = False

    @property
    def left(self) -> float:
        """Return the seconds for which nobody may pass, 0 where somebody may."""
        with self._lock:
            return max(0.0, self._until - self._now()) if self._until is not None else 0.0

    def enter(self) -> bool:
        """Tell whether a question may pass; who passed leaves."""
        with self._lock:
            if self._until is None:
                return True
            if self._now() < self._until or self._trying:
                return False
            self._trying = True
            return True

    def worked(self) -> None:
        """Take note that the provider is there."""
        with self._lock:
            self._failures, self._until = 0, None

    def failed(self, failure: CoachError) -> None:
        """Take note of a failure; one that is about the question or the key says that the provider is there."""
        if not isinstance(failure, TROUBLE):
            return self.worked()
        with self._lock:
            self._failures += 1
            rest = self._rest(failure)
            if rest is not None:
                self._until = self._now() + rest
        return None

    def leave(self) -> None:
        """Let the next one try, where it was a try."""
        with self._lock:
            self._trying = False

    def _rest(self, failure: CoachError) -> float | None:
        if isinstance(failure, CoachQuotaError):
            if failure.retry_after is not None:
                return min(failure.retry_after, LONGEST_TOLD)
            if not isinstance(failure, CoachBusyError):
                return float(min(SHORT_REST * 2 ** (self._failures - 1), LONGEST_REST))
        if self._failures < MOST_FAILURES:
            return None
        return float(min(REST * 2 ** (self._failures - MOST_FAILURES), LONGEST_REST))


class Guarded:
    """A provider behind its breaker."""

    def __init__(self, provider: Provider, breaker: Breaker | None = None) -> None:
        """Guard one."""
        self.name, self.model = provider.name, provider.model
        self.breaker = breaker or Breaker()
        self._provider = provider

    def go_on(self, request: Request, stop: Flag) -> Iterator[str | ModelSaid]:
        """Do as the provider does; see `Provider`. Raises `CoachBusyError` while the breaker is open."""
        if not self.breaker.enter():
            left = self.breaker.left
            raise CoachBusyError(f"{self.name} is left alone for a while.", "", self.name, left)
        try:
            for piece in self._provider.go_on(request, stop):
                if isinstance(piece, ModelSaid):
                    self.breaker.worked()
                yield piece
        except CoachError as failure:
            self.breaker.failed(failure)
            raise
        finally:
            self.breaker.leave()

    def load(self) -> None:
        """Do as the provider does; see `Provider`."""
        self._provider.load()

    def close(self) -> None:
        """Hang up."""
        self._provider.close()
