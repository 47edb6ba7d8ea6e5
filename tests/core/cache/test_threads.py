"""Many readers and writers at once, as many tabs and a sync are: every answer is of one moment, and none is old."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from core.analytics import overview
from core.cache import Caches, verify
from core.store import Store
from tests.core.cache.money import START, TYPES, account_edited, add_person, added, edited, write

READERS = 6
ROUNDS = 25
TOLD_AT = datetime(2026, 3, 31, 15, tzinfo=UTC)
CONDITIONS = (
    "accounts", "categories", "since", "until", "least", "most", "pending", "kinds", "wordings", "words", "tags",
    "hidden", "split", "merchant", "currency", "weekday", "tagged", "abroad_since",
)  # fmt: skip
EVERYTHING = dict.fromkeys(CONDITIONS)
ROW = {"account": 0, "category": 1, "day": 3, "amount": Decimal(-1), "name": "Coffee", "pending": False}


@pytest.mark.parametrize("on_disk", [True, False])
def test_readers_see_whole_writes_and_never_an_older_one(store: Store, tmp_path: Path, *, on_disk: bool) -> None:
    person = add_person(store)
    cache = Caches(tmp_path / "cache" if on_disk else None, store).of(person)
    stop = threading.Event()
    written = 0

    def read() -> int:
        seen = answers = 0
        while not stop.is_set() or not answers:
            least = written
            with cache.answering() as answer:
                days = answer("filtered_days", EVERYTHING)
                ((known, *_),) = answer("facts", {})
            count = sum(rows for day, _, rows, *_ in days if day is not None)
            # Rows come in tens, all at once; two questions of one answering are about the same moment.
            assert count % 10 == 0
            assert count == known
            assert sum(outflow for day, _, _, _, outflow, *_ in days if day is None) == -count
            assert count >= max(seen, least), "an answer was older than the one before, or than what was kept"
            seen, answers = count, answers + 1
        return answers

    with ThreadPoolExecutor(READERS) as pool:
        readers = [pool.submit(read) for _ in range(READERS)]
        for turn in range(ROUNDS):
            write(store, person, [added([ROW | {"day": (turn * 10 + number) % 100} for number in range(10)])])
            written += 10
        stop.set()
        answers = [reader.result(60) for reader in readers]
    assert min(answers) > 0
    assert cache.refresh().rows == ROUNDS * 10
    assert verify(cache, store) == []
    cache.close()


def test_an_overview_is_of_one_moment_while_others_write_delete_and_rebuild(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    caches = Caches(tmp_path, store)
    cache = caches.of(person)
    cache.refresh()
    today = START + timedelta(days=3)
    harmed, done = threading.Event(), threading.Event()

    def read() -> int:
        answers = seen = 0
        while not done.is_set() or not answers:
            with cache.answering():
                view = overview(cache, today, TOLD_AT)
                time.sleep(0.05)
                assert overview(cache, today, TOLD_AT) == view
            # Each row is one dollar spent today: every figure counts the same rows.
            spent = [sum(one.spent for one in view.categories), sum(amount for _, amount in view.daily)]
            assert [-view.month.spending, *spent, -sum(one.spending for one in view.cash_flow)] == [view.rows] * 4
            assert len(view.recent) == min(view.rows, 10)
            assert view.rows >= seen
            seen, answers = view.rows, answers + 1
        return answers

    def add() -> int:
        writes = 0
        while not harmed.is_set():
            write(store, person, [added([ROW | {"category": 3}])])
            time.sleep(0.01)
            writes += 1
        return writes

    def harm() -> None:
        for turn in range(4):
            time.sleep(0.4)
            if turn % 2:
                cache.rebuild()
            else:
                for path in tmp_path.glob("user-*.duckdb"):
                    path.unlink(missing_ok=True)
        time.sleep(0.4)
        harmed.set()

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        writers = [pool.submit(add) for _ in range(2)]
        pool.submit(harm).result(60)
        writes = sum(writer.result(60) for writer in writers)
        done.set()
        assert min(reader.result(60) for reader in readers) > 0
    assert overview(cache, today).rows == writes
    assert verify(cache, store) == []
    caches.close()


def test_a_reader_in_the_way_costs_no_rebuild(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    write(store, person, [added([ROW] * 2000)])
    caches = Caches(tmp_path, store)
    cache = caches.of(person)
    cache.refresh()
    looking, looked = threading.Event(), threading.Event()

    def read() -> int:
        with cache.answering() as answer:
            before = answer("count", {})
            looking.set()
            looked.wait(60)
            assert answer("count", {}) == before
            return int(before[0][0])

    with ThreadPoolExecutor(1) as pool:
        reader = pool.submit(read)
        looking.wait(60)
        try:
            for turn in range(1, 4):
                write(store, person, [added([ROW] * 10), edited(turn, amount=Decimal(turn))])
                state = cache.refresh()
                assert (state.rebuilt, state.rows) == (False, 2000 + turn * 10)
        finally:
            looked.set()
        assert reader.result(60) == 2000
    assert verify(cache, store) == []
    caches.close()
    again = Caches(tmp_path, store)
    assert again.of(person).refresh().rebuilt is False
    assert verify(again.of(person), store) == []
    again.close()


def test_edits_one_after_another_cost_no_rebuild(store: Store, tmp_path: Path) -> None:
    person = add_person(store)
    write(store, person, [account_edited(place, currency="USD") for place in range(len(TYPES))])
    write(store, person, [added([ROW] * 2000)])
    caches = Caches(tmp_path, store)
    cache = caches.of(person)
    cache.refresh()
    # Nothing but rows changes, and no rate is looked for: what else a cache holds is as it was written last.
    for turn in range(1, 5):
        write(store, person, [edited(turn, amount=Decimal(turn))])
        assert cache.refresh().rebuilt is False
    assert verify(cache, store) == []
    caches.close()
