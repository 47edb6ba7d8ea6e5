"""The encrypted file: closed to everybody without its key, whole or not at all, each failure in a sentence."""

import resource
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from core.config import ROOT
from core.errors import StoreError
from core.ledger import ensure_categories
from core.store import Store, back_up, migrate
from core.store.ciphered import connect, fits, kind_of, rewrite
from core.store.sealed import seal_all_anew, sealed_columns
from tests.core.ledger.household import add_person

KEY, OTHER = secrets.token_bytes(32), secrets.token_bytes(32)
CANARY = "ada@example.org"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "fintrack.db"


@pytest.fixture
def encrypted(path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{path}", KEY)
    migrate(store, path.parent / "backups")
    ensure_categories(store)
    add_person(store)
    yield store
    store.close()


def holding(folder: Path, canary: str) -> list[str]:
    """Return the files in which the canary can be read."""
    return [path.name for path in folder.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()]


def count(path: Path, key: bytes | None) -> int:
    with closing(connect(path, key)) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM users WHERE email = ?", (CANARY,)).fetchone()[0])


def test_nothing_can_be_read_in_its_files(encrypted: Store, path: Path) -> None:
    assert (path.parent / "fintrack.db-wal").stat().st_size > 0
    copy = back_up(encrypted, path.parent / "backups", "test")
    assert holding(path.parent, CANARY) == []
    assert holding(path.parent, "SQLite format 3") == []
    assert kind_of(path) == kind_of(copy) == "ciphered"
    assert (count(copy, KEY), copy.stat().st_mode & 0o777) == (1, 0o600)


def test_a_plain_store_shows_what_an_encrypted_one_hides(path: Path) -> None:
    store = Store(f"sqlite:///{path}")
    migrate(store, path.parent / "backups")
    add_person(store)
    assert holding(path.parent, CANARY) != []
    store.close()


def test_it_keeps_the_manners_of_the_plain_one(encrypted: Store, path: Path) -> None:
    with encrypted.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
        assert session.scalar(text("PRAGMA synchronous")) == 2
    assert {one.stat().st_mode & 0o777 for one in path.parent.glob("fintrack.db*")} == {0o600}
    with pytest.raises(StoreError), encrypted.write() as session:
        session.execute(text("UPDATE users SET email = NULL"))


@pytest.mark.parametrize("key", [OTHER, None], ids=["another", "none"])
def test_another_key_or_none_is_told_in_a_sentence(
    encrypted: Store, path: Path, key: bytes | None, capfd: pytest.CaptureFixture[str]
) -> None:
    encrypted.close()
    before = path.read_bytes()
    assert not fits(path, key)
    assert fits(path, KEY)
    with pytest.raises(StoreError, match=r"not a database.*backup"):
        migrate(Store(f"sqlite:///{path}", key), path.parent / "backups")
    assert path.read_bytes() == before
    assert capfd.readouterr().err == ""


def test_a_changed_byte_is_noticed_and_told(encrypted: Store, path: Path) -> None:
    encrypted.close()
    with path.open("r+b") as file:
        file.seek(4096 * 5 + 100)
        file.write(b"\0\1\2\3")
    store = Store(f"sqlite:///{path}", KEY)
    with store.read() as session, pytest.raises(StoreError, match="backup"), store.raw() as connection:
        assert session is not None
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            connection.execute(f"SELECT * FROM {name}").fetchall()
            connection.execute("PRAGMA integrity_check").fetchall()
    store.close()


@pytest.mark.parametrize(("old", "new"), [(None, KEY), (KEY, OTHER), (KEY, None)], ids=["taken over", "new", "opened"])
def test_it_is_written_anew_under_another_key(path: Path, old: bytes | None, new: bytes | None) -> None:
    store = Store(f"sqlite:///{path}", old)
    migrate(store, path.parent / "backups")
    add_person(store)
    store.close()
    rewrite(path, old, new)
    assert fits(path, new)
    assert not fits(path, old)
    assert count(path, new) == 1
    assert [one.name for one in path.parent.iterdir()] == ["fintrack.db"]
    assert path.stat().st_mode & 0o777 == 0o600
    again = Store(f"sqlite:///{path}", new)
    assert migrate(again, path.parent / "backups") is None
    with again.read() as session:
        assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    again.close()


HOLDER = """
import sys, time
from pathlib import Path
from core.store.ciphered import connect
connection = connect(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))
connection.execute("SELECT COUNT(*) FROM users").fetchall()
print("open", flush=True)
time.sleep(60)
"""


def test_while_another_process_has_it_open_it_is_left_alone(encrypted: Store, path: Path) -> None:
    encrypted.close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), KEY.hex()], cwd=ROOT, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(StoreError, match="Another program has"):
            rewrite(path, KEY, OTHER)
        holder.kill()
    assert fits(path, KEY)
    rewrite(path, KEY, OTHER)
    assert count(path, OTHER) == 1


FULL = """
import resource, signal, sys
from pathlib import Path
from core.errors import StoreError
from core.store.ciphered import rewrite
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
try:
    rewrite(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]), bytes.fromhex(sys.argv[3]))
except StoreError as failure:
    print(failure)
"""


def test_a_copy_for_which_there_is_no_room_changes_nothing(encrypted: Store, path: Path) -> None:
    encrypted.close()
    assert path.stat().st_size > 40_000
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(path), KEY.hex(), OTHER.hex()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "There is no room" in done.stdout, done
    assert [one.name for one in path.parent.iterdir()] == ["fintrack.db"]
    assert count(path, KEY) == 1


def test_all_sealed_columns_are_known_by_their_names() -> None:
    assert {f"{one.table.name}.{one.name}" for one in sealed_columns()} >= {
        "items.sealed_token", "link_sessions.sealed_token", "link_sessions.sealed_url", "factors.sealed",
    }  # fmt: skip


def test_sealing_anew_touches_every_sealed_value_and_nothing_else(store: Store) -> None:
    person = add_person(store)
    with store.write() as session:
        session.execute(
            text(
                "INSERT INTO items (user_id, provider, provider_key, institution_key, institution_name,"
                " institution_color, sealed_token, cursor, error_code, error_sentence, created_at)"
                " VALUES (:user, 'demo', 'k', '', '', '', 'old', 'c', '', '', '2026-01-01 00:00:00')"
            ),
            {"user": person},
        )
    assert seal_all_anew(store, str.upper) == 1
    with store.read() as session:
        assert session.execute(text("SELECT sealed_token, provider_key FROM items")).one() == ("OLD", "k")


def test_the_files_of_a_killed_writer_open_again(path: Path) -> None:
    code = (
        "import os, signal, sys\n"
        "from core.ledger import ensure_categories\n"
        "from core.store import Store, migrate\n"
        "from pathlib import Path\n"
        "from tests.core.ledger.household import add_person\n"
        "store = Store(f'sqlite:///{sys.argv[1]}', bytes.fromhex(sys.argv[2]))\n"
        "migrate(store, Path(sys.argv[1]).parent / 'backups')\n"
        "add_person(store)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    subprocess.run([sys.executable, "-c", code, str(path), KEY.hex()], cwd=ROOT, check=False)
    assert (path.parent / "fintrack.db-wal").stat().st_size > 0
    assert holding(path.parent, CANARY) == []
    rewrite(path, KEY, OTHER)
    assert count(path, OTHER) == 1
