"""Leaving for good: the banks are told first, and nothing of the person is found afterwards, in no file."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from limits import parse
from sqlalchemy import event, func, select

from core import clock
from core.backup import back_up as back_everything_up
from core.backup import last_backup
from core.backup.writing import write_backup
from core.banking import begin_visit, list_connections, look_at_visit
from core.config import Settings
from core.errors import BankError, SignInError, StepUpNeededError, TooManyAttemptsError, ValidationError
from core.farewell import delete_everything, list_backups
from core.identity import (
    Act,
    Changes,
    Letter,
    Operator,
    SignedIn,
    acting,
    add_demo_user,
    add_user,
    all_users,
    broken_event,
    profile,
    session_of,
    start_session,
)
from core.ledger import list_accounts
from core.reports.scope import exported_tables, rows_of
from core.runtime import Runtime, open_runtime
from core.store import AuditEvent, OneTimeLink, Store, UserId, back_up
from tests.core.banking.house import sign_in_and_share
from tests.core.reports.canaries import fill
from tests.standins.plaid import CLIENT_ID, SECRET, Fault, PlaidStandIn

pytestmark = pytest.mark.usefixtures("quick_hashes")

PASSWORD = "seven otters juggle lanterns"
REMOVE = "/item/remove"


@pytest.fixture
def house(store: Store, store_url: str, plaid: PlaidStandIn, tmp_path: Path) -> Iterator[Runtime]:
    """Open a whole house on the store of the test, with Plaid's stand-in."""
    opened = open_runtime(
        Settings(
            fintrack_data_dir=tmp_path,
            database_url=store_url,
            plaid_client_id=CLIENT_ID,
            plaid_secret=SECRET,
            plaid_base_url=plaid.url,
        )
    )
    yield opened
    opened.close()


def add(house: Runtime, name: str) -> UserId:
    return add_user(house.store, house.vault, f"{name}@example.org", PASSWORD, name.title())


def link(house: Runtime, user: UserId, bank: str = "ins_109508") -> None:
    visit = begin_visit(house.store, house.vault, house.providers, Operator(user), "plaid")
    sign_in_and_share(visit.url, bank)
    assert look_at_visit(house.store, house.vault, house.providers, user, visit.id).state == "done"


def signed_in(house: Runtime, user: UserId) -> SignedIn:
    found = session_of(house.store, start_session(house.store, user))
    assert found is not None
    return found


def test_nothing_of_the_person_is_found_in_any_file(house: Runtime, tmp_path: Path) -> None:
    if house.store.is_sqlite:
        # Some builds of SQLite overwrite what is deleted by themselves; most don't.
        event.listen(house.store.engine, "connect", lambda opened, _: opened.execute("PRAGMA secure_delete=OFF"))
        house.store.engine.dispose()
    eve, ada = fill(house.store, "eve"), fill(house.store, "ada")
    house.caches.of(eve).refresh()
    house.caches.of(ada).refresh()
    for name in ("ada", "eve"):
        house.senders.post.send(Letter(f"{name}@example.org", "A link", f"{name}-canary-letter"))
    with house.store.write() as session:
        session.add(
            OneTimeLink(
                user_id=ada, purpose="verify", digest="x", email="ada-canary@old.example.org",
                created_at=clock.now(), expires_at=clock.now(),
            )
        )  # fmt: skip
    house.senders.post.send(Letter("Ada-Canary@old.example.org", "A link", "ada-canary-letter"))
    house.settings.exports.mkdir()
    (house.settings.exports / f".user-{ada}-x.zip.part").write_bytes(b"ada-canary")
    if house.store.is_sqlite:
        assert b"ada-canary" in b"".join(path.read_bytes() for path in files(tmp_path))

    done = delete_everything(house, Operator(ada), even_unrevoked=True)
    assert (done.letters, done.traces, done.backups) == (2, "", 0)
    for path in files(tmp_path):
        content = path.read_bytes()
        assert b"ada-canary" not in content, path
        assert b"ada@example" not in content, path
    with house.store.read() as session:
        for table in exported_tables():
            left = session.scalar(select(func.count()).select_from(table).where(rows_of(table, ada)))
            other = session.scalar(select(func.count()).select_from(table).where(rows_of(table, eve)))
            assert other, f"{table.name} lost rows of somebody else"
            assert not left or table.name == "categories", table.name
    assert len(list((tmp_path / "outbox").iterdir())) == 1
    # Where the store is encrypted the caches are in memory.
    assert not (tmp_path / "cache" / f"user-{ada}.duckdb").exists()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_every_bank_is_told(house: Runtime, plaid: PlaidStandIn) -> None:
    ada, eve = add(house, "ada"), add(house, "eve")
    for user in (ada, ada, eve):
        link(house, user, ("ins_109508", "ins_109511")[len(plaid.items) % 2])
    told: list[str] = []
    done = delete_everything(house, signed_in(house, ada), progress=told.append)
    assert (done.revoked, done.unrevoked) == (2, ())
    assert [item.removed for item in plaid.items.values()] == [True, True, False]
    assert len([one for one in told if one.startswith("Ending the connection")]) == 2
    assert all_users(house.store) == [eve]
    assert len(list_connections(house.store, eve)) == 1


