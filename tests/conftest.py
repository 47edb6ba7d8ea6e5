"""What every test can ask for, and two rules: no test leaves this machine, no test touches the person's own data."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn
from urllib.parse import urlsplit

import pytest

from tests.machine import postgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SHARED: Final = Path(os.environ.get("FINTRACK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
LOOPBACK: Final = ("127.", "::1", "localhost")
SERVER: Final = "FINTRACK_TEST_DATABASE_URL"
"""Where `DATABASE_URL` is kept during the tests, so that only those who ask for PostgreSQL run on it."""
SETTINGS: Final = ("PLAID_", "GEMINI_", "OPENAI_", "ANTHROPIC_", "VONAGE_", "SMTP_", "DATABASE_URL", "ALLOW_SIGN_UP")
_made: Final = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Start from an empty configuration and a data folder of our own, here and in every process that tests start."""
    if url := os.environ.get("DATABASE_URL"):
        os.environ[SERVER] = url
    for name in [name for name in os.environ if name.upper().startswith(SETTINGS)]:
        del os.environ[name]
    folder = tempfile.mkdtemp(prefix="fintrack-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["FINTRACK_DATA_DIR"] = folder
    os.environ["FINTRACK_ENV_FILE"] = os.devnull


def missing(reason: str) -> NoReturn:
    """Skip what can't run on this machine; in CI, where everything has to run, fail."""
    if os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI skips nothing")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of real bank files and Plaid's sandbox users; skip where it is absent."""
    if not (SHARED / "statements").is_dir():
        pytest.skip("the real bank files are not on this machine")
    return SHARED


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise PermissionError(f"a test tried to reach {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the URL of a real PostgreSQL: the one in `DATABASE_URL`, else one of our own."""
    if url := os.environ.get(SERVER):
        yield url
        return
    try:
        running = postgres.server()
        url = running.__enter__()
    except postgres.AbsentError as reason:
        missing(str(reason))
    yield url
    running.__exit__(None, None, None)


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """Make an empty PostgreSQL database for one test; return its SQLAlchemy URL."""
    import psycopg

    name = f"fintrack_test_{os.getpid()}_{next(_made)}"
    parts = urlsplit(postgres_server)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")  # type: ignore[arg-type]
        yield parts._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty store of one test: a SQLite file, then a real PostgreSQL database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fintrack.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """Return a real, headless Chromium, to be used as Playwright's `Browser`; mark the test `browser`."""
    from playwright.sync_api import sync_playwright

    from tests.machine.browser import FLAGS, find

    path = find()
    if not path:
        missing("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield launched
        launched.close()
