"""What every test can ask for, and two rules: no test leaves this machine, no test touches the person's own data."""

import atexit
import gc
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

from tests.machine import memory, postgres, statements, stores

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytest_plugins: Final = ["tests.standins.plaid.fixture"]
SHARED: Final = Path(os.environ.get("FINTRACK_SHARED", Path(__file__).resolve().parents[2] / "shared"))
LOOPBACK: Final = ("127.", "::1", "localhost")
SERVER: Final = "FINTRACK_TEST_DATABASE_URL"
"""Where `DATABASE_URL` is kept during the tests, so that only those who ask for PostgreSQL run on it."""
SETTINGS: Final = (
    "PLAID_", "COACH_", "GEMINI_", "OPENAI_", "ANTHROPIC_", "VONAGE_", "SMTP_", "OIDC_", "DATABASE_URL",
    "ALLOW_SIGN_UP", "FINTRACK_ENCRYPT", "FINTRACK_KEY", "FINTRACK_PASSPHRASE", "FINTRACK_RECOVERY_KEY",
    "FINTRACK_BACKUP",
)  # fmt: skip
# On busy cores making an example may take seconds: that says nothing of what is tested.
settings.register_profile("busy machine", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("busy machine")
REASON: Final = 15
"""So many lines of what a first try said are enough: the whole page as it was stands after them."""
LEAST_MEMORY_KIB: Final = 8 * 1024
MAIN: Final = sys.modules["__main__"]
_made: Final = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Start from an empty configuration and a data folder of our own, here and in every process that tests start."""
    stores.check()
    if url := os.environ.get("DATABASE_URL"):
        os.environ[SERVER] = url
    for name in [name for name in os.environ if name.upper().startswith(SETTINGS)]:
        del os.environ[name]
    if (quick := memory.folder()) and "TMPDIR" not in os.environ:
        os.environ["TMPDIR"] = tempfile.tempdir = str(quick)
    # A test starts Python some hundred times, and compiling all that it imports takes a good part of a start.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    folder = tempfile.mkdtemp(prefix="fintrack-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ["FINTRACK_DATA_DIR"] = folder
    os.environ["FINTRACK_ENV_FILE"] = os.devnull
    # Key files go into a folder of the tests, and no test asks the person's own keyring.
    os.environ["XDG_CONFIG_HOME"] = str(Path(folder) / "config")
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why a journey began once more: what fails only at times is still a fault, of the app or of the journey."""
    for report in terminalreporter.stats.get("rerun", []):
        terminalreporter.section(f"first try of {report.nodeid}", "-")
        said = [line for line in report.longreprtext.splitlines() if line.startswith("E ")]
        terminalreporter.write_line("\n".join(said[:REASON]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Iterator[None]:
    """Give the process its main module back, which a page under test took: what is spawned later would look for it."""
    try:
        yield
    finally:
        sys.modules["__main__"] = MAIN


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


@pytest.fixture
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hash with bcrypt's and Argon2id's least cost: how slow they are has tests of its own."""
    from core.identity import passwords

    monkeypatch.setattr("core.identity.passwords.COST", 4)
    monkeypatch.setattr("core.vault.wrapping.MEMORY_KIB", LEAST_MEMORY_KIB)
    passwords._nobody.cache_clear()
    yield
    passwords._nobody.cache_clear()


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
        yield


@pytest.fixture(autouse=True, scope="module")
def _imported_for_good() -> None:
    """Look for garbage among what tests make, not in all that they import."""
    gc.collect()
    gc.freeze()
    # What stays frozen is never freed, and DuckDB complains of that at exit.
    atexit.unregister(gc.unfreeze)
    atexit.register(gc.unfreeze)


@pytest.fixture(autouse=True, scope="session")
def _statements_compiled_once() -> Iterator[None]:
    with statements.shared():
        yield


def _guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: socket.socket, address: object) -> object:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise PermissionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    return guarded


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Return the URL of a real PostgreSQL: the one in `DATABASE_URL`, else one of our own."""
    if url := os.environ.get(SERVER):
        yield url
        return
    with ExitStack() as stack:
        try:
            url = stack.enter_context(postgres.server())
        except postgres.AbsentError as reason:
            missing(str(reason))
        yield url


@contextmanager
def empty_database(server: str) -> Iterator[str]:
    """Make a database on a PostgreSQL server; yields its SQLAlchemy URL and drops it at the end."""
    import psycopg

    name = f"fintrack_test_{os.getpid()}_{next(_made)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")  # type: ignore[arg-type]
        yield urlsplit(server)._replace(scheme="postgresql+psycopg", path=f"/{name}").geturl()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the URL of a PostgreSQL database for one test: with a new store where it asks for `store`, else empty."""
    ready = "store" in request.fixturenames
    with request.getfixturevalue("postgres_spare").lent() if ready else empty_database(postgres_server) as url:
        yield url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of the store of one test: a SQLite file, then a real PostgreSQL database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'fintrack.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def browser_flags() -> list[str]:
    """Return what Chromium is started with; benchmarks, which measure its scripts too, have another."""
    from tests.machine.browser import FLAGS, SHORT_LIVED

    return [*FLAGS, SHORT_LIVED]


@pytest.fixture(scope="session")
def browser(browser_flags: list[str]) -> Iterator["Browser"]:
    """Return a real, headless Chromium, to be used as Playwright's `Browser`; mark the test `browser`."""
    from playwright.sync_api import sync_playwright

    from tests.machine.browser import find

    path = find()
    if not path:
        missing("there is no Chromium on this machine")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=browser_flags)
        yield launched
        launched.close()
