"""The house as it is by default: nothing of a person's money can be read in its folder, and what stops it is told."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from core.backup import back_up as back_everything_up
from core.cache import verify
from core.config import ROOT, Settings
from core.doctor import examine
from core.errors import StoreError
from core.importing import look_at_file, take_in
from core.runtime import Runtime, open_runtime
from core.store import UserId, back_up
from tests.core.ledger.household import add_person
from tests.core.shell import Shell
from tests.core.test_command_line import ADA, PASSWORD

CANARY = "canary-zeisig-4711"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where this test's key files go."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "fintrack"


def house_in(folder: Path, *, encrypt: bool = True) -> Runtime:
    return open_runtime(Settings(fintrack_data_dir=folder, fintrack_encrypt=encrypt))


def live(house: Runtime) -> UserId:
    """Import a file, ask the cache, copy the store: all that leaves files behind."""
    person = add_person(house.store)
    data = f"Date,Description,Amount\n{date(2026, 3, 1)},{CANARY},-12.50\n".encode()
    take_in(house.store, person, look_at_file(house.store, person, data, "march.csv", account=f"{CANARY} account"))
    assert house.caches.of(person).refresh().rows == 1
    back_up(house.store, house.settings.fintrack_data_dir / "backups", "test")
    return person


def readable(folder: Path) -> set[str]:
    """Return the kinds of files in which the canary can be read."""
    found = (path for path in folder.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes())
    return {path.relative_to(folder).parts[0].partition("-")[0] for path in found}


def finding(house: Runtime, check: str) -> str:
    return next(one.sentence for one in examine(house) if one.check == check)


def test_a_start_leaves_nothing_of_an_export_that_was_killed(tmp_path: Path) -> None:
    (tmp_path / "data" / "exports").mkdir(parents=True)
    (tmp_path / "data" / "exports" / ".user-1-ab.zip.cd.part").write_text(CANARY, "utf-8")
    house_in(tmp_path / "data").close()
    assert readable(tmp_path / "data") == set()


def test_the_canary_is_found_in_no_file_of_an_encrypted_house(tmp_path: Path) -> None:
    house = house_in(tmp_path / "data")
    live(house)
    assert (tmp_path / "data" / "fintrack.db-wal").stat().st_size > 0
    assert readable(tmp_path / "data") == set()
    assert "The store is encrypted. The key is kept in the file" in finding(house, "encryption")
    house.close()
    assert readable(tmp_path / "data") == set()


def test_the_canary_is_found_everywhere_in_a_plain_one(tmp_path: Path) -> None:
    house = house_in(tmp_path / "data", encrypt=False)
    live(house)
    assert readable(tmp_path / "data") >= {"fintrack.db", "backups"}
    assert list((tmp_path / "data" / "cache").glob("*.duckdb"))
    assert "the store is not" in finding(house, "encryption")
    house.close()
    assert readable(tmp_path / "data") == {"fintrack.db", "backups", "cache"}


def test_the_cache_in_memory_follows_the_store_and_another_process(tmp_path: Path) -> None:
    house = house_in(tmp_path / "data")
    person = live(house)
    other = house_in(tmp_path / "data")
    data = b"Date,Description,Amount\n2026-03-02,Shop,-1.50\n"
    take_in(other.store, person, look_at_file(other.store, person, data, "april.csv", account=f"{CANARY} account"))
    other.close()
    assert house.caches.of(person).refresh().rows == 2
    assert verify(house.caches.of(person), house.store) == []
    assert sum(row[0] for row in house.caches.of(person).ask("count")) == 2
    assert house.caches.of(person).refresh().rebuilt is False
    house.close()


def test_a_plain_house_is_taken_over_and_its_person_told(tmp_path: Path) -> None:
    house = house_in(tmp_path / "data", encrypt=False)
    person = live(house)
    house.close()
    house = house_in(tmp_path / "data")
    copy = house.unencrypted
    assert copy is not None
    assert copy.stat().st_mode & 0o777 == 0o600
    assert readable(tmp_path / "data") == {"backups"}
    assert [path for path in copy.parent.iterdir() if CANARY.encode() in path.read_bytes()] == [copy]
    assert copy.name in finding(house, "encryption")
    assert house.caches.of(person).refresh().rows == 1
    house.close()
    house = house_in(tmp_path / "data")
    assert house.unencrypted is None
    house.close()


def test_a_missing_keyring_never_leads_to_a_new_key(tmp_path: Path) -> None:
    house = house_in(tmp_path / "data")
    live(house)
    house.close()
    ring = tmp_path / "data" / "keyring.json"
    kept, store = ring.read_bytes(), (tmp_path / "data" / "fintrack.db").read_bytes()
    ring.unlink()
    with pytest.raises(StoreError, match=r"keyring\.json that would open it is missing"):
        house_in(tmp_path / "data")
    assert not ring.exists()
    assert (tmp_path / "data" / "fintrack.db").read_bytes() == store
    ring.write_bytes(kept)
    house_in(tmp_path / "data").close()


def test_a_store_of_another_installation_is_told_and_left(tmp_path: Path) -> None:
    for name in ("one", "two"):
        house_in(tmp_path / name).close()
    (tmp_path / "two" / "fintrack.db").replace(tmp_path / "one" / "fintrack.db")
    before = (tmp_path / "one" / "fintrack.db").read_bytes()
    with pytest.raises(StoreError, match=r"does not open with this installation's key.*backup"):
        house_in(tmp_path / "one")
    assert (tmp_path / "one" / "fintrack.db").read_bytes() == before


def test_an_encrypted_store_says_so_when_it_is_not_to_be(tmp_path: Path) -> None:
    house_in(tmp_path / "data").close()
    with pytest.raises(StoreError, match="FINTRACK_ENCRYPT is false"):
        house_in(tmp_path / "data", encrypt=False)


def test_a_copied_folder_is_worthless_without_the_key_file(tmp_path: Path, home: Path) -> None:
    house_in(tmp_path / "data").close()
    (file,) = home.iterdir()
    file.unlink()
    with pytest.raises(StoreError, match=r"key file .* is missing"):
        house_in(tmp_path / "data")


def test_the_doctor_tells_of_a_key_that_others_can_read_or_that_is_gone(tmp_path: Path, home: Path) -> None:
    house = house_in(tmp_path / "data")
    (file,) = home.iterdir()
    file.chmod(0o644)
    assert f"chmod 600 {file}" in finding(house, "encryption")
    file.unlink()
    assert "is gone" in finding(house, "encryption")
    house.close()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    made = Shell(tmp_path / "data")
    made.told("user", "add", "--email", ADA, "--password", PASSWORD, "--first-name", "Ada")
    return made


def test_the_command_line_turns_the_key_over_and_recovers_it(shell: Shell, home: Path) -> None:
    recovery_key = shell.told("user", "recovery-key").strip()
    assert "under a new key" in shell.told("user", "rotate-key")
    (file,) = home.iterdir()
    file.unlink()
    assert "key file" in shell.refused("doctor")
    assert "not a recovery key" in shell.refused("user", "recover", "--key", recovery_key[:-1])
    assert "opens" in shell.told("user", "recover", "--key", recovery_key)
    assert "There is a user" in shell.refused("user", "add", "--email", ADA, "--password", PASSWORD)
    shell.environment["FINTRACK_PASSPHRASE"] = "four words of your own"
    assert "rotate-key --source passphrase" in shell.refused("doctor")
    shell.told("user", "rotate-key", "--source", "passphrase")
    assert "a passphrase" in shell.told("doctor")
    del shell.environment["FINTRACK_PASSPHRASE"]
    assert "at a terminal" in shell.refused("doctor")


def test_the_command_line_tells_of_a_store_that_it_encrypted(tmp_path: Path) -> None:
    house_in(tmp_path / "data", encrypt=False).close()
    done = Shell(tmp_path / "data").run("doctor")
    assert done.returncode == 0
    assert "The store is encrypted now." in done.stderr
    assert "unencrypted-" in done.stdout


def test_a_new_key_and_a_restore_tell_of_a_store_that_they_encrypted(tmp_path: Path) -> None:
    house = house_in(tmp_path / "data")
    file = back_everything_up(house.store, house.vault.keys, PASSWORD, len, tmp_path / "backups").file
    house.close()
    for name, command in (("turned", ("user", "rotate-key")), ("restored", ("restore", str(file)))):
        house_in(tmp_path / name, encrypt=False).close()
        done = Shell(tmp_path / name, FINTRACK_BACKUP_PASSPHRASE=PASSWORD).run(*command)
        assert done.returncode == 0
        (copy,) = (tmp_path / name / "backups").glob("unencrypted-*.db")
        assert f"The store is encrypted now. {copy} is a copy of it that anybody can read" in done.stderr


class Terminal:
    """A terminal of its own (a pseudo-terminal) at which a program was started."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env={**os.environ, **environment},
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)
        self._read = b""

    def until(self, sign: str) -> str:
        """Return what was said up to and with `sign`."""
        while sign.encode() not in self._read:
            try:
                more = os.read(self._ours, 4096)
            except OSError:
                more = b""
            assert more, self._read
            self._read += more
        head, _, self._read = self._read.partition(sign.encode())
        return (head + sign.encode()).decode()

    def type(self, line: str) -> None:
        os.write(self._ours, f"{line}\n".encode())

    def close(self) -> None:
        self.process.kill()
        self.process.wait(20)
        os.close(self._ours)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for one in opened:
        one.close()


