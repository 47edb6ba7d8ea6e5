"""Letters about banks: once for each breakage, as the person chose, and without a word from outside."""

import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from core import clock
from core.banking import Clockwork, begin_visit, look_at_visit, tell_of_banks
from core.config import Settings
from core.identity import Post, choose_notice, post_for
from core.store import User
from tests.core.banking.house import House, last_item, sign_in_and_share
from tests.core.identity.conftest import Mailbox
from tests.standins.plaid import PlaidStandIn


@pytest.fixture
def linked(house: House) -> House:
    """Return a house with the test bank linked, whose person has confirmed their address."""
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    with house.store.write() as session:
        session.execute(update(User).values(email_verified_at=clock.now()))
    return house


@pytest.fixture
def post(smtp: Settings) -> Post:
    return post_for(smtp)


def sync(house: House, plaid: PlaidStandIn, error: str) -> None:
    plaid.items[last_item(plaid)].error = error
    house.sync(house.items()[0].id)


def test_a_broken_login_is_told_once_and_again_when_it_breaks_again(
    linked: House, plaid: PlaidStandIn, post: Post, mailbox: Mailbox
) -> None:
    assert tell_of_banks(linked.store, post) == 0
    assert mailbox.letters == []
    start = clock.now()
    for hour in range(3):
        with clock.frozen(start + timedelta(hours=hour)):
            sync(linked, plaid, "ITEM_LOGIN_REQUIRED")
            assert tell_of_banks(linked.store, post) == 0
    (letter,) = mailbox.letters
    assert letter["Subject"] == "A bank connection needs you"
    assert "One of your bank connections" in mailbox.last
    (item,) = linked.items()
    secrets = [item.institution_name, item.provider_key, *(one.name for one in linked.accounts())]
    assert not [one for one in [*secrets, "http"] if one in letter.as_string()]
    with clock.frozen(start + timedelta(hours=4)):
        sync(linked, plaid, "")
        tell_of_banks(linked.store, post)
    with clock.frozen(start + timedelta(hours=5)):
        sync(linked, plaid, "ITEM_LOGIN_REQUIRED")
        tell_of_banks(linked.store, post)
    assert len(mailbox.letters) == 2


def test_who_chose_the_screen_alone_gets_no_letter(
    linked: House, plaid: PlaidStandIn, post: Post, mailbox: Mailbox
) -> None:
    choose_notice(linked.store, linked.user, "bank", by_letter=False)
    sync(linked, plaid, "ITEM_LOGIN_REQUIRED")
    tell_of_banks(linked.store, post)
    assert mailbox.letters == []


def test_an_address_that_was_not_confirmed_gets_no_letter_until_it_is(
    linked: House, plaid: PlaidStandIn, post: Post, mailbox: Mailbox
) -> None:
    for at in (None, clock.now()):
        with linked.store.write() as session:
            session.execute(update(User).values(email_verified_at=at))
        sync(linked, plaid, "ITEM_LOGIN_REQUIRED")
        tell_of_banks(linked.store, post)
        assert len(mailbox.letters) == (at is not None)


def test_a_bank_that_is_away_is_told_after_a_day_to_who_wants_it(
    linked: House, plaid: PlaidStandIn, post: Post, mailbox: Mailbox
) -> None:
    choose_notice(linked.store, linked.user, "sync", by_letter=True)
    start = clock.now()
    for hours, letters in ((1, 0), (23, 0), (25, 1), (49, 1)):
        with clock.frozen(start + timedelta(hours=hours)):
            sync(linked, plaid, "INSTITUTION_DOWN")
            tell_of_banks(linked.store, post)
            assert len(mailbox.letters) == letters
    with clock.frozen(start + timedelta(hours=50)):
        sync(linked, plaid, "ITEM_LOGIN_REQUIRED")
        tell_of_banks(linked.store, post)
    assert [one["Subject"] for one in mailbox.letters] == [
        "A bank could not be read for more than a day",
        "A bank connection needs you",
    ]


def test_a_letter_that_could_not_be_sent_is_sent_later(
    linked: House, plaid: PlaidStandIn, post: Post, mailbox: Mailbox
) -> None:
    sync(linked, plaid, "ITEM_LOGIN_REQUIRED")
    mailbox.answer = "451 not now"
    assert tell_of_banks(linked.store, post) == 1
    mailbox.answer = "250 OK"
    assert tell_of_banks(linked.store, post) == 0
    assert len(mailbox.letters) == 1


def test_the_clockwork_sends_them_by_itself(linked: House, plaid: PlaidStandIn, post: Post, mailbox: Mailbox) -> None:
    sync(linked, plaid, "ITEM_LOGIN_REQUIRED")
    works = Clockwork(linked.store, linked.vault, lambda: linked.providers, every=0.05, post=post)
    works.start()
    deadline = time.monotonic() + 10
    while not mailbox.letters and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.3)
    works.stop()
    assert [one["Subject"] for one in mailbox.letters] == ["A bank connection needs you"]
