"""Compiled SQL that all stores of a run share: each test opens stores of its own, on the same few kinds of database.

SQLAlchemy keeps it with the engine, and would compile the same statements for every test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import Dialect, Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

KEPT: Final = 4000
"""Statements; the tests of one process ask some two thousand."""


@contextmanager
def shared() -> Iterator[None]:
    """Let every engine find what another one of the same driver has compiled."""
    known: LRUCache[Any, Any] = LRUCache(KEPT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_compiled_cache", property(lambda _: known, lambda _, _own: None), raising=False)
        for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
            # What is compiled is kept by dialect, and two of the same driver and version write the same SQL.
            patch.setattr(dialect, "__eq__", lambda one, other: _driver(one) == _driver(other), raising=False)
            patch.setattr(dialect, "__hash__", lambda one: hash(_driver(one)), raising=False)
        yield


def _driver(dialect: Dialect) -> tuple[Any, ...]:
    return type(dialect), id(dialect.dbapi), dialect.paramstyle
