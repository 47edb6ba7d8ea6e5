"""Everything of a person in one file: whole, exact, private, and no key to anything."""

import csv
import io
import json
import re
import resource
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import insert, select

from core import clock
from core.config import ROOT
from core.errors import ExportError, SignInError, StepUpNeededError
from core.identity import Operator, SignedIn, add_user, end_all_sessions, list_events, session_of, start_session
from core.ledger import Changes, edit_transactions
from core.reports import drop_exports, drop_strays, export_everything, export_to_wait
from core.reports.cells import csv_cell
from core.reports.scope import LEFT_OUT, NOBODYS, descriptions, exported_columns, exported_tables, rows_of
from core.store import Account, Base, Store, Transaction, UserId
from core.vault import Vault
from tests.core.reports.canaries import AMOUNT, canary, fill

PASSWORD = "seven otters juggle lanterns"


@pytest.fixture
def ada(store: Store) -> UserId:
    fill(store, "eve")
    return fill(store, "ada")


def opened(store: Store, user: UserId, folder: Path) -> ZipFile:
    target = folder / "ada.zip"
    export_everything(store, Operator(user), target)
    return ZipFile(target)


def text(archive: ZipFile, name: str) -> str:
    return archive.read(name).decode("utf-8-sig")


def table(archive: ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text(archive, name), newline="")))


def test_every_table_is_exported_or_left_out_for_a_reason() -> None:
    for one in exported_tables():
        rows_of(one, UserId(1))
        assert descriptions()[one.name], one.name
    assert {one.name for one in exported_tables()} | set(NOBODYS) == set(Base.metadata.tables)


def test_columns_that_look_secret_are_left_out() -> None:
    known = {f"{one.name}.{column.name}" for one in Base.metadata.tables.values() for column in one.columns}
    assert set(LEFT_OUT) <= known, "a column that is no more"
    secret = re.compile("secret|sealed|hash|digest|token")
    told = {f"{one.name}.{column.name}" for one in exported_tables() for column in exported_columns(one)}
    assert [name for name in told if secret.search(name.partition(".")[2])] == []


def test_everything_of_a_person_is_in_it_and_nothing_of_anothers(store: Store, ada: UserId, tmp_path: Path) -> None:
    with opened(store, ada, tmp_path) as archive:
        assert archive.testzip() is None
        whole = "".join(text(archive, name) for name in archive.namelist())
        for one in exported_tables():
            rows = json.loads(text(archive, f"tables/{one.name}.json"))
            own = [row for row in rows if one.name != "categories" or row["user_id"] is not None]
            assert len(own) == 1, one.name
            assert len(table(archive, f"tables/{one.name}.csv")) == len(rows)
            for column in one.columns:
                if f"{one.name}.{column.name}" in LEFT_OUT:
                    assert column.name not in own[0]
                    assert canary("ada", one.name, column.name)[:40] not in whole
                else:
                    assert column.name in own[0]
                    if isinstance(own[0][column.name], str) and own[0][column.name].startswith("ada-"):
                        assert canary("ada", one.name, column.name).startswith(own[0][column.name])
        assert "eve" not in re.findall(r"\beve\b", whole)


def test_values_are_exact(store: Store, ada: UserId, tmp_path: Path) -> None:
    with opened(store, ada, tmp_path) as archive:
        (row,) = table(archive, "tables/transactions.csv")
        (same,) = json.loads(text(archive, "tables/transactions.json"))
        (read,) = table(archive, "transactions.csv")
    assert row["amount"] == same["amount"] == read["Amount"] == "-1234.5678"
    assert Decimal(row["amount"]) == AMOUNT
    assert row["created_at"] == same["created_at"] == "2026-03-01T07:00:00Z"
    assert (row["date"], row["pending"], row["removed_at"]) == ("2026-03-01", "false", "")
    assert (same["pending"], same["removed_at"]) == (False, None)
    assert read["Name"] == canary("ada", "transactions", "own_name")
    assert read["Category"] == canary("ada", "categories", "title")
    assert read["Account"] == canary("ada", "accounts", "nickname")
    assert read["Note"] == canary("ada", "transactions", "note")


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_spreadsheet_runs_nothing(store: Store, ada: UserId, tmp_path: Path, sign: str) -> None:
    bad = f"{sign}HYPERLINK(1,2)"
    with store.write() as session:
        session.get_one(Transaction, _row(store, ada)).note = bad
    with opened(store, ada, tmp_path) as archive:
        assert table(archive, "transactions.csv")[0]["Note"] == f"'{bad}"
        assert table(archive, "tables/transactions.csv")[0]["note"] == f"'{bad}"
        assert json.loads(text(archive, "tables/transactions.json"))[0]["note"] == bad


def test_numbers_are_no_formulas() -> None:
    assert [csv_cell(one) for one in (Decimal("-12.5"), -3, "-0.25", "+7")] == ["-12.50", -3, "-0.25", "+7"]
    assert [csv_cell(one) for one in ("-1+2", "+1 2", "--1", "-", "\uff1d1")] == [
        "'-1+2", "'+1 2", "'--1", "'-", "'\uff1d1",
    ]  # fmt: skip


def _row(store: Store, user: UserId) -> int:
    with store.read() as session:
        return session.scalars(select(Transaction.id).where(Transaction.user_id == user)).one()


def test_the_page_shows_words_from_elsewhere_as_words(store: Store, ada: UserId, tmp_path: Path) -> None:
    edit_transactions(store, ada, [_row(store, ada)], Changes(own_name="<script>alert(1)</script>", note="<img src=x>"))
    with opened(store, ada, tmp_path) as archive:
        page = text(archive, "index.html")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    for sign in ("<script", "<img", "http:", "https:"):
        assert sign not in page
    assert "-1234.5678" in page


