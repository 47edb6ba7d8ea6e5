"""Linking a sign-in provider to an account and unlinking it: by its person alone, and never the only way in."""

from datetime import timedelta

import pytest

from core import clock
from core.errors import (
    NotFoundError,
    SignInError,
    StepUpNeededError,
)
from core.errors import ValidationError as Refused
from core.identity import (
    Operator,
    SignedIn,
    add_user,
    check_password,
    is_linked,
    link_external,
    list_external,
    session_of,
    set_password,
    start_session,
    step_up,
    unlink_external,
)
from core.store import Store, UserId
from core.vault import Vault
from tests.core.identity.conftest import PASSWORD
from tests.core.identity.test_credentials import NEW
from tests.core.identity.test_external import browser_of, enter, forget_check, token


def test_linking_needs_a_fresh_check_and_then_lets_in(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    now = clock.now()
    forget_check(store, ada)
    with pytest.raises(StepUpNeededError):
        link_external(store, here, token())
    step_up(store, here, check_password(store, vault, ada, PASSWORD))
    linked = token()
    link_external(store, here, linked)
    assert is_linked(store, ada, linked)
    with pytest.raises(Refused, match="belongs to you already"):
        link_external(store, here, token())
    with pytest.raises(SignInError, match="used already"):
        enter(store, vault, linked)
    with clock.frozen(now + timedelta(minutes=1)):
        assert enter(store, vault, token()) == ada
    with clock.frozen(now + timedelta(minutes=11)), pytest.raises(SignInError, match="too long ago"):
        link_external(store, Operator(ada), linked)


def test_nobody_links_what_is_somebody_elses(store: Store, vault: Vault, ada: UserId, here: SignedIn) -> None:
    now = clock.now()
    grace = enter(store, vault, token())
    with clock.frozen(now + timedelta(minutes=1)):
        with pytest.raises(Refused, match="somebody else"):
            link_external(store, here, token())
        assert enter(store, vault, token()) == grace


def test_unlinking_ends_that_way_in_and_every_other_browser(
    store: Store, vault: Vault, ada: UserId, here: SignedIn
) -> None:
    now = clock.now()
    link_external(store, here, token())
    (entry,) = list_external(store, ada)
    other = start_session(store, ada)
    bea = add_user(store, vault, "bea@example.org", PASSWORD)
    with pytest.raises(NotFoundError):
        unlink_external(store, Operator(bea), entry.id)
    forget_check(store, ada)
    with pytest.raises(StepUpNeededError):
        unlink_external(store, here, entry.id)
    step_up(store, here, check_password(store, vault, ada, PASSWORD))
    unlink_external(store, here, entry.id)
    assert session_of(store, other) is None
    assert list_external(store, ada) == ()
    with clock.frozen(now + timedelta(minutes=1)):
        assert enter(store, vault, token()) not in {ada, bea}


def test_the_only_way_in_stays(store: Store, vault: Vault) -> None:
    grace = enter(store, vault, token())
    (entry,) = list_external(store, grace)
    with pytest.raises(Refused, match="only way in"):
        unlink_external(store, browser_of(store, grace), entry.id)


def test_one_of_two_providers_can_be_unlinked_without_a_password(store: Store, vault: Vault) -> None:
    grace = enter(store, vault, token())
    link_external(store, browser_of(store, grace), token(sub="another"))
    first, second = list_external(store, grace)
    unlink_external(store, browser_of(store, grace), first.id)
    with pytest.raises(Refused, match="only way in"):
        unlink_external(store, browser_of(store, grace), second.id)
    assert list_external(store, grace) == (second,)


def test_a_password_from_the_command_line_unlinks_providers(
    store: Store, vault: Vault, ada: UserId, here: SignedIn
) -> None:
    link_external(store, here, token())
    set_password(store, vault, Operator(ada), NEW)
    assert list_external(store, ada) == ()
