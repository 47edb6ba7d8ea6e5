"""How often a person may change something at a screen: a hundred times a minute, for each person and each address.

What is tried at signing in, what costs and what is sent has limits of its own, kept in the store (`limits.py`). This
one is for all else, and counted where everything passes that changes something: when the store is written.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from core import clock
from core.errors import TooManyAttemptsError
from core.store import UserId

CHANGES: Final = parse("100/minute")


@dataclass(frozen=True, slots=True)
class Act:
    """What a person set going at a screen: one click, one value typed, one form sent."""

    user: UserId
    address: str
    run: object
    """The same object for all that one act leads to."""


_act: ContextVar[Act | None] = ContextVar("act", default=None)
_counted: ContextVar[object] = ContextVar("counted", default=None)


def acting(act: Act | None) -> None:
    """Say whose doing it is when this thread writes from now on; None for what the app does by itself."""
    _act.set(act)


def is_acting_in(run: object) -> bool:
    """Tell whether this thread is at somebody's act of that run."""
    act = _act.get()
    return act is not None and act.run is run


class Changes:
    """Counts what changes something. In memory: a minute is soon over, and counting must cost no write."""

    def __init__(self, limit: RateLimitItem = CHANGES) -> None:
        """Begin with nothing counted."""
        self._limit = limit
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def admit(self) -> None:
        """Count the act that this thread is at, once however often it writes; what the app does by itself is free.

        Raises:
            TooManyAttemptsError: its person or their address had as many in the last minute as may be.
        """
        act = _act.get()
        if act is None or act.run is _counted.get():
            return
        if wait := self.wait(f"user:{act.user}", f"address:{act.address}"):
            raise TooManyAttemptsError(
                "That was a lot within a minute, so this was not done. "
                f"Try again in {wait} {'second' if wait == 1 else 'seconds'}.",
                retry_after=wait,
            )
        _counted.set(act.run)

    def wait(self, *subjects: str) -> int:
        """Count one for each of `subjects` and return 0, or count none and return for how many seconds to wait."""
        for subject in subjects:
            if not self._limiter.test(self._limit, subject):
                again = self._limiter.get_window_stats(self._limit, subject).reset_time
                return min(max(1, int(again - clock.now().timestamp()) + 1), self._limit.get_expiry())
        for subject in subjects:
            self._limiter.hit(self._limit, subject)
        return 0

    def forget(self) -> None:
        """Begin anew."""
        self._limiter.storage.reset()
