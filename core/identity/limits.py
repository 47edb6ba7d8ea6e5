"""How often something may be tried: counted in the store, per person and per address; a restart forgets nothing."""

import hmac
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, select

from core import clock
from core.errors import TooManyAttemptsError
from core.store import Attempt, Store
from core.vault import Vault

WINDOW: Final = timedelta(minutes=1)
LIMITS: Final = {"sign in": 5, "sign up": 3, "demo": 10}
"""Attempts of each action in one `WINDOW`, for each subject."""


class Ticket:
    """One counted attempt; `forgive` takes it back when it was right."""

    def __init__(self, store: Store, ids: list[int]) -> None:
        """Remember the rows that count this attempt."""
        self._store = store
        self._ids = ids

    def forgive(self) -> None:
        """Take the attempt back: only failures fill a limit."""
        with self._store.write() as session:
            session.execute(delete(Attempt).where(Attempt.id.in_(self._ids)))


def count_attempt(store: Store, vault: Vault, action: str, *subjects: str) -> Ticket:
    """Count an attempt at `action` against each of `subjects` (an e-mail, an address).

    Raises:
        TooManyAttemptsError: one of them used up its attempts; the attempt is not counted, so that
            waiting always ends the lock-out.
    """
    key = vault.derive("limits")
    hashes = [hmac.digest(key, f"{action}/{subject}".encode(), "sha256").hex() for subject in subjects if subject]
    now = clock.now()
    with store.write() as session:
        session.execute(delete(Attempt).where(Attempt.action == action, Attempt.at <= now - WINDOW))
        for subject in hashes:
            tries, oldest = session.execute(
                select(func.count(), func.min(Attempt.at)).where(Attempt.action == action, Attempt.subject == subject)
            ).one()
            if tries >= LIMITS[action]:
                wait = max(1, int((oldest + WINDOW - now).total_seconds()) + 1)
                raise TooManyAttemptsError(f"Too many attempts. Try again in {wait} seconds.", retry_after=wait)
        rows = [Attempt(action=action, subject=subject, at=now) for subject in hashes]
        session.add_all(rows)
        session.flush()
        return Ticket(store, [row.id for row in rows])
