"""What looks by itself: after changes, once a day where the person is, and for each person apart."""

import time
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import update

from core import clock
from core.config import Settings
from core.identity import post_for
from core.insights import Digest, Watch, choose_digest, generate, is_due, watching
from core.planning import set_limit
from core.store import User, UserId
from tests.core.identity.conftest import Mailbox
from tests.core.insights.noticed import kept
from tests.core.planning.money import FOOD, GROCERIES, NOW, TODAY, Planner, planner

SECONDS = 60


@pytest.fixture
def spender(person: Planner) -> Planner:
    set_limit(person.store, person.user, FOOD, TODAY, Decimal(100))
    person.row(TODAY.replace(day=9), "-85", GROCERIES)
    return person


def test_it_looks_after_a_change_and_not_without(spender: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[UserId] = []
    monkeypatch.setattr(watching, "REST", 0)
    monkeypatch.setattr(watching, "generate", lambda *given: (looks.append(given[1]), generate(*given)))
    watch = Watch(spender.store, spender.caches)
    with clock.frozen(NOW):
        watch.look()
        watch.look()
        assert looks == [spender.user]
        assert [kind for kind, _, _ in kept(spender)] == ["spending_alert"]
        spender.row(TODAY.replace(day=9), "-20", GROCERIES)
        watch.look()
        assert [kind for kind, _, past in kept(spender) if not past] == ["budget_alert"]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Auckland"])
def test_it_looks_once_on_each_day_of_the_persons(spender: Planner, zone: str) -> None:
    with spender.store.write() as session:
        session.execute(update(User).values(time_zone=zone))
    # March is over at another instant in each zone, and with it its budget.
    midnight = {"America/Los_Angeles": 7, "UTC": 0, "Pacific/Auckland": -13}[zone]
    april = datetime(2026, 4, 1, tzinfo=UTC) + timedelta(hours=midnight)
    for at, past in ((NOW, False), (april - timedelta(minutes=1), False), (april, True)):
        with clock.frozen(at):
            Watch(spender.store, spender.caches).look()
            assert [gone for _, _, gone in kept(spender)] == [past]


def test_it_waits_until_rows_are_in_order_and_not_for_ever(spender: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(spender.store, spender.caches, in_order=lambda _: False)
    watch.look()
    assert kept(spender) == []
    monkeypatch.setattr(watching, "PATIENCE", -1)
    with clock.frozen(NOW):
        watch.look()
    assert len(kept(spender)) == 1


def test_what_fails_for_one_person_ends_it_for_nobody_else(spender: Planner, monkeypatch: pytest.MonkeyPatch) -> None:
    other = planner(spender.store)
    tries: list[UserId] = []

    def failing(*given: object) -> None:
        tries.append(given[1])  # type: ignore[arg-type]
        if given[1] == spender.user:
            raise ZeroDivisionError

    monkeypatch.setattr(watching, "generate", failing)
    monkeypatch.setattr(watching, "REST", 0)
    watch = Watch(spender.store, spender.caches)
    for _ in range(3):
        watch.look()
    assert tries.count(spender.user) == 1
    assert tries.count(other.user) == 3


def test_it_looks_and_sends_by_itself_until_it_is_stopped(
    spender: Planner, smtp: Settings, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "LETTERS_EVERY", 0.05)
    with spender.store.write() as session:
        session.execute(update(User).values(email_verified_at=clock.now()))
    choose_digest(spender.store, spender.user, Digest("daily"))
    with clock.frozen(NOW):
        watch = Watch(spender.store, spender.caches, post_for(smtp), every=0.05)
        watch.start()
        deadline = time.monotonic() + SECONDS
        while not mailbox.letters:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        watch.stop()
    assert [one["Subject"] for one in mailbox.letters] == ["An insight into your money"]
    assert not is_due(spender.store, spender.user, TODAY)


def test_one_that_was_never_begun_is_stopped_all_the_same(spender: Planner) -> None:
    Watch(spender.store, spender.caches).stop()
