"""The truth: exact money, whole transactions, change numbers in order, migrations after a backup."""

import socket
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from core import clock
from core.config import ROOT
from core.errors import StoreError
from core.ledger import ensure_categories
from core.store import (
    Account,
    Base,
    Category,
    ExchangeRate,
    Item,
    Store,
    Transaction,
    TransactionEvent,
    User,
    UserId,
    back_up,
    insert_many,
    is_known,
    last_change,
    migrate,
    next_change,
    revision_of,
)
from core.store.engine import READERS_KIB, WAITS, WRITERS_KIB
from core.store.migrate import MIGRATIONS
from tests.core.ledger.household import add_person
from tests.machine.examples import examples


def test_models_and_migrations_describe_the_same_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


@pytest.mark.parametrize("key", [None, bytes(range(32))], ids=["plain", "encrypted"])
def test_who_writes_keeps_more_pages_than_who_reads(tmp_path: Path, key: bytes | None) -> None:
    opened = Store(f"sqlite:///{tmp_path / 'fintrack.db'}", key)
    asked = "PRAGMA cache_size"
    with opened.raw() as connection:
        assert connection.execute(asked).fetchone() == (-READERS_KIB,)
    with opened.write() as session:
        assert session.scalar(text(asked)) == -WRITERS_KIB
    with opened.read() as session:
        assert session.scalar(text(asked)) == -READERS_KIB
    opened.close()


@settings(max_examples=examples(50), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amount=st.decimals(Decimal(-9999999999999), Decimal(9999999999999), places=4))
def test_every_amount_comes_back_exactly(store: Store, amount: Decimal) -> None:
    person = _person(store)
    with store.write() as session:
        account = Account(
            user_id=person, name="A", type="checking", currency="USD", current=amount, created_at=clock.now()
        )
        session.add(account)
        session.flush()
        number = account.id
    with store.read() as session:
        kept = session.get_one(Account, number).current
    assert kept == amount
    assert isinstance(kept, Decimal)


def _person(store: Store) -> UserId:
    with store.read() as session:
        known = session.scalar(select(User.id))
    return UserId(known) if known else add_person(store)


def test_instants_are_utc_whatever_zone_they_came_in(store: Store) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    with clock.frozen(noon):
        person = add_person(store)
    with store.read() as session:
        assert session.get_one(User, person).created_at == datetime(2026, 3, 1, 7, tzinfo=UTC)


def test_a_failed_write_leaves_nothing(store: Store) -> None:
    person = add_person(store)
    with pytest.raises(ZeroDivisionError), store.write() as session:
        next_change(session, person)
        session.add(Account(user_id=person, name="A", type="checking", currency="USD", created_at=clock.now()))
        session.flush()
        raise ZeroDivisionError
    with store.read() as session:
        assert session.scalars(select(Account)).all() == []
        assert last_change(session, person) == 0


