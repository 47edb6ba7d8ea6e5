"""The one place where sessions on the store are opened.

SQLite runs in WAL with foreign keys on; a write takes the lock at its start (BEGIN IMMEDIATE), so
that two writers queue instead of failing half-way. With a key its file is SQLCipher's. PostgreSQL gets
the same code by `DATABASE_URL`.
"""

import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError, StatementError
from sqlalchemy.orm import Session, sessionmaker

from core.errors import FinTrackError, StoreError
from core.store.ciphered import BUSY_SECONDS, connect

_WRITING: Final = "fintrack_writing"
READERS_KIB: Final = 16 * 1024
WRITERS_KIB: Final = 64 * 1024
"""KiB of the store's pages that a connection keeps until it begins anew.

One writes at a time, and an edit of rows of many years is a third faster with more; several read side by side, and none
of them is faster with more.
"""

WAITS: Final = {"connect_timeout": 10, "tcp_user_timeout": 30_000}
"""Seconds until PostgreSQL lets us in, and milliseconds until it takes what was sent; `DATABASE_URL` may say others."""


class Store:
    """The open store: an engine, and the two ways to use it."""

    def __init__(self, url: str, key: bytes | None = None) -> None:
        """Open the store at an SQLAlchemy URL; makes the folder of a SQLite file, not the tables.

        With `key`, 32 raw bytes, a SQLite file is encrypted under it.

        Raises:
            StoreError: the URL is no database URL, or its folder can't be made.
        """
        try:
            self.url = make_url(url)
        except ArgumentError:
            raise StoreError("DATABASE_URL is not a database address.", "Leave it empty to use SQLite.") from None
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.key = key if self.is_sqlite else None
        if self.is_sqlite:
            _make_private(self.path)
            # What is written stays out of the words of a failure. The connection that wrote last is taken first:
            # it knows the statements and the pages.
            pool: dict[str, Any] = {
                "pool_size": 16,
                "max_overflow": 32,
                "pool_use_lifo": True,
                "hide_parameters": True,
            }
            if self.key is None:
                self.engine = create_engine(self.url, connect_args={"timeout": BUSY_SECONDS}, **pool)
            else:
                # The key comes before whatever SQLAlchemy asks of a new connection.
                self.engine = create_engine(
                    self.url,
                    module=sqlcipher,
                    creator=lambda: connect(self.path, self.key),
                    **pool,
                )
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        else:
            waits = {name: seconds for name, seconds in WAITS.items() if name not in self.url.query}
            self.engine = create_engine(
                self.url, connect_args=waits, pool_pre_ping=True, pool_size=8, max_overflow=16, hide_parameters=True
            )
            event.listen(self.engine, "connect", _prepare_postgresql)
        # SQLite in WAL reads one state anyway; PostgreSQL has to be asked for it.
        reading = self.engine if self.is_sqlite else self.engine.execution_options(isolation_level="REPEATABLE READ")
        self._reading = sessionmaker(reading, expire_on_commit=False)
        self._turn = threading.Lock() if self.is_sqlite else None
        self.stage: object = object()
        """Another one after each write of this process, for whoever asked a moment ago."""
        self.admit: Callable[[], None] = lambda: None
        """Asked before whatever writes begins; raises where it must not. The runtime sets it.

        What does something elsewhere before it writes asks first itself: a refusal comes before anything is done.
        """
        self._writing = sessionmaker(self.engine.execution_options(**{_WRITING: True}), expire_on_commit=False)

    @property
    def path(self) -> Path:
        """Return the SQLite file of this store."""
        return Path(self.url.database or "")

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open a session that sees one state of the store and writes nothing."""
        with translated(), self._reading() as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open a session in ONE transaction: committed as a whole at the end, or nothing of it.

        Threads take turns at SQLite: its own waiting for another writer sleeps longer and longer instead.

        Raises:
            StoreError: another writer did not end in time.
            FinTrackError: what `admit` raises.
        """
        self.admit()
        try:
            with self._at_turn(), translated(), self._writing() as session, session.begin():
                yield session
        finally:
            self.stage = object()

    @contextmanager
    def _at_turn(self) -> Iterator[None]:
        if self._turn is None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise StoreError(*_explain("locked"))
        try:
            yield
        finally:
            self._turn.release()

    @contextmanager
    def raw(self) -> Iterator[Any]:
        """Lend the driver's own connection for a bulk read, for the cache. It is not for writing."""
        with translated():
            connection = self.engine.raw_connection()
            try:
                yield connection.driver_connection
            finally:
                try:
                    connection.rollback()
                finally:
                    connection.close()

    def beside(self, path: Path) -> Any:  # noqa: ANN401 - either driver's
        """Open another SQLite file with the driver and the key of this one.

        Two libraries in one process would not see each other's locks on one file.
        """
        return sqlite3.connect(path) if self.key is None else connect(path, self.key)

    def answers(self) -> bool:
        """Tell whether the store can be read.

        Raises:
            StoreError: it can't.
        """
        with self.read() as session:
            return bool(session.scalar(text("SELECT 1")) == 1)

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _make_private(path: Path) -> None:
    """Make the folder and the file for their owner only; SQLite gives its WAL the mode of the file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
    except OSError as cause:
        raise StoreError(
            f"The store {path} can't be made: {cause.strerror}.",
            "Set FINTRACK_DATA_DIR to a folder that can be written.",
        ) from cause


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    _switch_to_wal(connection)
    for pragma in ("foreign_keys=ON", "synchronous=FULL", "temp_store=MEMORY", f"cache_size=-{READERS_KIB}"):
        connection.execute(f"PRAGMA {pragma}")


def _prepare_postgresql(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's
    """Wait for another writer as long as at SQLite, and let words have a blank for NUL.

    SQLite keeps a NUL, PostgreSQL refuses it: banks and pasted text may bring it.
    """
    connection.adapters.register_dumper(str, _dumper_without_nul())
    connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    connection.commit()


@cache
def _dumper_without_nul() -> type:
    from psycopg.types.string import StrDumperUnknown

    class WithoutNul(StrDumperUnknown):
        def dump(self, obj: str) -> bytes:
            return obj.encode(self._encoding).replace(b"\0", b" ")

    return WithoutNul


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    """Put the file into WAL; SQLite's own waiting does not cover this switch, so two who start at once need ours."""
    deadline = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except (sqlite3.OperationalError, sqlcipher.OperationalError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _begin_sqlite(connection: Connection) -> None:
    """Begin, by the driver itself: by way of SQLAlchemy these two take as long as the question that follows."""
    writing = connection.get_execution_options().get(_WRITING, False)
    driven: Any = connection.connection.driver_connection
    driven.execute(f"PRAGMA cache_size=-{WRITERS_KIB if writing else READERS_KIB}")
    driven.execute("BEGIN IMMEDIATE" if writing else "BEGIN")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database says into a `StoreError` with a sentence."""
    try:
        yield
    except DBAPIError as cause:
        raise StoreError(*_explain(str(cause.orig))) from cause
    except _driver_errors() as cause:
        raise StoreError(*_explain(str(cause))) from cause
    except SQLAlchemyError as cause:
        if isinstance(cause, StatementError) and isinstance(cause.orig, FinTrackError):
            raise cause.orig from None
        raise StoreError(*_explain("")) from cause


def _driver_errors() -> tuple[type[Exception], ...]:
    """Return what the drivers raise where SQLAlchemy does not stand between: PostgreSQL's is loaded only where used."""
    postgresql = sys.modules.get("psycopg")
    return (sqlite3.Error, sqlcipher.Error, *([postgresql.Error] if postgresql else []))


def _explain(reason: str) -> tuple[str, str]:
    for sign, sentence, hint in (
        ("disk is full", "The disk is full; nothing of this step was kept.", "Free some space and try again."),
        ("No space left", "The disk is full; nothing of this step was kept.", "Free some space and try again."),
        ("lock timeout", "Another program is writing to the store.", "Wait a moment and try again."),
        ("deadlock", "Another program is writing to the store.", "Wait a moment and try again."),
        ("locked", "Another program is writing to the store.", "Wait a moment and try again."),
        ("readonly", "The store's file can't be written.", "Check who owns the data folder."),
        ("unable to open", "The store's file can't be opened.", "Check that the data folder exists and is yours."),
        ("malformed", "The store's file is damaged.", "Restore the last backup from data/backups."),
        ("not a database", "The store's file is not a database.", "Restore the last backup from data/backups."),
        ("hmac", "The store's file is damaged.", "Restore the last backup from data/backups."),
        ("onnection", "The database server does not answer.", "Check DATABASE_URL and that PostgreSQL is running."),
    ):
        if sign in reason:
            return sentence, hint
    return "The store refused this step; nothing of it was kept.", "Run: python -m core doctor"
