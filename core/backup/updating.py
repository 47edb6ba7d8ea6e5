"""The backup that FinTrack makes by itself before it brings the tables of a PostgreSQL store to a new revision.

A SQLite store is copied as a file instead (`core/store/migrate.py`). Nobody is there to type a passphrase at a start,
so it is under one that is derived from this installation's keys, which open it after every rotation too.
"""

import re
from contextlib import suppress
from pathlib import Path
from typing import Final

from core import clock
from core.backup.keeping import KEPT, name_at
from core.backup.writing import write_backup
from core.store import Store, is_known, newest_revision, revision_of
from core.vault import Vault

LABEL: Final = "before"
_OWN: Final = re.compile(rf"fintrack-{LABEL}-(\d{{4}}|restoring)-\d{{8}}T\d{{12}}\.ftb")
"""What they are called; a person may call one of theirs something like it."""


def back_up_before_update(store: Store, vault: Vault, backups: Path) -> Path | None:
    """Back a PostgreSQL store up into `backups` where its tables are of an earlier revision, of these the newest five.

    Return the file; None where there is nothing to be brought up, or nothing that can be, or the store is a file.

    Raises:
        BackupError: it can't be written or does not read back.
        StoreError: the store can't be read.
    """
    if store.is_sqlite:
        return None
    with store.read() as session:
        revision = revision_of(session.connection())
    newest = newest_revision()
    if revision is None or revision == newest or not is_known(revision):
        return None
    at = clock.now()
    file = write_backup(store, vault.keys, own_passphrase(vault), backups / name_at(at, f"{LABEL}-{newest}"), at).file
    for old in sorted(backups.glob(f"fintrack-{LABEL}-[0-9]*.ftb"))[:-KEPT]:
        with suppress(OSError):
            old.unlink()
    return file


def own_passphrase(vault: Vault) -> str:
    """Return the passphrase of backups that FinTrack makes by itself."""
    return vault.derive("backup before an update").hex()


def needs_no_passphrase(file: Path) -> bool:
    """Tell by its name whether FinTrack made a backup by itself."""
    return _OWN.fullmatch(file.name) is not None
