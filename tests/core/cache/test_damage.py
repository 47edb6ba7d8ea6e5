"""A cache that was deleted, scribbled over, replaced or held by another process: the next answer is right."""

import os
import shutil
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from core.cache import Caches, UserCache, verify
from core.cache.files import connect, held_elsewhere, log_of
from core.errors import CacheError, NotFoundError
from core.store import Store, User, UserId, back_up
from tests.core.cache.money import add_person, added, edited, write

ROW = {"account": 0, "category": 1, "day": 3, "amount": Decimal("-4.20"), "name": "Coffee", "pending": False}
ROWS = 3000


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    """Keep to SQLite: what happens to a cache's file has nothing to do with the store's database."""
    return f"sqlite:///{tmp_path / 'fintrack.db'}"


@pytest.fixture
def person(store: Store) -> UserId:
    made = add_person(store)
    write(store, made, [added([ROW | {"day": day % 100, "name": f"Shop {day}"} for day in range(ROWS)])])
    return made


@pytest.fixture
def cache(store: Store, person: UserId, tmp_path: Path) -> Iterator[UserCache]:
    caches = Caches(tmp_path / "cache", store)
    yield caches.of(person)
    caches.close()


def the_file(tmp_path: Path, person: UserId) -> Path:
    return tmp_path / "cache" / f"user-{person}.duckdb"


def rows_of(cache: UserCache) -> int:
    return int(cache.ask("count")[0][0])


def zeroed(path: Path) -> None:
    path.write_bytes(b"")


