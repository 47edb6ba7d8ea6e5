"""How often something may be tried: counted in the store, per person and per address; a restart forgets nothing.

The counting is that of the `limits` library (a moving window); only where it is kept is ours.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import ceil
from typing import Final

from limits import RateLimitItem, parse
from limits.storage import MovingWindowSupport, Storage
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import delete, func, select

from core import clock
from core.errors import StoreError, TooManyAttemptsError
from core.store import Attempt, Store, UserId
from core.vault import Vault

LIMITS: Final[dict[str, RateLimitItem]] = {
    "sign in": parse("5/minute"),
    "sign up": parse("3/minute"),
    "demo": parse("10/minute"),
    "code": parse("5/minute"),
    "send": parse("3/minute"),
    "reset": parse("3/minute"),
    "insights": parse("10/minute"),
    "chat": parse("30/minute"),
}
"""Attempts of each action for each subject: what is checked, what is sent, what costs. Whatever else changes something
is counted at the front door."""


class StoreWindows(Storage, MovingWindowSupport):
    """The library's moving windows as rows of the store, so that every process and every start counts on."""

    STORAGE_SCHEME: list[str] | None = None

    def __init__(self, store: Store, vault: Vault) -> None:
        """Count in `store`; subjects are kept as digests under a key of the vault, never as they are."""
        super().__init__()
        self._store = store
        self._key = vault.derive("limits")

    @property
    def base_exceptions(self) -> type[Exception]:
        """Return what a failing storage raises."""
        return StoreError

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Count `amount` attempts and say so, or refuse and count none: waiting always ends a lock-out."""
        now, action, subject = clock.now(), self._action(key), self._subject(key)
        with self._store.write() as session:
            if not self._store.is_sqlite:
                # One by one for each subject, or many at once would all see the same count. SQLite writes so anyway.
                session.execute(select(func.pg_advisory_xact_lock(func.hashtext(subject))))
            session.execute(
                delete(Attempt).where(Attempt.action == action, Attempt.at <= now - timedelta(seconds=expiry))
            )
            tries = session.scalar(select(func.count()).where(Attempt.action == action, Attempt.subject == subject))
            if (tries or 0) + amount > limit:
                return False
            session.add_all(Attempt(action=action, subject=subject, at=now) for _ in range(amount))
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """Return when the oldest attempt that still counts was made (seconds since 1970), and how many count."""
        now = clock.now()
        with self._store.read() as session:
            oldest, tries = session.execute(
                select(func.min(Attempt.at), func.count()).where(
                    Attempt.action == self._action(key),
                    Attempt.subject == self._subject(key),
                    Attempt.at > now - timedelta(seconds=expiry),
                )
            ).one()
        return (oldest if tries else now).timestamp(), tries

    def get(self, key: str) -> int:
        """Return how many attempts are kept under a key."""
        with self._store.read() as session:
            return session.scalar(select(func.count()).where(Attempt.subject == self._subject(key))) or 0

    def clear(self, key: str) -> None:
        """Forget the newest attempt under a key: it turned out to be right."""
        with self._store.write() as session:
            newest = select(func.max(Attempt.id)).where(Attempt.subject == self._subject(key)).scalar_subquery()
            session.execute(delete(Attempt).where(Attempt.id == newest))

    def reset(self) -> int:
        """Forget everything; return how many attempts that were."""
        with self._store.write() as session:
            return len(session.execute(delete(Attempt).returning(Attempt.id)).all())

    def check(self) -> bool:
        """Tell whether the store answers."""
        with self._store.read() as session:
            return session.scalar(select(1)) == 1

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Refuse: fixed windows let through twice as many at their seam and are not used."""
        raise NotImplementedError

    def get_expiry(self, key: str) -> float:
        """Refuse, as `incr` does."""
        raise NotImplementedError

    def _subject(self, key: str) -> str:
        return hmac.digest(self._key, key.encode(), "sha256").hex()

    @staticmethod
    def _action(key: str) -> str:
        return key.split("/")[1]


class Ticket:
    """One counted attempt; `forgive` takes it back when it was right."""

    def __init__(self, windows: StoreWindows, keys: list[str]) -> None:
        """Remember under which keys this attempt counts."""
        self._windows = windows
        self._keys = keys

    def forgive(self) -> None:
        """Take the attempt back: only failures fill a limit."""
        for key in self._keys:
            self._windows.clear(key)
        self._keys = []


def count_attempt(store: Store, vault: Vault, action: str, *subjects: str) -> Ticket:
    """Count an attempt at `action` against each of `subjects` (an e-mail, an address, a browser).

    Raises:
        TooManyAttemptsError: one of them used up its attempts; the attempt is not counted, so that
            waiting always ends the lock-out.
    """
    windows = StoreWindows(store, vault)
    limiter, limit = MovingWindowRateLimiter(windows), LIMITS[action]
    counted: list[str] = []
    for subject in filter(None, subjects):
        if not limiter.hit(limit, action, subject):
            Ticket(windows, counted).forgive()
            reset = limiter.get_window_stats(limit, action, subject).reset_time
            wait = max(1, int(reset - clock.now().timestamp()) + 1)
            raise TooManyAttemptsError(f"Too many attempts. Try again in {wait} seconds.", retry_after=wait)
        counted.append(limit.key_for(action, subject))
    return Ticket(windows, counted)


@contextmanager
def attempt(store: Store, vault: Vault, action: str, *subjects: str) -> Iterator[None]:
    """Count an attempt that is made within the block; one that ends well is taken back: only failures fill a limit.

    Raises:
        TooManyAttemptsError: as `count_attempt` does, before the block begins.
    """
    ticket = count_attempt(store, vault, action, *subjects)
    yield
    ticket.forgive()


@dataclass(frozen=True, slots=True)
class PhoneCap:
    """How many codes may go to phones within 24 hours: each costs the owner money."""

    each: int = 10
    """For one person."""
    together: int = 50
    """For everybody here."""


USUAL_CAP: Final = PhoneCap()


def count_phone_code(store: Store, vault: Vault, user: UserId, cap: PhoneCap) -> Ticket:
    """Count a text or call that is about to be asked for. A code that was not sent is to be forgiven.

    Raises:
        TooManyAttemptsError: the person, or everybody together, had as many as the cap allows.
    """
    windows = StoreWindows(store, vault)
    limiter = MovingWindowRateLimiter(windows)
    counted: list[str] = []
    for subject, most, whose in ((f"user:{user}", cap.each, "you"), ("everybody", cap.together, "everybody here")):
        limit = parse(f"{most}/day")
        if not limiter.hit(limit, "phone codes", subject):
            Ticket(windows, counted).forgive()
            reset = limiter.get_window_stats(limit, "phone codes", subject).reset_time
            wait = max(1, int(reset - clock.now().timestamp()) + 1)
            hours = ceil(wait / 3600)
            raise TooManyAttemptsError(
                f"{most} {'code' if most == 1 else 'codes'} went to phones for {whose} within a day, and that is the "
                "most.",
                retry_after=wait,
                hint=f"Use another way, or try again in {hours} {'hour' if hours == 1 else 'hours'}.",
            )
        counted.append(limit.key_for("phone codes", subject))
    return Ticket(windows, counted)
