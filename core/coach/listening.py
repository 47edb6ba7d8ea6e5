"""Listening to a model in a thread of its own, so that who waits can stop at any moment and never waits too long."""

import contextvars
import threading
import time
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from threading import Event as Flag
from typing import Final

from core.coach.providers import Provider, Request
from core.coach.turns import ModelSaid
from core.errors import CoachUnreachableError

LOOKING: Final = 0.1
"""Seconds after which it is looked at the latest whether the person stopped."""
_Heard = str | ModelSaid | BaseException | None


def listen(provider: Provider, request: Request, stop: Flag, deadline: float) -> Iterator[str | ModelSaid]:
    """Yield what the provider says as it comes; ends early where `stop` is set.

    A provider that can't be interrupted is left to its thread, which ends with its next piece or its time limit.

    Raises:
        CoachError: as the provider raised it, or because `deadline` (by the monotonic clock) has passed.
    """
    heard: SimpleQueue[_Heard] = SimpleQueue()
    given_up = Flag()

    def hear() -> None:
        try:
            for piece in provider.go_on(request, given_up):
                heard.put(piece)
        except BaseException as failure:  # noqa: BLE001 - whatever it is, who listens has to know
            heard.put(failure)
        else:
            heard.put(None)

    threading.Thread(target=contextvars.copy_context().run, args=(hear,), daemon=True).start()
    try:
        while not stop.is_set():
            left = deadline - time.monotonic()
            if left <= 0:
                raise CoachUnreachableError(
                    f"{provider.name} took too long for a whole answer.", "Ask for less at once.", provider.name
                )
            try:
                piece = heard.get(timeout=min(left, LOOKING))
            except Empty:
                continue
            if piece is None:
                return
            if isinstance(piece, BaseException):
                raise piece
            yield piece
    finally:
        given_up.set()
