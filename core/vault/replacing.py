"""Putting another store and its keys in the place of the present ones, so that a kill leaves the one or the other.

Two things change that can't change at once: the store and the keyring. The keys to come are written beside the
keyring first, and one step decides: for a SQLite store, that they are there; for PostgreSQL, that the transaction
which wrote the tables, and left the digest of the keys to come in a comment, was committed. Whoever starts next
ends what was decided, and takes away what was not.
"""

import hashlib
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from core.config import Settings
from core.errors import StoreError
from core.store import Store, put_in_place
from core.vault.keyring import NAME
from core.vault.keys import Keys
from core.vault.opening import Opener

NEXT: Final = "keyring.next.json"
"""The keys to come, wrapped as those that are."""
_LOGS: Final = ("-wal", "-shm", "-journal")


def next_store(store_file: Path) -> Path:
    """Return where the SQLite file that is to take the place of `store_file` is written."""
    return store_file.with_name(f".{store_file.name}.next")


def mark(connection: Connection, settings: Settings, opener: Opener, keys: Keys) -> None:
    """Write the keys to come and leave their digest in the caller's transaction on PostgreSQL: its commit decides.

    Raises:
        StoreError: the keys can't be written.
    """
    opener.with_keys(keys, NEXT)
    # A comment takes no parameters; a digest has nothing in it that would need quoting.
    connection.execute(text(f"COMMENT ON TABLE alembic_version IS '{_digest(settings)}'"))


def replace(settings: Settings, opener: Opener, keys: Keys | None = None) -> None:
    """Put the next store and its `keys` in place; None: the keys were marked. Only for who is alone in the folder.

    Raises:
        StoreError: a file can't be written or renamed; the next start ends it if it was decided.
    """
    if keys is not None:
        try:
            opener.with_keys(keys, NEXT)
        except StoreError:
            discard(settings)
            raise
    end_replacing(settings)


def discard(settings: Settings) -> None:
    """Take away what was written of a replacement that did not come to be decided.

    Raises:
        StoreError: as `replace`, or PostgreSQL does not tell what became of the transaction.
    """
    if settings.store_file is None:
        end_replacing(settings)
        return
    (settings.fintrack_data_dir / NEXT).unlink(missing_ok=True)
    _remove(next_store(settings.store_file))


def is_replacing(settings: Settings) -> bool:
    """Tell whether anything of a replacement is left to be ended or taken away."""
    file = settings.store_file
    written = (settings.fintrack_data_dir / NEXT).exists() or bool(_halves(settings))
    return written or (file is not None and next_store(file).exists())


def end_replacing(settings: Settings) -> None:
    """End a replacement that was decided, take away one that was not. Only for who is alone in the folder.

    Raises:
        StoreError: a file can't be renamed or deleted, or PostgreSQL does not answer; the next start tries again.
    """
    folder, file = settings.fintrack_data_dir, settings.store_file
    keys = folder / NEXT
    if not is_replacing(settings):
        return
    try:
        for half in _halves(settings):
            half.unlink(missing_ok=True)
        if file is None and (not keys.exists() or _digest(settings) != _told_by(settings.store_url)):
            keys.unlink(missing_ok=True)
            return
        if file is not None and not keys.exists():
            _remove(next_store(file))
            return
        if file is not None and next_store(file).exists():
            # The old file's log must not be taken for the new one's.
            for log in _LOGS:
                file.with_name(file.name + log).unlink(missing_ok=True)
            put_in_place(next_store(file), file)
        # Caches follow the store by numbers that start anew.
        shutil.rmtree(folder / "cache", ignore_errors=True)
        put_in_place(keys, folder / NAME)
    except OSError as cause:
        raise StoreError(
            f"The restored store can't be put in place: {cause.strerror}.",
            "Check who owns the data folder, and start again.",
        ) from cause


def _halves(settings: Settings) -> list[Path]:
    """Return the keys to come that were being written when somebody was killed."""
    return list(settings.fintrack_data_dir.glob(f".{NEXT}.*.part"))


def _digest(settings: Settings) -> str:
    return hashlib.sha256((settings.fintrack_data_dir / NEXT).read_bytes()).hexdigest()


def _told_by(url: str) -> str | None:
    """Return the digest that the last restore left in a PostgreSQL store."""
    store = Store(url)
    try:
        with store.read() as session:
            return session.execute(text("SELECT obj_description(to_regclass('alembic_version'), 'pg_class')")).scalar()
    finally:
        store.close()


def _remove(path: Path) -> None:
    """Delete a SQLite file and its logs, the file last: while it is there, they are looked for."""
    for name in (*(path.name + log for log in _LOGS), path.name):
        with suppress(FileNotFoundError):
            path.with_name(name).unlink()