def test_the_readme_tells_what_is_there(store: Store, ada: UserId, tmp_path: Path) -> None:
    with clock.frozen(clock.now()), opened(store, ada, tmp_path) as archive:
        said = text(archive, "README.txt")
        assert f"{clock.now():%Y-%m-%d %H:%M:%S} UTC" in said
        for one in exported_tables():
            count = len(json.loads(text(archive, f"tables/{one.name}.json")))
            assert re.search(rf"\b{one.name} +{count} ", said), one.name
    assert "apostrophe" in said
    for name in LEFT_OUT:
        assert name in said


def test_it_needs_a_fresh_check_and_a_living_session(store: Store, vault: Vault, tmp_path: Path) -> None:
    ada = add_user(store, vault, "ada@example.org", PASSWORD, "Ada")
    now, target = clock.now(), tmp_path / "ada.zip"
    with clock.frozen(now):
        asker = _signed_in(store, ada)
    with clock.frozen(now + timedelta(minutes=11)):
        for export in (export_everything, export_to_wait):
            with pytest.raises(StepUpNeededError):
                export(store, asker, target)
    assert list(tmp_path.glob("*.zip*")) == []
    with clock.frozen(now + timedelta(minutes=9)):
        export_everything(store, asker, target)
        end_all_sessions(store, ada)
        with pytest.raises(SignInError):
            export_everything(store, asker, target)


def _signed_in(store: Store, user: UserId) -> SignedIn:
    found = session_of(store, start_session(store, user))
    assert found is not None
    return found


def test_it_is_its_owners_alone_noted_and_told_of_on_the_way(store: Store, vault: Vault, tmp_path: Path) -> None:
    ada = add_user(store, vault, "ada@example.org", PASSWORD, "Ada")
    shares: list[float] = []
    made = export_everything(store, Operator(ada), tmp_path / "ada.zip", lambda share, _: shares.append(share))
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert made.size == made.path.stat().st_size
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    event = list_events(store, ada)[0]
    assert (event.event, event.detail) == ("data exported", {"rows": made.rows})


@contextmanager
def no_room_beyond(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond `size`, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("room", [0, 900, 9000])
def test_a_full_disk_leaves_the_older_file_and_no_half_one(
    store: Store, ada: UserId, tmp_path: Path, room: int
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    target = folder / "ada.zip"
    target.write_text("the older one", "utf-8")
    with no_room_beyond(room), pytest.raises(ExportError, match="can't be written"):
        export_everything(store, Operator(ada), target)
    assert [path.name for path in folder.iterdir()] == ["ada.zip"]
    assert target.read_text("utf-8") == "the older one"
    with pytest.raises(ExportError, match="nowhere"):
        export_everything(store, Operator(ada), tmp_path / "nowhere" / "ada.zip")


def test_memory_stays_bounded(store: Store, ada: UserId, tmp_path: Path) -> None:
    with store.write() as session:
        account = session.scalars(select(Account.id).where(Account.user_id == ada)).one()
        facts = {"user_id": ada, "account_id": account, "date": clock.today(), "amount": AMOUNT, "currency": "USD"}
        session.execute(
            insert(Transaction),
            [facts | {"name": f"Shop {number}" * 20, "created_at": clock.now()} for number in range(6_000)],
        )
    tracemalloc.start()
    made = export_everything(store, Operator(ada), tmp_path / "ada.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert made.rows > 6_000
    with ZipFile(made.path) as archive:
        assert archive.getinfo("tables/transactions.json").file_size > 3_600_000
    assert peak < 3_600_000


def test_what_waits_to_be_downloaded_has_no_name(store: Store, ada: UserId, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    waiting = export_to_wait(store, Operator(ada), folder)
    assert list(folder.iterdir()) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for _ in range(2):
        with ZipFile(io.BytesIO(waiting.read())) as archive:
            assert "README.txt" in archive.namelist()
    waiting.close()


def test_who_downloads_twice_at_once_gets_the_whole_file_twice(store: Store, ada: UserId, tmp_path: Path) -> None:
    waiting = export_to_wait(store, Operator(ada), tmp_path / "exports")
    with ThreadPoolExecutor(8) as pool:
        sizes = set(pool.map(lambda _: len(waiting.read()), range(2000)))
    assert sizes == {waiting.made.size}
    waiting.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from core.identity import Operator
from core.reports import export_to_wait
from core.store import Store, UserId
def kill(share, what):
    if share > 0.5:
        os.kill(os.getpid(), signal.SIGKILL)
export_to_wait(Store(sys.argv[1]), Operator(UserId(int(sys.argv[2]))), Path(sys.argv[3]), kill)
"""


def test_what_a_killed_export_left_goes_and_one_on_its_way_stays(store: Store, ada: UserId, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    url = store.engine.url.render_as_string(hide_password=False)
    subprocess.run([sys.executable, "-c", KILLED, url, str(ada), str(folder)], cwd=ROOT, check=False)
    assert len(list(folder.iterdir())) == 1
    seen: list[int] = []

    def look(_share: float, _what: str) -> None:
        drop_strays(folder)
        seen.append(len(list(folder.iterdir())))

    waiting = export_to_wait(store, Operator(ada), folder, look)
    assert set(seen) == {2}
    drop_strays(folder)
    assert list(folder.iterdir()) == []
    with ZipFile(io.BytesIO(waiting.read())) as archive:
        assert archive.testzip() is None
    waiting.close()
    drop_strays(tmp_path / "none")


def test_what_a_crash_left_goes(tmp_path: Path) -> None:
    for name in ("user-1-ab.zip", ".user-1-ab.zip.cd.part", "user-11-ab.zip"):
        (tmp_path / name).touch()
    assert drop_exports(tmp_path, UserId(1)) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["user-11-ab.zip"]
