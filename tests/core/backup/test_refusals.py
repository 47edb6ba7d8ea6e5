"""What can't be backed up or restored is said in a sentence, and nothing is changed or left behind."""

import resource
import threading
import traceback
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import MetaData, func, inspect, select, text

from core import clock
from core.backup import Restored, last_backup, restore
from core.backup.envelope import Sealer
from core.backup.keeping import STRAY
from core.backup.payload import Manifest, Payload, TableTold, kind_of, written
from core.config import Settings
from core.doctor import OLDEST_BACKUP, examine
from core.errors import BackupError, FinTrackError, StoreError, ValidationError
from core.runtime import Runtime
from core.store import Account, Occupancy, Store, Transaction, migrate, revision_of, upgrade
from core.vault import Keys, settle
from tests.core.backup.houses import PASSPHRASE, backed_up, contents, fill, house_in, settings_of
from tests.core.store import __file__ as store_tests

pytestmark = pytest.mark.usefixtures("quick_hashes")


@pytest.fixture(autouse=True)
def _own_key_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Runtime]:
    opened = house_in(tmp_path / "data")
    fill(opened)
    yield opened
    opened.close()


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()


@contextmanager
def little_room(size: int) -> Iterator[None]:
    """Have no file of this process grow beyond `size` bytes, as if the disk were full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def refused(settings: Settings, file: Path, sentence: str, passphrase: str = PASSPHRASE) -> None:
    """See that a file is refused, and that the folder is not even made."""
    with pytest.raises(FinTrackError, match=sentence):
        restore(settings, file, passphrase)
    assert names(settings.fintrack_data_dir) == set()


def test_wrong_damaged_foreign_and_newer_files_touch_nothing(house: Runtime, tmp_path: Path) -> None:
    new = settings_of(tmp_path / "new")
    file = backed_up(house, tmp_path / "one.ftb").file
    whole = file.read_bytes()
    refused(new, file, "another passphrase", "brass kettles hum at noon")
    refused(new, tmp_path / "none.ftb", "can't be read")
    harmed = tmp_path / "harmed.ftb"
    for content in (whole[:-1], whole[: len(whole) // 2], whole + b"\0", whole[:-9] + b"\1" + whole[-8:]):
        harmed.write_bytes(content)
        refused(new, harmed, "does not open|damaged")
    refused(new, house.store.path, "no FinTrack backup")
    with house.store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    refused(new, backed_up(house, tmp_path / "newer.ftb").file, "newer FinTrack")


def test_a_payload_that_misses_rows_is_refused(house: Runtime, tmp_path: Path) -> None:
    with house.store.read() as session:
        told = TableTold(name="users", columns=(("id", "integer"),), rows=2)
        manifest = Manifest(
            fintrack="0",
            revision="0003",
            made_at=clock.now(),
            keys=SecretStr(Keys.made().written().decode()),
            tables=(told,),
        )
        with (tmp_path / "short.ftb").open("wb") as file:
            sealer = Sealer(file, PASSPHRASE)
            for piece in written(session, manifest):
                sealer.write(piece)
            sealer.end()
    refused(settings_of(tmp_path / "new"), tmp_path / "short.ftb", "damaged")


def test_a_running_fintrack_is_not_pulled_from_under(house: Runtime, tmp_path: Path) -> None:
    file = backed_up(house).file
    before = contents(house.store)
    with pytest.raises(StoreError, match="FinTrack is running"):
        restore(house.settings, file, PASSPHRASE, over=True)
    other = Occupancy(tmp_path / "new")
    other.share()
    with pytest.raises(StoreError, match="FinTrack is running"):
        restore(settings_of(tmp_path / "new"), file, PASSPHRASE)
    other.close()
    assert contents(house.store) == before


def test_a_weak_passphrase_is_refused(house: Runtime, tmp_path: Path) -> None:
    from core.backup import back_up
    from core.identity import check_strength

    for weak in ("short", "passwordpassword", "aaaaaaaaaaaaaaaaaaa"):
        with pytest.raises(ValidationError):
            back_up(house.store, house.vault.keys, weak, check_strength, tmp_path / "data" / "backups")
    assert names(tmp_path / "data" / "backups") == set()


def test_no_room_is_a_sentence_and_leaves_no_half_file(house: Runtime, tmp_path: Path) -> None:
    fine = backed_up(house).file
    there = names(fine.parent)
    with little_room(2000), pytest.raises(BackupError, match="can't be written"):
        backed_up(house)
    assert names(fine.parent) == there
    assert fine.read_bytes()
    blocked = tmp_path / "file"
    blocked.write_text("in the way", "utf-8")
    with pytest.raises(BackupError, match="can't be written"):
        backed_up(house, blocked / "one.ftb")
    with pytest.raises(BackupError, match="no backup"):
        backed_up(house, blocked)
    assert blocked.read_text("utf-8") == "in the way"


def test_no_room_while_restoring_leaves_what_was_there(house: Runtime, tmp_path: Path) -> None:
    with house.store.write() as session:
        for number in range(3000):
            session.add(
                Transaction(user_id=1, account_id=1, date=date(2026, 3, 1), amount=Decimal(number), currency="USD",
                            name="x" * 300, created_at=clock.now())
            )  # fmt: skip
    file = backed_up(house, tmp_path / "one.ftb").file
    second = house_in(tmp_path / "second")
    settings, before, keys = second.settings, contents(second.store), second.vault.keys
    second.close()
    there = names(settings.fintrack_data_dir)
    with little_room(400_000), pytest.raises(StoreError):
        restore(settings, file, PASSPHRASE)
    assert names(settings.fintrack_data_dir) == there
    second = house_in(tmp_path / "second")
    assert (contents(second.store), second.vault.keys) == (before, keys)
    second.close()


def test_the_newest_are_kept_and_the_others_go(house: Runtime, tmp_path: Path) -> None:
    from core.backup import back_up

    folder = tmp_path / "data" / "backups"
    folder.mkdir(exist_ok=True)
    half = folder / ".fintrack-20260101T000000000000.abcd.ftb.part"
    half.touch()
    made = [back_up(house.store, house.vault.keys, PASSPHRASE, len, folder, keep=2).file for _ in range(4)]
    assert set(folder.glob("*.ftb")) == set(made[2:])
    assert half.exists(), "it may be written just now"
    with clock.frozen(clock.now() + 2 * STRAY):
        elsewhere = back_up(house.store, house.vault.keys, PASSPHRASE, len, folder, tmp_path, keep=1).file
        assert set(folder.glob("*.ftb")) == set(made[2:])
        again = back_up(house.store, house.vault.keys, PASSPHRASE, len, folder, elsewhere).file
        back_up(house.store, house.vault.keys, PASSPHRASE, len, folder, keep=2)
    assert (again, elsewhere.parent) == (elsewhere, tmp_path)
    assert not half.exists()


def test_a_backup_made_while_others_write_is_one_state(store_url: str, tmp_path: Path) -> None:
    house = house_in(tmp_path / "data", url="" if store_url.startswith("sqlite") else store_url)
    fill(house)
    stop = threading.Event()

    def move_money() -> None:
        """Write both sides of a transfer in one transaction, over and over."""
        number = 0
        while not stop.is_set():
            number += 1
            with house.store.write() as session:
                for amount in (Decimal(number), Decimal(-number)):
                    row = Transaction(user_id=1, account_id=1, amount=amount, currency="USD", name=f"pair {number}",
                                      date=date(2026, 3, 1), created_at=clock.now())  # fmt: skip
                    session.add(row)
                    session.flush()

    writer = threading.Thread(target=move_money)
    writer.start()
    files = [backed_up(house, tmp_path / f"{number}.ftb").file for number in range(4)]
    stop.set()
    writer.join()
    house.close()
    counts = []
    for number, file in enumerate(files):
        restore(settings_of(tmp_path / f"new{number}"), file, PASSPHRASE)
        other = house_in(tmp_path / f"new{number}")
        with other.store.read() as session:
            pairs = session.execute(
                select(func.count(), func.sum(Transaction.amount))
                .where(Transaction.name.like("pair %")).group_by(Transaction.name)
            ).all()  # fmt: skip
        counts.append(len(pairs))
        assert all((count, total) == (2, 0) for count, total in pairs)
        other.close()
    assert counts[-1] > counts[0], "nothing was written meanwhile"


def test_a_backup_of_the_first_revision_is_brought_up_to_date(store_url: str, tmp_path: Path) -> None:
    old = Store(f"sqlite:///{tmp_path / 'old.db'}")
    with old.write() as session:
        upgrade(session.connection(), "0001")
        for statement in (Path(store_tests).parent / "first_revision.sql").read_text("utf-8").split(";")[:-1]:
            session.connection().exec_driver_sql(statement)
    with old.read() as session:
        there = MetaData()
        there.reflect(session.connection())
        tables = tuple(
            TableTold(
                name=table.name,
                columns=tuple((column.name, kind_of(column)) for column in table.columns),
                rows=session.scalar(select(func.count()).select_from(table)) or 0,
            )
            for table in there.sorted_tables
            if table.name != "alembic_version"
        )
        manifest = Manifest(
            fintrack="0.0.1",
            revision="0001",
            made_at=clock.now(),
            keys=SecretStr(Keys.made().written().decode()),
            tables=tables,
        )
        with (tmp_path / "old.ftb").open("wb") as file:
            sealer = Sealer(file, PASSPHRASE)
            for piece in written(session, manifest):
                sealer.write(piece)
            sealer.end()
    old.close()
    settings = settings_of(tmp_path / "new", url="" if store_url.startswith("sqlite") else store_url)
    done: Restored = restore(settings, tmp_path / "old.ftb", PASSPHRASE)
    assert done.rows["transactions"] == 1
    settled = settle(settings)
    restored = Store(settings.store_url, settled.store_key)
    assert migrate(restored, tmp_path / "backups") is None
    with restored.read() as session:
        assert session.get_one(Account, 1).schedule == "daily"
    restored.close()
    settled.occupancy.close()
    assert not (tmp_path / "backups").exists(), "the restore left it to the next start"
    house = house_in(tmp_path / "new", url=settings.database_url.get_secret_value())
    with house.store.read() as session:
        assert (revision_of(session.connection()) or "") > "0001"
        row = session.get_one(Transaction, 1)
        assert (row.amount, row.own_name, row.note) == (Decimal("-12.5"), "Mine", "note")
        assert session.get_one(Account, 1).schedule == "daily"
        assert "challenges" in inspect(session.connection()).get_table_names()
    house.close()


def test_the_doctor_tells_when_the_last_one_was_made(house: Runtime, tmp_path: Path) -> None:
    def finding() -> tuple[bool, str]:
        return next((one.ok, one.sentence) for one in examine(house) if one.check == "backup")

    with house.store.write() as session:
        session.execute(text("UPDATE accounts SET created_at = :at"), {"at": f"{clock.now():%Y-%m-%d %H:%M:%S.%f}"})
    assert finding() == (True, "None was made yet.")
    start = clock.now()
    with clock.frozen(start + (OLDEST_BACKUP + 1) * (STRAY)):
        assert finding() == (False, "None was made yet. Run: python -m core backup")
        made = backed_up(house)
        assert finding()[0]
        assert str(made.file) in finding()[1]
        last = last_backup(tmp_path / "data")
        assert last is not None
        assert last.at == made.at
    with clock.frozen(start + 2 * (OLDEST_BACKUP + 1) * STRAY):
        assert finding()[0] is False


def test_nobody_learns_the_keys_from_a_failure() -> None:
    manifest = Manifest(fintrack="0", revision="1", made_at=clock.now(), keys=SecretStr("canary"), tables=())
    assert "canary" not in repr(manifest)
    # Cut, a line of JSON would be shown with what stands at its end: the keys.
    cut = manifest.line().partition(b', "tables"')[0]
    assert cut.endswith(b'"canary"')
    with pytest.raises(BackupError) as failure:
        Payload.read([zlib.compress(cut + b"\n")])
    assert "canary" not in "".join(traceback.format_exception(failure.value))
