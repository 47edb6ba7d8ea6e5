"""What a running FinTrack holds: its settings, store, vault and caches, opened once per process."""

import shutil
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.cache import Caches
from core.config import Settings, settings
from core.identity import Changes, PhoneCap, Senders, phone_for, post_for
from core.ledger import ensure_categories
from core.store import Occupancy, Store, migrate
from core.vault import Ask, Opener, Vault, settle

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.banking import BankProvider
    from core.coach import Coach


@dataclass(frozen=True)
class Runtime:
    """The open house. Pages and the command line get everything from here."""

    settings: Settings
    store: Store
    vault: Vault
    caches: Caches
    backup: Path | None
    """The copy made before a migration at this start, None when none was needed."""
    unencrypted: Path | None
    """The copy of a plain store that was encrypted at this start: readable by anybody, and the person's to delete."""
    opener: Opener
    """How this process got at the keys: for making a recovery key without asking for a passphrase again."""
    changes: Changes
    """How often a person may change something at a screen."""
    occupancy: Occupancy
    """This process's place in the data folder, so that nobody turns its keys over meanwhile."""

    @cached_property
    def providers(self) -> "Mapping[str, BankProvider]":
        """Return the ways to banks that the settings allow; loaded when first asked for."""
        from core.banking import providers_for

        return providers_for(self.settings)

    @cached_property
    def senders(self) -> Senders:
        """Return the ways by which letters and codes leave."""
        wanted = self.settings
        cap = PhoneCap(wanted.vonage_codes_a_day_each, wanted.vonage_codes_a_day)
        return Senders(post_for(wanted), phone_for(wanted), cap)

    @cached_property
    def coach(self) -> "Coach":
        """Return who answers questions about money, with the models of the settings; loaded when first asked for."""
        from core.coach import coach_for

        return coach_for(self.settings)

    def close(self) -> None:
        """Close every file and connection."""
        if "coach" in vars(self):
            self.coach.close()
        self.caches.close()
        self.store.close()
        self.occupancy.close()


def open_runtime(configuration: Settings, ask: Ask | None = None) -> Runtime:
    """Open the house that `configuration` describes; migrates the store first, after a backup copy.

    `ask` asks the person at the terminal for the passphrase, where there is one.

    Raises:
        StoreError: the keys can't be got at, or the store can't be opened, encrypted or migrated.
    """
    folder = configuration.fintrack_data_dir
    settled = settle(configuration, ask)
    store = None
    try:
        store = Store(configuration.store_url, settled.store_key)
        before = None if store.is_sqlite else _backed_up(store, settled.vault, folder)
        backup = migrate(store, folder / "backups") or before
        ensure_categories(store)
    except BaseException:
        if store is not None:
            store.close()
        settled.occupancy.close()
        raise
    if configuration.fintrack_encrypt:
        # What a cache holds is the store in the clear: with an encrypted store it lives in memory alone.
        shutil.rmtree(folder / "cache", ignore_errors=True)
    if configuration.exports.is_dir():
        from core.reports import drop_strays

        drop_strays(configuration.exports)
    changes = Changes()
    store.admit = changes.admit
    caches = Caches(None if configuration.fintrack_encrypt else folder / "cache", store)
    return Runtime(
        configuration,
        store,
        settled.vault,
        caches,
        backup,
        settled.unencrypted,
        settled.opener,
        changes,
        settled.occupancy,
    )


def _backed_up(store: Store, vault: Vault, folder: Path) -> Path | None:
    from core.backup import FOLDER, back_up_before_update

    return back_up_before_update(store, vault, folder / FOLDER)


_opening: Final = threading.Lock()
_open: dict[str, Runtime] = {}


def runtime(ask: Ask | None = None) -> Runtime:
    """Return this process's house, opened at the first call.

    Raises:
        ConfigurationError: a setting has a wrong value.
        StoreError: as `open_runtime` does.
    """
    with _opening:
        if "house" not in _open:
            _open["house"] = open_runtime(settings(), ask)
        return _open["house"]
