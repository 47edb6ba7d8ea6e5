"""One sync of an item at a time: tabs, the schedule, webhooks and the command line take turns.

Within a process a lock does it. Between processes the item carries a lease that names its holder: one
left behind by a process that ended, on this machine, is taken over at once; any other one has an end.
What is right never hangs on it: the ledger takes an update only from the cursor that is still the item's.
"""

import hashlib
import os
import platform
import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from core import clock
from core.errors import BankTemporaryError
from core.store import Item, Store

LEASE: Final = timedelta(minutes=2)
WAIT: Final = 90.0
"""Seconds that the second one waits for the first."""
_PAUSE: Final = 0.1

_locks: Final[dict[int, threading.Lock]] = defaultdict(threading.Lock)


@dataclass(slots=True)
class Lease:
    """The lease that is held on an item."""

    store: Store
    item_id: int
    owner: str
    held: bool = True

    @contextmanager
    def last_write(self) -> Iterator[Session]:
        """Open a transaction that gives the lease back with all that is written in it: each commit waits for the disk.

        Where it fails, the lease is held on, until `leased` ends.
        """
        with self.store.write() as session:
            self.give_back(session)
            yield session

    def give_back(self, session: Session) -> None:
        """Give the lease back with the transaction of `session`, when that is committed; it opens no savepoint."""
        mine = (Item.id == self.item_id, Item.lease_owner == self.owner)
        given = update(Item).where(*mine).values(lease_owner="", lease_until=None)
        session.execute(given.execution_options(synchronize_session=False))
        event.listen(session, "after_commit", self._gone, once=True)

    def _gone(self, _session: Session) -> None:
        self.held = False


@contextmanager
def leased(store: Store, item_id: int, wait: float = WAIT) -> Iterator[Lease]:
    """Hold the item's lease; whoever comes second waits up to `wait` seconds.

    Raises:
        BankTemporaryError: somebody else holds it all that time.
    """
    owner = f"{_machine()}:{os.getpid()}:{secrets.token_hex(8)}"
    deadline = time.monotonic() + wait
    if not _locks[item_id].acquire(timeout=wait):
        raise _busy()
    try:
        while not _take(store, item_id, owner):
            if time.monotonic() > deadline:
                raise _busy()
            time.sleep(_PAUSE)
        lease = Lease(store, item_id, owner)
        try:
            yield lease
        finally:
            if lease.held:
                with lease.last_write():
                    pass
    finally:
        _locks[item_id].release()


def _take(store: Store, item_id: int, owner: str) -> bool:
    """Take the lease when it is free, over or its holder's process ended; an item that is not there has none."""
    now = clock.now()
    with store.write() as session:
        row = session.execute(
            select(Item.lease_owner, Item.lease_until).where(Item.id == item_id).with_for_update()
        ).one_or_none()
        if row is None:
            return True
        if row.lease_until is not None and row.lease_until >= now and not _ended(row.lease_owner):
            return False
        session.execute(update(Item).where(Item.id == item_id).values(lease_owner=owner, lease_until=now + LEASE))
        return True


def _machine() -> str:
    """Return what tells this machine, or this container on it, from others."""
    try:
        processes = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        processes = ""
    return hashlib.sha256(f"{platform.node()}/{processes}".encode()).hexdigest()[:16]


def _ended(owner: str) -> bool:
    """Tell whether the holder was a process of this machine that is no more."""
    machine, _, rest = owner.partition(":")
    pid = rest.partition(":")[0]
    if machine != _machine() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():
        return True  # we hold this process's lock: it was an earlier process of the same number
    if os.name != "posix":
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


def _busy() -> BankTemporaryError:
    return BankTemporaryError("This bank is being synced already.", "Wait until that is done.", code="SYNCING_ALREADY")
