"""Before PostgreSQL's tables are brought to a new revision they are backed up, and come back from that as they were."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from core.backup import back_up_before_update, needs_no_passphrase, restore
from core.backup.envelope import Envelope
from core.backup.payload import Payload
from core.backup.updating import own_passphrase
from core.config import Settings
from core.errors import BackupError, StoreError
from core.runtime import open_runtime
from core.store import Store, newest_revision, revision_of, tables_at, upgrade
from core.vault import rotate, settle
from tests.conftest import empty_database
from tests.core.backup.houses import contents, fill, house_in, settings_of

EARLIER = "0003"
"""Of the tables as they were before a start: others were added, changed and renamed since."""
pytestmark = [pytest.mark.postgres, pytest.mark.usefixtures("quick_hashes")]


@pytest.fixture
def earlier(tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return the settings of an installation of an earlier FinTrack, with somebody in it, beside another's table."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    settings = settings_of(tmp_path / "data", url=postgres_url)
    settle(settings).occupancy.close()
    with closing(Store(postgres_url)) as store, store.write() as session:
        upgrade(session.connection(), EARLIER)
        session.execute(text("CREATE TABLE not_ours (word text)"))
        session.execute(text("INSERT INTO not_ours VALUES ('theirs')"))
        session.execute(
            text(
                "INSERT INTO users (id, email, first_name, last_name, password_hash, is_owner, is_demo, created_at,"
                " currency, locale, time_zone, month_start_day, week_start_day, last_change)"
                " VALUES (3, 'bea@example.org', 'Bea', 'Ω', 'x', true, false, now(), 'USD', 'en_US', 'UTC', 1, 0, 7)"
            )
        )
        session.execute(text("SELECT setval('users_id_seq', 41)"))
    return settings


def backups(settings: Settings) -> list[Path]:
    return sorted((settings.fintrack_data_dir / "backups").glob("*.ftb"))


def test_a_start_backs_up_what_it_brings_up_once(earlier: Settings, postgres_url: str) -> None:
    house = open_runtime(earlier)
    (file,) = backups(earlier)
    assert house.backup == file
    assert file.stat().st_mode & 0o777 == 0o600
    assert needs_no_passphrase(file)
    assert f"before-{newest_revision()}" in file.name
    house.close()
    house = open_runtime(earlier)
    assert house.backup is None
    house.close()
    assert backups(earlier) == [file], "nothing is to be brought up any more"


def test_what_an_update_harmed_is_put_back(earlier: Settings, postgres_url: str) -> None:
    house = open_runtime(earlier)
    (file,) = backups(earlier)
    before = contents(house.store)
    fill(house)
    with house.store.write() as session:
        session.execute(text("UPDATE users SET last_name = 'harmed' WHERE id = 3"))
    harmed = contents(house.store)
    house.close()
    rotate(earlier)
    with pytest.raises(BackupError, match="people in this store"):
        restore(earlier, file, None)
    done = restore(earlier, file, None, over=True)
    house = open_runtime(earlier)
    assert contents(house.store) == before
    with house.store.read() as session:
        assert session.scalar(text("SELECT word FROM not_ours")) == "theirs"
        assert session.scalar(text("SELECT nextval('users_id_seq')")) == 42, "no number is given twice"
    house.close()
    assert done.kept is not None
    assert needs_no_passphrase(done.kept)
    restore(earlier, done.kept, None, over=True)
    house = open_runtime(earlier)
    assert contents(house.store)["transactions"] == harmed["transactions"]
    house.close()


def test_it_goes_into_an_empty_database_beside_the_one_that_was_updated(
    earlier: Settings, postgres_server: str, postgres_url: str
) -> None:
    house = open_runtime(earlier)
    (file,) = backups(earlier)
    before = contents(house.store)
    house.close()
    with closing(Store(postgres_url)) as store, store.write() as session:
        # As an earlier FinTrack finds it.
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer FinTrack"):
        restore(earlier, file, None, over=True)
    with empty_database(postgres_server) as url:
        beside = settings_of(earlier.fintrack_data_dir, url=url)
        restore(beside, file, None)
        house = open_runtime(beside)
        assert contents(house.store) == before
        house.close()
    with closing(Store(postgres_url)) as store:
        assert contents(store) == before, "what is there stays"


def test_an_earlier_fintrack_finds_its_own_tables_in_it(earlier: Settings) -> None:
    house = open_runtime(earlier)
    (file,) = backups(earlier)
    payload = Payload.read(Envelope(file, own_passphrase(house.vault)).chunks())
    house.close()
    assert payload.manifest.revision == EARLIER
    told = {}
    for table, rows in payload.tables():
        told[table.name] = dict(table.columns)
        assert len(list(rows)) == table.rows
    assert set(told) == set(tables_at(EARLIER))
    assert "not_ours" not in told
    assert "conversations" not in told, "a table of today"
    assert told["users"]["created_at"] == "instant"


def test_a_name_that_a_person_gave_asks_for_their_passphrase() -> None:
    assert needs_no_passphrase(Path("fintrack-before-0012-20261128T113000000000.ftb"))
    assert needs_no_passphrase(Path("fintrack-before-restoring-20261128T113000000000.ftb"))
    for name in ("fintrack-before-the-trip.ftb", "fintrack-before-0012.ftb", "fintrack-20261128T113000000000.ftb"):
        assert not needs_no_passphrase(Path(name))


def test_no_other_key_opens_it(earlier: Settings, tmp_path: Path) -> None:
    open_runtime(earlier).close()
    (file,) = backups(earlier)
    other = settings_of(tmp_path / "other")
    house_in(tmp_path / "other").close()
    with pytest.raises(BackupError, match="does not open"):
        restore(other, file, None)


def test_without_room_for_it_nothing_is_brought_up(earlier: Settings, postgres_url: str) -> None:
    (earlier.fintrack_data_dir / "backups").write_text("in the way")
    with pytest.raises(BackupError, match="can't be written"):
        open_runtime(earlier)
    with closing(Store(postgres_url)) as store, store.read() as session:
        assert revision_of(session.connection()) == EARLIER


def test_the_newest_five_stay_and_nothing_of_a_newer_one_is_touched(earlier: Settings, postgres_url: str) -> None:
    settled = settle(earlier)
    folder = earlier.fintrack_data_dir / "backups"
    with closing(Store(postgres_url)) as store:
        made = [back_up_before_update(store, settled.vault, folder) for _ in range(6)]
        assert backups(earlier) == made[1:]
        with store.write() as session:
            session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        assert back_up_before_update(store, settled.vault, folder) is None
    settled.occupancy.close()
    with pytest.raises(StoreError, match="newer FinTrack"):
        open_runtime(earlier)
    assert backups(earlier) == made[1:]
