"""Newcomers whose provider vouches for no e-mail: as good as a typed one, and never over somebody's account."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from core import clock
from core.config import Settings
from core.errors import SignInError, TooManyAttemptsError
from core.identity import (
    add_user,
    confirm_email,
    forgot_password,
    link_external,
    list_events,
    list_external,
    needs_sign_in,
    post_for,
    profile,
    reset_password,
    session_of,
    start_session,
)
from core.store import Store, User, UserId
from core.vault import Vault
from tests.core.identity.conftest import EMAIL, PASSWORD, Mailbox, settle
from tests.core.identity.test_credentials import BASE, NEW
from tests.core.identity.test_external import SETTINGS, browser_of, enter, token


@pytest.mark.parametrize("verified", [False, None, "false", 1, [True]])
def test_an_e_mail_that_the_provider_does_not_vouch_for_is_not_confirmed_until_its_letter_is_followed(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, verified: object
) -> None:
    grace = enter(store, vault, token(email_verified=verified), post=post_for(smtp))
    assert not profile(store, grace).email_verified
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == ("grace@example.org", "Confirm your e-mail address")
    link = str(letter.get_content()).split("token=")[1].split()[0]
    assert needs_sign_in(store, vault, link)
    bea = browser_of(store, add_user(store, vault, "bea@example.org", PASSWORD))
    # Who owns the address and clicks must not make an account theirs that somebody else can get into.
    for stranger, told in ((None, "Sign in first"), (bea, "another account")):
        with pytest.raises(SignInError, match=told):
            confirm_email(store, vault, link, stranger)
    assert not profile(store, grace).email_verified
    confirm_email(store, vault, link, browser_of(store, grace))
    assert profile(store, grace).email_verified


def test_a_known_e_mail_that_is_not_vouched_for_is_told_to_its_owner_alone(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, ada: UserId
) -> None:
    with pytest.raises(SignInError, match="no account could be made with it"):
        enter(store, vault, token(email=EMAIL.upper(), email_verified=None), post=post_for(smtp))
    assert list_external(store, ada) == ()
    assert [(one["To"], one["Subject"]) for one in mailbox.letters] == [(EMAIL, "You have a FinTrack account")]
    assert list_events(store, ada)[0].event == "provider sign-in with a known e-mail"
    closed = SETTINGS.model_copy(update={"allow_sign_up": False})
    for email in (EMAIL, "grace@example.org"):
        with pytest.raises(SignInError, match="closed"):
            enter(store, vault, token(email=email, email_verified=None), closed, post_for(smtp))
    assert len(mailbox.letters) == 1


def test_addresses_are_tried_at_a_provider_no_faster_than_at_sign_up(store: Store, vault: Vault) -> None:
    for number in range(3):
        enter(store, vault, token(sub=f"eve {number}", email=f"eve-{number}@example.org", email_verified=None))
    with pytest.raises(TooManyAttemptsError):
        enter(store, vault, token(sub="eve", email=EMAIL, email_verified=None))


def test_a_newcomer_whose_provider_tells_no_e_mail_is_told_so(store: Store, vault: Vault) -> None:
    for email in (None, ""):
        with pytest.raises(SignInError, match="does not tell your e-mail"):
            enter(store, vault, token(email=email, email_verified=None))


@pytest.mark.parametrize("made", ["at a provider", "by a password", "and confirmed by a password"])
def test_the_owner_of_an_address_who_resets_the_password_shuts_out_whoever_made_the_account(
    store: Store, vault: Vault, smtp: Settings, mailbox: Mailbox, quick_hashes: None, made: str
) -> None:
    now = clock.now()
    mallory = {"sub": "mallory", "email": EMAIL, "email_verified": None}
    if made == "at a provider":
        victim = enter(store, vault, token(**mallory))
    else:
        victim = add_user(store, vault, EMAIL, PASSWORD)
        link_external(store, browser_of(store, victim), token(**mallory))
        if "confirmed" not in made:
            with store.write() as session:
                session.execute(update(User).values(email_verified_at=None))
    open_browser = start_session(store, victim)
    forgot_password(store, vault, post_for(smtp), EMAIL, BASE)
    settle()
    reset_password(store, vault, mailbox.last.split("token=")[1].split()[0], NEW)
    assert session_of(store, open_browser) is None
    assert list_external(store, victim) == ()
    assert profile(store, victim).email_verified
    assert "sign-in provider unlinked" in [one.event for one in list_events(store, victim)]
    with clock.frozen(now + timedelta(minutes=1)), pytest.raises(SignInError, match="no account could be made"):
        enter(store, vault, token(**mallory))
