"""Syncing: provider to ledger, items side by side, a failure of one never stopping the others."""

import logging
import queue
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from core import clock
from core.banking.items import list_connections, note_failure, open_item
from core.banking.lease import Lease, leased
from core.banking.provider import BankProvider, on_day
from core.banking.runs import Trigger, note_run
from core.banking.wealth import has_wealth, refresh_wealth
from core.errors import (
    AccountsChangedError,
    BankError,
    BankSetupError,
    BankTemporaryError,
    CursorError,
    FeatureError,
    FinTrackError,
    ItemDeletedError,
)
from core.identity import today_of
from core.ledger import SyncUpdate, UpdateCounts, apply_update, write_accounts
from core.store import Store, UserId
from core.vault import Vault

Progress = Callable[[str], None]
"""Told, in words, what is going on."""

log = logging.getLogger(__name__)

AT_ONCE: Final = 6
"""So many banks are asked at the same time."""


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
    note: str = ""
    """What else the person should know of it, though it went well."""


def sync_item(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    item_id: int,
    progress: Progress = lambda _: None,
    trigger: Trigger = "person",
) -> ItemSync:
    """Bring one item up to date. A bank's failure is kept with the item and told in the result.

    Raises:
        NotFoundError: the item is not there or not this user's.
        StoreError: the store can't be written; nothing of the update was kept.
    """
    _, _, _, institution = open_item(store, vault, user, item_id)
    started = clock.now()
    try:
        with leased(store, item_id) as lease:
            done = _Done(lease, lambda session, result: _note(session, user, result, trigger, started))
            result = _sync(store, vault, providers, user, item_id, progress, done)
            if lease.held:
                with lease.last_write() as session:
                    done.note(session, result)
            return result
    except ItemDeletedError as gone:
        result = ItemSync(item_id, institution, note=str(gone))
    except BankError as failure:
        note_failure(store, user, item_id, failure)
        result = ItemSync(item_id, institution, ready=False, error_code=failure.code, error=str(failure))
    with store.write() as session:
        _note(session, user, result, trigger, started)
    return result


@dataclass(frozen=True, slots=True)
class _Done:
    """What is left to write when an item is synced: the lease is given back, and the run noted."""

    lease: Lease
    note: Callable[[Session, ItemSync], None]


def _sync(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    item_id: int,
    progress: Progress,
    done: _Done,
) -> ItemSync:
    # Read under the lease: whoever held it before has moved the cursor.
    name, token, cursor, institution = open_item(store, vault, user, item_id)
    provider = providers.get(name)
    if provider is None:
        raise BankSetupError(f"There is no way to reach {institution} with today's settings.", code="NO_PROVIDER")
    provider = on_day(provider, lambda: today_of(store, user))
    progress(f"Asking {institution} what is new")
    note = ""
    try:
        changes, full = provider.changes(token, cursor), not cursor
    except CursorError:
        progress(f"Reading the whole history from {institution} again")
        changes, full = provider.changes(token, ""), True
    except AccountsChangedError as moved:
        progress(f"Reading the accounts of {institution} again")
        write_accounts(store, user, item_id, provider.accounts(token), whole=True)
        changes, full, note = provider.changes(token, cursor), not cursor, f"{moved.sentence} The others go on."
    except FeatureError as missing:
        accounts = provider.accounts(token)
        changes, full, note = SyncUpdate(accounts, (), (), (), cursor), False, f"Accounts only: {missing}"
    progress(f"Keeping {len(changes.added) + len(changes.modified):,} transactions from {institution}")
    asked = provider

    def last(session: Session, counts: UpdateCounts) -> None:
        # Where there is nothing more to ask, all is done in this one transaction.
        if not has_wealth(session, asked, user, item_id):
            done.lease.give_back(session)
            done.note(session, ItemSync(item_id, institution, counts, changes.ready, note=note))

    # A history that is still being gathered is not the whole: it must not remove anything.
    counts = apply_update(store, user, item_id, changes, since=cursor, full=full and changes.ready, last=last)
    if done.lease.held:
        refresh_wealth(store, provider, user, item_id, token)
    return ItemSync(item_id, institution, counts or UpdateCounts(), changes.ready, note=note)


def _note(session: Session, user: UserId, result: ItemSync, trigger: Trigger, started: datetime) -> None:
    counts = result.counts
    note_run(
        session,
        user,
        result.item_id,
        trigger,
        started,
        (counts.added, counts.modified, counts.removed, counts.posted),
        result.error_code or ("FAILED" if result.error else ""),
        result.error,
    )


def sync_or_tell(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    item_id: int,
    progress: Progress = lambda _: None,
    trigger: Trigger = "person",
) -> ItemSync:
    """Bring one item up to date, as `sync_item` does; whatever goes wrong is told, so that others go on."""
    try:
        return sync_item(store, vault, providers, user, item_id, progress, trigger)
    except FinTrackError as failure:
        return ItemSync(item_id, "", ready=False, error=str(failure))
    except Exception:
        log.exception("the sync of item %s failed in a way that nobody foresaw", item_id)
        kept = BankTemporaryError("Something unforeseen happened while this bank was read.", code="UNFORESEEN")
        try:
            # Else it would be due again at once, and meet the same.
            note_failure(store, user, item_id, kept)
        except FinTrackError as failure:
            return ItemSync(item_id, "", ready=False, error=str(failure))
        return ItemSync(item_id, "", ready=False, error_code=kept.code, error=str(kept))


def sync_all(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    progress: Progress = lambda _: None,
    trigger: Trigger = "person",
    only: Collection[int] | None = None,
) -> tuple[ItemSync, ...]:
    """Bring every item of `user`, or those in `only`, up to date, side by side; each tells how it went."""
    connections = [one for one in list_connections(store, user) if only is None or one.id in only]
    if not connections:
        return ()
    told: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def sync_one(item: int, institution: str) -> ItemSync:
        try:
            result = sync_or_tell(store, vault, providers, user, item, told.put, trigger)
            return replace(result, institution=result.institution or institution)
        finally:
            told.put(None)

    with ThreadPoolExecutor(min(AT_ONCE, len(connections)), thread_name_prefix="sync") as pool:
        results = [pool.submit(sync_one, one.id, one.institution) for one in connections]
        running = len(results)
        # The caller hears of it in its own thread: a page can draw nowhere else.
        while running:
            sentence = told.get()
            if sentence is None:
                running -= 1
            else:
                progress(sentence)
    return tuple(one.result() for one in results)
