"""A cache that lies in a file, as it does beside a store that is not encrypted, and what may happen to that file."""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.forking import serving
from tests.e2e.server import Server
from tests.e2e.steps import visit
from tests.e2e.test_daily_use import net_worth

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("data"), FINTRACK_ENCRYPT="false") as running:
        yield running


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 3)


def scribble(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(200_000))


def replace_by_text(path: Path) -> None:
    path.unlink()
    path.write_text("this is no database\n" * 1000, "utf-8")


def test_a_cache_harmed_while_the_app_runs_is_not_seen(demo_page: Page, server: Server) -> None:
    demo_page.goto(server.url)
    before = net_worth(demo_page)
    harms: tuple[Callable[[Path], None], ...] = (Path.unlink, cut, scribble, replace_by_text)
    for harm in harms:
        files = list((server.folder / "cache").rglob("*.duckdb"))
        assert files
        for path in files:
            harm(path)
        demo_page.get_by_role("link", name="Transactions").first.click()
        expect(demo_page.get_by_text(re.compile(r"transactions · in "))).to_be_visible()
        visit(demo_page, "/")
        assert net_worth(demo_page) == before, harm.__name__
        assert "Traceback" not in server.log.read_text("utf-8", "replace")
    demo_page.goto(server.url)
    assert net_worth(demo_page) == before
