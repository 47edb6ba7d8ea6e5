"""The door to the caches: one DuckDB database per user, opened once per process and safe in threads.

A cache can be deleted, scribbled over or held by another process at any moment: the next question
is answered from one that was made again. It lives in a file, or in memory where there is no folder
(an encrypted store), where another process holds the file, or where it can't be written.
"""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from core.cache.files import delete, held_elsewhere, inode_of
from core.cache.filling import catch_up, digest
from core.cache.home import Cursor, Home
from core.cache.making import in_file, in_memory, reopened
from core.cache.querying.desks import Desk, Desks
from core.cache.querying.snapshot import QuerySnapshot, snapshot_of
from core.cache.reading import Snapshot, Standing, read_standing
from core.cache.seat import TRIES, Answer, Seat
from core.errors import CacheError, NotFoundError
from core.store import Store, UserId


@dataclass(frozen=True, slots=True)
class CacheState:
    """Where a cache stands after a refresh."""

    change: int
    rows: int
    """Transactions in it."""
    rebuilt: bool
    seconds: float


class UserCache:
    """One user's cache. `ask` answers a named question from data as new as the store's."""

    def __init__(self, store: Store, user: UserId, path: Path | None) -> None:
        """Prepare the cache of `user`; nothing is opened before the first question."""
        self.user = user
        self._store = store
        self._path = path
        self._home: Home | None = None
        self._lock = threading.RLock()
        """Held by whoever opens, fills or gives up the database; readers go without."""
        self._seats = threading.local()
        self._desks = Desks(self.mark, self.query_snapshot)

    def ask(self, question: str, /, **parameters: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - what a question names
        """Return the rows that answer `core/cache/queries/<question>.sql` with its `$parameters`.

        Amounts are `Decimal`, dates `date`. The answer holds every write committed before the call.

        Raises:
            CacheError: neither a file nor memory can hold the cache, or the question can't be answered.
            NotFoundError: the user is gone.
        """
        with self.answering() as answer:
            return answer(question, parameters)

    @contextlib.contextmanager
    def answering(self, *, anew: bool = False) -> Iterator[Answer]:
        """Lend what answers questions, for several in one go: all see one state.

        With `anew` the database itself is asked, whatever is kept of it: for whoever doubts it.

        Every write to the store that was committed before is in it. Only when the database breaks
        on the way do the remaining questions see a newer state, in a cache made anew.

        Raises:
            CacheError: as `ask`.
            NotFoundError: the user is gone.
        """
        taken: Seat | None = getattr(self._seats, "taken", None)
        if taken is not None and (taken.anew or not anew):
            yield taken
            return
        self._seats.taken = seat = Seat(self, anew=anew)
        try:
            seat.take()
            yield seat
        finally:
            self._seats.taken = taken
            seat.leave()

    def mark(self) -> str:
        """Return what tells this state of the data from every other, for results that are kept until it changes.

        Raises:
            NotFoundError: the user is gone.
        """
        standing = read_standing(self._store, self.user)
        if standing is None:
            raise NotFoundError("This user no longer exists.", "Sign in again.")
        return f"{standing.owner} at {standing.change}"

    def desk(self, name: str) -> Desk:
        """Return the place called `name` (a browser's page, a command) at which this person's own SQL is answered.

        Raises:
            QueryError: too many queries are being answered.
        """
        return self._desks.at(name)

    def query_snapshot(self) -> QuerySnapshot:
        """Return what may be asked in SQL, as new as the store; for the process of a desk.

        Raises:
            CacheError: as `ask`.
            NotFoundError: the user is gone.
        """
        seat = Seat(self)
        try:
            return seat.told(lambda cursor: snapshot_of(cursor.connection), "what a query needs")
        finally:
            seat.leave()

    def refresh(self) -> CacheState:
        """Bring the cache to where the store stands; costs one cheap question when it is there already."""
        start = time.perf_counter()
        self._stand_up()
        with self._lock:
            rebuilt = self.bring_up()
            return self._state(start, rebuilt=rebuilt)

    def rebuild(self) -> CacheState:
        """Make the cache anew from the store."""
        start = time.perf_counter()
        self._stand_up()
        with self._lock, self._snapshot() as (snapshot, standing):
            if self._path is not None and held_elsewhere(self._path):
                # The process that holds it sees that its file is gone, and takes over the one made here.
                with contextlib.suppress(OSError):
                    delete(self._path)
            self._make(snapshot, standing)
            return self._state(start, rebuilt=True)

    def drop(self) -> None:
        """Close the cache and delete its files."""
        self._desks.close()
        self._stand_up()
        with self._lock:
            self._retire()
            if self._path is not None:
                delete(self._path)

    def close(self) -> None:
        """Close the cache; its file stays for the next start."""
        self._desks.close()
        self._stand_up()
        with self._lock:
            self._retire()

    def bring_up(self) -> bool:
        """Bring the cache to where the store stands; True when it had to be made anew."""
        standing = read_standing(self._store, self.user)
        home = self._home
        if home is not None and standing is not None and home.holds(standing) and home.untouched():
            return False
        with self._lock, self._snapshot() as (snapshot, standing):
            if self._home is not None and not self._home.untouched():
                self._give_up(self._home)
            before = self._home
            home = self._settled_in(standing)
            if home is not None and home.owner == standing.owner and home.change <= standing.change:
                caught_up = home.change == standing.change or self._caught_up(home, snapshot, standing)
                # A restored backup can come to a change number that the file knows with other rows.
                if caught_up and (home is before or self._adds_up(home, snapshot)):
                    return False
            self._make(snapshot, standing)
            return True

    def borrow(self, *, anew: bool = False) -> tuple[Home, Cursor]:
        """Lend a cursor to a database that is where the store stands; with `anew` one that looks now.

        Raises:
            CacheError: it can't be opened, however often it is made anew.
        """
        for _ in range(TRIES):
            self.bring_up()
            home = self._home
            if home is None:
                continue
            try:
                cursor = home.lend(anew=anew)
            except duckdb.Error:
                self.give_up(home)
            else:
                if cursor is not None:
                    return home, cursor
        raise CacheError("The cache can't be opened.", "Run: python -m core doctor")

    def give_up(self, home: Home) -> None:
        """Close a damaged database and delete its files, unless somebody did so already."""
        with self._lock:
            if self._home is home:
                self._give_up(home)

    def _stand_up(self) -> None:
        """Give back the cursor that this thread has lent, so that nobody waits for it."""
        taken: Seat | None = getattr(self._seats, "taken", None)
        if taken is not None:
            taken.leave()

    def _settled_in(self, standing: Standing) -> Home | None:
        """Return the open database, or the one in the file if it is ours, whole and not ahead of the store.

        Memory is left for the file when the file has become free.
        """
        if self._path is None or (self._home is not None and self._home.path is not None):
            return self._home
        found = reopened(self._path, standing)
        if found is not None:
            self._retire()
            self._home = found
        return self._home

    def _caught_up(self, home: Home, snapshot: Snapshot, standing: Standing) -> bool:
        try:
            if not catch_up(home.connection, snapshot, standing, home.change, home.small):
                return False
            home.change = standing.change
            home.settle()
        except (duckdb.Error, OSError):
            return False
        return True

    def _adds_up(self, home: Home, snapshot: Snapshot) -> bool:
        try:
            return digest(home.connection) == snapshot.digest()
        except duckdb.Error:
            return False

    def _make(self, snapshot: Snapshot, standing: Standing) -> None:
        """Make the database anew and put it in the place of the old one."""
        home = None
        try:
            if self._path is not None:
                with contextlib.suppress(duckdb.Error, OSError):
                    home = in_file(self._path, snapshot, standing, self._retire)
            if home is None:
                home = in_memory(snapshot, standing)
        except duckdb.OutOfMemoryException as cause:
            raise CacheError("There is not enough memory for the cache.", "Close other programs and reload.") from cause
        except duckdb.Error as cause:
            raise CacheError("The cache can't be made.", "Run: python -m core doctor") from cause
        self._retire()
        self._home = home

    @contextlib.contextmanager
    def _snapshot(self) -> Iterator[tuple[Snapshot, Standing]]:
        with self._store.raw() as connection:
            snapshot = Snapshot(connection, self.user, is_sqlite=self._store.is_sqlite)
            standing = snapshot.standing()
            if standing is None:
                self.drop()
                raise NotFoundError("This user no longer exists.", "Sign in again.")
            yield snapshot, standing

    def _state(self, start: float, *, rebuilt: bool) -> CacheState:
        ((rows,),) = self.ask("count")
        home = self._home
        return CacheState(home.change if home else 0, rows, rebuilt, time.perf_counter() - start)

    def _give_up(self, home: Home) -> None:
        ours = home.path is not None and home.trace is not None and inode_of(home.path) == home.trace[0]
        self._retire()
        if ours and home.path is not None:
            # What lies there now may be another process's new cache; only our own file is deleted.
            with contextlib.suppress(OSError):
                delete(home.path)

    def _retire(self) -> None:
        home, self._home = self._home, None
        if home is not None:
            home.close()


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
            opened = list(self._open.values())
            self._open.clear()
        for one in opened:
            one.close()
