"""Turns: screens are drawn one after another, in the order in which they were asked for.

Python runs one at a time anyway, but for what waits or counts outside of it. Of twenty that share the processor all are
late, and some twice as late as others; each in its turn, they are drawn a sixth sooner and nobody is left behind.
"""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

LONGEST: Final = 0.5
"""Seconds for which others wait for one. Whatever takes longer waits for something itself: a bank, a large file."""
PATIENCE: Final = 2.0
"""Seconds after which one waits no longer, however many take long one after the other."""


class Turns:
    """A queue of those who want to draw; safe in threads."""

    def __init__(self, longest: float = LONGEST, patience: float = PATIENCE) -> None:
        """Let a turn last `longest` seconds: who is not done goes on beside the next, as does who lost patience."""
        self._longest, self._patience = longest, patience
        self._lock = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._holder: threading.Event | None = None
        self._since = 0.0

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and hold it while one draws."""
        mine = threading.Event()
        with self._lock:
            self._waiting.append(mine)
            if self._holder is None:
                self._call_next()
        # Whoever waits looks by itself whether the one before takes too long: nobody else is there to say so.
        end = time.monotonic() + self._patience
        while not mine.wait(min(self._left(), max(end - time.monotonic(), 0))):
            with self._lock:
                if mine.is_set():
                    break
                if self._waiting[0] is mine and self._overdue():
                    self._call_next()
                elif time.monotonic() >= end:
                    self._waiting.remove(mine)
                    break
        try:
            yield
        finally:
            with self._lock:
                if self._holder is mine:
                    self._call_next()

    def _call_next(self) -> None:
        self._holder = self._waiting.popleft() if self._waiting else None
        self._since = time.monotonic()
        if self._holder is not None:
            self._holder.set()

    def _left(self) -> float:
        """Return how long to wait before one looks again: until the turn is over, or one after it is."""
        left = self._since + self._longest - time.monotonic()
        return left if left > 0 else self._longest / 10

    def _overdue(self) -> bool:
        return time.monotonic() - self._since >= self._longest


TURNS: Final = Turns()
"""Those of this server."""
