"""The demo household on one day, to be asked by the coach: made once for all that only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from core import clock
from core.banking import link_demo
from core.cache import Caches
from core.coach import Scope
from core.identity import profile
from core.ledger import ensure_categories
from core.store import Store, migrate
from core.vault import Keys, Vault
from tests.core.ledger.household import add_person

NOON: Final = datetime(2026, 3, 20, 12, tzinfo=UTC)


@contextmanager
def demo_scope(folder: Path, now: datetime = NOON) -> Iterator[Scope]:
    """Open the demo household as it stands at `now`; whoever asks it holds the clock there."""
    store = Store(f"sqlite:///{folder / 'fintrack.db'}")
    migrate(store, folder / "backups")
    ensure_categories(store)
    user = add_person(store)
    with clock.frozen(now):
        link_demo(store, Vault(Keys.made()), user)
        caches = Caches(folder / "cache", store)
        caches.of(user)
    yield Scope(store, caches.of(user), profile(store, user))
    caches.close()
    store.close()
