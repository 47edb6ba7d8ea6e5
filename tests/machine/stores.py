"""On which database the whole app is tested: SQLite, or PostgreSQL for every screen and journey by one setting.

`FINTRACK_TEST_STORE=postgresql` (`make test STORE=postgresql`) says so. Without it, what is marked `both_stores` runs
on PostgreSQL too.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import Final

import pytest

SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"
EVERYWHERE: Final = os.environ.get("FINTRACK_TEST_STORE") or SQLITE
"""The database of what is not said to run on both."""
BOTH: Final = (
    [pytest.param(POSTGRESQL, marks=pytest.mark.postgres)]
    if EVERYWHERE == POSTGRESQL
    else [SQLITE, pytest.param(POSTGRESQL, marks=pytest.mark.postgres)]
)
"""What a fixture is given that runs on both; where everything is on PostgreSQL, once is enough."""


def check() -> None:
    """Refuse a setting that names no database that we know."""
    if EVERYWHERE not in {SQLITE, POSTGRESQL}:
        raise pytest.UsageError(f"FINTRACK_TEST_STORE is {SQLITE} or {POSTGRESQL}, not {EVERYWHERE}")


class Databases:
    """A PostgreSQL database for each data folder: who starts again on a folder finds what was there."""

    def __init__(self, make: Callable[[], AbstractContextManager[str]]) -> None:
        self._make = make
        self._urls: dict[Path, str] = {}
        self._kept = ExitStack()

    def of(self, folder: Path) -> str:
        """Return the address of the folder's database, which is made when it is first asked for."""
        if folder not in self._urls:
            self._urls[folder] = self._kept.enter_context(self._make())
        return self._urls[folder]

    def close(self) -> None:
        """Drop them all."""
        self._kept.close()


_open: Final[list[Databases]] = []


@contextmanager
def on_postgresql(make: Callable[[], AbstractContextManager[str]]) -> Iterator[None]:
    """Let `database_of` give databases that `make` makes; they are dropped at the end."""
    databases = Databases(make)
    _open.append(databases)
    try:
        yield
    finally:
        _open.remove(databases)
        databases.close()


def database_of(folder: Path) -> str:
    """Return what `DATABASE_URL` is for an app on this data folder: "" for the SQLite file in it."""
    return _open[-1].of(folder) if _open else ""
