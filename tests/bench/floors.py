"""The least that a road in can cost: bytes parsed, and the same rows put into a plain SQLite table with its indexes."""

import gc
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import duckdb
import orjson
import pyarrow as pa

from core.store import Store
from core.store.engine import WRITERS_KIB

LIKE_OURS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA temp_store = MEMORY",
    f"PRAGMA cache_size = -{WRITERS_KIB}",
)


def parsing(pages: Iterable[bytes]) -> float:
    """Return the seconds that orjson takes to parse pages."""
    read = list(pages)

    def parse() -> None:
        for page in read:
            orjson.loads(page)

    return timed(parse)


def inserting(store: Store, path: Path) -> float:
    """Return the seconds that the store's transactions take into a new file at `path`, with the same indexes."""
    with store.raw() as connection:
        made = [
            sql
            for (sql,) in connection.execute(
                "SELECT sql FROM sqlite_master WHERE tbl_name = 'transactions' AND sql IS NOT NULL ORDER BY type DESC"
            )
        ]
        rows = connection.execute("SELECT * FROM transactions ORDER BY id").fetchall()
    beside = sqlite3.connect(path, isolation_level=None)
    for sql in (*LIKE_OURS, *made):
        beside.execute(sql)
    marks = ", ".join("?" * len(rows[0]))

    def insert() -> None:
        beside.execute("BEGIN IMMEDIATE")
        beside.executemany(f"INSERT INTO transactions VALUES ({marks})", rows)
        beside.execute("COMMIT")

    seconds = timed(insert)
    beside.close()
    path.unlink()
    return seconds


def inserting_columns(rows: pa.Table, path: Path) -> float:
    """Return the seconds that rows take from Arrow into a new DuckDB file at `path`."""
    beside = duckdb.connect(str(path))
    beside.register("incoming", rows)
    seconds = timed(lambda: beside.execute("CREATE TABLE rows AS FROM incoming").execute("CHECKPOINT"))
    beside.close()
    path.unlink()
    return seconds


def timed(work: Callable[[], Any]) -> float:
    """Return the seconds that some work takes while Python collects no garbage: the least is asked for."""
    gc.disable()
    try:
        start = perf_counter()
        work()
        return perf_counter() - start
    finally:
        gc.enable()
