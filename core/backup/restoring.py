"""Restoring a backup: the store is made anew from it beside the present one, checked, and takes its place at the end.

Killed at any moment, the present store or the restored one is there, whole and with its keys (`core/vault/replacing`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Table, func, inspect, select, text
from sqlalchemy.orm import Session

from core import clock
from core.backup.envelope import DAMAGED, Envelope
from core.backup.keeping import FOLDER, name_at
from core.backup.payload import BATCH, Manifest, Payload, Row, TableTold
from core.backup.updating import LABEL, own_passphrase
from core.backup.writing import read_through, write_backup
from core.config import Settings
from core.errors import BackupError, StoreError
from core.store import Base, Store, User, is_known, leave_wal, migrate, upgrade
from core.vault import Ask, Keys, Settled, WrongKeyError, discard, mark, next_store, replace, settle_alone

_OWN: Final = "alembic_version"
"""The table that tells the revision; it is in no model."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored."""

    made_at: datetime
    """When the backup was made."""
    rows: dict[str, int]
    """How many of each table."""
    kept: Path | None
    """The backup, under the same passphrase, of what was there before; None when nobody was there."""
    unencrypted: Path | None
    """The copy of the plain store that was there, which was encrypted first."""


def restore(
    settings: Settings, file: Path, passphrase: str | None, ask: Ask | None = None, *, over: bool = False
) -> Restored:
    """Put what `file` holds in the place of the store and its keys; with `over`, also of one that has people in it.

    Without `passphrase` it is one that this installation made by itself, and opens with its keys.

    Raises:
        BackupError: the file can't be read, is no backup, damaged or of a newer FinTrack, `passphrase` is another one,
            or there are people in the store; nothing was changed.
        StoreError: FinTrack is running, or the store or the keys can't be read or written.
    """
    # What it replaces is kept under the same passphrase, and by its name it is known which that is.
    label = "replaced"
    if passphrase is None:
        label, passphrase = f"{LABEL}-restoring", _own(settings, ask)
    envelope = Envelope(file, passphrase)
    # All of it is read before anything is touched.
    manifest = read_through(Payload.read(envelope.chunks()))
    if not is_known(manifest.revision):
        raise BackupError("This backup was written by a newer FinTrack.", "Update FinTrack, then restore it.")
    keys = _keys(manifest)
    settled = settle_alone(settings, ask)
    try:
        kept = _make_way(settings, settled, passphrase, label, over=over)
        present = settled.vault.keys
        keys = Keys(keys.root, keys.newest_first, present.recovery or keys.recovery)
        _replace(settings, settled, keys, Payload.read(envelope.chunks()))
    finally:
        settled.occupancy.close()
    rows = {one.name: one.rows for one in manifest.tables}
    return Restored(manifest.made_at, rows, kept, settled.unencrypted)


def _own(settings: Settings, ask: Ask | None) -> str:
    settled = settle_alone(settings, ask)
    settled.occupancy.close()
    return own_passphrase(settled.vault)


def _keys(manifest: Manifest) -> Keys:
    try:
        return Keys.read(manifest.keys.get_secret_value().encode())
    except WrongKeyError:
        raise BackupError(*DAMAGED) from None


def _make_way(settings: Settings, settled: Settled, passphrase: str, label: str, *, over: bool) -> Path | None:
    """See who is in the present store; back them up where they are to be replaced."""
    backups = settings.fintrack_data_dir / FOLDER
    store = Store(settings.store_url, settled.store_key)
    try:
        migrate(store, backups)
        with store.read() as session:
            people = session.scalar(select(func.count()).select_from(User)) or 0
        if not people:
            return None
        if not over:
            raise BackupError(
                f"There are people in this store already ({people}).",
                "Restore into an empty data folder, or with --replace in their place; a backup of them is made first.",
            )
        at = clock.now()
        return write_backup(store, settled.vault.keys, passphrase, backups / name_at(at, label), at).file
    finally:
        store.close()


def _replace(settings: Settings, settled: Settled, keys: Keys, payload: Payload) -> None:
    try:
        if settings.store_file is None:
            _into_server(settings, settled, keys, payload)
        else:
            _into_file(settings, settings.store_file, keys, payload)
    except BaseException:
        discard(settings)
        raise
    replace(settings, settled.opener, None if settings.store_file is None else keys)


def _into_file(settings: Settings, file: Path, keys: Keys, payload: Payload) -> None:
    """Make the next SQLite file."""
    path = next_store(file)
    key = keys.store_keys[0] if settings.fintrack_encrypt else None
    store = Store(f"sqlite:///{path}", key)
    try:
        with store.write() as session:
            _fill(session, payload)
            if session.execute(text("PRAGMA foreign_key_check")).first() is not None:
                raise BackupError(*DAMAGED)
    finally:
        store.close()
    leave_wal(path, key)


def _into_server(settings: Settings, settled: Settled, keys: Keys, payload: Payload) -> None:
    """Make the tables of a PostgreSQL store anew, in one transaction."""
    store = Store(settings.store_url)
    try:
        with store.write() as session:
            _clear(session.connection())
            _fill(session, payload)
            mark(session.connection(), settings, settled.opener, keys)
    finally:
        store.close()


def _clear(connection: Connection) -> None:
    """Drop our tables in a PostgreSQL store, and the functions of their triggers; what else lives there stays."""
    there = set(inspect(connection).get_table_names())
    names = [name for name in (*(table.name for table in Base.metadata.sorted_tables), _OWN) if name in there]
    functions = connection.execute(
        text(
            "SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger"
            " WHERE NOT tgisinternal"
            " AND tgrelid IN (SELECT to_regclass(name) FROM unnest(CAST(:names AS text[])) AS name)"
        ),
        {"names": names},
    ).scalars()
    for function in functions.all():
        connection.exec_driver_sql(f"DROP FUNCTION {function} CASCADE")
    for name in names:
        connection.exec_driver_sql(f'DROP TABLE "{name}" CASCADE')


def _fill(session: Session, payload: Payload) -> None:
    """Make the tables as they were at the backup, put the rows in, count them, and bring the tables up to date."""
    connection = session.connection()
    upgrade(connection, payload.manifest.revision)
    for told, rows in payload.tables():
        table = told.plain()
        _insert(connection, table, rows)
        if connection.scalar(select(func.count()).select_from(table)) != told.rows:
            raise StoreError(f"Not all of {told.name} reached the store; nothing was changed.", "Check the disk.")
        _go_on_counting(connection, told)
    upgrade(connection)


def _insert(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    names = table.columns.keys()
    insert: Any = table.insert()
    while some := [dict(zip(names, row, strict=True)) for row in islice(rows, BATCH)]:
        connection.execute(insert, some)


def _go_on_counting(connection: Connection, told: TableTold) -> None:
    """Have the next id be one that was never given."""
    if connection.dialect.name == "sqlite":
        # Ids that are put in are counted by SQLite itself, but not those that were deleted.
        if told.last_id:
            connection.execute(
                text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name"),
                {"last": told.last_id, "name": told.name},
            )
        return
    if "id" not in dict(told.columns):
        return
    sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": told.name})
    if sequence is not None:
        connection.exec_driver_sql(
            f"SELECT setval('{sequence}', last) FROM (SELECT GREATEST({told.last_id},"  # noqa: S608 - our own names
            f' (SELECT max(id) FROM "{told.name}"),'
            f" (SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM {sequence})) AS last) AS counted"
            " WHERE last > 0"
        )
