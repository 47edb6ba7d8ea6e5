"""A real store for every test of the core, on each database that is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.ledger import ensure_categories
from core.store import Store, migrate


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[Store]:
    """Open a migrated store with the built-in categories."""
    opened = Store(store_url)
    migrate(opened, tmp_path / "backups")
    ensure_categories(opened)
    yield opened
    opened.close()
