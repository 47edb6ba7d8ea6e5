"""Backing up from the app: the owner alone, after a fresh check, and told how far it is."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from limits import parse

from core import clock
from core.backup import restore
from core.config import Settings
from core.errors import (
    BackupError,
    NotFoundError,
    SignInError,
    StepUpNeededError,
    TooManyAttemptsError,
    ValidationError,
)
from core.identity import (
    Act,
    Changes,
    SignedIn,
    acting,
    add_demo_user,
    add_user,
    end_all_sessions,
    list_events,
    session_of,
    start_session,
)
from core.runtime import Runtime, open_runtime
from core.safekeeping import back_up_everything, handed_out, last_of, may_back_up
from core.store import UserId
from tests.core.backup.houses import PASSPHRASE, PASSWORD, contents, fill


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Runtime]:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    opened = open_runtime(Settings(fintrack_data_dir=tmp_path / "data"))
    yield opened
    opened.close()


def signed_in(house: Runtime, user: UserId) -> SignedIn:
    found = session_of(house.store, start_session(house.store, user))
    assert found is not None
    return found


def files(house: Runtime) -> list[Path]:
    return list((house.settings.fintrack_data_dir / "backups").glob("*.ftb"))


def test_the_owner_backs_up_and_it_can_be_restored(house: Runtime, tmp_path: Path) -> None:
    owner = signed_in(house, fill(house, demo=True))
    assert last_of(house) is None
    told: list[float] = []
    done = back_up_everything(house, owner, PASSPHRASE, lambda share, _: told.append(share))
    assert told == sorted(told)
    assert (told[0], 0.5 in told, told[-1] <= 1) == (0.0, True, True)
    assert len(told) > 4
    assert [done.file] == files(house)
    last = last_of(house)
    assert last is not None
    assert (last.file, last.at) == (done.file, done.at)
    assert list_events(house.store, owner.user)[0].event == "everything backed up"
    assert handed_out(house, owner, done) == done.file.read_bytes()
    elsewhere = Settings(fintrack_data_dir=tmp_path / "elsewhere")
    restore(elsewhere, done.file, PASSPHRASE)
    restored = open_runtime(elsewhere)
    assert contents(restored.store)["transactions"] == contents(house.store)["transactions"]
    restored.close()


def test_a_backup_needs_the_owner_a_fresh_check_and_a_good_passphrase(house: Runtime) -> None:
    owner = signed_in(house, fill(house))
    other = signed_in(house, add_user(house.store, house.vault, "bob@example.org", PASSWORD))
    guest = signed_in(house, add_demo_user(house.store, house.vault))
    assert [may_back_up(house, one) for one in (owner, other, guest)] == [True, False, False]
    for one in (other, guest):
        with pytest.raises(NotFoundError, match="everybody's data"):
            back_up_everything(house, one, PASSPHRASE)
    with clock.frozen(clock.now() + timedelta(minutes=11)), pytest.raises(StepUpNeededError):
        back_up_everything(house, owner, PASSPHRASE)
    with pytest.raises(ValidationError):
        back_up_everything(house, owner, "short")
    acting(Act(owner.user, "10.0.0.1", object()))
    house.store.admit = Changes(parse("0/minute")).admit
    with pytest.raises(TooManyAttemptsError):
        back_up_everything(house, owner, PASSPHRASE)
    acting(None)
    assert files(house) == []


def test_a_backup_is_handed_out_to_its_owner_alone_while_signed_in(house: Runtime) -> None:
    owner = signed_in(house, fill(house))
    other = signed_in(house, add_user(house.store, house.vault, "bob@example.org", PASSWORD))
    done = back_up_everything(house, owner, PASSPHRASE)
    with pytest.raises(NotFoundError):
        handed_out(house, other, done)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert handed_out(house, owner, done)
    content = done.file.read_bytes()
    done.file.unlink()
    with pytest.raises(BackupError, match="can't be read"):
        handed_out(house, owner, done)
    done.file.write_bytes(content)
    end_all_sessions(house.store, owner.user)
    with pytest.raises(SignInError, match="signed out"):
        handed_out(house, owner, done)
