"""Writing what a bank says: all of it and its cursor in one database transaction, or nothing.

The rules come from the provider's contract (see `core.banking`): an update is complete, its keys
are stable, a posted transaction replaces a pending one and takes over what the person wrote.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.collecting import no_collecting
from core.errors import NotFoundError
from core.ledger.duplicates import adopt
from core.ledger.following import follow_bank
from core.ledger.joining import joined_event
from core.ledger.locks import note_removals
from core.ledger.records import (
    AccountRecord,
    DailyBalance,
    SyncUpdate,
    TransactionRecord,
)
from core.ledger.rows import (
    KnownRow,
    NewRow,
    differs,
    insert_rows,
    overwrite_rows,
    ready_values,
    remove_rows,
    rows_of_accounts,
    taken_over,
    told_changes,
)
from core.ledger.ruling import rule_what_came
from core.store import Account, Balance, Item, Store, User, UserId, insert_many, next_change

FEW_KEYS: Final = 2000
"""Up to here rows are looked up by key; above, reading the accounts whole is faster."""

GATHERING_PAUSE: Final = timedelta(minutes=5)
GATHERING_LONGEST: Final = timedelta(days=1)
"""A bank that still gathers the history of a new item is asked again after a while, for a day at the most."""

POSTING_DAYS: Final = 14
"""How far a posted transaction may lie from the pending one that it replaces when the bank does not link them."""


@dataclass(frozen=True, slots=True)
class UpdateCounts:
    """What an update did to the ledger, in transactions."""

    added: int = 0
    modified: int = 0
    removed: int = 0
    posted: int = 0
    """Pending ones that became posted ones; not counted as added or removed."""


def apply_update(
    store: Store,
    user: UserId,
    item_id: int,
    update: SyncUpdate,
    *,
    since: str,
    full: bool = False,
    last: Callable[[Session, UpdateCounts], None] | None = None,
) -> UpdateCounts | None:
    """Write `update`, gathered from the cursor `since`, and its cursor, into the item's accounts.

    With `full`, the update is the whole history: stored rows of the item that it lacks are removed. What `last` writes
    is part of the same transaction: each commit waits for the disk.
    Returns None, and writes nothing, when somebody else moved the cursor meanwhile: their update
    holds what this one does.

    Raises:
        NotFoundError: the item is not there, not this user's, or was removed.
    """
    with no_collecting():
        ready = ready_values(store, update.added)
    with store.write() as session, no_collecting():
        change = next_change(session, user)
        item = session.scalar(
            select(Item).where(Item.id == item_id, Item.user_id == user, Item.removed_at.is_(None)).with_for_update()
        )
        if item is None:
            raise NotFoundError("This bank connection is no longer there.", "Link the bank again on the Accounts page.")
        if item.cursor != since:
            session.rollback()
            return None
        at = clock.now()
        accounts = _write_accounts(session, user, item, update.accounts, change, at)
        _write_balances(session, user, accounts, update.balances, change)
        counts = _write_transactions(session, user, accounts, update, ready, change, at, full=full)
        rule_what_came(session, user, change)
        item.cursor = update.next_cursor
        item.last_synced_at = item.last_tried_at = at
        item.error_code = item.error_sentence = ""
        gathering = not update.ready and at - item.created_at < GATHERING_LONGEST
        item.failures, item.retry_at = 0, at + GATHERING_PAUSE if gathering else None
        if last is not None:
            session.flush()
            last(session, counts)
        return counts


def write_accounts(
    store: Store, user: UserId, item_id: int, records: Sequence[AccountRecord], *, whole: bool = False
) -> int:
    """Write an item's accounts with their balances, without any transactions; return how many were told of.

    With `whole` they are all that the bank shares: the others are closed, and keep their history.

    Raises:
        NotFoundError: the item is not there, not this user's, or was removed.
    """
    with store.write() as session:
        change = next_change(session, user)
        item = session.scalar(select(Item).where(Item.id == item_id, Item.user_id == user, Item.removed_at.is_(None)))
        if item is None:
            raise NotFoundError("This bank connection is no longer there.", "Link the bank again on the Accounts page.")
        _write_accounts(session, user, item, records, change, clock.now())
        if whole:
            _close_others(session, item, {record.key for record in records}, change)
        return len(records)


def _close_others(session: Session, item: Item, told: Collection[str], change: int) -> None:
    living = (Account.item_id == item.id, Account.removed_at.is_(None), Account.closed_at.is_(None))
    for account in session.scalars(select(Account).where(*living)):
        if account.provider_key not in told:
            account.closed_at, account.change = clock.now(), change


def _write_accounts(
    session: Session, user: UserId, item: Item, records: Iterable[AccountRecord], change: int, at: datetime
) -> dict[str, int]:
    known = {
        account.provider_key: account for account in session.scalars(select(Account).where(Account.item_id == item.id))
    }
    person = session.get_one(User, user)
    # Only the demo bank goes by the demo's calendar: a real bank's balance is of the real day.
    today = clock.today(person.time_zone, person.demo_days_ahead if item.provider == "demo" else 0)
    records = list(records)
    left = _left_behind(session, user, item, [record for record in records if record.key not in known])
    for record in records:
        account = known.get(record.key)
        if account is None:
            account = left.pop(_sign(item, record), None) or Account(user_id=user, created_at=at)
            account.item_id, account.provider_key = item.id, record.key
            if account.nickname == kept_name(item.institution_name, record.name):
                account.nickname = ""
            session.add(account)
            known[record.key] = account
        elif account.removed_at is not None:
            continue
        account.name, account.official_name = record.name, record.official_name
        account.mask, account.type, account.subtype = record.mask[-16:], record.type, record.subtype
        account.currency = record.currency
        account.current, account.available, account.limit = record.current, record.available, record.limit
        account.balance_at, account.closed_at, account.change = at, None, change
    session.flush()
    numbers = {str(key): account.id for key, account in known.items() if account.removed_at is None}
    held = [DailyBalance(record.key, today, record.current) for record in records if record.current is not None]
    _write_balances(session, user, numbers, held, change)
    return numbers


def kept_key(institution_key: str, name: str, mask: str) -> str:
    """Return by what an account is known again that stayed when its bank connection was removed."""
    return f"kept:{institution_key}/{mask}/{name}"[:128]


def kept_name(institution: str, name: str) -> str:
    """Return what such an account is called when the person gave it no name of their own."""
    return f"{institution} {name}"[:80]


def _sign(item: Item, record: AccountRecord) -> tuple[str, str]:
    return kept_key(item.institution_key, record.name, record.mask[-16:]), record.currency


def _left_behind(
    session: Session, user: UserId, item: Item, records: Sequence[AccountRecord]
) -> dict[tuple[str, str], Account]:
    """Return the accounts that stayed here when an earlier connection to the same ones was removed, by `_sign`."""
    wanted = {_sign(item, record) for record in records}
    if not wanted:
        return {}
    stayed = session.scalars(
        select(Account)
        .where(
            Account.user_id == user,
            Account.item_id.is_(None),
            Account.provider_key.in_({key for key, _ in wanted}),
            Account.removed_at.is_(None),
        )
        .order_by(Account.id.desc())
    )
    return {(str(account.provider_key), account.currency): account for account in stayed}


def _write_balances(
    session: Session, user: UserId, accounts: Mapping[str, int], balances: Iterable[DailyBalance], change: int
) -> None:
    wanted = {(accounts[one.account_key], one.day): one.current for one in balances if one.account_key in accounts}
    if not wanted:
        return
    known = {
        (row.account_id, row.day): row
        for row in session.scalars(
            select(Balance).where(
                Balance.account_id.in_({number for number, _ in wanted}),
                Balance.day.between(min(day for _, day in wanted), max(day for _, day in wanted)),
            )
        )
        if (row.account_id, row.day) in wanted
    }
    for place, row in known.items():
        if row.current != wanted[place] or row.removed_at is not None:
            row.current, row.change, row.removed_at = wanted[place], change, None
    fresh = ((*place, current) for place, current in wanted.items() if place not in known)
    insert_many(session, Balance, ("account_id", "day", "current"), fresh, {"user_id": user, "change": change})


def _write_transactions(
    session: Session,
    user: UserId,
    accounts: Mapping[str, int],
    update: SyncUpdate,
    ready: Mapping[int, Sequence[Any]],
    change: int,
    at: datetime,
    *,
    full: bool,
) -> UpdateCounts:
    # A key twice in one update (pages overlap after a restart): the last word counts.
    latest = {
        (accounts[record.account_key], str(record.key)): record
        for record in (*update.added, *update.modified)
        if record.account_key in accounts
    }
    gone = set(update.removed) - {key for _, key in latest}
    for place in _replaced(session, latest, gone, full=full):
        del latest[place]
    named: set[str] | None = None
    if not full:
        pending = {record.pending_key for record in latest.values() if record.pending_key}
        named = gone | {key for _, key in latest} | pending
        named = named if len(named) <= FEW_KEYS else None
    rows = rows_of_accounts(session, set(accounts.values()), named)
    known = {(row.account_id, row.provider_key): row for row in rows if row.provider_key}

    fresh = {place: record for place, record in latest.items() if place not in known}
    told = [(known[place], record) for place, record in latest.items() if place in known]
    leaving = [
        row
        for (account, key), row in known.items()
        if row.removed_at is None and (key in gone or (full and (account, key) not in latest))
    ]
    posted = _pair_postings(fresh, known, leaving)
    unpaired = [(account, record) for (account, key), record in fresh.items() if (account, key) not in posted]
    adopted, new = adopt(session, unpaired)

    changed = [(row, record) for row, record in told if differs(row, record)]
    replacing = [(row, fresh[place]) for place, row in posted.items()]
    for row, record in (*changed, *replacing, *adopted):
        session.add_all(told_changes(user, at, row, record))
    session.add_all(joined_event(user, at, row.id, "bank", row, row.file_key) for row, _ in adopted if row.file_key)
    overwritten = [(row.id, record) for row, record in (*changed, *replacing, *adopted)]
    overwrite_rows(session, change, overwritten)
    follow_bank(session, user, change, [number for number, _ in overwritten], "bank")
    lines = [NewRow(account, record, None, None, ready.get(id(record))) for account, record in new]
    insert_rows(session, user, change, at, lines)
    if full:
        # What an earlier connection left pending, and the whole history does not know, was posted or let go meanwhile.
        found = {row.id for row, _ in adopted}
        leaving += [row for row in rows if row.waits and row.removed_at is None and row.id not in found]
    kept = {row.id for row in posted.values()}
    removed = [row.id for row in leaving if row.id not in kept]
    remove_rows(session, change, at, removed)
    note_removals(session, user, at, removed)
    note_removals(
        session, user, at, [row.id for row, _ in (*changed, *replacing) if row.removed_at is not None], back=True
    )
    return UpdateCounts(len(new), len(changed) + len(adopted), len(removed), len(posted))


def _replaced(
    session: Session, latest: Mapping[tuple[int, str], TransactionRecord], gone: Collection[str], *, full: bool
) -> set[tuple[int, str]]:
    """Find the pending ones that a posted one has taken over already: a bank may drop them some updates later."""
    waiting = {place for place, record in latest.items() if record.pending}
    linked = {(account, str(record.pending_key)) for (account, _), record in latest.items() if record.pending_key}
    left = waiting - linked
    if not left or full:
        return waiting & linked
    return waiting & (linked | taken_over(session, left, gone))


def _pair_postings(
    fresh: Mapping[tuple[int, str], TransactionRecord],
    known: Mapping[tuple[int, str], KnownRow],
    leaving: Sequence[KnownRow],
) -> dict[tuple[int, str], KnownRow]:
    """Find for each new posted transaction the stored pending row that it replaces.

    The bank's own link counts first. Where it gives none, a pending row that leaves in this very
    update is taken when account and amount agree, the dates are near, and it is the only such one.
    """
    pairs: dict[tuple[int, str], KnownRow] = {}
    taken: set[int] = set()
    for place, record in fresh.items():
        pending = known.get((place[0], record.pending_key)) if record.pending_key else None
        # Of two that replace the same one, the first takes its row; the other is a row of its own.
        if pending is not None and pending.pending and pending.id not in taken:
            pairs[place] = pending
            taken.add(pending.id)
    waiting: dict[tuple[int, object], list[KnownRow]] = defaultdict(list)
    for row in leaving:
        if row.pending and row.id not in taken:
            waiting[row.account_id, row.amount].append(row)
    if not waiting:
        return pairs
    seekers: dict[tuple[int, object], list[tuple[int, str]]] = defaultdict(list)
    for place, record in fresh.items():
        if place not in pairs and not record.pending and record.pending_key is None:
            seekers[place[0], record.amount].append(place)
    for sign, places in seekers.items():
        rows = waiting.get(sign, [])
        if len(rows) == len(places) == 1 and abs(fresh[places[0]].date - rows[0].date) <= timedelta(days=POSTING_DAYS):
            pairs[places[0]] = rows[0]
    return pairs
