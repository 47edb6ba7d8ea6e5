"""Syncing: provider to ledger, one item at a time, a failure of one never stopping the others."""

import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from core.banking.items import list_connections, note_failure, open_item
from core.banking.provider import BankProvider
from core.errors import BankError, BankSetupError, CursorError, StoreError
from core.ledger import UpdateCounts, apply_update
from core.store import Store, UserId
from core.vault import Vault

Progress = Callable[[str], None]
"""Told, in words, what is going on."""

_locks: Final[dict[int, threading.Lock]] = defaultdict(threading.Lock)
"""One per item: two tabs of one process take turns. Across processes the cursor decides (see `apply_update`)."""


@dataclass(frozen=True, slots=True)
class ItemSync:
    """How the sync of one item went: counts, or the failure in words."""

    item_id: int
    institution: str
    counts: UpdateCounts = field(default_factory=UpdateCounts)
    ready: bool = True
    """False while the bank is still gathering the history: sync again in a while."""
    error_code: str = ""
    error: str = ""


def sync_item(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    item_id: int,
    progress: Progress = lambda _: None,
) -> ItemSync:
    """Bring one item up to date. A bank's failure is kept with the item and told in the result.

    Raises:
        NotFoundError: the item is not there or not this user's.
        StoreError: the store can't be written; nothing of the update was kept.
    """
    with _locks[item_id]:
        name, token, cursor, institution = open_item(store, vault, user, item_id)
        try:
            provider = providers.get(name)
            if provider is None:
                raise BankSetupError(f"There is no way to reach {institution} with today's settings.")
            progress(f"Asking {institution} what is new")
            try:
                changes, full = provider.changes(token, cursor), not cursor
            except CursorError:
                progress(f"Reading the whole history from {institution} again")
                changes, full = provider.changes(token, ""), True
            progress(f"Keeping {len(changes.added) + len(changes.modified):,} transactions from {institution}")
            # A history that is still being gathered is not the whole: it must not remove anything.
            counts = apply_update(store, user, item_id, changes, since=cursor, full=full and changes.ready)
            return ItemSync(item_id, institution, counts or UpdateCounts(), changes.ready)
        except BankError as failure:
            note_failure(store, user, item_id, failure)
            return ItemSync(item_id, institution, ready=False, error_code=failure.code, error=str(failure))


def sync_all(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    progress: Progress = lambda _: None,
) -> tuple[ItemSync, ...]:
    """Bring every item of `user` up to date, one after the other; each tells how it went."""
    results = []
    for connection in list_connections(store, user):
        try:
            results.append(sync_item(store, vault, providers, user, connection.id, progress))
        except StoreError as failure:
            results.append(ItemSync(connection.id, connection.institution, ready=False, error=str(failure)))
    return tuple(results)
