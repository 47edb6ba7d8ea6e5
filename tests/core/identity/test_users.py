"""Signing up and profiles: one person an e-mail, the same silence for a known one, nothing odd kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from core import clock
from core.config import Settings
from core.errors import FinTrackError, NotFoundError, SignInError, TooManyAttemptsError, ValidationError
from core.identity import (
    Ways,
    add_demo_user,
    add_user,
    change_password,
    check_credentials,
    delete_users,
    find_user,
    list_sessions,
    post_for,
    profile,
    session_of,
    sign_up,
    sign_up_open,
    stale_demo_users,
    start_session,
    update_profile,
)
from core.store import Account, AuditEvent, Store, User, UserId
from core.vault import Vault

PASSWORD = "correct horse battery staple"
OTHER = "seven otters juggle lanterns"
BASE = "http://127.0.0.1:8501"
OPEN = Settings(allow_sign_up=True)
LETTERS = post_for(OPEN)
CLOSED = Settings(allow_sign_up=False)


@pytest.fixture(autouse=True)
def _quick(quick_hashes: None) -> None:
    """Every test here hashes at the least cost."""


def joined(store: Store, vault: Vault, email: str, settings: Settings = OPEN, **more: Any) -> UserId | None:
    sign_up(store, vault, settings, email, PASSWORD, "Ada", "Lovelace", post=LETTERS, base=BASE, **more)
    return find_user(store, email)


def users(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(User)) or 0


def test_the_first_to_sign_up_is_the_owner_and_gets_the_browsers_ways(store: Store, vault: Vault) -> None:
    ada = joined(store, vault, "ada@example.org", ways=Ways("CHF", "de_CH", "Europe/Zurich"))
    bob = joined(store, vault, "bob@example.org")
    assert ada is not None
    assert bob is not None
    told = profile(store, ada)
    assert (told.is_owner, told.currency, told.locale, told.time_zone) == (True, "CHF", "de_CH", "Europe/Zurich")
    assert not profile(store, bob).is_owner


def test_a_known_email_gets_the_same_silence_and_changes_nothing(store: Store, vault: Vault) -> None:
    ada = joined(store, vault, "ada@example.org")
    sign_up(store, vault, OPEN, " ADA@Example.org ", OTHER, "Eve", "Other", post=LETTERS, base=BASE)
    assert users(store) == 1
    assert ada is not None
    assert profile(store, ada).first_name == "Ada"
    assert check_credentials(store, vault, "ada@example.org", PASSWORD) == ada
    with pytest.raises(SignInError):
        check_credentials(store, vault, "ada@example.org", OTHER)


def test_signing_up_twice_at_once_makes_one_person(store: Store, vault: Vault) -> None:
    def once(_: int) -> str:
        try:
            sign_up(store, vault, OPEN, "ada@example.org", PASSWORD, "Ada", "", post=LETTERS, base=BASE)
        except FinTrackError as failure:
            return str(failure)
        return ""

    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(once, range(3)))
    assert users(store) == 1
    assert "" in told


def test_a_closed_door_lets_only_the_first_in(store: Store, vault: Vault) -> None:
    assert sign_up_open(store, CLOSED)
    joined(store, vault, "ada@example.org", CLOSED)
    assert not sign_up_open(store, CLOSED)
    with pytest.raises(ValidationError, match="closed"):
        joined(store, vault, "bob@example.org", CLOSED)
    assert users(store) == 1


@pytest.mark.parametrize("email", ["", "ada", "ada@", "@example.org", "ada@exa mple.org", "a" * 300 + "@example.org"])
def test_what_is_no_email_is_refused(store: Store, vault: Vault, email: str) -> None:
    with pytest.raises(ValidationError, match="e-mail"):
        joined(store, vault, email)
    assert users(store) == 0


@pytest.mark.parametrize("name", ["", "   ", "x" * 500])
def test_a_name_has_some_letters_but_not_too_many(store: Store, vault: Vault, name: str) -> None:
    with pytest.raises(ValidationError, match="name"):
        sign_up(store, vault, OPEN, "ada@example.org", PASSWORD, name, "", post=LETTERS, base=BASE)


def test_sign_ups_from_one_address_are_limited(store: Store, vault: Vault) -> None:
    for number in range(3):
        joined(store, vault, f"person{number}@example.org", address="10.0.0.9")
    with pytest.raises(TooManyAttemptsError, match="Try again in"):
        joined(store, vault, "person9@example.org", address="10.0.0.9")
    assert joined(store, vault, "person9@example.org", address="10.0.0.10") is not None


@pytest.mark.parametrize(
    "change",
    [
        {"first_name": " "},
        {"currency": "dollars"},
        {"time_zone": "Mars/Olympus"},
        {"locale": "xx_nowhere"},
        {"month_start_day": 31},
    ],
)
def test_an_impossible_profile_is_refused_and_the_old_one_stays(
    store: Store, vault: Vault, change: dict[str, Any]
) -> None:
    user = add_user(store, vault, "ada@example.org", PASSWORD, "Ada")
    before = profile(store, user)
    with pytest.raises(ValidationError):
        update_profile(store, replace(before, **change))
    assert profile(store, user) == before


def test_a_profile_can_be_changed_but_not_the_roles_in_it(store: Store, vault: Vault) -> None:
    user = add_user(store, vault, "ada@example.org", PASSWORD, "Ada")
    bob = add_user(store, vault, "bob@example.org", PASSWORD, "Bob")
    wanted = replace(profile(store, bob), first_name=" Bo  b ", currency="eur", is_owner=True, email="x@example.org")
    update_profile(store, wanted)
    kept = profile(store, bob)
    assert (kept.first_name, kept.currency, kept.is_owner, kept.email) == ("Bo b", "EUR", False, "bob@example.org")
    assert profile(store, user).first_name == "Ada"


def test_a_new_password_signs_every_other_browser_out(store: Store, vault: Vault) -> None:
    user = add_user(store, vault, "ada@example.org", PASSWORD)
    here, elsewhere = start_session(store, user), start_session(store, user)
    signed_in = session_of(store, here)
    assert signed_in is not None
    with pytest.raises(SignInError):
        change_password(store, vault, signed_in, OTHER, "a third phrase of mine")
    with pytest.raises(ValidationError):
        change_password(store, vault, signed_in, PASSWORD, "short")
    assert session_of(store, elsewhere) is not None
    change_password(store, vault, signed_in, PASSWORD, OTHER)
    assert session_of(store, here) is not None
    assert session_of(store, elsewhere) is None
    assert len(list_sessions(store, user)) == 1
    assert check_credentials(store, vault, "ada@example.org", OTHER) == user
    with pytest.raises(SignInError):
        check_credentials(store, vault, "ada@example.org", PASSWORD)


def test_nobody_signs_in_as_a_demo_user_and_the_stale_ones_leave_with_all_that_is_theirs(
    store: Store, vault: Vault
) -> None:
    demo = add_demo_user(store, vault)
    email = profile(store, demo).email
    for password in ("", "!", PASSWORD):
        with pytest.raises(SignInError):
            check_credentials(store, vault, email, password)
    now = clock.now()
    with store.write() as session:
        session.add(Account(user_id=demo, name="A", type="checking", currency="USD", created_at=now, change=1))
    token = start_session(store, demo)
    assert stale_demo_users(store) == []
    with clock.frozen(now + timedelta(days=2)):
        assert stale_demo_users(store) == [demo]
        delete_users(store, [demo])
    assert session_of(store, token) is None
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0
    with pytest.raises(NotFoundError):
        profile(store, demo)


def test_what_matters_is_on_the_audit_trail(store: Store, vault: Vault) -> None:
    user = add_user(store, vault, "ada@example.org", PASSWORD)
    with pytest.raises(SignInError):
        check_credentials(store, vault, "ada@example.org", OTHER, "10.0.0.7")
    start_session(store, user, address="10.0.0.7")
    with store.read() as session:
        events = [(one.event, one.address) for one in session.scalars(select(AuditEvent).order_by(AuditEvent.id))]
    assert ("sign-in failed", "10.0.0.7") in events
    assert ("signed in", "10.0.0.7") in events
