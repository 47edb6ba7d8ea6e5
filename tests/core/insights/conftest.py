"""A person who plans, and a mail server."""

from collections.abc import Iterator

import pytest

from core.store import Store
from tests.core.identity.conftest import mailbox, smtp
from tests.core.planning.money import Planner, planner

__all__ = ["mailbox", "smtp"]


@pytest.fixture
def person(store: Store) -> Iterator[Planner]:
    found = planner(store)
    yield found
    found.caches.close()