def test_whoever_writes_next_takes_the_connection_that_wrote_last(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    with closing(store), store.read() as one, store.read() as other:
        one.scalar(text("SELECT 1"))
        other.scalar(text("SELECT 1"))
        with store.write() as session:
            first = session.connection().connection.driver_connection
        one.rollback()
        other.rollback()
        with store.write() as session:
            other_writer = session.connection().connection.driver_connection
        with store.write() as session:
            assert session.connection().connection.driver_connection is other_writer
        assert other_writer is not first


def test_a_row_that_points_to_nothing_is_refused(store: Store) -> None:
    with pytest.raises(StoreError), store.write() as session:
        session.add(Account(user_id=999, name="A", type="checking", currency="USD", created_at=clock.now()))


def test_words_with_a_nul_in_them_are_kept(store: Store) -> None:
    user = add_person(store)
    with store.write() as session:
        item = Item(
            user_id=user, provider="plaid", provider_key="k", institution_name="Har\0bour", created_at=clock.now()
        )
        session.add(item)
        insert_many(
            session, ExchangeRate, ("currency", "rate"), [("EUR", "1.\0")], {"user_id": user, "day": clock.now().date()}
        )
    with store.read() as session:
        # SQLite keeps a NUL, PostgreSQL knows none.
        assert session.scalar(select(Item.institution_name)) in {"Har\0bour", "Har bour"}
        assert session.scalar(select(ExchangeRate.rate)) in {"1.\0", "1. "}
        assert session.scalar(select(Item.id).where(Item.institution_name == "Har\0bour")) is not None


def test_who_waits_too_long_for_another_writer_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.store.engine.BUSY_SECONDS", 0.3)
    user = add_person(store)
    other = Store(str(store.url.render_as_string(hide_password=False)))
    with store.write() as session:
        next_change(session, user)
        with pytest.raises(StoreError, match=r"Another program is writing to the store\."), other.write() as second:
            next_change(second, user)
    with other.write() as second:
        assert next_change(second, user) > 1
    other.close()


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_two_who_wait_for_each_other_are_not_told_to_ask_the_doctor(store: Store) -> None:
    ada, bob = add_person(store), add_person(store, "bob@example.org")
    meet, told = threading.Barrier(2), []

    def both(first: UserId, second: UserId) -> None:
        try:
            with store.write() as session:
                next_change(session, first)
                meet.wait(10)
                next_change(session, second)
        except StoreError as failure:
            told.append(failure.sentence)

    threads = [threading.Thread(target=both, args=pair) for pair in ((ada, bob), (bob, ada))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert told == ["Another program is writing to the store."]


@pytest.mark.parametrize("store_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("way", ["read", "write", "raw"])
def test_a_connection_that_is_lost_in_the_middle_is_told_and_another_one_made(store: Store, way: str) -> None:
    user = add_person(store)
    other = Store(store.url.render_as_string(hide_password=False))
    mine = text(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND state = 'idle in transaction' AND application_name = 'lost'"
    )
    with pytest.raises(StoreError, match=r"The database server does not answer\."), getattr(store, way)() as there:
        if way == "write":
            next_change(there, user)
        ask = text if way != "raw" else str
        there.execute(ask("SET application_name = 'lost'"))
        with other.engine.begin() as connection:
            assert connection.execute(mine).all() == [(True,)]
        there.execute(ask("SELECT 1"))
    other.close()
    assert store.answers()
    with store.raw() as connection:
        assert connection.execute("SELECT last_change FROM users").fetchall() == [(0,)]


def test_a_server_that_is_not_there_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    opened = Store(f"postgresql+psycopg://a:b@127.0.0.1:{port}/c")
    for way in (opened.read, opened.raw):
        with pytest.raises(StoreError, match=r"The database server does not answer\."), way() as there:
            there.execute(text("SELECT 1"))
    opened.close()


def test_a_server_that_hangs_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WAITS, "connect_timeout", 2)
    with socket.create_server(("127.0.0.1", 0), backlog=1) as silent:
        # It takes the connection and says nothing.
        opened = Store(f"postgresql+psycopg://a:b@127.0.0.1:{silent.getsockname()[1]}/c")
        began = time.monotonic()
        with pytest.raises(StoreError, match=r"The database server does not answer\."):
            opened.answers()
        assert time.monotonic() - began < 10
        opened.close()


def test_change_numbers_are_committed_in_their_order(store: Store) -> None:
    person = add_person(store)
    seen: list[int] = []

    def write() -> None:
        for _ in range(10):
            with store.write() as session:
                number = next_change(session, person)
                seen.append(number)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == list(range(1, 41))
    with store.read() as session:
        assert last_change(session, person) == 40


def test_scripts_are_named_by_their_revisions_in_one_line(store: Store) -> None:
    """What is known without loading what reads the scripts must be what they say."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    names = sorted(one.name[:4] for one in (MIGRATIONS / "versions").glob("*.py") if one.name != "__init__.py")
    assert [one.revision for one in reversed(scripts)] == names
    assert all(map(is_known, names))
    assert not is_known("9999")
    with store.read() as session:
        assert revision_of(session.connection()) == names[-1]


def test_a_start_that_has_nothing_to_bring_up_loads_nothing_for_it(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from core.store import Store, migrate;"
        f"migrate(Store('sqlite:///{tmp_path / 's.db'}'), Path()); print('alembic' in sys.modules)"
    )
    told = [
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert told == ["True\n", "False\n"]


def test_migrating_twice_changes_nothing(store: Store, tmp_path: Path) -> None:
    assert migrate(store, tmp_path / "again") is None
    assert not (tmp_path / "again").exists()


def test_two_who_start_at_once_migrate_once(store_url: str, tmp_path: Path) -> None:
    stores = [Store(store_url) for _ in range(4)]
    threads = [threading.Thread(target=migrate, args=(one, tmp_path)) for one in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert add_person(stores[0]) == 1
    for one in stores:
        one.close()


def test_a_store_with_data_is_copied_before_a_migration(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'fintrack.db'}")
    migrate(store, tmp_path / "backups")
    add_person(store)
    with store.write() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    with pytest.raises(StoreError, match="newer FinTrack"):
        migrate(store, tmp_path / "backups")
    (copy,) = (tmp_path / "backups").glob("*.db")
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("ada@example.org",)]
    store.close()


def test_only_the_newest_backups_are_kept(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'fintrack.db'}")
    migrate(store, tmp_path / "backups")
    copies = [back_up(store, tmp_path / "backups", f"n{number}") for number in range(7)]
    assert sorted((tmp_path / "backups").iterdir()) == copies[-5:]
    store.close()


def test_the_store_is_its_owners_alone_and_in_wal(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'data' / 'fintrack.db'}")
    migrate(store, tmp_path / "backups")
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()} == {0o600}
    with store.read() as session:
        assert session.scalar(text("PRAGMA journal_mode")) == "wal"
        assert session.scalar(text("PRAGMA foreign_keys")) == 1
    store.close()


def test_a_file_that_is_no_database_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "fintrack.db").write_bytes(b"These are not the bytes of a database." * 100)
    with pytest.raises(StoreError, match=r"not a database.*backup"):
        migrate(Store(f"sqlite:///{tmp_path / 'fintrack.db'}"), tmp_path / "backups")


def test_a_url_that_is_none_is_told_in_a_sentence() -> None:
    with pytest.raises(StoreError, match="DATABASE_URL"):
        Store("not a url")


def test_built_in_categories_are_mended_and_own_ones_start_above(store: Store) -> None:
    person = add_person(store)
    with store.write() as session:
        session.get_one(Category, 1).title = "Scribbled over"
    ensure_categories(store)
    with store.write() as session:
        assert session.get_one(Category, 1).title != "Scribbled over"
        own = Category(user_id=person, code="own", group="INCOME", title="Mine", kind="income")
        session.add(own)
        session.flush()
        assert own.id >= 1000


def test_a_store_of_the_first_revision_keeps_every_row_on_the_way_to_the_newest(store_url: str, tmp_path: Path) -> None:
    store = Store(store_url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with store.engine.execution_options(fintrack_writing=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in (Path(__file__).parent / "first_revision.sql").read_text("utf-8").split(";")[:-1]:
            connection.exec_driver_sql(statement)
    copy = migrate(store, tmp_path / "backups")
    assert (copy is not None) == store.is_sqlite
    with store.read() as session:
        row = session.get_one(Transaction, 1)
        assert (row.amount, row.own_name, row.note, row.reconciliation_id) == (Decimal("-12.5"), "Mine", "note", None)
        assert session.get_one(TransactionEvent, 1).after == "note"
        assert session.get_one(Account, 1).schedule == "daily"
        item = session.get_one(Item, 1)
        assert (item.cursor, item.failures, item.new_accounts, item.lease_owner) == ("c9", 0, False, "")
        user = session.get_one(User, 1)
        assert (user.generation, user.demo_days_ahead, user.last_change) == (0, 0, 7)
        # What happened before there were letters about it is told of to nobody.
        assert (user.look, user.told_event) == ("system", 3)
        assert (user.need_share, user.want_share, user.warn_below) == (50, 30, 0)
    store.close()
