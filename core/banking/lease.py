"""One sync of an item at a time: tabs, the schedule, webhooks and the command line take turns.

Within a process a lock does it. Between processes the item carries a lease with an end, so that a
killed process stops nobody for long. What is right never hangs on it: the ledger takes an update
only from the cursor that is still the item's.
"""

import secrets
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from sqlalchemy import or_, select, update

from core import clock
from core.errors import BankTemporaryError
from core.store import Item, Store

LEASE: Final = timedelta(minutes=2)
WAIT: Final = 90.0
"""Seconds that the second one waits for the first."""
_PAUSE: Final = 0.1

_locks: Final[dict[int, threading.Lock]] = defaultdict(threading.Lock)


@contextmanager
def leased(store: Store, item_id: int, wait: float = WAIT) -> Iterator[None]:
    """Hold the item's lease; whoever comes second waits up to `wait` seconds.

    Raises:
        BankTemporaryError: somebody else holds it all that time.
    """
    owner = secrets.token_hex(16)
    deadline = time.monotonic() + wait
    if not _locks[item_id].acquire(timeout=wait):
        raise _busy()
    try:
        while not _take(store, item_id, owner):
            if time.monotonic() > deadline:
                raise _busy()
            time.sleep(_PAUSE)
        try:
            yield
        finally:
            _give_back(store, item_id, owner)
    finally:
        _locks[item_id].release()


def _take(store: Store, item_id: int, owner: str) -> bool:
    """Take the lease when it is free or over; an item that is not there has none to wait for."""
    now = clock.now()
    with store.write() as session:
        taken = session.execute(
            update(Item)
            .where(Item.id == item_id, or_(Item.lease_until.is_(None), Item.lease_until < now))
            .values(lease_owner=owner, lease_until=now + LEASE)
            .returning(Item.id)
        ).scalar_one_or_none()
        return taken is not None or session.scalar(select(Item.id).where(Item.id == item_id)) is None


def _give_back(store: Store, item_id: int, owner: str) -> None:
    with store.write() as session:
        session.execute(
            update(Item).where(Item.id == item_id, Item.lease_owner == owner).values(lease_owner="", lease_until=None)
        )


def _busy() -> BankTemporaryError:
    return BankTemporaryError("This bank is being synced already.", "Wait until that is done.", code="SYNCING_ALREADY")