def test_the_first_start_at_a_terminal_shows_a_recovery_key_once(tmp_path: Path, terminals: list[Terminal]) -> None:
    terminals.append(Terminal("scripts.serve", FINTRACK_DATA_DIR=str(tmp_path / "data")))
    said = terminals[0].until("FinTrack: http")
    assert "Write this down" in said
    (key,) = [line.strip() for line in said.splitlines() if line.strip().count("-") == 8]
    terminals[0].close()
    terminals[0] = Terminal("scripts.serve", FINTRACK_DATA_DIR=str(tmp_path / "data"))
    assert "Write this down" not in terminals[0].until("FinTrack: http")
    terminals[0].process.kill()
    terminals[0].process.wait(20)
    assert "opens" in Shell(tmp_path / "data").told("user", "recover", "--key", key)


def test_the_server_asks_for_the_passphrase_and_never_shows_it(tmp_path: Path, terminals: list[Terminal]) -> None:
    environment = {"FINTRACK_DATA_DIR": str(tmp_path / "data"), "FINTRACK_KEY_SOURCE": "passphrase"}
    phrase = "four words of your own"
    terminals.append(Terminal("scripts.serve", **environment))
    terminals[0].until("New passphrase: ")
    terminals[0].type(phrase)
    terminals[0].until("The same again: ")
    terminals[0].type(phrase)
    said = terminals[0].until("FinTrack: http")
    assert "Write this down" in said
    assert phrase not in said
    terminals[0].close()
    terminals[0] = Terminal("scripts.serve", **environment)
    for wrong in ("one", "two", "three"):
        terminals[0].until("assphrase: ")
        terminals[0].type(wrong)
    said = terminals[0].until("user recover")
    assert "That is not the passphrase" in said
    assert "Traceback" not in said
    assert terminals[0].process.wait(20) == 1
