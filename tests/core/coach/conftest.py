"""One demo household for all tests of the coach that only read."""

from collections.abc import Iterator

import pytest

from core import clock
from core.coach import Scope
from tests.core.coach.household import NOON, demo_scope


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
