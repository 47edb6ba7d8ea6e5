"""A new key and a plain store taken over, killed at any moment (SIGKILL): one whole store, and nothing is lost."""

import shutil
import time
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from core import clock
from core.config import Settings
from core.errors import StoreError
from core.identity import add_user, check_credentials, find_user
from core.runtime import Runtime, open_runtime
from core.store import Item, Store, UserId, back_up, migrate
from core.store.ciphered import connect, fits, kind_of
from core.vault import Vault, recover, rotate, settle
from tests.core.vault.nursery import Nursery, nursery

KILLS = 10
ITEMS = 200
RANDOM = Random(20_261_126)
ADA, PASSWORD = "ada@example.org", "seven otters juggle lanterns"
TOKEN = "access-canary-4711"


@pytest.fixture(autouse=True)
def _own_key_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_hashes: None) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


def fill(house: Runtime) -> UserId:
    """Add a person with many bank tokens."""
    person = add_user(house.store, house.vault, ADA, PASSWORD)
    with house.store.write() as session:
        items = [
            Item(user_id=person, provider="demo", provider_key=f"k{number}", created_at=clock.now())
            for number in range(ITEMS)
        ]
        session.add_all(items)
        session.flush()
        for number, item in enumerate(items):
            item.sealed_token = house.vault.seal(f"{TOKEN}-{number}", f"item:{item.id}")
    return person


def tokens(store: Store, vault: Vault) -> list[str]:
    with store.read() as session:
        return [
            vault.open(one.sealed_token, f"item:{one.id}") for one in session.scalars(select(Item).order_by(Item.id))
        ]


def assert_whole(house: Runtime) -> None:
    assert tokens(house.store, house.vault) == [f"{TOKEN}-{number}" for number in range(ITEMS)]
    person = find_user(house.store, ADA)
    assert person is not None
    assert len(house.vault.keys.newest_first) == 1


def watched(victims: Nursery, folder: Path, work: str) -> float:
    """Let a victim work to its end; return the seconds that it took."""
    start = time.perf_counter()
    assert victims.work(folder, work) == 0
    return time.perf_counter() - start


