"""Roads in: a bank's history, the cache made anew and brought up. Each beside the least it can cost, in one run."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Final

import pytest
from sqlalchemy import text

from core.cache import Caches
from core.cache.reading import TRANSACTIONS, Snapshot
from core.config import ROOT, Settings
from core.runtime import open_runtime
from core.store import Store, UserId
from tests.bench.conftest import Figures, paired, sizes
from tests.bench.floors import inserting_columns
from tests.bench.rows import filled_store
from tests.core.ledger.household import add_person

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]

SYNCED: Final = [one for one in sizes() if one <= 100_000]
"""No bank tells more at once."""
CHANGED: Final = 500
TURNS: Final = 5


@contextmanager
def bank(rows: int) -> Iterator[str]:
    """Serve one bank whose pages are made before, from another process: its time is not ours."""
    command = [sys.executable, "-m", "tests.bench.slow_bank", "1", str(rows), "0"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
        assert server.stdin is not None
        server.stdin.close()


@pytest.mark.parametrize("count", SYNCED)
def test_first_sync(tmp_path: Path, figures: Figures, count: int) -> None:
    taken: list[dict[str, float]] = []
    with bank(count) as url:
        for turn in range(3):
            folder = tmp_path / str(turn)
            house = open_runtime(Settings(fintrack_data_dir=folder))
            user = add_person(house.store)
            house.close()
            done = subprocess.run(
                [sys.executable, "-m", "tests.bench.reader", str(folder), url, str(user), "access-0"],
                cwd=ROOT, capture_output=True, text=True, check=True, timeout=600,
            )  # fmt: skip
            taken.append(json.loads(done.stdout))
            assert taken[-1]["rows"] == taken[-1]["cached"] == count
    middle = {name: median(one[name] for one in taken) for name in taken[0]}
    name = f"sync of {count:,} rows"
    figures.add(f"{name}: into the store", middle["store"], "s")
    figures.add(f"{name}: pages parsed by orjson", middle["parsing"], "s")
    figures.add(f"{name}: rows into plain SQLite", middle["inserting"], "s")
    figures.add(f"{name}: pages read from the stand-in, no more", middle["reading"], "s")
    figures.add(
        f"{name}: times parsing and inserting", middle["store"] / (middle["parsing"] + middle["inserting"]), "x"
    )
    figures.add(f"{name}: then into the cache", middle["cache"], "s")
    figures.add(f"{name}: largest memory of the process", max(one["peak"] for one in taken), "MB")


@pytest.fixture(scope="module", params=sizes())
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, UserId]]:
    store, user = filled_store(tmp_path_factory.mktemp("roads"), request.param)
    yield store, user
    store.close()


def test_the_cache_follows_the_store(filled: tuple[Store, UserId], tmp_path: Path, figures: Figures) -> None:
    store, user = filled
    caches = Caches(tmp_path / "cache", store)
    cache = caches.of(user)
    count = cache.refresh().rows

    def read() -> None:
        with store.raw() as connection:
            cursor = connection.execute(TRANSACTIONS.asked(int(user), in_order=True))
            while cursor.fetchmany(10_000):
                pass

    rounds = 3 if count < 1_000_000 else 1
    rebuilt, alone = paired(rounds, cache.rebuild, read)
    with store.raw() as connection:
        columns = Snapshot(connection, user, is_sqlite=True).whole(TRANSACTIONS)
    floor = median(inserting_columns(columns, tmp_path / "beside.duckdb") for _ in range(rounds))
    del columns
    figures.add(f"cache of {count:,} rows: made anew", rebuilt, "s")
    figures.add(f"cache of {count:,} rows: the same rows read by sqlite3 alone", alone, "s")
    figures.add(f"cache of {count:,} rows: put from Arrow into plain DuckDB", floor, "s")
    figures.add(f"cache of {count:,} rows: times reading alone", rebuilt / alone, "x")
    dice, times = Random(7), []
    for turn in range(TURNS):
        change_some(store, dice.sample(range(1, count + 1), CHANGED), turn + 10)
        start = perf_counter()
        state = cache.refresh()
        times.append(perf_counter() - start)
        assert count < 100_000 or not state.rebuilt
    figures.add(f"cache of {count:,} rows: {CHANGED} changes followed", median(times) * 1000, "ms")
    figures.add(
        f"cache of {count:,} rows: size of its file", next((tmp_path / "cache").iterdir()).stat().st_size / 1e6, "MB"
    )
    caches.close()


def change_some(store: Store, ids: list[int], change: int) -> None:
    """Change some rows of all years, as a sync does."""
    with store.write() as session:
        session.execute(text("UPDATE users SET last_change = :change"), {"change": change})
        session.execute(
            text("UPDATE transactions SET amount = amount - 100, change = :change WHERE id = :id"),
            [{"change": change, "id": one} for one in ids],
        )
