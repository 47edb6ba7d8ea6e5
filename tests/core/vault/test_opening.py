"""How the keys are kept and found again, and one sentence for each way in which they can't be."""

import fcntl
import multiprocessing
import os
import secrets
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest

from core.config import Settings
from core.errors import StoreError, ValidationError
from core.vault import Keys, recover, rotate, settle
from core.vault import places as places_module
from core.vault.places import KeyFile
from tests.core.vault import shelf as shelves

PASSPHRASE = "four words of your own"


def nobody(sentence: str) -> str:
    raise AssertionError(f"asked: {sentence}")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where this test's key files go."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "fintrack"


@pytest.fixture
def put_on_shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Return a function that makes one of the tests' keyrings the system's."""
    before = keyring.get_keyring()

    def put(name: str) -> None:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", f"tests.core.vault.shelf.{name}")
        monkeypatch.setenv("FINTRACK_TEST_SHELF", str(tmp_path / "shelf.json"))
        keyring.set_keyring(getattr(shelves, name)())

    yield put
    keyring.set_keyring(before)


def settings(tmp_path: Path, **more: object) -> Settings:
    return Settings(fintrack_data_dir=tmp_path / "data", **more)


def keys_of(configuration: Settings, ask: Callable[[str], str] | None = nobody) -> Keys:
    """Open a data folder and leave it again."""
    settled = settle(configuration, ask)
    settled.occupancy.close()
    return settled.vault.keys


def test_the_first_start_puts_the_key_into_a_file_of_its_own_away_from_the_data(tmp_path: Path, home: Path) -> None:
    keys = keys_of(settings(tmp_path))
    (file,) = home.iterdir()
    ring = tmp_path / "data" / "keyring.json"
    assert (file.stat().st_mode & 0o777, ring.stat().st_mode & 0o777) == (0o600, 0o600)
    assert (file.parent.stat().st_mode & 0o777, ring.parent.stat().st_mode & 0o777) == (0o700, 0o700)
    kept = ring.read_bytes()
    for secret in (keys.root, *keys.newest_first, *keys.store_keys, *KeyFile(file).keys()):
        assert secret.hex().encode() not in kept
    assert keys_of(settings(tmp_path)) == keys


def test_many_who_start_at_once_agree_on_one_keyring(tmp_path: Path, home: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        found = set(pool.map(keys_of, [settings(tmp_path)] * 8))
    assert len(found) == 1
    assert len(list(home.iterdir())) == 1
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [".lock", "keyring.json"]


def test_the_key_from_before_becomes_the_root_and_goes(tmp_path: Path, home: Path) -> None:
    (tmp_path / "data").mkdir()
    old = secrets.token_bytes(32)
    (tmp_path / "data" / "secret.key").write_bytes(old)
    keys = keys_of(settings(tmp_path))
    assert keys.root == old
    assert not (tmp_path / "data" / "secret.key").exists()
    # One that came back from a backup goes too; another installation's is left alone.
    (tmp_path / "data" / "secret.key").write_bytes(old)
    assert keys_of(settings(tmp_path)) == keys
    assert not (tmp_path / "data" / "secret.key").exists()
    (tmp_path / "data" / "secret.key").write_bytes(bytes(32))
    assert keys_of(settings(tmp_path)) == keys
    assert (tmp_path / "data" / "secret.key").exists()


def test_a_damaged_key_from_before_is_named_and_left(tmp_path: Path, home: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "secret.key").write_bytes(b"short")
    with pytest.raises(StoreError, match=r"secret\.key is damaged"):
        settle(settings(tmp_path))
    assert not (tmp_path / "data" / "keyring.json").exists()


def test_the_environment_holds_the_key(tmp_path: Path, home: Path) -> None:
    key = secrets.token_hex(32)
    keys = keys_of(settings(tmp_path, fintrack_key=key))
    assert not home.exists()
    assert keys_of(settings(tmp_path, fintrack_key=key)) == keys
    with pytest.raises(StoreError, match=r"FINTRACK_KEY is not the key of this installation.*recover"):
        settle(settings(tmp_path, fintrack_key=secrets.token_hex(32)))
    with pytest.raises(StoreError, match="which is not set"):
        settle(settings(tmp_path))
    with pytest.raises(StoreError, match="64 hexadecimal digits") as failure:
        settle(settings(tmp_path, fintrack_key="s3cret"))
    assert "s3cret" not in str(failure.value)


def test_a_passphrase_is_asked_for_three_times(tmp_path: Path, home: Path) -> None:
    asked: list[str] = []

    def answering(*answers: str) -> Callable[[str], str]:
        left = iter(answers)
        asked.clear()
        return lambda sentence: asked.append(sentence) or next(left)

    chosen = settings(tmp_path, fintrack_key_source="passphrase")
    with pytest.raises(ValidationError, match="not the same"):
        settle(chosen, answering(PASSPHRASE, "another"))
    with pytest.raises(ValidationError, match="15 characters"):
        settle(chosen, answering("short", "short"))
    with pytest.raises(StoreError, match="FINTRACK_PASSPHRASE"):
        settle(chosen)
    keys = keys_of(chosen, answering(PASSPHRASE, PASSPHRASE))
    assert asked == ["New passphrase", "The same again"]
    assert keys_of(settings(tmp_path), answering("wrong", "wrong again", PASSPHRASE)) == keys
    assert [sentence.startswith("That is not the passphrase") for sentence in asked] == [False, True, True]
    with pytest.raises(StoreError, match=r"not the passphrase.*recover"):
        settle(chosen, answering("wrong", "wrong", "wrong", PASSPHRASE))
    assert keys_of(settings(tmp_path, fintrack_passphrase=PASSPHRASE)) == keys
    with pytest.raises(StoreError, match="not the passphrase"):
        settle(settings(tmp_path, fintrack_passphrase="wrong"))
    with pytest.raises(StoreError, match="at a terminal"):
        settle(chosen)


def test_the_systems_keyring_is_taken_where_there_is_one(
    tmp_path: Path, home: Path, put_on_shelf: Callable[[str], None]
) -> None:
    put_on_shelf("Shelf")
    keys = keys_of(settings(tmp_path))
    assert not home.exists()
    assert keys_of(settings(tmp_path)) == keys
    rotate(settings(tmp_path))
    assert keys_of(settings(tmp_path)).root == keys.root
    put_on_shelf("Locked")
    with pytest.raises(StoreError, match=r"keyring is locked.*recover"):
        settle(settings(tmp_path))
    (tmp_path / "shelf.json").unlink()
    put_on_shelf("Shelf")
    with pytest.raises(StoreError, match=r"has no key of this installation"):
        settle(settings(tmp_path))


@pytest.mark.parametrize("name", ["Locked", "Silent"])
def test_a_keyring_that_does_not_answer_is_not_waited_for(
    name: str, tmp_path: Path, home: Path, put_on_shelf: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.vault.opening.PROBE_SECONDS", 0.3)
    put_on_shelf(name)
    start = time.perf_counter()
    keys_of(settings(tmp_path))
    assert time.perf_counter() - start < 5
    assert len(list(home.iterdir())) == 1


@pytest.mark.parametrize("name", ["Locked", "Forgetful"])
def test_a_recovery_without_the_systems_keyring_names_the_way_on(
    name: str, tmp_path: Path, home: Path, put_on_shelf: Callable[[str], None]
) -> None:
    put_on_shelf("Shelf")
    settled = settle(settings(tmp_path))
    recovery_key = settled.opener.new_recovery_key()
    settled.occupancy.close()
    put_on_shelf(name)
    with pytest.raises(StoreError, match=r"keyring.*recover --source file$"):
        recover(settings(tmp_path), recovery_key)
    recover(settings(tmp_path), recovery_key, "file")
    assert keys_of(settings(tmp_path)).root == settled.vault.keys.root


def test_nothing_is_asked_of_a_machine_without_a_session(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PYTHON_KEYRING_BACKEND", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("sys.platform", "linux")
    assert not places_module._may_exist()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert places_module._may_exist()


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (Path.unlink, r"key file .* is missing.*recover"),
        (lambda path: path.write_text("scribbled", "utf-8"), r"key file .* is damaged.*recover"),
        (lambda path: path.write_text(secrets.token_hex(32), "utf-8"), r"of another installation.*recover"),
    ],
    ids=["missing", "damaged", "foreign"],
)
def test_a_lost_key_file_is_told_and_the_recovery_key_opens(
    harm: Callable[[Path], object], sentence: str, tmp_path: Path, home: Path
) -> None:
    settled = settle(settings(tmp_path))
    recovery_key = settled.opener.new_recovery_key()
    settled.occupancy.close()
    keys = keys_of(settings(tmp_path))
    (file,) = home.iterdir()
    harm(file)
    harmed = file.read_bytes() if file.exists() else b""
    with pytest.raises(StoreError, match=sentence):
        settle(settings(tmp_path))
    assert (file.read_bytes() if file.exists() else b"") == harmed, "what was there was overwritten"
    with pytest.raises(ValidationError, match="not a recovery key"):
        recover(settings(tmp_path), "0" * 54)
    recover(settings(tmp_path), recovery_key)
    assert keys_of(settings(tmp_path)) == keys


def test_the_recovery_key_outlives_a_rotation_and_a_new_one_voids_it(tmp_path: Path, home: Path) -> None:
    settled = settle(settings(tmp_path))
    first = settled.opener.new_recovery_key()
    settled.occupancy.close()
    rotate(settings(tmp_path))
    (file,) = home.iterdir()
    file.unlink()
    recover(settings(tmp_path), first)
    settled = settle(settings(tmp_path))
    second = settled.opener.new_recovery_key()
    settled.occupancy.close()
    with pytest.raises(ValidationError, match="does not open this installation"):
        recover(settings(tmp_path), first)
    recover(settings(tmp_path), second, "passphrase", lambda _: PASSPHRASE)
    assert keys_of(settings(tmp_path), lambda _: PASSPHRASE).root == settled.vault.keys.root


@pytest.mark.parametrize("content", [b"", b"{}", b"scribbled", b"\xff\xfe", b'{"version": 2}'])
def test_a_damaged_keyring_is_told_and_left(content: bytes, tmp_path: Path, home: Path) -> None:
    keys_of(settings(tmp_path))
    path = tmp_path / "data" / "keyring.json"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"keyring\.json is damaged"):
        settle(settings(tmp_path))
    assert path.read_bytes() == content


def test_settings_that_speak_of_another_place_are_told(tmp_path: Path, home: Path) -> None:
    keys_of(settings(tmp_path))
    for more, name in (
        ({"fintrack_key": secrets.token_hex(32)}, "environment"),
        ({"fintrack_passphrase": PASSPHRASE}, "passphrase"),
        ({"fintrack_key_source": "keyring"}, "keyring"),
    ):
        with pytest.raises(StoreError, match=rf"kept in a file.*rotate-key --source {name}"):
            settle(settings(tmp_path, **more))


def test_the_key_moves_from_place_to_place(tmp_path: Path, home: Path) -> None:
    root = keys_of(settings(tmp_path)).root
    (file,) = home.iterdir()
    key = secrets.token_hex(32)
    rotate(settings(tmp_path, fintrack_key=key), "environment")
    assert not file.exists()
    assert keys_of(settings(tmp_path, fintrack_key=key)).root == root
    rotate(settings(tmp_path, fintrack_key=key, fintrack_passphrase=PASSPHRASE), "passphrase")
    assert keys_of(settings(tmp_path, fintrack_passphrase=PASSPHRASE)).root == root
    rotate(settings(tmp_path, fintrack_passphrase=PASSPHRASE), "file")
    assert keys_of(settings(tmp_path)).root == root


def test_two_installations_may_share_one_key_file(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "mine.key"
    one, two = (Settings(fintrack_data_dir=tmp_path / name, fintrack_key_file=file) for name in ("one", "two"))
    roots = [keys_of(each).root for each in (one, two)]
    rotate(one)
    rotate(two)
    assert [keys_of(each).root for each in (one, two)] == roots
    assert len(KeyFile(file).keys()) == 2


def test_a_folder_that_cant_be_written_is_named(tmp_path: Path, home: Path) -> None:
    (tmp_path / "data").write_text("a file in the way", "utf-8")
    with pytest.raises(StoreError, match="data can't be made or written"):
        settle(settings(tmp_path))
    (tmp_path / "data").unlink()
    home.parent.write_text("a file in the way", "utf-8")
    with pytest.raises(StoreError, match="key can't be written"):
        settle(settings(tmp_path))
    assert not (tmp_path / "data" / "keyring.json").exists()
    assert [path.name for path in (tmp_path / "data").iterdir()] == [".lock"]


def rotate_and_die(configuration: Settings) -> None:
    """Rotate the keys, and be killed while the key file is on its way to the disk."""
    os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    rotate(configuration)


def test_what_a_kill_left_half_written_of_a_key_goes_at_the_next_start(tmp_path: Path, home: Path) -> None:
    keys = keys_of(settings(tmp_path))
    (file,) = home.iterdir()
    victim = multiprocessing.get_context("spawn").Process(target=rotate_and_die, args=(settings(tmp_path),))
    victim.start()
    victim.join()
    assert victim.exitcode == -signal.SIGKILL
    (half,) = home.glob(".*.part")
    assert file.read_text("ascii").strip() in half.read_text("ascii"), "the test shows nothing without a key in it"
    ours = [
        half,
        home / f".{'0' * 32}.key.0123abcd.part",
        tmp_path / "data" / ".keyring.json.0123abcd.part",
    ]
    others = [
        home / ".notes.0123abcd.part",
        home / f".{file.name}.part",
        home / f".{file.name}.my-own.part",
        home / f"{file.name}.0123abcd.part",
        tmp_path / "data" / ".something.else.0123abcd.part",
        tmp_path / ".keyring.json.0123abcd.part",
    ]
    for path in [*ours[1:], *others]:
        path.write_text("a key, or not", "ascii")
    assert keys_of(settings(tmp_path)) == keys
    assert [path for path in ours if path.exists()] == []
    assert [path for path in others if not path.exists()] == []


def test_what_is_being_written_now_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "mine.key"
    wanted = settings(tmp_path, fintrack_key_file=file)
    keys_of(wanted)
    halves = [file.with_name(f".mine.key.{name}.part") for name in ("0123abcd", "4567cdef")]
    for half in halves:
        half.touch()
    with halves[0].open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        keys_of(wanted)
        assert [half.exists() for half in halves] == [True, False]
    keys_of(wanted)
    assert not halves[0].exists()
