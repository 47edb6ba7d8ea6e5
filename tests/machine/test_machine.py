"""What the tests get of the machine: real parts, each test its own, and nothing of the person's."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Browser
from streamlit.testing.v1 import AppTest

from core.config import ROOT, settings
from core.store import Store
from tests import conftest
from tests.machine import memory, spare, stores


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


@pytest.mark.postgres
def test_a_database_that_tests_share_is_each_time_as_the_first_test_found_it(postgres_server: str) -> None:
    with conftest.empty_database(postgres_server) as model:
        with psycopg.connect(model.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE shop (id serial PRIMARY KEY, name text UNIQUE, share float8)")
            connection.execute("CREATE TABLE sale (id serial PRIMARY KEY, shop int NOT NULL REFERENCES shop)")
            connection.execute("INSERT INTO shop (name, share) VALUES ('Röst\t\\N', 0.1), (NULL, NULL)")
            connection.execute("ALTER SEQUENCE sale_id_seq RESTART WITH 1000")
        shared = spare.Spare(postgres_server, urlsplit(model).path[1:])

        def used(*statements: str) -> tuple[str, list[tuple[object, ...]]]:
            with shared.lent() as url, psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
                found = connection.execute("SELECT id, name, share FROM shop ORDER BY id").fetchall()
                tables = (
                    "SELECT relname, relnatts, relhasindex FROM pg_class WHERE relnamespace = 'public'::regnamespace"
                )
                found += connection.execute(f"{tables} ORDER BY relname").fetchall()
                found += connection.execute("SELECT * FROM sale").fetchall()
                for statement in statements:
                    connection.execute(statement)  # type: ignore[call-overload]
            return url, found

        new = "INSERT INTO shop (name) VALUES ('Kiosk')"
        sold = "INSERT INTO sale (shop) SELECT id FROM shop"
        first, at_first = used(new, sold, "UPDATE shop SET name = 'gone', share = 2 WHERE id = 1")
        again, found = used("DELETE FROM shop WHERE id = 2", f"{new} RETURNING id")
        assert (again, found) == (first, at_first)
        for _ in range(2):
            with shared.lent() as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
                for statement, number in ((new, 3), ("INSERT INTO sale (shop) VALUES (1)", 1000)):
                    made = connection.execute(f"{statement} RETURNING id").fetchone()  # type: ignore[call-overload]
                    assert made == (number,), "numbers go on where the model ends"
        for change in (
            "ALTER TABLE sale ADD COLUMN price int",
            "DROP TABLE sale",
            "CREATE INDEX ON sale (shop)",
            "INSERT INTO shop (name) SELECT repeat(md5(n::text), 9) FROM generate_series(1, 20000) n",
            "ALTER TABLE shop DROP COLUMN share",
        ):
            before, found = used(change)
            assert found == at_first
            after, found = used()
            assert (after != before, found) == (True, at_first), change
        with shared.lent() as url:
            left = psycopg.connect(url.replace("+psycopg", ""))
            left.execute("LOCK TABLE shop")
        after, found = used()
        assert (after != url, found) == (True, at_first), "who stays can reach nothing that another is lent"
        with pytest.raises(psycopg.OperationalError):
            left.execute("SELECT 1")
        with pytest.raises(ZeroDivisionError), shared.lent() as url:
            1 / 0  # noqa: B018 - what a test may do
        assert used()[1] == at_first
        shared.drop()
        with pytest.raises(psycopg.OperationalError, match="does not exist"):
            psycopg.connect(url.replace("+psycopg", ""))


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


def test_a_store_that_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    stores.check()
    monkeypatch.setattr(stores, "EVERYWHERE", "oracle")
    with pytest.raises(pytest.UsageError, match="sqlite or postgresql, not oracle"):
        stores.check()


@pytest.mark.postgres
def test_a_data_folder_has_one_database_that_goes_with_the_rest(postgres_server: str, tmp_path: Path) -> None:
    with stores.on_postgresql(lambda: conftest.empty_database(postgres_server)):
        first = stores.database_of(tmp_path / "a")
        assert stores.database_of(tmp_path / "a") == first != stores.database_of(tmp_path / "b")
    with psycopg.connect(postgres_server) as connection:
        names = [name for (name,) in connection.execute("SELECT datname FROM pg_database")]
    assert first.rpartition("/")[2] not in names
