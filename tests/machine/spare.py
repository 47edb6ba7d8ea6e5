"""A database on PostgreSQL that tests use one after another: to put it right takes less than half of making one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from os import getpid
from typing import Any, Final, LiteralString
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

MOST_BYTES: Final = 4 << 20
"""A table above this keeps room for rows that are gone: the database is made anew."""
SECONDS: Final = 2
"""How long the connections of a test may take to end, and a lock to be had."""
STRUCTURE: Final[LiteralString] = """
    SELECT count(*), max(oid::bigint), max(xmin::text::bigint) FROM pg_class
    UNION ALL SELECT count(*), max(attrelid::bigint), max(xmin::text::bigint) FROM pg_attribute
    UNION ALL SELECT count(*), max(oid::bigint), max(xmin::text::bigint) FROM pg_constraint
    UNION ALL SELECT count(*), max(oid::bigint), max(xmin::text::bigint) FROM pg_trigger
    UNION ALL SELECT count(*), max(oid::bigint), max(xmin::text::bigint) FROM pg_namespace"""
"""Any other answer tells that a table, column, constraint or index came, went or changed."""
_made: Final = count(1)


class Spare:
    """One database like `model` on a server, lent to a test at a time.

    After each it holds the rows and the next numbers of the model again; where that can't be had for certain (the
    structure has changed, a table has grown, a connection stays), the next one is given a new database.
    """

    def __init__(self, server: str, model: str) -> None:
        self._server = server
        self._model = model
        self._name = ""
        self._open: psycopg.Connection[Any] | None = None

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend it; yields its SQLAlchemy URL."""
        if self._open is None:
            self._make()
        right = False
        try:
            yield self._url("postgresql+psycopg")
            right = self._put_right()
        finally:
            if not right:
                self.drop()

    def drop(self) -> None:
        """Drop the database, whoever is connected; the next who asks is given a new one."""
        if self._open is None:
            return
        self._open.close()
        self._open = None
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(self._name)))

    def _url(self, scheme: str) -> str:
        return urlsplit(self._server)._replace(scheme=scheme, path=f"/{self._name}").geturl()

    def _make(self) -> None:
        self._name = f"fintrack_spare_{getpid()}_{next(_made)}"
        names = (sql.Identifier(self._name), sql.Identifier(self._model))
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names))
        self._open = opened = psycopg.connect(self._url("postgresql"), autocommit=True)
        opened.execute(sql.SQL("SET lock_timeout = {}").format(SECONDS * 1000))
        self._structure = opened.execute(STRUCTURE).fetchall()
        found = opened.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        self._filled = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(name, sql.Identifier(name)) for (name,) in found
        )
        self._rows = {name: self._copy_out(opened, name) for name in self._names_with_rows(opened)}
        sequences = opened.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'").fetchall()
        self._next = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, last_value, is_called FROM {}").format(name, sql.Identifier(name))
            for (name,) in sequences
        )
        self._numbers = set(opened.execute(self._next))

    def _put_right(self) -> bool:
        opened = self._open
        if opened is None:
            return False
        try:
            if not self._left_alone(opened) or opened.execute(STRUCTURE).fetchall() != self._structure:
                return False
            largest = "SELECT max(pg_relation_size(oid)) FROM pg_class WHERE relkind IN ('r', 't')"
            if opened.execute(largest).fetchall()[0][0] > MOST_BYTES:
                return False
            with opened.transaction():
                # What is deleted is all that there is: no need to look for what refers to it.
                opened.execute("SET LOCAL session_replication_role = replica")
                for name in {*self._names_with_rows(opened), *self._rows}:
                    opened.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
                for name, rows in self._rows.items():
                    with opened.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))) as into:
                        into.write(rows)
                moved = {name for name, *_ in set(opened.execute(self._next)) - self._numbers}
                for name, last, called in self._numbers:
                    if name in moved:
                        opened.execute("SELECT setval(quote_ident(%s), %s, %s)", (name, last, called))
        except psycopg.Error:
            return False
        return True

    @staticmethod
    def _left_alone(opened: psycopg.Connection[Any]) -> bool:
        """Tell whether every other connection has ended: one that stays could write into what the next test is lent."""
        others = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        deadline = time.monotonic() + SECONDS
        while opened.execute(others).fetchall()[0][0]:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)
        return True

    def _names_with_rows(self, opened: psycopg.Connection[Any]) -> list[str]:
        return [str(name) for (name,) in opened.execute(self._filled)]

    @staticmethod
    def _copy_out(opened: psycopg.Connection[Any], name: str) -> bytes:
        with opened.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))) as out:
            return b"".join(out)
