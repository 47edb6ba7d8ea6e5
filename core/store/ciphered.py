"""SQLCipher: opening a store's file with its key, telling what a file is, and writing it anew under another key.

A file is never changed in place: it is written anew under another name, checked and renamed, so that
a kill at any moment leaves one whole file, wholly of the old key or wholly of the new.
"""

from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final, Literal

import sqlcipher3.dbapi2 as sqlcipher

from core import clock
from core.errors import StoreError
from core.store.private import put_in_place

BUSY_SECONDS: Final = 30
_PLAIN: Final = b"SQLite format 3\0"

Kind = Literal["none", "plain", "ciphered"]


def kind_of(path: Path) -> Kind:
    """Tell what a store's file is: not there (or still empty), readable by anybody, or anything else.

    Raises:
        StoreError: the file can't be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(len(_PLAIN))
    except FileNotFoundError:
        return "none"
    except OSError as cause:
        raise StoreError(
            f"The store {path} can't be read: {cause.strerror}.", "Check who owns the data folder."
        ) from cause
    if not head:
        return "none"
    return "plain" if head == _PLAIN else "ciphered"


def connect(path: Path, key: bytes | None) -> Any:  # noqa: ANN401 - the driver ships no types
    """Open a file with its raw key, or a plain one without; a wrong key shows at the first question."""
    connection = sqlcipher.connect(str(path), timeout=BUSY_SECONDS, check_same_thread=False, isolation_level=None)
    # SQLCipher would write every wrong key to stderr; what it raises says the same.
    connection.execute("PRAGMA cipher_log_level=NONE")
    if key is not None:
        connection.execute(f"PRAGMA key={_literal(key)}")
    return connection


def fits(path: Path, key: bytes | None) -> bool:
    """Tell whether a file opens with `key`.

    Raises:
        StoreError: it can't be read at all.
    """
    try:
        with closing(connect(path, key)) as connection:
            connection.execute("SELECT COUNT(*) FROM sqlite_master")
    except sqlcipher.DatabaseError as cause:
        if "not a database" in str(cause):
            return False
        raise StoreError(f"The store {path} can't be read: {cause}.", "Check who owns the data folder.") from cause
    return True


def is_damaged(path: Path, key: bytes | None) -> bool:
    """Tell whether a file can't be read with `key`, or not whole; one that somebody holds locked is not damaged."""
    try:
        with closing(connect(path, key)) as connection:
            return not _is_whole(connection, key)
    except sqlcipher.OperationalError:
        return False
    except sqlcipher.DatabaseError:
        return True


def copy_plainly(path: Path, folder: Path) -> Path:
    """Copy a plain SQLite file as one consistent state into `folder`, named as unencrypted; return the copy's path.

    Raises:
        StoreError: the copy can't be written or is damaged.
    """
    target = folder / f"unencrypted-{clock.now():%Y%m%dT%H%M%S%f}.db"
    partial = target.with_suffix(".part")
    try:
        partial.touch(mode=0o600)
        with closing(connect(path, None)) as source, closing(connect(partial, None)) as copy:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                raise StoreError("The backup copy is damaged; nothing was changed.", "Check the disk.")
        put_in_place(partial, target)
    except (sqlcipher.Error, OSError) as cause:
        raise StoreError(*_reason(path, str(cause))) from cause
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return target


def leave_wal(path: Path, key: bytes | None) -> None:
    """Bring a file's log into it, so that it is whole by itself.

    Raises:
        StoreError: another program has it open, or there is no room.
    """
    try:
        with closing(connect(path, key)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlcipher.Error as cause:
        raise StoreError(*_reason(path, str(cause))) from cause


def rewrite(path: Path, old: bytes | None, new: bytes | None) -> None:
    """Write the SQLite file at `path` anew under the key `new` (None: readable by anybody).

    Raises:
        StoreError: another program has it open, there is no room, or the copy is not its equal;
            the file is as it was.
    """
    partial = path.with_name(f".{path.name}.part")
    partial.unlink(missing_ok=True)
    try:
        with closing(connect(path, old)) as source:
            _have_alone(source)
            partial.touch(mode=0o600)
            source.execute(f"ATTACH DATABASE ? AS target KEY {_literal(new)}", (str(partial),))
            source.execute("PRAGMA target.synchronous=FULL")
            source.execute("SELECT sqlcipher_export('target')").fetchall()
            source.execute("DETACH DATABASE target")
            _compare(source, partial, new)
            put_in_place(partial, path)
    except (sqlcipher.Error, OSError) as cause:
        raise StoreError(*_reason(path, str(cause))) from cause
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _have_alone(connection: Any) -> None:  # noqa: ANN401 - the driver ships no types
    """Bring the log into the file and keep everybody else out of it."""
    connection.execute("PRAGMA busy_timeout=2000")
    # Leaving WAL is granted only to the last connection, and takes the -wal and -shm files away.
    if connection.execute("PRAGMA journal_mode=DELETE").fetchone() != ("delete",):
        raise sqlcipher.OperationalError("database is locked")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")


def _compare(source: Any, copy: Path, key: bytes | None) -> None:  # noqa: ANN401 - the driver ships no types
    with closing(connect(copy, key)) as target:
        if not _is_whole(target, key):
            raise StoreError("The new copy of the store is damaged; nothing was changed.", "Check the disk.")
        if _contents(target) != _contents(source):
            raise StoreError("The new copy of the store is not its equal; nothing was changed.", "Check the disk.")


def _is_whole(connection: Any, key: bytes | None) -> bool:  # noqa: ANN401 - the driver ships no types
    """Tell whether a file passes SQLite's check, and SQLCipher's of every page's signature."""
    if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
        return False
    return key is None or not connection.execute("PRAGMA cipher_integrity_check").fetchall()


def _contents(connection: Any) -> dict[tuple[str, str, str | None], int]:  # noqa: ANN401 - the driver ships no types
    """Return every table, index and trigger with its definition, and how many rows each table has."""
    found = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    return {
        (kind, name, sql): connection.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a table's name
        if kind == "table"
        else 0
        for kind, name, sql in found
    }


def _reason(path: Path, said: str) -> tuple[str, str]:
    if "locked" in said:
        return f"Another program has {path} open.", "Stop FinTrack and whatever else reads the store, and try again."
    if "full" in said or "No space" in said or "disk I/O" in said:
        return f"There is no room for a copy of {path}; nothing was changed.", "Free some space and try again."
    return f"{path} can't be written anew: {said}.", "Restore the last backup from data/backups."


def _literal(key: bytes | None) -> str:
    return "''" if key is None else f"\"x'{key.hex()}'\""