@pytest.mark.timeout(600)
@pytest.mark.parametrize("encrypt", [True, False], ids=["encrypted", "plain"])
def test_a_rotation_killed_anywhere_is_ended_at_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, encrypt: bool
) -> None:
    monkeypatch.setenv("FINTRACK_ENCRYPT", str(encrypt).lower())
    settings = Settings(fintrack_data_dir=tmp_path / "data")
    house = open_runtime(settings)
    fill(house)
    recovery_key = house.opener.new_recovery_key()
    copy = back_up(house.store, tmp_path / "data" / "backups", "before")
    house.close()
    turned = done = 0
    with nursery() as victims:
        seconds = watched(victims, settings.fintrack_data_dir, "rotate")
        for number in range(KILLS if encrypt else KILLS // 2):
            before = settle(settings)
            before.occupancy.close()
            # The first falls at once, and more of the others early than late: the new key is there soon, and
            # writing everything anew takes the rest.
            at = seconds * RANDOM.random() ** 3 if number else 0.0
            ended = victims.work(settings.fintrack_data_dir, "rotate", at) == 0
            done += ended
            # On a machine that is less busy than a moment ago the later kills would all come too late.
            seconds *= 0.9 if ended else 1.0
            house = open_runtime(settings)
            assert_whole(house)
            key = house.vault.keys.store_keys[0]
            turned += house.vault.keys != before.vault.keys
            house.close()
            assert kind_of(settings.fintrack_data_dir / "fintrack.db") == ("ciphered" if encrypt else "plain")
            assert fits(copy, key if encrypt else None)
            (file,) = (tmp_path / "config" / "fintrack").iterdir()
            assert len(file.read_text("ascii").split()) == 1 or house.vault.keys == before.vault.keys
    # The kills have to fall before and after the new key was there, or the test shows nothing.
    rounds = KILLS if encrypt else KILLS // 2
    assert 0 < turned < rounds
    assert done < rounds
    file.unlink()
    recover(settings, recovery_key)
    house = open_runtime(settings)
    assert_whole(house)
    assert check_credentials(house.store, house.vault, ADA, PASSWORD) == find_user(house.store, ADA)
    backed = Store(f"sqlite:///{copy}", house.store.key)
    assert tokens(backed, house.vault) == tokens(house.store, house.vault)
    backed.close()
    house.close()


def test_no_copy_stays_under_a_key_that_is_forgotten(tmp_path: Path) -> None:
    settings = Settings(fintrack_data_dir=tmp_path / "data")
    house = open_runtime(settings)
    fill(house)
    copy, damaged = (back_up(house.store, tmp_path / "data" / "backups", name) for name in ("before", "damaged"))
    old = house.vault.keys.store_keys[0]
    house.close()
    with damaged.open("r+b") as file:
        file.seek(4096 * 5 + 100)
        file.write(b"scribbled over")
    with closing(connect(copy, old)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM items").fetchone()
        with pytest.raises(StoreError, match=rf"Another program has .*{copy.name} open"):
            rotate(settings)
    house = open_runtime(settings)
    assert_whole(house)
    assert house.vault.keys.store_keys[0] != old
    backed = Store(f"sqlite:///{copy}", house.store.key)
    assert tokens(backed, house.vault) == tokens(house.store, house.vault)
    backed.close()
    house.close()
    # What could not be read before either stops nobody.
    assert fits(damaged, old)


def plain_folder(folder: Path) -> bytes:
    """Make the data folder of an installation from before there was encryption; return its key."""
    settings = Settings(fintrack_data_dir=folder, fintrack_encrypt=False)
    house = open_runtime(settings)
    person = fill(house)
    house.caches.of(person).refresh()
    back_up(house.store, folder / "backups", "before-0002")
    root = house.vault.keys.root
    house.close()
    return root


@pytest.mark.timeout(600)
def test_a_plain_store_killed_on_its_way_is_whole_and_ends_encrypted(tmp_path: Path) -> None:
    plain_folder(tmp_path / "plain")
    whole = {"plain": 0, "ciphered": 0}
    with nursery() as victims:
        shutil.copytree(tmp_path / "plain", tmp_path / "first")
        seconds = watched(victims, tmp_path / "first", "start")
        for number in range(KILLS):
            folder = tmp_path / str(number)
            shutil.copytree(tmp_path / "plain", folder)
            # As above, the first at once and more of the others early: the encrypted file is there soon.
            ended = victims.work(folder, "start", seconds * RANDOM.random() ** 3 if number else 0.0) == 0
            seconds *= 0.9 if ended else 1.0
            kind = kind_of(folder / "fintrack.db")
            whole[kind] += 1
            if kind == "plain":
                with closing(connect(folder / "fintrack.db", None)) as connection:
                    assert connection.execute("SELECT COUNT(*) FROM items").fetchone() == (ITEMS,)
            house = open_runtime(Settings(fintrack_data_dir=folder))
            assert_whole(house)
            house.close()
            left = {path.name for path in folder.rglob("*") if path.is_file() and ADA.encode() in path.read_bytes()}
            assert left == {path.name for path in (folder / "backups").glob("unencrypted-*.db")} != set()
            assert not (folder / "cache").exists()
            assert list(folder.rglob("*.part")) == []
            shutil.rmtree(folder)
    assert min(whole.values()) > 0, whole


def test_a_key_is_not_turned_over_under_a_running_house(tmp_path: Path) -> None:
    settings = Settings(fintrack_data_dir=tmp_path / "data")
    house = open_runtime(settings)
    fill(house)
    for forbidden in (lambda: rotate(settings), lambda: recover(settings, "whatever")):
        with pytest.raises(StoreError, match="FinTrack is running"):
            forbidden()
    assert_whole(house)
    house.close()
    assert rotate(settings).secrets == ITEMS
    house = open_runtime(settings)
    assert_whole(house)
    house.close()


def test_a_plain_store_is_not_taken_over_under_a_running_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.vault.order.PATIENCE", 0.3)
    folder = tmp_path / "data"
    house = open_runtime(Settings(fintrack_data_dir=folder, fintrack_encrypt=False))
    with pytest.raises(StoreError, match="FinTrack is running"):
        open_runtime(Settings(fintrack_data_dir=folder))
    fill(house)
    house.close()
    house = open_runtime(Settings(fintrack_data_dir=folder))
    assert_whole(house)
    assert house.unencrypted is not None
    house.close()


@pytest.mark.parametrize("held", ["fintrack.db", "backups/*before-0002.db"])
def test_a_store_that_could_not_be_taken_over_leaves_no_copy_of_each_try(tmp_path: Path, held: str) -> None:
    folder = tmp_path / "data"
    plain_folder(folder)
    (path,) = folder.glob(held)
    with closing(connect(path, None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT COUNT(*) FROM items").fetchone()
        for _ in range(2):
            with pytest.raises(StoreError, match=rf"Another program has .*{path.name} open"):
                open_runtime(Settings(fintrack_data_dir=folder))
    assert list((folder / "backups").glob("unencrypted-*.db")) == []
    house = open_runtime(Settings(fintrack_data_dir=folder))
    assert_whole(house)
    assert list((folder / "backups").glob("unencrypted-*.db")) == [house.unencrypted]
    assert [one.name for one in (folder / "backups").iterdir() if kind_of(one) == "plain"] == [house.unencrypted.name]
    house.close()


def test_the_tokens_of_a_postgresql_store_are_sealed_anew(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(fintrack_data_dir=tmp_path / "data", database_url=postgres_url)
    house = open_runtime(settings)
    fill(house)
    old = house.vault
    assert house.caches._folder is None
    house.close()
    assert rotate(settings).secrets == ITEMS
    house = open_runtime(settings)
    assert_whole(house)
    with pytest.raises(StoreError):
        tokens(house.store, old)
    assert migrate(house.store, tmp_path) is None
    house.close()