def test_a_bank_that_cant_be_told_stops_it_and_is_named(house: Runtime, plaid: PlaidStandIn) -> None:
    ada = add(house, "ada")
    link(house, ada)
    link(house, ada, "ins_109511")
    first, second = plaid.items.values()
    names = [one.institution for one in list_connections(house.store, ada)]
    plaid.fail(REMOVE, Fault(code="INVALID_API_KEYS"))
    with pytest.raises(BankError, match=names[0]) as failure:
        delete_everything(house, Operator(ada))
    assert names[1] not in str(failure.value)
    assert failure.value.code == "UNREVOKED"
    assert sorted((first.removed, second.removed)) == [False, True], "the others are told all the same"
    assert [one.institution for one in list_connections(house.store, ada)] == names[:1]
    assert len(list_accounts(house.store, ada)) > 3, "what was there stays"

    plaid.fail(REMOVE, Fault(code="INVALID_API_KEYS"))
    done = delete_everything(house, Operator(ada), even_unrevoked=True)
    assert done.unrevoked == (names[0],)
    assert all_users(house.store) == []


def test_it_needs_a_fresh_check(house: Runtime, plaid: PlaidStandIn) -> None:
    ada = add(house, "ada")
    link(house, ada)
    now = clock.now()
    with clock.frozen(now):
        asker = signed_in(house, ada)
    with clock.frozen(now + timedelta(minutes=11)), pytest.raises(StepUpNeededError):
        delete_everything(house, asker, even_unrevoked=True)
    assert all_users(house.store) == [ada]
    assert not next(iter(plaid.items.values())).removed
    token = start_session(house.store, ada)
    with clock.frozen(now):
        delete_everything(house, asker)
    assert session_of(house.store, token) is None
    with pytest.raises(SignInError):
        delete_everything(house, asker)


def test_the_log_notes_it_without_a_name(house: Runtime) -> None:
    ada = add(house, "ada")
    delete_everything(house, Operator(ada))
    with house.store.read() as session:
        (noted,) = session.scalars(select(AuditEvent))
    assert (noted.user_id, noted.event) == (None, "account deleted")
    assert "ada" not in noted.detail.casefold()
    assert broken_event(house.store, None) is None


def test_who_may_change_nothing_now_finds_everything_as_it_was(house: Runtime, tmp_path: Path) -> None:
    ada = add(house, "ada")
    before = files(tmp_path)
    acting(Act(ada, "10.0.0.1", object()))
    house.store.admit = Changes(parse("0/minute")).admit
    with pytest.raises(TooManyAttemptsError):
        delete_everything(house, Operator(ada), backups=True)
    acting(None)
    assert files(tmp_path) == before
    assert delete_everything(house, Operator(ada), backups=True)


def test_the_oldest_of_the_others_becomes_the_owner(house: Runtime) -> None:
    ada = add(house, "ada")
    guest = add_demo_user(house.store, house.vault)
    eve, bob = add(house, "eve"), add(house, "bob")
    delete_everything(house, Operator(bob))
    assert profile(house.store, ada).is_owner
    delete_everything(house, Operator(ada))
    assert profile(house.store, eve).is_owner
    assert not profile(house.store, guest).is_owner


def test_backups_go_only_when_asked_for(house: Runtime, tmp_path: Path) -> None:
    ada, eve, guest = add(house, "ada"), add(house, "eve"), add_demo_user(house.store, house.vault)
    if house.store.is_sqlite:
        copy = back_up(house.store, tmp_path / "backups", "before-0004")
    else:
        copy = tmp_path / "backups" / "fintrack-before-0004-20260101T120000000000.ftb"
        write_backup(house.store, house.vault.keys, PASSWORD, copy, clock.now())
    with pytest.raises(ValidationError, match="other people"):
        delete_everything(house, Operator(guest), backups=True)
    delete_everything(house, Operator(guest))
    found = session_of(house.store, start_session(house.store, eve))
    assert found is not None
    with pytest.raises(ValidationError, match="other people"):
        delete_everything(house, found, backups=True)
    delete_everything(house, Operator(ada))
    # The store of these tests was a plain one, of which a copy was kept.
    kept = tuple(filter(None, (copy, house.unencrypted)))
    assert list_backups(house) == kept
    assert delete_everything(house, Operator(eve), backups=True).backups == len(kept)
    assert list_backups(house) == ()
    for path in files(tmp_path):
        assert b"ada@example" not in path.read_bytes()


def test_the_copy_from_before_encryption_and_the_word_of_a_last_backup_go_too(tmp_path: Path) -> None:
    plain = open_runtime(Settings(fintrack_data_dir=tmp_path, fintrack_encrypt=False))
    ada = add(plain, "ada")
    plain.close()
    house = open_runtime(Settings(fintrack_data_dir=tmp_path))
    assert house.unencrypted is not None
    backups = house.unencrypted.parent
    made = back_everything_up(house.store, house.vault.keys, PASSWORD, len, backups)
    assert set(list_backups(house)) == {house.unencrypted, made.file}
    assert delete_everything(house, Operator(ada), backups=True).backups == 2
    for path in files(tmp_path):
        assert b"ada@example" not in path.read_bytes(), path
    assert last_backup(tmp_path) is None, "nobody may rely on one that is gone"
    house.close()


def test_a_backup_kept_elsewhere_stays_the_last_one(tmp_path: Path) -> None:
    house = open_runtime(Settings(fintrack_data_dir=tmp_path / "data"))
    ada = add(house, "ada")
    made = back_everything_up(
        house.store, house.vault.keys, PASSWORD, len, tmp_path / "data" / "backups", tmp_path / "stick.ftb"
    )
    delete_everything(house, Operator(ada), backups=True)
    last = last_backup(tmp_path / "data")
    assert last is not None
    assert last.file == made.file
    house.close()
