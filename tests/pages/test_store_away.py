"""A database server that goes away while screens are open: a sentence on each, and everything again once it is back."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg
import pytest
from psycopg import sql

from core.runtime import Runtime
from core.store import UserId
from tests.machine.stores import POSTGRESQL
from tests.pages.conftest import Open
from tests.pages.test_settings import press

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.parametrize("house", [POSTGRESQL], indirect=True, scope="session"),
]

AWAY = "The database server does not answer"
Gone = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def gone(house: Runtime, postgres_server: str) -> Iterator[Gone]:
    """Return what ends every connection to the house's database, and lets nobody in until its block ends."""
    name = sql.Identifier(house.store.url.database or "")
    allow = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    with psycopg.connect(postgres_server, autocommit=True) as server:

        @contextmanager
        def away() -> Iterator[None]:
            server.execute(allow.format(name, sql.SQL("false")))
            end = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s"
            server.execute(end, (house.store.url.database,))
            try:
                yield
            finally:
                server.execute(allow.format(name, sql.SQL("true")))

        yield away


@pytest.mark.parametrize("screen", ["overview", "transactions", "budgets", "query", "settings"])
def test_a_screen_says_that_the_server_is_away_and_is_there_again_with_it(
    open_screen: Open, demo_person: UserId, gone: Gone, screen: str
) -> None:
    app = open_screen(screen, demo_person)
    titles = [one.value for one in app.title]
    assert titles
    with gone():
        app.run()
        assert not app.exception
        (said,) = app.error
        assert said.value.startswith(AWAY)
        assert not app.title
    app.run()
    assert not app.exception
    assert not app.error
    assert [one.value for one in app.title] == titles


def test_what_is_pressed_meanwhile_says_so_and_is_not_half_done(
    open_screen: Open, demo_person: UserId, gone: Gone
) -> None:
    app = open_screen("overview", demo_person)
    with gone():
        press(app, "Sign out")
        assert not app.exception
        assert [one.value.startswith(AWAY) for one in app.error] == [True]
    app.run()
    assert "Net worth" in [one.label for one in app.metric]
