"""Many readers and writers at once, as many tabs and a sync are: every answer is of one moment, and none is old."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from core.cache import Caches, verify
from core.config import ROOT
from core.store import Store
from tests.core.cache.money import add_person, added, write

READERS = 6
ROUNDS = 25
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
                days = answer("all_days", {})
                ((rows, *_),) = answer("facts", {})
            count = sum(day[2] for day in days)
            # Rows come in tens, all at once; two questions of one answering are about the same moment.
            assert count % 10 == 0
            assert count == rows
            assert sum(day[4] for day in days) == -count
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


def test_every_question_has_a_use_and_every_use_a_question() -> None:
    asked = "\n".join(path.read_text("utf-8") for path in (ROOT / "core").rglob("*.py"))
    for path in (ROOT / "core" / "cache" / "queries").glob("*.sql"):
        name = path.stem.removeprefix("verify_")
        assert f'"{path.stem}"' in asked or ('"verify_{' in asked and f'"{name}"' in asked), path.name
        head = path.read_text("utf-8").splitlines()[0]
        assert head.startswith("-- Question: "), path.name