def shortened(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def deleted(path: Path) -> None:
    path.unlink()


def made_text(path: Path) -> None:
    path.write_text("date,amount\n" * 500)


def made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replaced_by_another_database(path: Path) -> None:
    # Made elsewhere: DuckDB lends the open database to whoever connects to its path in the same process.
    other = path.with_name("other.duckdb")
    with connect(other) as connection:
        connection.execute("CREATE TABLE transactions (id INTEGER)")
    other.replace(path)


def replaced_by_another_version(path: Path) -> None:
    other = path.with_name("other.duckdb")
    shutil.copy(path, other)
    with connect(other) as connection:
        connection.execute("UPDATE lineage SET schema = 'of another version'")
        connection.execute("DELETE FROM transactions")
    other.replace(path)


def given_a_stale_log(path: Path) -> None:
    log_of(path).write_bytes(os.urandom(5000))
    os.utime(path)


def scribbled(at: float) -> Callable[[Path], None]:
    def damage(path: Path) -> None:
        with path.open("r+b") as file:
            file.seek(int(path.stat().st_size * at))
            file.write(os.urandom(300))

    damage.__name__ = f"scribbled_at_{at}"
    return damage


DAMAGE = [
    zeroed, shortened, deleted, made_text, made_a_folder, replaced_by_another_database, replaced_by_another_version,
    given_a_stale_log, *(scribbled(at) for at in (0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9)),
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_while_the_file_is_open_does_not_reach_an_answer(
    cache: UserCache, store: Store, person: UserId, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    assert rows_of(cache) == ROWS
    damage(the_file(tmp_path, person))
    assert rows_of(cache) == ROWS
    write(store, person, [added([ROW]), edited(2, amount=Decimal(9))])
    assert rows_of(cache) == ROWS + 1
    assert verify(cache, store) == []


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_while_it_was_closed_is_mended_in_the_file(
    cache: UserCache, store: Store, person: UserId, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    cache.refresh()
    cache.close()
    damage(the_file(tmp_path, person))
    write(store, person, [added([ROW]), edited(2, amount=Decimal(9))])
    assert rows_of(cache) == ROWS + 1
    assert verify(cache, store) == []
    cache.close()
    if damage is not made_a_folder:
        other = Caches(tmp_path / "cache", store).of(person)
        assert (other.refresh().rebuilt, verify(other, store)) == (False, [])
        other.close()


def test_damage_in_the_midst_of_several_questions_is_mended_on_the_way(
    cache: UserCache, person: UserId, tmp_path: Path
) -> None:
    # Closed and opened again, so that no block of the file is in memory yet.
    cache.refresh()
    cache.close()
    with cache.answering() as answer:
        assert answer("count", {}) == [(ROWS,)]
        path = the_file(tmp_path, person)
        size = path.stat().st_size
        with path.open("r+b") as file:
            for place in range(8192, size, 2048):
                file.seek(place)
                file.write(os.urandom(200))
        everything = {"first": 0, "last": 2**31 - 1}
        assert len(answer("verify_transactions", everything)) == ROWS
        assert answer("count", {}) == [(ROWS,)]


def test_a_question_that_is_wrong_does_not_cost_the_cache(cache: UserCache, person: UserId, tmp_path: Path) -> None:
    cache.refresh()
    before = the_file(tmp_path, person).stat().st_ino
    with pytest.raises(CacheError, match="verify_transactions"):
        cache.ask("verify_transactions", first="no number", last=3)
    with pytest.raises(KeyError):
        cache.ask("no_such_question")
    assert rows_of(cache) == ROWS
    assert the_file(tmp_path, person).stat().st_ino == before


def test_a_killed_build_leaves_nothing_that_counts(cache: UserCache, person: UserId, tmp_path: Path) -> None:
    cache.refresh()
    cache.close()
    path = the_file(tmp_path, person)
    stray = path.with_name(f"{path.stem}.0123.part")
    path.rename(stray)
    shutil.copy(stray, log_of(stray))
    assert cache.refresh().rebuilt
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name]


def test_a_restored_backup_is_not_taken_for_what_came_after_it(
    cache: UserCache, store: Store, person: UserId, tmp_path: Path
) -> None:
    backup = back_up(store, tmp_path / "backups", "test")
    write(store, person, [added([ROW | {"amount": Decimal(-1)}])])
    cache.refresh()
    cache.close()
    store.close()
    for name in ("fintrack.db-wal", "fintrack.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    shutil.copy(backup, tmp_path / "fintrack.db")
    for _ in range(2):
        write(store, person, [added([ROW | {"amount": Decimal(-2)}])])
    assert rows_of(cache) == ROWS + 2
    assert verify(cache, store) == []


def test_files_are_for_their_owner_only(cache: UserCache, person: UserId, tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        cache.refresh()
    finally:
        os.umask(mask)
    path = the_file(tmp_path, person)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_dropping_deletes_the_files_and_a_user_who_is_gone_has_no_cache(
    store: Store, person: UserId, tmp_path: Path
) -> None:
    caches = Caches(tmp_path / "cache", store)
    caches.of(person).refresh()
    caches.drop(person)
    assert list((tmp_path / "cache").iterdir()) == []
    cache = caches.of(person)
    cache.refresh()
    with store.write() as session:
        session.delete(session.get_one(User, person))
    with pytest.raises(NotFoundError):
        cache.ask("count")
    assert list((tmp_path / "cache").iterdir()) == []


def test_memory_serves_where_no_file_can_be(store: Store, person: UserId, tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("a file where the folder should be")
    for folder in (None, tmp_path / "in the way"):
        caches = Caches(folder, store)
        write(store, person, [edited(1, amount=Decimal(5))])
        assert verify(caches.of(person), store) == []
        write(store, person, [edited(1, amount=Decimal(6))])
        assert caches.of(person).refresh().rebuilt is False
        assert verify(caches.of(person), store) == []
        caches.close()


HOLDER = """
    import sys
    import threading
    from pathlib import Path
    from core.cache import Caches
    from core.store import Store, UserId

    store = Store(sys.argv[1])
    caches = Caches(Path(sys.argv[2]), store)
    cache = caches.of(UserId(int(sys.argv[3])))
    looking, over = threading.Event(), threading.Event()

    def look():
        with cache.answering() as answer:
            answer("count", {})
            looking.set()
            over.wait()

    for order in sys.stdin:
        if order.strip() == "look":
            threading.Thread(target=look, daemon=True).start()
            looking.wait()
            print(0, flush=True)
        if order.strip() == "count":
            print(cache.ask("count")[0][0], flush=True)
        if order.strip() == "rebuild":
            print(cache.rebuild().rows, flush=True)
    over.set()
    caches.close()
    store.close()
"""


@pytest.fixture
def neighbour(store: Store, person: UserId, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start another process that asks the same cache when it is told to."""
    arguments = [sys.executable, "-c", textwrap.dedent(HOLDER), str(store.url), str(tmp_path / "cache"), str(person)]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process
        if process.stdin and not process.stdin.closed:
            process.stdin.close()
        process.wait(30)


def told(process: subprocess.Popen[str], order: str) -> int:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(order + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def test_two_processes_answer_rightly_and_the_file_is_taken_over_when_free(
    cache: UserCache, store: Store, person: UserId, tmp_path: Path, neighbour: subprocess.Popen[str]
) -> None:
    assert told(neighbour, "count") == ROWS
    assert held_elsewhere(the_file(tmp_path, person))
    assert rows_of(cache) == ROWS
    write(store, person, [added([ROW])])
    assert (rows_of(cache), told(neighbour, "count")) == (ROWS + 1, ROWS + 1)
    assert cache._home is not None
    assert cache._home.path is None
    assert neighbour.stdin is not None
    neighbour.stdin.close()
    assert neighbour.wait(30) == 0
    write(store, person, [added([ROW])])
    assert rows_of(cache) == ROWS + 2
    assert cache._home.path == the_file(tmp_path, person)
    assert verify(cache, store) == []


def test_a_rebuild_in_one_process_reaches_the_other(
    cache: UserCache, store: Store, person: UserId, tmp_path: Path, neighbour: subprocess.Popen[str]
) -> None:
    assert rows_of(cache) == ROWS
    before = the_file(tmp_path, person).stat().st_ino
    assert told(neighbour, "rebuild") == ROWS
    assert the_file(tmp_path, person).stat().st_ino != before
    assert (rows_of(cache), told(neighbour, "count")) == (ROWS, ROWS)
    write(store, person, [added([ROW])])
    assert (rows_of(cache), told(neighbour, "count")) == (ROWS + 1, ROWS + 1)
    assert verify(cache, store) == []


def test_what_waits_in_the_log_outlives_a_kill(
    cache: UserCache,
    store: Store,
    person: UserId,
    tmp_path: Path,
    neighbour: subprocess.Popen[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("core.cache.home.LOG", 0)
    assert told(neighbour, "count") == ROWS
    told(neighbour, "look")
    write(store, person, [added([ROW]), edited(2, amount=Decimal(9))])
    assert told(neighbour, "count") == ROWS + 1
    assert log_of(the_file(tmp_path, person)).stat().st_size > 0
    assert stat.S_IMODE(log_of(the_file(tmp_path, person)).stat().st_mode) == 0o600
    neighbour.kill()
    neighbour.wait(30)
    state = cache.refresh()
    assert (state.rebuilt, state.rows) == (False, ROWS + 1)
    assert verify(cache, store) == []
    assert not log_of(the_file(tmp_path, person)).exists()


@pytest.mark.parametrize("left", [1, 0.9, 0.3, None])
def test_news_that_wait_are_followed_once_more_where_the_log_was_torn_with_the_kill(
    cache: UserCache,
    store: Store,
    person: UserId,
    tmp_path: Path,
    neighbour: subprocess.Popen[str],
    left: float | None,
) -> None:
    assert told(neighbour, "count") == ROWS
    for count in range(1, 6):
        write(store, person, [added([ROW]), edited(2, amount=Decimal(9 + count))])
        assert told(neighbour, "count") == ROWS + count
    log = log_of(the_file(tmp_path, person))
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    neighbour.kill()
    neighbour.wait(30)
    if left is None:
        words = bytearray(log.read_bytes())
        words[len(words) // 2] ^= 255
        log.write_bytes(words)
    else:
        os.truncate(log, int(log.stat().st_size * left))
    assert rows_of(cache) == ROWS + 5
    assert cache._home is not None
    assert cache._home.path is not None
    assert verify(cache, store) == []
