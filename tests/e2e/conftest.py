"""The real app in a real browser."""

import secrets
from collections.abc import Generator, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, ViewportSize, expect

from core.demo import start_demo
from core.identity import start_session
from tests.conftest import empty_database
from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.machine import stores
from tests.machine.browser import STILL

COOKIE = "fintrack_session"
SECONDS = 30
"""How long a browser waits for what should come: long, for a machine that is busy with other tests."""
expect.set_options(timeout=SECONDS * 1000)
SIZE: Final[ViewportSize] = {"width": 1440, "height": 900}
FAILED: Final = pytest.StashKey[bool]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a journey that failed begin once more, and count it as rerun: a browser on busy cores may hang by itself.

    What is broken in the app fails both times.
    """
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session", autouse=True)
def _databases(request: pytest.FixtureRequest) -> Iterator[None]:
    """Give every server a PostgreSQL database, where all journeys are to go on PostgreSQL."""
    if stores.EVERYWHERE == stores.SQLITE:
        yield
        return
    server = request.getfixturevalue("postgres_server")
    with stores.on_postgresql(partial(empty_database, server)):
        yield


@pytest.fixture(scope="session")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start one real server for all files whose tests keep to people of their own."""
    with serving(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="module")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Start a real server for one file: for what is counted by address, or found in its folder."""
    with serving(tmp_path_factory.mktemp("data")) as running:
        yield running


@pytest.fixture(scope="module")
def server(shared_server: Server) -> Server:
    """Return the real server that the tests of a file speak to."""
    assert shared_server.process.poll() is None, shared_server.log.read_text("utf-8", "replace")[-2000:]
    return shared_server


@pytest.fixture
def app(server: Server) -> str:
    """Return the address of the running app."""
    return server.url


class Window:
    """One window for the journeys of a process, emptied of everything after each.

    A new window would have to compile Streamlit's front-end anew, which takes four times what a later page takes. After
    a journey that failed there is a new one.
    """

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._page: Page | None = None

    def page(self) -> Page:
        """Return its empty page."""
        if self._page is None or self._page.is_closed():
            context = self._browser.new_context(viewport=SIZE)
            context.add_init_script(STILL)
            self._page = context.new_page()
            self._page.set_default_timeout(SECONDS * 1000)
        return self._page

    def empty(self, page: Page, origins: set[str]) -> None:
        """Leave nothing of a journey to these origins: no other tab, no cookie, nothing kept, no dark system."""
        for other in page.context.pages:
            if other != page:
                other.close()
        if page.url.startswith("http"):
            # Not about:blank: for a page without our opener policy the browser would start another process.
            page.goto(urlsplit(page.url)._replace(path="/healthz", query="", fragment="").geturl())
        page.context.clear_cookies()
        page.context.clear_permissions()
        devtools = page.context.new_cdp_session(page)
        for origin in origins:
            devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        devtools.detach()
        page.emulate_media(
            media="null", color_scheme="null", reduced_motion="null", forced_colors="null", contrast="null"
        )
        page.set_viewport_size(SIZE)

    def close(self) -> None:
        """Close it; the next page is one of a new window."""
        if self._page is not None:
            with suppress(Error):
                self._page.context.close()
        self._page = None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember whether a journey failed, for the window that it used."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def window(browser: Browser) -> Iterator[Window]:
    """Return the window of this process."""
    opened = Window(browser)
    yield opened
    opened.close()


@pytest.fixture
def page(window: Window, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Open an empty page; fails when it asked another host or broke the security policy."""
    opened = window.page()
    asked: set[str] = set()
    broken: list[str] = []

    def note(sent: Request) -> None:
        asked.add(sent.url)

    def hear(said: ConsoleMessage) -> None:
        if "Content Security Policy" in said.text:
            broken.append(said.text)

    opened.context.on("request", note)
    opened.context.on("console", hear)
    yield opened
    opened.context.remove_listener("request", note)
    opened.context.remove_listener("console", hear)
    places = [urlsplit(address) for address in asked]
    try:
        if not request.node.stash.get(FAILED, False):
            window.empty(opened, {f"{one.scheme}://{one.netloc}" for one in places if one.scheme == "http"})
    except Error:
        request.node.stash[FAILED] = True
    if request.node.stash.get(FAILED, False):
        window.close()
    assert {one.hostname or "" for one in places} <= {"127.0.0.1", "localhost", ""}, "the page asked a foreign host"
    assert broken == [], "the page broke the security policy"


@pytest.fixture(scope="module")
def demo_cookie(server: Server) -> str:
    """Return the session cookie of a throw-away user with the demo household."""
    with server.house() as house:
        user = start_demo(house)
        return start_session(house.store, user, agent="tests")


@pytest.fixture
def demo_page(page: Page, server: Server, demo_cookie: str) -> Page:
    """Open a page signed in as that user."""
    give_cookie(page.context, server, demo_cookie)
    return page


def new_email(name: str) -> str:
    """Return an e-mail address that nobody has yet, not even this journey's first try on the same server."""
    return f"{name}-{secrets.token_hex(4)}@example.org"


def give_cookie(context: BrowserContext, server: Server, token: str) -> None:
    """Put a session cookie into a browser."""
    context.add_cookies([{"name": COOKIE, "value": token, "url": server.url, "httpOnly": True, "sameSite": "Strict"}])


def session_cookie(context: BrowserContext) -> str | None:
    """Return the session cookie that a browser holds."""
    return next((one["value"] for one in context.cookies() if one.get("name") == COOKIE), None)
