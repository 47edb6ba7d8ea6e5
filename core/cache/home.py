"""The door to the caches: one DuckDB database per user, opened once per process and safe in threads.

A cache can be deleted, scribbled over or held by another process at any moment: the next question
is answered from one that was made again. It lives in a file, or in memory where there is no folder
(an encrypted store) or where another process holds the file.
"""

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import duckdb

from core.cache.filling import SCHEMA_VERSION, build, catch_up
from core.cache.queries import query_text
from core.cache.reading import Snapshot, Standing, read_standing
from core.errors import CacheError, NotFoundError
from core.store import Store, UserId

CONFIG: Final[Mapping[str, str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "memory_limit": "1GB",
}

_BROKEN: Final = (
    duckdb.IOException,
    duckdb.InternalException,
    duckdb.FatalException,
    duckdb.SerializationException,
    duckdb.InvalidInputException,
    duckdb.CatalogException,
    duckdb.BinderException,
    duckdb.ConnectionException,
    duckdb.ConversionException,
)
"""What DuckDB says when a file is damaged or not of our schema; some of it only shows at a later read."""


Answer = Callable[[str, Mapping[str, Any]], list[tuple[Any, ...]]]
"""From the name of a question and its parameters to the rows that answer it."""


@dataclass(frozen=True, slots=True)
class CacheState:
    """Where a cache stands after a refresh."""

    change: int
    rows: int
    rebuilt: bool
    seconds: float


@dataclass(slots=True)
class _Home:
    """One open database: the connection, the change number it holds, and how its file looked after our last write."""

    connection: duckdb.DuckDBPyConnection
    owner: str
    change: int
    path: Path | None
    trace: tuple[int, int, int] | None = None
    cursors: threading.local = field(default_factory=threading.local)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """Return this thread's own cursor."""
        cursor = getattr(self.cursors, "cursor", None)
        if cursor is None:
            cursor = self.cursors.cursor = self.connection.cursor()
        return cursor

    def untouched(self) -> bool:
        """Tell whether the file is as we left it."""
        return self.path is None or self.trace == _trace(self.path)

    def settle(self) -> None:
        """Bring everything into the one file and remember how it looks."""
        if self.path is not None:
            self.connection.execute("CHECKPOINT")
            self.trace = _trace(self.path)


class UserCache:
    """One user's cache. `ask` answers a named question from data as new as the store's."""

    def __init__(self, store: Store, user: UserId, path: Path | None) -> None:
        """Prepare the cache of `user`; nothing is opened before the first question."""
        self.user = user
        self._store = store
        self._path = path
        self._home: _Home | None = None
        self._lock = threading.RLock()

    def ask(self, question: str, /, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - SQL values
        """Return the rows that answer `core/cache/queries/<question>.sql` with its `$parameters`.

        Amounts are `Decimal`, dates `date`. The answer holds every write committed before the call.

        Raises:
            CacheError: neither a file nor memory can hold the cache (disk and memory full).
            NotFoundError: the user is gone.
        """
        with self.answering() as answer:
            return answer(question, parameters)

    @contextlib.contextmanager
    def answering(self) -> Iterator[Answer]:
        """Lend a function that answers questions, for several in one go: the store is looked at once."""
        self.refresh()
        yield self._answer

    def _answer(self, question: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        sql = query_text(question)
        home = self._home or self._opened()
        try:
            return home.cursor().execute(sql, dict(parameters)).fetchall()
        except _BROKEN:
            # Damage that only a read shows: one more try on a cache made anew; a wrong question fails again.
            self._discard(home)
            self.refresh()
            return self._opened().cursor().execute(sql, dict(parameters)).fetchall()
        except duckdb.OutOfMemoryException as cause:
            raise CacheError("There is not enough memory for this question.", "Ask for a shorter period.") from cause

    def refresh(self) -> CacheState:
        """Bring the cache to where the store stands; costs one cheap question when it is there already."""
        start = time.perf_counter()
        standing = read_standing(self._store, self.user)
        if standing is None:
            self.drop()
            raise NotFoundError("This user no longer exists.", "Sign in again.")
        home = self._home
        if home and home.owner == standing.owner and home.change == standing.change and home.untouched():
            return CacheState(home.change, -1, rebuilt=False, seconds=time.perf_counter() - start)
        with self._lock:
            return self._bring_up(start)

    def rebuild(self) -> CacheState:
        """Make the cache anew from the store."""
        start = time.perf_counter()
        with self._lock, self._snapshot() as (snapshot, standing):
            self._close()
            self._make(snapshot, standing)
            return self._state(start, rebuilt=True)

    def drop(self) -> None:
        """Close the cache and delete its files."""
        with self._lock:
            self._close()
            if self._path is not None:
                _delete(self._path)

    def close(self) -> None:
        """Close the cache; its file stays for the next start."""
        with self._lock:
            self._close()

    def _bring_up(self, start: float) -> CacheState:
        with self._snapshot() as (snapshot, standing):
            home = self._home
            if home is not None and not home.untouched():
                self._close()
                if home.path is not None and home.trace and _inode(home.path) == home.trace[0]:
                    _delete(home.path)
                home = None
            if home is None:
                home = self._reopen(snapshot, standing)
            if home is not None and home.owner == standing.owner and home.change <= standing.change:
                if home.change == standing.change or self._caught_up(home, snapshot, standing):
                    return self._state(start, rebuilt=False)
            self._close()
            self._make(snapshot, standing)
            return self._state(start, rebuilt=True)

    def _caught_up(self, home: _Home, snapshot: Snapshot, standing: Standing) -> bool:
        cursor = home.connection.cursor()
        try:
            if not catch_up(cursor, snapshot, standing, home.change):
                return False
            home.change = standing.change
            home.settle()
        except duckdb.Error:
            self._discard(home)
            return False
        finally:
            with contextlib.suppress(duckdb.Error):
                cursor.close()
        return True

    def _reopen(self, snapshot: Snapshot, standing: Standing) -> _Home | None:
        """Open the file that is there if it is ours, whole, of this schema and not ahead of the store."""
        if self._path is None or not self._path.exists():
            return None
        try:
            connection = _connect(self._path)
        except duckdb.Error as failure:
            if "lock" not in str(failure):
                _delete(self._path)
            return None
        try:
            ((version, owner, change),) = connection.execute("SELECT * FROM lineage").fetchall()
            (counted,) = connection.execute("SELECT count(*), coalesce(sum(amount), 0) FROM transactions").fetchall()
            # A restored backup can stand at a change number that the cache knows with other rows.
            rows, units = snapshot.count(change) if change == standing.change else counted
            same = change != standing.change or (rows, units) == (counted[0], int(counted[1] * 10_000))
            if (version, owner) != (SCHEMA_VERSION, standing.owner) or change > standing.change or not same:
                connection.close()
                _delete(self._path)
                return None
        except (duckdb.Error, ValueError):
            connection.close()
            _delete(self._path)
            return None
        home = _Home(connection, owner, change, self._path)
        home.settle()
        self._home = home
        return home

    def _make(self, snapshot: Snapshot, standing: Standing) -> None:
        try:
            self._home = self._in_file(snapshot, standing) if self._path else self._in_memory(snapshot, standing)
        except (duckdb.IOException, OSError):
            self._home = self._in_memory(snapshot, standing)
        except duckdb.OutOfMemoryException as cause:
            raise CacheError("There is not enough memory for the cache.", "Close other programs and reload.") from cause

    def _in_file(self, snapshot: Snapshot, standing: Standing) -> _Home:
        """Build under another name, then rename: a kill leaves the old cache or the new one, never half of one."""
        assert self._path is not None
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if _held_elsewhere(self._path):
            return self._in_memory(snapshot, standing)
        partial = self._path.with_name(f"{self._path.stem}.{os.getpid()}.{threading.get_ident()}.part")
        _delete(partial)
        with contextlib.closing(_connect(partial)) as connection:
            partial.chmod(0o600)
            build(connection, snapshot, standing)
            connection.execute("CHECKPOINT")
        _delete(self._path)
        partial.rename(self._path)
        home = _Home(_connect(self._path), standing.owner, standing.change, self._path)
        home.settle()
        return home

    def _in_memory(self, snapshot: Snapshot, standing: Standing) -> _Home:
        connection = _connect(None)
        build(connection, snapshot, standing)
        return _Home(connection, standing.owner, standing.change, None)

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[tuple[Snapshot, Standing]]:
        with self._store.raw() as connection:
            snapshot = Snapshot(connection, self.user, is_sqlite=self._store.is_sqlite)
            standing = snapshot.standing()
            if standing is None:
                raise NotFoundError("This user no longer exists.", "Sign in again.")
            yield snapshot, standing

    def _state(self, start: float, *, rebuilt: bool) -> CacheState:
        home = self._opened()
        ((rows,),) = home.cursor().execute("SELECT count(*) FROM transactions").fetchall()
        return CacheState(home.change, rows, rebuilt, time.perf_counter() - start)

    def _opened(self) -> _Home:
        if self._home is None:
            self.refresh()
        if self._home is None:
            raise CacheError("The cache was closed.", "Reload the page.")
        return self._home

    def _discard(self, home: _Home) -> None:
        """Give up a damaged database: close it and delete its files, unless somebody did so already."""
        with self._lock:
            if self._home is home:
                self._close()
                if home.path is not None:
                    _delete(home.path)

    def _close(self) -> None:
        home, self._home = self._home, None
        if home is not None:
            with contextlib.suppress(duckdb.Error):
                home.connection.close()


class Caches:
    """The caches of all users of one store."""

    def __init__(self, folder: Path | None, store: Store) -> None:
        """Keep caches as files in `folder`, or in memory where it is None."""
        self._folder = folder
        self._store = store
        self._lock = threading.Lock()
        self._open: dict[UserId, UserCache] = {}

    def of(self, user: UserId) -> UserCache:
        """Return the cache of `user`, the same object for every thread."""
        with self._lock:
            if user not in self._open:
                path = self._folder / f"user-{int(user)}.duckdb" if self._folder else None
                self._open[user] = UserCache(self._store, user, path)
            return self._open[user]

    def rebuild(self, user: UserId) -> CacheState:
        """Make the cache of `user` anew."""
        return self.of(user).rebuild()

    def drop(self, user: UserId) -> None:
        """Delete the cache of `user`."""
        self.of(user).drop()
        with self._lock:
            self._open.pop(user, None)

    def close(self) -> None:
        """Close every cache."""
        with self._lock:
            for one in self._open.values():
                one.close()
            self._open.clear()


def _connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path) if path else ":memory:", config=dict(CONFIG))


def _held_elsewhere(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        _connect(path).close()
    except duckdb.Error as failure:
        return "lock" in str(failure)
    return False


def _trace(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _inode(path: Path) -> int | None:
    trace = _trace(path)
    return trace[0] if trace else None


def _delete(path: Path) -> None:
    """Delete a database file and its write-ahead log: a stale log blocks opening the next one."""
    for one in (path, path.with_name(path.name + ".wal")):
        one.unlink(missing_ok=True)
