"""A hundred changes a minute: an act counts once, for its person and their address; what is refused leaves no trace."""

import time
from collections.abc import Callable

import pytest
from limits import parse
from sqlalchemy import func, select

from core.errors import TooManyAttemptsError
from core.identity import Act, Changes, acting, note
from core.identity.changes import CHANGES
from core.store import AuditEvent, Store, UserId

HOME = "10.0.0.1"


@pytest.fixture
def change(store: Store, ada: UserId) -> Callable[..., None]:
    """Return a function that does something which writes `times` over, as somebody at an address."""

    def done(user: UserId = ada, address: str = HOME, run: object = None, times: int = 1) -> None:
        acting(Act(user, address, run or object()))
        try:
            for _ in range(times):
                with store.write() as session:
                    note(session, ada, "changed something")
        finally:
            acting(None)

    return done


def written(store: Store) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).where(AuditEvent.event == "changed something")) or 0


def test_the_hundred_and_first_is_refused_with_how_long_to_wait(
    store: Store, ada: UserId, change: Callable[..., None]
) -> None:
    store.admit = Changes().admit
    for _ in range(CHANGES.amount):
        change()
    with pytest.raises(TooManyAttemptsError, match=r"Try again in \d+ seconds?\.$") as refused:
        change()
    assert 0 < refused.value.retry_after <= 60
    assert written(store) == 100, "what is refused leaves no trace"
    with pytest.raises(TooManyAttemptsError):
        change(address="10.0.0.2")
    with pytest.raises(TooManyAttemptsError):
        change(UserId(ada + 1))
    change(UserId(ada + 1), "10.0.0.2")
    acting(None)
    with store.write() as session:
        note(session, ada, "changed something")
    assert written(store) == 102, "somebody else elsewhere, and what the app does by itself, are free"


def test_an_act_counts_once_however_often_it_writes(store: Store, change: Callable[..., None]) -> None:
    store.admit = Changes(parse("2/minute")).admit
    first = object()
    change(run=first, times=5)
    change(run=first)
    change()
    with pytest.raises(TooManyAttemptsError):
        change()
    assert written(store) == 7


def test_what_was_refused_is_not_counted_so_that_waiting_helps(store: Store, change: Callable[..., None]) -> None:
    changes = Changes(parse("2/3second"))
    store.admit = changes.admit
    began = time.monotonic()
    change()
    change()
    refused = 0
    while written(store) == 2:
        try:
            change()
        except TooManyAttemptsError:
            refused += 1
            time.sleep(0.05)
    assert refused > 2
    assert 2.9 < time.monotonic() - began < 30
    changes.forget()
    change()
    change()


def test_a_limit_that_is_used_up_elsewhere_costs_the_person_nothing(
    store: Store, ada: UserId, change: Callable[..., None]
) -> None:
    store.admit = Changes(parse("3/minute")).admit
    for _ in range(3):
        change(UserId(ada + 1))
    for _ in range(3):
        with pytest.raises(TooManyAttemptsError):
            change()
    for _ in range(3):
        change(address="10.0.0.2")
