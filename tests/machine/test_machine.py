"""What the tests get of the machine: real parts, each test its own, and nothing of the person's."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from core.config import ROOT, settings
from core.store import Store
from tests import conftest
from tests.machine import memory


@pytest.mark.postgres
def test_every_test_has_a_database_of_its_own_that_goes_with_it(postgres_server: str) -> None:
    with conftest.empty_database(postgres_server) as first, conftest.empty_database(postgres_server) as second:
        addresses = [url.replace("+psycopg", "") for url in (first, second)]
        for address in addresses:
            with psycopg.connect(address) as connection:
                connection.execute("CREATE TABLE mine (name text)")
    for address in addresses:
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(address)


@pytest.mark.browser
def test_a_real_browser_runs_a_pages_script(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<p id=sum></p><script>document.getElementById('sum').textContent = 0.1 + 0.2</script>")
    assert page.text_content("#sum") == "0.30000000000000004"
    page.close()


def test_tests_never_see_the_persons_settings_or_data() -> None:
    chosen = settings()
    assert chosen.store_url.startswith("sqlite:")
    assert not chosen.fintrack_data_dir.is_relative_to(ROOT)
    assert chosen.fintrack_data_dir.is_dir()
    assert not chosen.plaid_configured
    assert Path(os.environ["FINTRACK_ENV_FILE"]) == Path(os.devnull)


def test_files_lie_in_memory_only_where_there_is_room_and_programs_run(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = memory.ROOM // 4096
    for room, flags, fits in ((blocks, 0, True), (blocks - 1, 0, False), (blocks, os.ST_NOEXEC, False)):
        found = os.statvfs_result((4096, 4096, blocks, room, room, 0, 0, 0, flags, 255))
        monkeypatch.setattr(os, "statvfs", lambda _, found=found: found)
        monkeypatch.setattr(memory, "MEMORY", ROOT)
        assert memory.folder() == (ROOT if fits else None)
        monkeypatch.setattr(memory, "MEMORY", ROOT / "absent")
        assert memory.folder() is None


def test_stores_of_one_driver_share_compiled_sql_and_those_of_another_do_not(tmp_path: Path) -> None:
    first, second = (Store(f"sqlite:///{tmp_path / name}") for name in ("first.db", "second.db"))
    ciphered = Store(f"sqlite:///{tmp_path / 'ciphered.db'}", bytes(32))
    assert first.engine._compiled_cache is second.engine._compiled_cache
    assert first.engine.dialect == second.engine.dialect
    assert first.engine.dialect != ciphered.engine.dialect
    for one in (first, second, ciphered):
        one.close()


def test_a_test_can_not_leave_this_machine() -> None:
    with socket.socket() as caller, pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        caller.connect(("192.0.2.1", 80))
    with socket.socket() as caller, pytest.raises(PermissionError, match=r"192\.0\.2\.1"):
        caller.connect_ex(("192.0.2.1", 80))


def test_what_is_missing_is_skipped_at_home_and_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no anvil"):
        conftest.missing("there is no anvil")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="there is no anvil, and CI skips nothing"):
        conftest.missing("there is no anvil")


def test_without_postgresql_its_tests_are_skipped_with_the_reason(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from tests.machine import postgres; import pytest, sys;"
        "postgres.DEBIAN = Path('/nowhere');"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', 'tests/core/store', '-k', 'migrating_twice', '-rs']))"
    )
    environment = {name: value for name, value in os.environ.items() if name not in {"CI", conftest.SERVER}}
    environment |= {"PATH": str(tmp_path), "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert re.search(r"1 passed, 1 skipped", run.stdout), run.stdout + run.stderr
    assert "PostgreSQL is not on this machine" in run.stdout
    strict = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**environment, "CI": "true"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(r"1 passed, .*1 error", strict.stdout), strict.stdout + strict.stderr


def test_a_page_under_test_takes_the_main_modules_place() -> None:
    AppTest.from_string("import streamlit as st; st.title('Here')").run()
    assert sys.modules["__main__"] is not conftest.MAIN


def test_it_has_its_place_back_in_the_next_test() -> None:
    assert sys.modules["__main__"] is conftest.MAIN
