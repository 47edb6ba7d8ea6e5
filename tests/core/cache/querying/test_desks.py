"""A desk answers from data as new as the store's, by a process that may end at any moment."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from core.cache import Caches, Desk, UserCache
from core.cache.querying import desks, engine
from core.cache.querying.process import Process
from core.cache.querying.snapshot import QuerySnapshot
from core.errors import FinTrackError, NotFoundError, QueryError
from core.identity import delete_users
from core.ledger import Changes, edit_transactions
from core.store import Store, UserId
from tests.core.cache.querying.conftest import TODAY

ENDLESS = "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t"
COUNT = "SELECT count(*) FROM transactions"
Books = tuple[Store, UserId, UserId]


def process_of(desk: Desk) -> Process:
    assert desk._process is not None
    return desk._process


def begun(desk: Desk, sql: str) -> desks.Job:
    """Begin a query and return once its process works on it."""
    desk.ask("SELECT 1", TODAY)
    job = desk.begin(sql, TODAY)
    used = Path("/proc") / str(process_of(desk)._child.pid) / "stat"
    before = sum(map(int, used.read_text("utf-8").split()[13:15]))
    deadline = time.monotonic() + 20
    while sum(map(int, used.read_text("utf-8").split()[13:15])) <= before + 5 and time.monotonic() < deadline:
        job.wait(0.02)
    assert not job.wait(0)
    return job


@pytest.fixture
def fresh(books: Books) -> Iterator[UserCache]:
    """Return a cache of its own for a test that ends it."""
    caches = Caches(None, books[0])
    yield caches.of(books[1])
    caches.close()


def test_a_query_that_runs_is_cancelled_at_once_and_the_next_is_answered(desk: Desk) -> None:
    job = begun(desk, ENDLESS)
    began = time.monotonic()
    desk.cancel()
    with pytest.raises(QueryError, match="cancelled"):
        job.result()
    assert time.monotonic() - began < 2
    assert desk.ask(COUNT, TODAY).rows == ((121,),)


def test_the_process_stays_between_queries_and_is_filled_anew_when_something_changed(
    books: Books, cache: UserCache, desk: Desk
) -> None:
    store, user, _ = books
    sql = "SELECT id, name FROM transactions WHERE part = 0 ORDER BY id LIMIT 1"
    ((number, _),) = desk.ask(sql, TODAY).rows
    process, held = process_of(desk), process_of(desk).holds
    desk.ask(sql, TODAY)
    assert (process_of(desk), process_of(desk).holds) == (process, held)
    edit_transactions(store, user, (number,), Changes(own_name="Called otherwise"))
    assert desk.ask(sql, TODAY).rows == ((number, "Called otherwise"),)
    assert process_of(desk) is process
    assert process.holds == cache.mark() != held


def test_two_pages_are_answered_side_by_side(cache: UserCache, desk: Desk) -> None:
    other = cache.desk("another page")
    job = begun(other, ENDLESS)
    assert desk.ask(COUNT, TODAY).rows == ((121,),)
    assert not job.wait(0)
    other.close()
    with pytest.raises(QueryError, match="cancelled"):
        job.result()


def test_a_process_that_is_killed_half_way_is_told_of_and_replaced(desk: Desk) -> None:
    job = begun(desk, ENDLESS)
    os.kill(process_of(desk)._child.pid, signal.SIGKILL)
    with pytest.raises(QueryError, match="stopped before it was done"):
        job.result()
    assert desk.ask(COUNT, TODAY).rows == ((121,),)


def test_a_process_that_died_between_queries_is_not_noticed(desk: Desk) -> None:
    desk.ask("SELECT 1", TODAY)
    os.kill(process_of(desk)._child.pid, signal.SIGKILL)
    process_of(desk)._child.wait()
    assert desk.ask(COUNT, TODAY).rows == ((121,),)


def test_of_somebody_who_is_deleted_meanwhile_nothing_is_told_any_more(books: Books) -> None:
    store, _, bob = books
    caches = Caches(None, store)
    desk = caches.of(bob).desk("tests")
    desk.ask("SELECT 1", TODAY)
    child = process_of(desk)._child
    delete_users(store, [bob])
    with pytest.raises(NotFoundError, match="no longer exists"):
        desk.ask(COUNT, TODAY)
    assert child.poll() is not None, "a process with their money goes on"
    caches.close()


def test_with_the_cache_the_processes_end(fresh: UserCache) -> None:
    desk = fresh.desk("tests")
    job = begun(desk, ENDLESS)
    child = process_of(desk)._child
    fresh.drop()
    assert child.poll() is not None
    with pytest.raises(FinTrackError):
        job.result()


class Held:
    """A snapshot that is taken only once it may be."""

    def __init__(self, take: Callable[[], QuerySnapshot]) -> None:
        self._take = take
        self.asked, self.let_go = threading.Event(), threading.Event()

    def __call__(self) -> QuerySnapshot:
        self.asked.set()
        assert self.let_go.wait(20)
        return self._take()


@pytest.mark.parametrize("moment", ["before its turn", "while its process is filled", "while it is answered"])
def test_a_desk_that_is_closed_in_the_middle_of_a_query_starts_no_further_process(
    cache: UserCache, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    started: list[Process] = []

    class Noted(Process):
        def __init__(self) -> None:
            super().__init__()
            started.append(self)

    monkeypatch.setattr(desks, "Process", Noted)
    snapshot = Held(cache.query_snapshot)
    desk = Desk(cache.mark, snapshot)
    if moment == "while it is answered":
        snapshot.let_go.set()
        job = begun(desk, ENDLESS)
    elif moment == "before its turn":
        desk.warm()
        assert snapshot.asked.wait(20)
        job = desk.begin(COUNT, TODAY)
    else:
        job = desk.begin(COUNT, TODAY)
        assert snapshot.asked.wait(20)
    closing = threading.Thread(target=desk.close)
    closing.start()
    while not job.cancelled:
        time.sleep(0.01)
    started[0]._child.wait(20)
    snapshot.let_go.set()
    closing.join(20)
    with pytest.raises(QueryError, match="cancelled"):
        job.result()
    for one in threading.enumerate():
        if one.name.startswith("query"):
            one.join(20)
    assert (len(started), desk.running) == (1, False)


def test_a_desk_that_was_closed_answers_a_later_query(cache: UserCache) -> None:
    desk = Desk(cache.mark, cache.query_snapshot)
    desk.close()
    assert desk.ask(COUNT, TODAY).rows == ((121,),)
    assert desk.running
    desk.close()


def test_a_process_ends_when_nobody_comes(fresh: UserCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "IDLE", 0.05)
    desk = fresh.desk("tests")
    desk.ask("SELECT 1", TODAY)
    child = desk._process and desk._process._child
    assert child is None or child.wait(20) is not None


def test_so_many_run_at_once_and_the_one_unused_longest_makes_room(
    fresh: UserCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "_everywhere", type(desks._everywhere)())
    monkeypatch.setattr(desks, "MOST_DESKS", 1)
    first, second = fresh.desk("first"), fresh.desk("second")
    first.ask("SELECT 1", TODAY)
    child = process_of(first)._child
    job = begun(second, ENDLESS)
    assert child.poll() is not None
    with pytest.raises(QueryError, match="Too many"):
        fresh.desk("third").ask("SELECT 1", TODAY)
    second.close()
    assert job.wait(5)


def test_of_too_many_rows_the_first_are_told(desk: Desk) -> None:
    answer = desk.ask("SELECT i FROM range(1000000000) AS t(i)", TODAY, 50)
    assert (len(answer.rows), answer.truncated) == (50, True)
    assert answer.seconds < 5
    whole = desk.ask("SELECT i FROM range(50) AS t(i)", TODAY, 50)
    assert (len(whole.rows), whole.truncated) == (50, False)


def test_what_is_too_large_is_not_told(desk: Desk) -> None:
    with pytest.raises(QueryError, match="too large"):
        desk.ask("SELECT string_agg(i::VARCHAR, ',') FROM range(4000000) AS t(i)", TODAY)
    process = process_of(desk)
    with pytest.raises(QueryError, match="foo"):
        desk.ask("SELECT foo", TODAY)
    assert process_of(desk) is process


def test_a_mistake_is_told_with_its_place(desk: Desk) -> None:
    with pytest.raises(QueryError) as told:
        desk.ask("SELECT 'ä€𝄞',\n  foo\nFROM transactions", TODAY)
    assert told.value.place == (2, 3)
    assert str(told.value).startswith("Line 2, column 3: There is no column “foo” here.")
    with pytest.raises(QueryError) as told:
        desk.ask("SELECT 'ä€𝄞', getenv('x')", TODAY)
    assert told.value.place == (1, 15)


def test_the_old_way_of_writing_a_lambda_is_told_of(desk: Desk) -> None:
    with pytest.raises(QueryError, match="lambda x: x"):
        desk.ask("SELECT list_transform([1], x -> x + 1)", TODAY)


def test_the_engine_alone_holds_what_a_gate_might_let_through() -> None:
    connection = engine.opened(5, "100MB")
    for sql in (
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "COPY (SELECT 1) TO '/tmp/stolen.csv'",
        "ATTACH '/tmp/stolen.db' AS stolen",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '100GB'",
        "SET lock_configuration = false",
        "RESET max_execution_time",
        "SELECT * FROM sql",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(sql)
    connection.close()


def test_a_snapshot_never_lies_on_a_disk(fresh: UserCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    desk = fresh.desk("tests")
    desk.ask("SELECT name, sum(home_amount) FROM transactions GROUP BY name", TODAY)
    pid = process_of(desk)._child.pid
    opened = [str(one.readlink()) for one in (Path("/proc") / str(pid) / "fd").iterdir()]
    assert [one for one in opened if one.startswith("/") and not one.startswith(("/dev/", "/proc/"))] == []
    assert list(tmp_path.iterdir()) == []


def test_today_is_the_day_where_the_person_is(desk: Desk) -> None:
    days = [desk.ask("SELECT today(), current_date", day).rows[0] for day in (TODAY, TODAY.replace(day=1))]
    assert days == [(TODAY, TODAY), (TODAY.replace(day=1), TODAY.replace(day=1))]


def test_money_is_exact(desk: Desk) -> None:
    ((told,),) = desk.ask("SELECT 9999999999999.9999::DECIMAL(38, 4) * 1", TODAY).rows
    assert told == Decimal("9999999999999.9999")
