"""The query process: alone with a snapshot, without environment, files or ways out, and ended when it takes too long.

It is started by `process.py` as an interpreter of its own that imports only this folder. It reads messages from its
input and answers each on its output with one of JSON.
"""

import datetime as dt
import json
import os
import resource
import signal
import sys
from typing import Any, Final

import duckdb
import pyarrow as pa

from core.cache.querying.engine import answer, fill, opened, set_today
from core.cache.querying.frames import framed, read_frame
from core.errors import QueryError

MEMORY: Final = "768MB"
ROOM: Final = 1536 * 1024 * 1024
"""Bytes of address space that a query gets beyond what is taken when it begins."""
THREADS: Final = 2
FILES: Final = 64


def serve() -> None:
    """Answer until the app closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit()
    source = sys.stdin.buffer
    connection: duckdb.DuckDBPyConnection | None = None
    while (message := read_frame(source.read)) is not None:
        order = json.loads(message)
        if order["do"] == "fill":
            if connection is not None:
                connection.close()
            tables = {name: _table(read_frame(source.read)) for name in order["tables"]}
            _room(resource.RLIM_INFINITY)
            connection = opened(order["seconds"], MEMORY)
            fill(connection, tables)
            del tables
            reply: dict[str, Any] = {"done": True}
        else:
            reply = _asked(connection, order)
        said = json.dumps(reply).encode()
        sys.stdout.buffer.write(framed(said))
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()


def _asked(connection: duckdb.DuckDBPyConnection | None, order: dict[str, Any]) -> dict[str, Any]:
    if connection is None:
        return {"refused": ["The query can't be answered now.", "Try again.", None]}
    _room(_taken() + ROOM)
    # The app ends a process that takes too long; the system does when the app is gone.
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime + order["seconds"] * THREADS + THREADS
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), resource.RLIM_INFINITY))
    try:
        set_today(connection, dt.date.fromisoformat(order["today"]))
        return answer(connection, order["sql"], order["most"])
    except QueryError as failure:
        return {"refused": [failure.words, failure.hint, failure.place]}
    except MemoryError:
        return {"refused": ["This query needs more memory than one may take.", "Ask for a shorter span.", None]}
    except Exception:  # noqa: BLE001 - whatever is typed gets a sentence, and a process in doubt is given up
        return {"refused": ["The query can't be answered.", "Write it in another way.", None], "doubt": True}


def _limit() -> None:
    """Give up what the process never needs: to write files, to leave a picture of its memory, to start others."""
    for what, most in (
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, FILES),
    ):
        resource.setrlimit(what, (most, most))
    os.umask(0o077)


def _room(most: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def _taken() -> int:
    with open("/proc/self/statm", "rb") as told:  # noqa: PTH123 - one read, before every query
        return int(told.read().split()[0]) * resource.getpagesize()


def _table(message: bytes | None) -> pa.Table:
    if message is None:
        raise SystemExit(0)
    return pa.ipc.open_stream(message).read_all()
