"""Trying FinTrack out: a throw-away user with the demo household, ready in seconds."""

from core.banking import Progress, link_demo
from core.identity import USUAL, Ways, add_demo_user, delete_users, stale_demo_users
from core.runtime import Runtime
from core.store import UserId


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
