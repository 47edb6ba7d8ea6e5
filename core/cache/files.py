"""The file of a cache: opening it shut off from the outside, telling how it looks, and what its failures mean."""

import os
from pathlib import Path
from typing import Final

import duckdb

CONFIG: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    # The last few rows of a scan are had sooner at once than by a second look at the table, which has to be planned.
    "late_materialization_max_rows": 0,
    "memory_limit": "1GB",
    "threads": min(4, os.cpu_count() or 1),
}

Trace = tuple[int, int, int]
"""How a file looks from outside: inode, size, time of the last write."""

_MISTAKES: Final = (
    duckdb.BinderException,
    duckdb.CatalogException,
    duckdb.ConversionException,
    duckdb.InvalidInputException,
    duckdb.OutOfRangeException,
    duckdb.ParserException,
)
"""What a wrong question is told; a file of another schema can say the same."""


def connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    """Open a database file, or one in memory."""
    return duckdb.connect(str(path) if path else ":memory:", config=CONFIG)


def is_held_elsewhere(failure: duckdb.Error) -> bool:
    """Tell whether opening failed because another process has the file open."""
    return "Could not set lock" in str(failure)


def is_mistake(failure: duckdb.Error) -> bool:
    """Tell whether the question may be at fault; everything else that is no lack of memory is damage."""
    return isinstance(failure, _MISTAKES)


def held_elsewhere(path: Path) -> bool:
    """Tell whether another process has this file open."""
    if not path.exists():
        return False
    try:
        connect(path).close()
    except duckdb.Error as failure:
        return is_held_elsewhere(failure)
    return False


def trace_of(path: Path) -> Trace | None:
    """Return how the file looks; None when it can't be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def inode_of(path: Path) -> int | None:
    """Return which file lies there; None when none can be seen."""
    trace = trace_of(path)
    return trace[0] if trace else None


def delete(path: Path) -> None:
    """Delete a database file and its write-ahead log: a stale log blocks opening the next one.

    Raises:
        OSError: it can't be deleted.
    """
    for one in (path, log_of(path)):
        one.unlink(missing_ok=True)


def log_of(path: Path) -> Path:
    """Return where DuckDB keeps the write-ahead log of a file."""
    return path.with_name(path.name + ".wal")
