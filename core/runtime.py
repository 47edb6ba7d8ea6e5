"""What a running FinTrack holds: its settings, store, vault and caches, opened once per process."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from core.banking import BankProvider, providers_for
from core.cache import Caches
from core.config import Settings, settings
from core.identity import Senders, phone_for, post_for
from core.ledger import ensure_categories
from core.store import Store, migrate
from core.vault import Vault


@dataclass(frozen=True)
class Runtime:
    """The open house. Pages and the command line get everything from here."""

    settings: Settings
    store: Store
    vault: Vault
    caches: Caches
    backup: Path | None
    """The copy made before a migration at this start, None when none was needed."""

    @cached_property
    def providers(self) -> Mapping[str, BankProvider]:
        """Return the ways to banks that the settings allow."""
        return providers_for(self.settings)

    @cached_property
    def senders(self) -> Senders:
        """Return the ways by which letters and codes leave."""
        return Senders(post_for(self.settings), phone_for(self.settings))

    def close(self) -> None:
        """Close every file and connection."""
        self.caches.close()
        self.store.close()


def open_runtime(configuration: Settings) -> Runtime:
    """Open the house that `configuration` describes; migrates the store first, after a backup copy.

    Raises:
        StoreError: the store can't be opened or migrated.
    """
    folder = configuration.fintrack_data_dir
    store = Store(configuration.store_url)
    backup = migrate(store, folder / "backups")
    ensure_categories(store)
    return Runtime(configuration, store, Vault(folder / "secret.key"), Caches(folder / "cache", store), backup)


_opening: Final = threading.Lock()
_open: dict[str, Runtime] = {}


def runtime() -> Runtime:
    """Return this process's house, opened at the first call."""
    with _opening:
        if "house" not in _open:
            _open["house"] = open_runtime(settings())
        return _open["house"]
