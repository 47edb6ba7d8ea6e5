"""Sessions and limits: the row decides, not the cookie; waiting always helps; a restart forgets nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import clock
from core.errors import SignInError, TooManyAttemptsError
from core.identity import (
    add_user,
    check_credentials,
    delete_users,
    end_all_sessions,
    end_session,
    lately_here,
    list_sessions,
    session_of,
    start_session,
)
from core.store import Attempt, Session, Store, UserId
from core.vault import Vault

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def _quick(quick_hashes: None) -> None:
    """Every test here hashes at the least cost."""


@pytest.fixture
def ada(store: Store, vault: Vault) -> UserId:
    return add_user(store, vault, "ada@example.org", PASSWORD)


def test_a_token_names_its_person_and_rests_nowhere(store: Store, ada: UserId) -> None:
    token = start_session(store, ada, agent="Firefox/150", address="10.0.0.1")
    found = session_of(store, token)
    assert found is not None
    assert found.user == ada
    with store.read() as session:
        (row,) = session.scalars(select(Session))
        assert token not in str([getattr(row, column.name) for column in Session.__table__.columns])
    (entry,) = list_sessions(store, ada)
    assert (entry.agent, entry.address) == ("Firefox/150", "10.0.0.1")


@pytest.mark.parametrize("token", ["", "x", "0" * 43, "' OR 1=1 --", "\0", "é" * 50])
def test_what_is_no_token_is_nobody(store: Store, ada: UserId, token: str) -> None:
    start_session(store, ada)
    assert session_of(store, token) is None


@pytest.mark.parametrize(("remember", "idle", "life"), [(False, 2, 12), (True, 7 * 24, 30 * 24)])
def test_a_session_ends_unused_and_in_the_end_used_too(
    store: Store, ada: UserId, idle: int, life: int, *, remember: bool
) -> None:
    start = clock.now()
    with clock.frozen(start):
        token, other = (start_session(store, ada, remember=remember) for _ in range(2))
    with clock.frozen(start + timedelta(hours=idle)):
        assert session_of(store, other) is None
    hours = 0.0
    while hours < life:
        with clock.frozen(start + timedelta(hours=hours)):
            assert session_of(store, token) is not None, hours
        hours += idle * 0.9
    with clock.frozen(start + timedelta(hours=life)):
        assert session_of(store, token) is None
        assert list_sessions(store, ada) == ()


def test_what_looks_by_itself_keeps_no_session_alive(store: Store, ada: UserId) -> None:
    start = clock.now()
    with clock.frozen(start):
        token = start_session(store, ada)
    for minutes in range(0, 120, 10):
        with clock.frozen(start + timedelta(minutes=minutes)):
            assert session_of(store, token, used=False) is not None, minutes
    with clock.frozen(start + timedelta(hours=2)):
        assert session_of(store, token, used=False) is None
        assert session_of(store, token) is None


def test_leaving_ends_this_browser_only_and_for_good(store: Store, vault: Vault, ada: UserId) -> None:
    here, there = start_session(store, ada), start_session(store, ada)
    found = session_of(store, here)
    assert found is not None
    bob = add_user(store, vault, "bob@example.org", PASSWORD)
    end_session(store, bob, found.session_id)
    assert session_of(store, here) is not None, "somebody else can't end it"
    end_session(store, ada, found.session_id)
    assert session_of(store, here) is None
    assert session_of(store, there) is not None
    assert end_all_sessions(store, ada) == 1
    assert session_of(store, there) is None


def test_a_deleted_person_is_nobody(store: Store, ada: UserId) -> None:
    token = start_session(store, ada)
    delete_users(store, [ada])
    assert session_of(store, token) is None


def test_wrong_passwords_lock_for_a_minute_and_a_restart_does_not_forget(
    store: Store, store_url: str, vault: Vault, ada: UserId
) -> None:
    start = clock.now()
    with clock.frozen(start):
        for _ in range(5):
            with pytest.raises(SignInError):
                check_credentials(store, vault, "ada@example.org", "wrong", "10.0.0.1")
        again = Store(store_url)
        with pytest.raises(TooManyAttemptsError) as locked:
            check_credentials(again, vault, " ADA@example.org", PASSWORD, "10.0.0.2")
        assert 0 < locked.value.retry_after <= 61
        again.close()
        with pytest.raises(TooManyAttemptsError):
            check_credentials(store, vault, "other@example.org", PASSWORD, "10.0.0.1")
    with clock.frozen(start + timedelta(seconds=30)), pytest.raises(TooManyAttemptsError):
        check_credentials(store, vault, "ada@example.org", PASSWORD, "10.0.0.2")
    # Trying while locked out does not make it longer: nobody can shut the owner out for good.
    with clock.frozen(start + timedelta(seconds=61)):
        assert check_credentials(store, vault, "ada@example.org", PASSWORD, "10.0.0.2") == ada


def test_right_passwords_fill_no_limit(store: Store, vault: Vault, ada: UserId) -> None:
    for _ in range(12):
        assert check_credentials(store, vault, "ada@example.org", PASSWORD, "10.0.0.1") == ada
    with store.read() as session:
        assert list(session.scalars(select(Attempt))) == []


def test_limits_keep_no_addresses_or_emails(store: Store, vault: Vault, ada: UserId) -> None:
    with pytest.raises(SignInError):
        check_credentials(store, vault, "ada@example.org", "wrong", "10.0.0.1")
    with store.read() as session:
        kept = str([(one.action, one.subject) for one in session.scalars(select(Attempt))])
    assert "ada@" not in kept  # three letters alone may stand in a digest
    assert "10.0.0.1" not in kept


def test_who_was_here_last_comes_first_and_who_left_not_at_all(store: Store, vault: Vault, ada: UserId) -> None:
    bob, eve = (add_user(store, vault, f"{name}@example.org", PASSWORD) for name in ("bob", "eve"))
    start = clock.now()
    for minutes, user in enumerate((ada, bob, ada, eve)):
        with clock.frozen(start + timedelta(minutes=minutes)):
            start_session(store, user)
    end_all_sessions(store, eve)
    with clock.frozen(start + timedelta(minutes=5)):
        assert lately_here(store, 4) == [ada, bob]
        assert lately_here(store, 1) == [ada]
    with clock.frozen(start + timedelta(days=40)):
        assert lately_here(store, 4) == []
