"""A backup restored is the same, row by row, whatever kind of database it comes from and goes to."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import text

from core.backup import restore
from core.backup.payload import kind_of
from core.errors import BackupError
from core.identity import broken_event, check_credentials, list_events
from core.runtime import Runtime
from core.store import FIRST_OWN_CATEGORY, Base, Category, Item
from core.store.ciphered import kind_of as kind_of_file
from tests.conftest import empty_database
from tests.core.backup.houses import (
    ADA,
    CANARY,
    PASSPHRASE,
    PASSWORD,
    TOKEN,
    backed_up,
    contents,
    fill,
    house_in,
    settings_of,
)  # fmt: skip

pytestmark = pytest.mark.usefixtures("quick_hashes")

Place = Callable[[str, str], Runtime]
"""Opens the house of a name, kept in the kind of database that is named second."""


@pytest.fixture(autouse=True)
def _own_key_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    with ExitStack() as stack:
        urls: dict[str, str] = {}

        def opened(name: str, kind: str) -> Runtime:
            if kind == "postgresql" and name not in urls:
                urls[name] = stack.enter_context(empty_database(request.getfixturevalue("postgres_server")))
            return house_in(tmp_path / name, encrypt=kind != "plain", url=urls.get(name, ""))

        yield opened


WAYS = [
    ("encrypted", "encrypted"), ("plain", "encrypted"), ("encrypted", "plain"),
    *(pytest.param(*way, marks=pytest.mark.postgres)
      for way in (("encrypted", "postgresql"), ("postgresql", "encrypted"), ("postgresql", "postgresql"))),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target"), WAYS)
def test_every_row_comes_back_on_another_machine(place: Place, tmp_path: Path, source: str, target: str) -> None:
    first = place("first", source)
    person = fill(first, demo=True)
    before = contents(first.store)
    assert len(before["transactions"]) > 1000
    written = backed_up(first, tmp_path / "moved.ftb")
    assert written.rows == {name: len(rows) for name, rows in before.items()}
    assert (tmp_path / "moved.ftb").stat().st_mode & 0o777 == 0o600
    keys = first.vault.keys
    first.close()

    second = place("second", target)
    settings = second.settings
    second.close()
    done = restore(settings, tmp_path / "moved.ftb", PASSPHRASE)
    assert (done.rows, done.kept, done.made_at) == (written.rows, None, written.at)
    second = place("second", target)
    assert contents(second.store) == before
    assert second.vault.keys == keys
    assert check_credentials(second.store, second.vault, ADA, PASSWORD) == person
    assert broken_event(second.store, person) is None
    assert list_events(second.store, person)
    with second.store.write() as session:
        item = session.query(Item).filter_by(provider="plaid").one()
        assert second.vault.open(item.sealed_token, f"item:{item.id}") == TOKEN
        # The next one gets a number that nobody had.
        own = Category(user_id=person, code="OWN", group="OWN", title="Own", kind="spending")
        session.add(own)
        session.flush()
        assert own.id > FIRST_OWN_CATEGORY
        assert session.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    assert add_one_more(second)
    assert [path for path in settings.fintrack_data_dir.iterdir() if "next" in path.name] == []
    if target != "postgresql":
        assert kind_of_file(second.store.path) == ("plain" if target == "plain" else "ciphered")
    second.close()


def add_one_more(house: Runtime) -> int:
    """Add a person: every counter of the database that this needs goes on."""
    from core.identity import add_user

    return add_user(house.store, house.vault, "bob@example.org", PASSWORD)


def test_there_is_a_way_for_every_column() -> None:
    kinds = {kind_of(column) for table in Base.metadata.sorted_tables for column in table.columns}
    assert kinds == {"integer", "boolean", "text", "date", "instant"}


@pytest.mark.parametrize("kind", ["encrypted", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_who_is_there_already_is_replaced_only_when_that_is_wanted(place: Place, tmp_path: Path, kind: str) -> None:
    first = place("first", "encrypted")
    fill(first)
    moved = contents(first.store)
    backed_up(first, tmp_path / "moved.ftb")
    first.close()
    second = place("second", kind)
    fill(second, demo=True)
    recovery_key = second.opener.new_recovery_key()
    keys, there, settings = second.opener.opened(), contents(second.store), second.settings
    second.close()
    with pytest.raises(BackupError, match=r"people in this store.*--replace"):
        restore(settings, tmp_path / "moved.ftb", PASSPHRASE)
    second = place("second", kind)
    assert (contents(second.store), second.vault.keys) == (there, keys)
    second.close()
    done = restore(settings, tmp_path / "moved.ftb", PASSPHRASE, over=True)
    assert done.kept is not None
    assert done.kept.parent == settings.fintrack_data_dir / "backups"
    second = place("second", kind)
    assert contents(second.store) == moved
    assert second.vault.keys.root != keys.root
    # The recovery key that this machine's person wrote down stays good.
    assert second.vault.keys.recovery == keys.recovery
    assert recovery_key
    second.close()
    restore(settings, done.kept, PASSPHRASE, over=True)
    second = place("second", kind)
    assert (contents(second.store), second.vault.keys) == (there, keys)
    second.close()


def test_nothing_can_be_read_in_the_file_nor_in_the_folder(place: Place, tmp_path: Path) -> None:
    first = place("first", "encrypted")
    fill(first)
    backed_up(first)
    keys = first.vault.keys
    secrets = (CANARY.encode(), TOKEN.encode(), ADA.encode(), keys.root, *keys.newest_first, PASSPHRASE.encode())
    first.close()
    (file,) = (tmp_path / "first" / "backups").glob("*.ftb")
    second = place("second", "encrypted")
    settings = second.settings
    second.close()
    restore(settings, file, PASSPHRASE)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            assert not [one for one in secrets if one in path.read_bytes()], path
            assert path.stat().st_mode & 0o077 == 0, path


def test_the_first_to_be_restored_needs_no_start_before(place: Place, tmp_path: Path) -> None:
    first = place("first", "encrypted")
    fill(first)
    before = contents(first.store)
    recovery_key = first.opener.new_recovery_key()
    backed_up(house_again(place, first), tmp_path / "moved.ftb")
    restore(settings_of(tmp_path / "new"), tmp_path / "moved.ftb", PASSPHRASE)
    second = place("new", "encrypted")
    assert contents(second.store) == before
    assert recovery_key
    # Nobody wrote one down here, so that of the other machine opens this one too.
    assert second.vault.keys.recovery
    second.close()


def house_again(place: Place, house: Runtime) -> Runtime:
    """Open a house again, so that it knows of its new recovery key."""
    house.close()
    return place("first", "encrypted")
