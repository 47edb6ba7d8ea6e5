"""One demo household for all tests of the coach that only read."""

import ssl
from collections.abc import Iterator
from functools import cache
from typing import Final

import pytest

from core import clock
from core.coach import Scope
from tests.core.coach.household import NOON, demo_scope

_context: Final = cache(ssl.create_default_context)


@pytest.fixture(autouse=True, scope="module")
def _certificates_read_once() -> Iterator[None]:
    """Read the machine's certificates once, not for each client of a model: all that is asked here is on loopback."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", _context)
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scope]:
    """Make the demo household."""
    with demo_scope(tmp_path_factory.mktemp("coach")) as opened:
        yield opened


@pytest.fixture
def scope(demo: Scope) -> Iterator[Scope]:
    """Return whose money is asked about: the demo household, while it is 20 March 2026."""
    with clock.frozen(NOON):
        yield demo
