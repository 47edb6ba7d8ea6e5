"""A real store for every test of the core, on each database that is there."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from core.ledger import ensure_categories
from core.store import Store, migrate
from tests.conftest import empty_database
from tests.machine.spare import Spare


def _migrate(url: str, folder: Path) -> None:
    opened = Store(url)
    migrate(opened, folder)
    ensure_categories(opened)
    opened.close()


@pytest.fixture(scope="session")
def sqlite_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated SQLite store with the built-in categories: to copy it takes a tenth of the time to make it."""
    path = tmp_path_factory.mktemp("model") / "fintrack.db"
    _migrate(f"sqlite:///{path}", path.parent)
    return path


@pytest.fixture(scope="session")
def postgres_spare(postgres_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spare]:
    """Return such a store on PostgreSQL, which is put right after each test that used it."""
    with empty_database(postgres_server) as url:
        _migrate(url, tmp_path_factory.mktemp("model"))
        spare = Spare(postgres_server, urlsplit(url).path[1:])
        yield spare
        spare.drop()


@pytest.fixture
def store(store_url: str, request: pytest.FixtureRequest) -> Iterator[Store]:
    """Open a migrated store with the built-in categories; on PostgreSQL its database was made so."""
    if store_url.startswith("sqlite"):
        shutil.copy(request.getfixturevalue("sqlite_model"), store_url.removeprefix("sqlite:///"))
    opened = Store(store_url)
    yield opened
    opened.close()
