"""The clerk: after each change of a person's rows looks for pairs and lets the categoriser speak, in the background."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import select, update

from core.errors import FinTrackError
from core.ledger import Searches, pair_up
from core.store import Store, Transaction, User, UserId, last_change

log = logging.getLogger(__name__)

EVERY: Final = 2.0
"""Seconds between two looks at whose rows changed."""
REST: Final = 10.0
"""So many times as long as a round took passes before that person's next: others need the processor."""
BREATH: Final = 10.0
"""Seconds, at the least, before a person's rows are looked at again after a failure that has a name."""
PAUSE: Final = 600.0
"""Seconds before a person's rows are looked at again after a failure that nobody foresaw."""
REMEMBERED: Final = 4
"""Of so many persons is kept what their last rounds went by: of a million rows it has thirty megabytes."""
PATIENCE: Final = 15.0
"""Seconds for which a round that runs is waited for at the end."""


class Clerk:
    """Follows everybody's changes as long as the app is up."""

    def __init__(
        self, store: Store, every: float = EVERY, order: Callable[[Store, UserId], object] | None = None
    ) -> None:
        """Prepare it; `every` in seconds. What it does for one person is `order`, `put_in_order` unless told."""
        self._store = store
        self._order = order or self._put_in_order
        self._every = every
        self._stopping = threading.Event()
        self._rest: dict[UserId, float] = {}
        self._memories: dict[UserId, Memory] = {}
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)

    def start(self) -> None:
        """Begin; the first look comes after one interval."""
        self._thread.start()

    def stop(self) -> None:
        """End; a round that runs is waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(PATIENCE)

    def _run(self) -> None:
        while not self._stopping.wait(self._every):
            try:
                self._look()
            except FinTrackError as failure:
                # The store is busy or away: the next look is near.
                log.warning("the clerk could not look: %s", type(failure).__name__)

    def _look(self) -> None:
        for user in waiting(self._store):
            if self._stopping.is_set():
                return
            if time.monotonic() < self._rest.get(user, 0):
                continue
            began = time.monotonic()
            rest = 0.0
            # What one person's rows lead to must not end it for the others, nor be tried every other second.
            try:
                self._order(self._store, user)
            except FinTrackError as failure:
                # The store is busy, or the person has left meanwhile.
                log.warning("the clerk could not put user %s in order: %s", user, type(failure).__name__)
                rest = BREATH
            except Exception:
                log.exception("the clerk failed")
                rest = PAUSE
            now = time.monotonic()
            self._rest[user] = now + max(rest, REST * (now - began))

    def _put_in_order(self, store: Store, user: UserId) -> None:
        memory = self._memories.pop(user, None) or Memory()
        put_in_order(store, user, memory)
        self._memories[user] = memory
        if len(self._memories) > REMEMBERED:
            # Of whom it is longest ago.
            del self._memories[next(iter(self._memories))]


def waiting(store: Store) -> tuple[UserId, ...]:
    """Return whose rows changed since they were put in order."""
    has_rows = select(Transaction.id).where(Transaction.user_id == User.id).exists()
    with store.read() as session:
        return tuple(
            UserId(number)
            for number in session.scalars(select(User.id).where(User.last_change != User.sorted_change, has_rows))
        )


class Memory:
    """What the last rounds for one person went by, so that the next look only at what is new."""

    def __init__(self) -> None:
        """Begin with none."""
        # What learns takes seconds to load, and a start should not wait for it.
        from core.categorising import Lessons

        self.searches, self.lessons = Searches(), Lessons()


def put_in_order(store: Store, user: UserId, memory: Memory | None = None) -> bool:
    """Find pairs, learn, and propose for all rows of `user`; False when something changed and a look more is needed.

    What was found is a change too: only a round that finds nothing new is the last one.
    """
    from core.categorising import learn_categories

    memory = memory or Memory()
    with store.read() as session:
        before = last_change(session, user)
    pair_up(store, user, memory.searches)
    learn_categories(store, user, memory.lessons)
    with store.write() as session:
        return (
            session.execute(
                update(User)
                .where(User.id == user, User.last_change == before)
                .values(sorted_change=before)
                .returning(User.id)
            ).first()
            is not None
        )
