"""Looking for insights by itself: after a person's rows or plans changed, and once on each of their days."""

import logging
import time
from collections.abc import Callable
from threading import Event
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler

from core.cache import Caches
from core.errors import FinTrackError, NotFoundError
from core.identity import Post, all_users, today_of
from core.insights.digest import tell_of_insights
from core.insights.generating import generate, is_due
from core.store import Store, UserId

log = logging.getLogger(__name__)

EVERY: Final = 15.0
"""Seconds between two looks at whose insights are due."""
LETTERS_EVERY: Final = 60.0
REST: Final = 10.0
"""So many times as long as a look took passes before that person's next: others need the processor."""
PATIENCE: Final = 45.0
"""Seconds for which rows may be put in order before insights are looked for in them all the same."""
PAUSE: Final = 600.0
"""Seconds after which what failed is tried again: a look at a person, or letters that could not be sent."""


class Watch:
    """Looks for everybody's insights and sends their digests, as long as the app is up."""

    def __init__(
        self,
        store: Store,
        caches: Caches,
        post: Post | None = None,
        every: float = EVERY,
        in_order: Callable[[UserId], bool] = lambda _: True,
    ) -> None:
        """Prepare it; `every` in seconds. Letters leave by `post`, none without it.

        `in_order` tells whether transfers and categories were looked for in a person's rows: before, a transfer may
        still seem an unusual charge.
        """
        self._store, self._caches, self._in_order = store, caches, in_order
        self._stopping = Event()
        self._rest: dict[UserId, float] = {}
        self._waited: dict[UserId, float] = {}
        self._no_letters_until = 0.0
        self._scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
        self._scheduler.add_job(self.look, "interval", seconds=every, max_instances=1, coalesce=True)
        if post is not None:
            self._scheduler.add_job(
                self._tell, "interval", (post,), seconds=max(every, LETTERS_EVERY), max_instances=1, coalesce=True
            )

    def start(self) -> None:
        """Begin; the first look comes after one interval."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; a look that goes on is waited for. One that was never begun ends too."""
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)

    def look(self) -> None:
        """Look for the insights of everybody for whom that is due."""
        try:
            people = all_users(self._store)
        except FinTrackError as failure:
            log.warning("nobody's insights could be looked for: %s", type(failure).__name__)
            return
        for user in people:
            if self._stopping.is_set():
                return
            if time.monotonic() >= self._rest.get(user, 0):
                self._look_at(user)

    def _look_at(self, user: UserId) -> None:
        began, rest = time.monotonic(), 0.0
        # What one person's money leads to must not end it for the others.
        try:
            today = today_of(self._store, user)
            if not is_due(self._store, user, today) or not self._ready(user):
                return
            generate(self._store, user, self._caches.of(user), today)
        except NotFoundError:
            self._rest.pop(user, None)
            return
        except FinTrackError as failure:
            log.warning("the insights of user %s could not be looked for: %s", user, type(failure).__name__)
            rest = PAUSE
        except Exception:
            log.exception("looking for insights failed")
            rest = PAUSE
        now = time.monotonic()
        self._rest[user] = now + max(rest, REST * (now - began))

    def _ready(self, user: UserId) -> bool:
        if self._in_order(user):
            self._waited.pop(user, None)
            return True
        return time.monotonic() - self._waited.setdefault(user, time.monotonic()) > PATIENCE

    def _tell(self, post: Post) -> None:
        if time.monotonic() < self._no_letters_until:
            return
        try:
            unsent = tell_of_insights(self._store, post)
        except FinTrackError as failure:
            log.warning("no digest could be sent: %s", type(failure).__name__)
            return
        if unsent:
            self._no_letters_until = time.monotonic() + PAUSE
