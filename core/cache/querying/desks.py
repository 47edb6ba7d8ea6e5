"""Desks: places at which a person's queries are answered, one after the other, each by a process of its own.

A desk keeps its process and the snapshot in it between queries, and gives both up when nobody came for a while, when
the person leaves, or when its process had to be ended.
"""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Final
from weakref import WeakSet

from core.cache.querying.answers import QueryAnswer, answer_of
from core.cache.querying.process import SECONDS, GoneError, Process, TooLateError
from core.cache.querying.snapshot import QuerySnapshot
from core.errors import FinTrackError, QueryError

MOST_ROWS: Final = 10_000
"""Rows of an answer that are shown."""
IDLE: Final = 300.0
"""Seconds after which an unused process ends."""
MOST_DESKS: Final = 6
"""Processes that may run at once, of all people together."""

_TOO_LATE: Final = f"The query took longer than {SECONDS:.0f} seconds and was stopped."
_CANCELLED: Final = "The query was cancelled."


class Job:
    """One query that is being answered."""

    def __init__(self, sql: str) -> None:
        """Begin to count the seconds."""
        self.sql = sql
        self.cancelled = False
        self._began = time.monotonic()
        self._done = threading.Event()
        self._answer: QueryAnswer | None = None
        self._failure: FinTrackError | None = None

    @property
    def seconds(self) -> float:
        """Return how long ago it began."""
        return time.monotonic() - self._began

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until it is answered, for so many seconds at most; tell whether it is."""
        return self._done.wait(seconds)

    def result(self) -> QueryAnswer:
        """Return the answer, waiting for it.

        Raises:
            QueryError: the query is refused, wrong, or was stopped.
            CacheError: what it asks of can't be read right now.
            NotFoundError: the person is gone.
        """
        self._done.wait()
        if self._answer is None:
            raise self._failure or QueryError("The query can't be answered.", "Try again.")
        return self._answer

    def settle(self, run: Callable[[], QueryAnswer]) -> None:
        """Keep what `run` returns or raises as the outcome."""
        try:
            self._answer = run()
        except FinTrackError as failure:
            self._failure = QueryError(_CANCELLED) if self.cancelled else failure
        finally:
            self._done.set()


class Desk:
    """One place for queries: a process, the snapshot in it, and the query that it answers."""

    def __init__(self, mark: Callable[[], str], snapshot: Callable[[], QuerySnapshot]) -> None:
        """Prepare a desk; nothing is started before `warm` or `begin`."""
        self._mark, self._snapshot = mark, snapshot
        self._turn = threading.Lock()
        """Held by whoever fills or asks the process."""
        self._process: Process | None = None
        self._home, self._only_home = "", False
        self._job: Job | None = None
        self._idle: threading.Timer | None = None
        self._closed = False
        self.used = time.monotonic()

    @property
    def busy(self) -> bool:
        """Tell whether a query is being answered."""
        return self._job is not None and not self._job.wait(0)

    @property
    def running(self) -> bool:
        """Tell whether there is a process."""
        return self._process is not None and self._process.alive

    def warm(self) -> None:
        """Start the process and fill it while nobody waits."""
        if not self._turn.locked():
            self._closed = False
            threading.Thread(target=self._warm, name="query desk", daemon=True).start()

    def begin(self, sql: str, today: dt.date, most: int = MOST_ROWS) -> Job:
        """Begin to answer a query; one that is being answered here is cancelled.

        `today` is the day where the person is; at most `most` rows are returned.
        """
        self.cancel()
        self._closed = False
        job = self._job = Job(sql)
        threading.Thread(target=self._answer, args=(job, today, most), name="query", daemon=True).start()
        return job

    def ask(self, sql: str, today: dt.date, most: int = MOST_ROWS) -> QueryAnswer:
        """Answer a query and wait for it; raises as `Job.result`."""
        return self.begin(sql, today, most).result()

    def cancel(self) -> None:
        """End the query that is being answered, if any."""
        job, process = self._job, self._process
        if job is None or job.wait(0):
            return
        job.cancelled = True
        if process is not None:
            process.end()
        job.wait()

    def close(self) -> None:
        """End the process, and with it whatever it does; a later query starts another."""
        self._closed = True
        self.cancel()
        self._end()

    def _answer(self, job: Job, today: dt.date, most: int) -> None:
        job.settle(lambda: self._run(job, today, most))
        if self._process is not None and not self._process.alive:
            # It was ended: the next query finds another one ready.
            self._warm()

    def _warm(self) -> None:
        with self._turn, contextlib.suppress(FinTrackError, GoneError, TooLateError):
            if not self._closed:
                self._ready()
                self._rest()

    def _run(self, job: Job, today: dt.date, most: int) -> QueryAnswer:
        with self._turn:
            try:
                process = self._filled(job)
                told = process.ask(job.sql, today.isoformat(), most)
            except TooLateError:
                raise QueryError(_TOO_LATE, "Ask for a shorter span, or for fewer rows.") from None
            except GoneError:
                raise QueryError(
                    "The query was stopped before it was done.", "It may need too much memory: ask for fewer rows."
                ) from None
            except FinTrackError:
                self._end()
                raise
            finally:
                self._rest()
            if told.get("doubt"):
                self._end()
            if "refused" in told:
                words, hint, place = told["refused"]
                raise QueryError(words, hint, tuple(place) if place else None)
            return answer_of(told, self._home, only_home=self._only_home)

    def _filled(self, job: Job) -> Process:
        """Return a process with the present snapshot in it, another one where the first ended meanwhile.

        For a query that was cancelled, as by closing the desk, none is started.
        """
        if job.cancelled:
            raise QueryError(_CANCELLED)
        try:
            process = self._ready()
        except GoneError:
            if job.cancelled:
                raise
            process = self._ready()
        if job.cancelled:
            raise QueryError(_CANCELLED)
        return process

    def _ready(self) -> Process:
        if self._process is None or not self._process.alive:
            self._end()
            make_room()
            self._process = Process()
        process = self._process
        if process.holds != self._mark():
            snapshot = self._snapshot()
            process.fill(snapshot.tables, snapshot.state)
            self._home, self._only_home = snapshot.home, snapshot.only_home
        return process

    def _rest(self) -> None:
        """Have the process end when nobody comes for a while."""
        self.used = time.monotonic()
        if self._idle is not None:
            self._idle.cancel()
        if self._closed:
            self._end()
            return
        self._idle = threading.Timer(IDLE, self.end_unless_busy)
        self._idle.daemon = True
        self._idle.start()

    def end_unless_busy(self) -> None:
        """End the process where nobody waits for it; a later query starts another."""
        if self._turn.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._turn.release()

    def _end(self) -> None:
        process, self._process = self._process, None
        if self._idle is not None:
            self._idle.cancel()
        if process is not None:
            process.end()


class Desks:
    """The desks of one person, by name."""

    def __init__(self, mark: Callable[[], str], snapshot: Callable[[], QuerySnapshot]) -> None:
        """Prepare none; `mark` tells the state of the data, `snapshot` returns what is offered of it."""
        self._mark, self._snapshot = mark, snapshot
        self._lock = threading.Lock()
        self._open: dict[str, Desk] = {}

    def at(self, name: str) -> Desk:
        """Return the desk of that name."""
        with self._lock:
            for other, desk in list(self._open.items()):
                if other != name and not desk.running and not desk.busy:
                    del self._open[other]
            if name not in self._open:
                self._open[name] = desk = Desk(self._mark, self._snapshot)
                _everywhere.add(desk)
            return self._open[name]

    def close(self) -> None:
        """End every process."""
        with self._lock:
            opened = list(self._open.values())
            self._open.clear()
        for desk in opened:
            desk.close()


_everywhere: Final[WeakSet[Desk]] = WeakSet()


def make_room() -> None:
    """End the process that was unused the longest where too many run.

    Raises:
        QueryError: all of them are answering.
    """
    running = [desk for desk in list(_everywhere) if desk.running]
    if len(running) < MOST_DESKS:
        return
    unused = sorted((desk for desk in running if not desk.busy), key=lambda desk: desk.used)
    if not unused:
        raise QueryError("Too many queries are being answered right now.", "Wait for one of them, or cancel it.")
    unused[0].end_unless_busy()
