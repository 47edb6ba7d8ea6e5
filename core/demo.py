"""Trying FinTrack out: a throw-away user with the demo household, days that pass at a click, logins that break."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.banking import BankProvider, ItemSync, Progress, demo, link_demo, sync_all
from core.identity import USUAL, Ways, add_demo_user, delete_users, stale_demo_users
from core.runtime import Runtime
from core.store import Store, UserId
from core.vault import Vault


def start_demo(house: Runtime, address: str = "", progress: Progress = lambda _: None, ways: Ways = USUAL) -> UserId:
    """Make a throw-away user, fill in the demo household and warm the cache; return the user.

    Demo users older than a day leave with all that is theirs.

    Raises:
        TooManyAttemptsError: too many demos from this address.
    """
    user = add_demo_user(house.store, house.vault, address, ways)
    progress("Opening the demo banks")
    link_demo(house.store, house.vault, user, progress)
    progress("Getting the screens ready")
    house.caches.of(user).refresh()
    for old in stale_demo_users(house.store):
        house.caches.drop(old)
        delete_users(house.store, [old])
    return user


@dataclass(frozen=True, slots=True)
class NextDay:
    """What a day at the demo bank brought: the person's today since, and how the sync of each item went."""

    today: date
    syncs: tuple[ItemSync, ...]

    @property
    def new(self) -> int:
        """Return how many transactions came."""
        return sum(one.counts.added for one in self.syncs)

    @property
    def posted(self) -> int:
        """Return how many pending ones were posted, with the same amount or another."""
        return sum(one.counts.posted for one in self.syncs)

    @property
    def changed(self) -> int:
        """Return how many were put right."""
        return sum(one.counts.modified for one in self.syncs)

    @property
    def removed(self) -> int:
        """Return how many went: holds that were let go, bookings that were taken back."""
        return sum(one.counts.removed for one in self.syncs)


def next_day(
    store: Store,
    vault: Vault,
    providers: Mapping[str, BankProvider],
    user: UserId,
    progress: Progress = lambda _: None,
) -> NextDay:
    """Let a day pass for `user` and read what it brought at the demo bank. Real banks are not asked.

    The day passes although a login there is broken; that item's sync tells so.

    Raises:
        NotFoundError: they have nothing at the demo bank.
        ValidationError: they are as far ahead as the demo goes.
    """
    today = demo.let_a_day_pass(store, user)
    return NextDay(today, sync_all(store, vault, providers, user, progress, only=demo.demo_items(store, user)))


def break_login(store: Store, vault: Vault, user: UserId, item_id: int) -> None:
    """Let a login at the demo bank break: every sync fails until somebody signs in there again.

    Raises:
        NotFoundError: the item is not there or not this user's.
        ValidationError: it is not at the demo bank.
    """
    demo.break_item(store, vault, user, item_id)
