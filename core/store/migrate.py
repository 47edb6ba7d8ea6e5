"""Bringing the store to the newest revision at start, after a backup copy."""

import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine, inspect, text

from core import clock
from core.errors import StoreError
from core.store.engine import Store, translated

MIGRATIONS: Final = Path(__file__).parent / "migrations"
KEPT_BACKUPS: Final = 5
COPIES: Final = "fintrack-*.db"
"""The names of the copies that are kept in turn; others stay until somebody deletes them."""
_LOCK: Final = 7203419
"""Any number: the PostgreSQL advisory lock that makes two starting processes take turns."""


def migrate(store: Store, backups: Path) -> Path | None:
    """Bring `store` to the newest revision; return the backup copy made before, if one was needed.

    A SQLite store that has data is first copied into `backups` (the newest `KEPT_BACKUPS` are kept).
    PostgreSQL is backed up before this is called (`core/backup/updating.py`). Safe to call from several processes at
    once.

    Raises:
        StoreError: the store is of a newer FinTrack, or a migration failed (the store is as before).
    """
    newest = newest_revision()
    with translated():
        current = _revision(store)
        if current == newest:
            return None
        copy = back_up(store, backups, f"before-{newest}") if store.is_sqlite and current is not None else None
        with store.engine.execution_options(fintrack_writing=True).begin() as connection:
            if not store.is_sqlite:
                # Who starts meanwhile waits for a migration to end, however long it takes.
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            if revision_of(connection) != newest:
                upgrade(connection)
    return copy


def newest_revision() -> str:
    """Return the revision that this FinTrack brings the tables to."""
    return _revisions()[-1]


def is_known(revision: str) -> bool:
    """Tell whether this FinTrack knows a revision: a newer one's it does not."""
    return revision in _revisions()


def revision_of(connection: Connection) -> str | None:
    """Return the revision of the tables, None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Bring the tables to a revision in the transaction of `connection`.

    Raises:
        StoreError: the store is of a newer FinTrack.
    """
    # Hardly any start has anything to bring up, and each would wait for these.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except Exception as cause:
        if "Can't locate revision" in str(cause):
            raise StoreError(
                "The store was written by a newer FinTrack.", "Update FinTrack, or restore a backup."
            ) from cause
        raise


def tables_at(revision: str) -> list[str]:
    """Return what our tables were called at a revision that is known; others may live beside them in a database."""
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            upgrade(connection, revision)
            return [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    finally:
        engine.dispose()


@cache
def _revisions() -> tuple[str, ...]:
    """Return the revisions in their order, by the names of their scripts: they begin with them."""
    return tuple(sorted(script.name[:4] for script in (MIGRATIONS / "versions").glob("[0-9]*.py")))


def _revision(store: Store) -> str | None:
    with store.engine.connect() as connection:
        return revision_of(connection)


def back_up(store: Store, backups: Path, label: str) -> Path:
    """Copy a SQLite store, as one consistent state and under its key, to a new file in `backups`; return its path.

    Raises:
        StoreError: the copy can't be written or does not pass SQLite's own check.
    """
    backups.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = backups / f"fintrack-{clock.now():%Y%m%dT%H%M%S%f}-{label}.db"
    partial = target.with_suffix(".part")
    try:
        with closing(store.beside(store.path)) as source, closing(store.beside(partial)) as copy:
            source.backup(copy)
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise StoreError("The backup copy is damaged; nothing was changed.", "Check the disk.")
    except (sqlite3.Error, sqlcipher.Error, OSError) as cause:
        raise StoreError(
            f"The backup copy can't be written: {cause}.", "Free some space in the data folder."
        ) from cause
    partial.chmod(0o600)
    partial.rename(target)
    for old in sorted(backups.glob(COPIES))[:-KEPT_BACKUPS]:
        old.unlink()
    return target
