"""Letters about what happened to an account: which are sent, to whom, how often, and what a person can choose."""

from datetime import timedelta

import pyotp
import pytest

from core import clock
from core.config import Settings
from core.errors import ValidationError as Refused
from core.identity import (
    KINDS,
    NoticeKind,
    Operator,
    Post,
    SignedIn,
    add_demo_user,
    add_user,
    begin_app,
    change_password,
    choose_notice,
    confirm_app,
    find_user,
    list_events,
    mark_browser,
    notices_of,
    post_for,
    sign_up,
    start_session,
    tell_of_access,
    was_here,
)
from core.store import NoticeChoice, Store, UserId
from core.vault import Vault
from tests.core.identity.conftest import EMAIL, PASSWORD, Mailbox

NEW = "nine herons cross a frozen canal"


@pytest.fixture
def post(smtp: Settings) -> Post:
    return post_for(smtp)


def from_elsewhere(store: Store, user: UserId) -> None:
    start_session(store, user, address="10.0.0.7", new_browser=True)


def test_a_sign_in_from_a_new_browser_is_told_once(
    store: Store, post: Post, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    from_elsewhere(store, ada)
    assert list_events(store, ada)[0].event == "signed in from a new browser"
    assert tell_of_access(store, post) == 0
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == (EMAIL, "A sign-in from a new browser")
    assert "from 10.0.0.7" in mailbox.last
    assert f"{clock.now():%Y-%m-%d}" in mailbox.last
    start_session(store, ada)
    tell_of_access(store, post)
    assert len(mailbox.letters) == 1


def test_the_very_first_sign_in_is_no_news(store: Store, post: Post, mailbox: Mailbox, ada: UserId) -> None:
    from_elsewhere(store, ada)
    tell_of_access(store, post)
    assert mailbox.letters == []
    from_elsewhere(store, ada)
    tell_of_access(store, post)
    assert len(mailbox.letters) == 1


def test_what_changes_how_one_signs_in_is_told_in_one_letter_and_always(
    store: Store, vault: Vault, post: Post, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    confirm_app(store, vault, here, pyotp.TOTP(begin_app(store, vault, here).secret).at(clock.now()))
    change_password(store, vault, here, PASSWORD, NEW)
    for kind in KINDS:
        if kind != "safety":
            choose_notice(store, ada, kind, by_letter=False)
    with pytest.raises(Refused, match="always told"):
        choose_notice(store, ada, "safety", by_letter=False)
    tell_of_access(store, post)
    (letter,) = mailbox.letters
    assert letter["Subject"] == "How you sign in was changed"
    assert mailbox.last.index("An authenticator app was set up") < mailbox.last.index("The password was changed")


def test_who_wants_no_letter_gets_none_not_even_later(
    store: Store, post: Post, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    choose_notice(store, ada, "sign-in", by_letter=False)
    from_elsewhere(store, ada)
    tell_of_access(store, post)
    choose_notice(store, ada, "sign-in", by_letter=True)
    tell_of_access(store, post)
    assert mailbox.letters == []
    from_elsewhere(store, ada)
    tell_of_access(store, post)
    assert len(mailbox.letters) == 1


def test_an_address_that_nobody_confirmed_gets_none_nor_does_a_guest_of_the_demo(
    store: Store, vault: Vault, post: Post, mailbox: Mailbox, quick_hashes: None
) -> None:
    sign_up(store, vault, Settings(), "eve@example.org", PASSWORD, "Eve", "", post=post, base="http://127.0.0.1")
    eve = find_user(store, "eve@example.org")
    assert eve is not None
    sent = len(mailbox.letters)
    for user in (eve, add_demo_user(store, vault)):
        from_elsewhere(store, user)
        from_elsewhere(store, user)
    tell_of_access(store, post)
    assert len(mailbox.letters) == sent


def test_a_letter_that_could_not_be_sent_is_sent_later(
    store: Store, post: Post, mailbox: Mailbox, ada: UserId, here: SignedIn
) -> None:
    tell_of_access(store, post)
    from_elsewhere(store, ada)
    mailbox.answer = "451 not now"
    assert tell_of_access(store, post) == 1
    mailbox.answer = "250 OK"
    assert tell_of_access(store, post) == 0
    assert len(mailbox.letters) == 1


def test_old_news_is_none(store: Store, post: Post, mailbox: Mailbox, ada: UserId, here: SignedIn) -> None:
    from_elsewhere(store, ada)
    with clock.frozen(clock.now() + timedelta(days=2)):
        tell_of_access(store, post)
    assert mailbox.letters == []


def test_the_defaults_and_what_is_chosen(store: Store, vault: Vault, ada: UserId) -> None:
    assert notices_of(store, ada) == {"bank": True, "sync": False, "sign-in": True, "safety": True}
    bob = add_user(store, vault, "bob@example.org", PASSWORD)
    kinds: tuple[tuple[NoticeKind, bool], ...] = (("bank", False), ("sync", True), ("bank", False))
    for kind, by_letter in kinds:
        choose_notice(store, ada, kind, by_letter=by_letter)
    assert notices_of(store, ada) == {"bank": False, "sync": True, "sign-in": True, "safety": True}
    assert notices_of(store, bob)["bank"]
    with store.write() as session:
        # As it would be of a kind that could be switched off once.
        session.add(NoticeChoice(user_id=ada, kind="safety", by_letter=False))
    assert notices_of(store, ada)["safety"]
    with pytest.raises(Refused, match="no such kind"):
        choose_notice(store, ada, "weather", by_letter=True)  # type: ignore[arg-type]


def test_a_browser_is_known_to_each_of_its_people_and_after_a_new_password(
    store: Store, vault: Vault, ada: UserId
) -> None:
    bob = add_user(store, vault, "bob@example.org", PASSWORD)
    marks = mark_browser(store, vault, ada)
    assert was_here(store, vault, ada, marks)
    assert not was_here(store, vault, bob, marks)
    marks = mark_browser(store, vault, bob, marks)
    change_password(store, vault, Operator(ada), PASSWORD, NEW)
    assert was_here(store, vault, ada, marks)
    assert was_here(store, vault, bob, marks)
    for false in ("", "~", "a.b.c", marks[:-1].split("~")[1]):
        assert not was_here(store, vault, ada, false)
    for number in range(6):
        someone = add_user(store, vault, f"person{number}@example.org", PASSWORD)
        marks = mark_browser(store, vault, someone, marks)
    assert len(marks.split("~")) == 4
