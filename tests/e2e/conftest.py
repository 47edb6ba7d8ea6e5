"""The real app in a real browser."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.demo import start_demo
from core.identity import start_session
from tests.e2e.server import Server, serving

COOKIE = "fintrack_session"
SECONDS = 30
"""How long a browser waits for what should come: long, for a machine that is busy with other tests."""
expect.set_options(timeout=SECONDS * 1000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a journey that failed begin once more, and count it as rerun: a browser on busy cores may hang by itself.

    What is broken in the app fails both times.
    """
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.flaky(reruns=1))


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


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page of a fresh browser profile; fails when it asked another host or broke the security policy."""
    with_context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = with_context.new_page()
    opened.set_default_timeout(SECONDS * 1000)
    asked: set[str] = set()
    broken: list[str] = []
    with_context.on("request", lambda request: asked.add(urlsplit(request.url).hostname or ""))
    with_context.on(
        "console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None
    )
    yield opened
    with_context.close()
    assert asked <= {"127.0.0.1", "localhost", ""}, "the page asked a foreign host"
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
