"""Syncing by itself: each account says how often, its bank is asked when the first of them is due."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final, Literal, cast, get_args

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import and_, select

from core import clock
from core.banking.linking import list_visits, look_at_visit, users_with_visits
from core.banking.provider import BankProvider
from core.banking.sync import AT_ONCE, ItemSync, sync_or_tell
from core.banking.telling import tell_of_banks
from core.errors import FinTrackError, NotFoundError, ValidationError
from core.identity import Post, tell_of_access
from core.store import Account, Item, Store, UserId, next_change
from core.vault import Vault

log = logging.getLogger(__name__)

Schedule = Literal["off", "hourly", "6h", "daily"]
SCHEDULES: Final[tuple[Schedule, ...]] = get_args(Schedule)
INTERVALS: Final[Mapping[str, timedelta]] = {
    "hourly": timedelta(hours=1),
    "6h": timedelta(hours=6),
    "daily": timedelta(hours=24),
}
EVERY: Final = 60
"""Seconds between two looks at what is due."""
PAUSE_OF_LETTERS: Final = 15 * 60.0
"""Seconds before letters that could not be sent are tried again."""


def set_schedule(store: Store, user: UserId, account_id: int, schedule: str) -> None:
    """Say how often an account is synced by itself.

    Raises:
        ValidationError: there is no such schedule.
        NotFoundError: the account is not there or not this user's.
    """
    if schedule not in SCHEDULES:
        raise ValidationError(f"{schedule!r} is no schedule.", f"Choose one of {', '.join(SCHEDULES)}.")
    with store.write() as session:
        account = session.scalar(
            select(Account).where(Account.id == account_id, Account.user_id == user, Account.removed_at.is_(None))
        )
        if account is None:
            raise NotFoundError("This account is not there.", "Reload the page.")
        account.schedule, account.change = schedule, next_change(session, user)


def schedules(store: Store, user: UserId) -> dict[int, Schedule]:
    """Return how often each account of `user` that a bank feeds is synced by itself."""
    with store.read() as session:
        rows = session.execute(
            select(Account.id, Account.schedule).where(
                Account.user_id == user, Account.item_id.is_not(None), Account.removed_at.is_(None)
            )
        )
        return {row.id: cast("Schedule", row.schedule) for row in rows}


def next_runs(store: Store, user: UserId | None = None) -> dict[tuple[UserId, int], datetime]:
    """Return when each living item, of `user` or of everybody, is due; items that are never due are left out.

    An item is due by the most eager of its accounts. One that failed is left alone until its pause is over.
    """
    question = (
        select(Item.user_id, Item.id, Item.last_tried_at, Item.created_at, Item.retry_at, Account.schedule)
        .outerjoin(
            Account,
            and_(Account.item_id == Item.id, Account.removed_at.is_(None), Account.closed_at.is_(None)),
        )
        .where(Item.removed_at.is_(None))
    )
    if user is not None:
        question = question.where(Item.user_id == user)
    due: dict[tuple[UserId, int], datetime] = {}
    with store.read() as session:
        for row in session.execute(question):
            # A link that was cut off before its first sync has no accounts yet.
            interval = INTERVALS["hourly"] if row.schedule is None else INTERVALS.get(row.schedule)
            if interval is None:
                continue
            place = UserId(row.user_id), row.id
            at = row.retry_at or (row.last_tried_at + interval if row.last_tried_at else row.created_at)
            due[place] = min(at, due.get(place, at))
    return due


def sync_due(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    *,
    stopping: Callable[[], bool] = lambda: False,
) -> tuple[ItemSync, ...]:
    """Take over what was linked meanwhile, then sync every item that is due, several at once."""
    for user in users_with_visits(store):
        for visit in list_visits(store, vault, user):
            if not stopping():
                look_at_visit(store, vault, providers, user, visit.id)
    now = clock.now()
    due = [place for place, at in next_runs(store).items() if at <= now]

    def sync_one(place: tuple[UserId, int]) -> ItemSync | None:
        user, item = place
        if stopping():
            return None
        try:
            # Another process may have been quicker.
            if next_runs(store, user).get(place, now + timedelta(1)) > clock.now():
                return None
        except FinTrackError as failure:
            return ItemSync(item, "", ready=False, error=str(failure))
        return sync_or_tell(store, vault, providers, user, item, trigger="schedule")

    if not due:
        return ()
    with ThreadPoolExecutor(min(AT_ONCE, len(due)), thread_name_prefix="schedule") as pool:
        return tuple(one for one in pool.map(sync_one, due) if one is not None)


class Clockwork:
    """Looks once a minute what is due and what people have to be told by letter, as long as the app is up."""

    def __init__(
        self,
        store: Store,
        vault: Vault,
        providers: Callable[[], Mapping[str, BankProvider]],
        every: float = EVERY,
        post: Post | None = None,
    ) -> None:
        """Prepare it; `every` in seconds. The providers are made when they are needed first: Plaid's takes a while.

        Letters leave by `post`, none without it.
        """
        self._stopping = threading.Event()
        self._scheduler = BackgroundScheduler(timezone="UTC", daemon=True)
        self._scheduler.add_job(
            self._look, "interval", (store, vault, providers), seconds=every, max_instances=1, coalesce=True
        )
        self._no_letters_until = 0.0
        if post is not None:
            # Beside the syncs: they may take minutes.
            self._scheduler.add_job(
                self._tell, "interval", (store, post), seconds=every, max_instances=1, coalesce=True
            )

    def start(self) -> None:
        """Begin; the first look comes after one interval."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; a sync that runs is waited for, none begins."""
        self._stopping.set()
        self._scheduler.shutdown(wait=True)

    def _look(self, store: Store, vault: Vault, providers: Callable[[], Mapping[str, BankProvider]]) -> None:
        try:
            sync_due(store, vault, providers(), stopping=self._stopping.is_set)
        except FinTrackError as failure:
            # The store is busy or away: the next look is a minute off.
            log.warning("the schedule could not look: %s", type(failure).__name__)

    def _tell(self, store: Store, post: Post) -> None:
        if time.monotonic() < self._no_letters_until:
            return
        try:
            unsent = tell_of_access(store, post) + tell_of_banks(store, post)
        except FinTrackError as failure:
            log.warning("nobody could be told anything: %s", type(failure).__name__)
            return
        if unsent:
            self._no_letters_until = time.monotonic() + PAUSE_OF_LETTERS
