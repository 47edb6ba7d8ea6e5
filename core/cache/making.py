"""Making a cache's database: in a file, so that a kill leaves the old one or the new one; or in memory."""

import contextlib
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import duckdb

from core.cache.files import connect, delete, held_elsewhere, is_held_elsewhere
from core.cache.filling import build, fingerprint, read_lineage
from core.cache.home import Home
from core.cache.reading import Snapshot, Standing


def reopened(path: Path, standing: Standing) -> Home | None:
    """Open the file at `path` if it is ours, whole, of this schema and not ahead of the store; else delete it.

    None when there is none, or another process holds it.
    """
    if not path.exists():
        return None
    connection = None
    try:
        connection = connect(path)
        lineage = read_lineage(connection)
        if lineage.schema == fingerprint() and lineage.owner == standing.owner and lineage.change <= standing.change:
            home = Home(connection, lineage.owner, lineage.change, path)
            home.settle()
            return home
    except (duckdb.Error, OSError) as failure:
        if isinstance(failure, duckdb.Error) and is_held_elsewhere(failure):
            return None
    if connection is not None:
        connection.close()
    with contextlib.suppress(OSError):
        delete(path)
    return None


def in_file(path: Path, snapshot: Snapshot, standing: Standing, make_way: Callable[[], None]) -> Home | None:
    """Build under another name, call `make_way` to have the old database closed, then rename.

    None when another process holds the file.

    Raises:
        duckdb.Error, OSError: it can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if held_elsewhere(path):
        return None
    _clear_away(path)
    name = uuid4().hex
    partial = path.with_name(f"{path.stem}.{name}.part")
    try:
        with contextlib.closing(connect(partial)) as connection:
            partial.chmod(0o600)
            build(connection, snapshot, standing, name)
            connection.execute("CHECKPOINT")
        make_way()
        delete(path)
        partial.rename(path)
    finally:
        delete(partial)
    connection = connect(path)
    lineage = read_lineage(connection)
    if (lineage.schema, lineage.name) != (fingerprint(), name):
        # Another part of this process has the old file open, and DuckDB gave us that one.
        connection.close()
        return None
    home = Home(connection, standing.owner, standing.change, path)
    home.settle()
    return home


def in_memory(snapshot: Snapshot, standing: Standing) -> Home:
    """Build in memory.

    Raises:
        duckdb.Error: there is not enough of it.
    """
    connection = connect(None)
    build(connection, snapshot, standing, uuid4().hex)
    return Home(connection, standing.owner, standing.change, None)


def _clear_away(path: Path) -> None:
    """Delete what builds that were killed left behind."""
    for stray in path.parent.glob(f"{path.stem}.*.part"):
        if not held_elsewhere(stray):
            delete(stray)
