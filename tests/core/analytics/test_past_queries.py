"""The queries that a person ran are kept for them alone, the newest first, and so many of them."""

from datetime import UTC, datetime, timedelta

import pytest

from core import clock
from core.analytics import forget_queries, forget_query, list_queries, past_queries, remember_query
from core.cache import LONGEST_QUERY
from core.errors import NotFoundError
from core.store import Store
from tests.core.ledger.household import add_person

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)


def test_the_same_query_again_takes_the_place_of_the_first(store: Store) -> None:
    user = add_person(store)
    for minute, (text, rows) in enumerate([("SELECT 1", 1), ("SELECT 2", None), (" SELECT 1\n", 5), ("  ", 3)]):
        with clock.frozen(AT + timedelta(minutes=minute)):
            remember_query(store, user, text, rows)
    assert [(one.text, one.rows, one.at) for one in list_queries(store, user)] == [
        ("SELECT 1", 5, AT + timedelta(minutes=2)),
        ("SELECT 2", None, AT + timedelta(minutes=1)),
    ]


def test_the_oldest_are_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(past_queries, "KEPT", 3)
    user = add_person(store)
    for number in range(5):
        remember_query(store, user, f"SELECT {number}", 1)
    assert [one.text for one in list_queries(store, user)] == ["SELECT 4", "SELECT 3", "SELECT 2"]


def test_one_is_forgotten_by_its_owner_only_and_all_of_ones_own(store: Store) -> None:
    ada, bob = add_person(store), add_person(store, "bob@example.org")
    for user in (ada, bob):
        remember_query(store, user, "SELECT 1", 1)
        remember_query(store, user, "SELECT 2", 1)
    newest = list_queries(store, ada)[0]
    with pytest.raises(NotFoundError):
        forget_query(store, bob, newest.id)
    forget_query(store, ada, newest.id)
    assert [one.text for one in list_queries(store, ada)] == ["SELECT 1"]
    forget_queries(store, bob)
    assert list_queries(store, bob) == ()
    assert len(list_queries(store, ada)) == 1


def test_what_no_query_may_be_is_not_kept(store: Store) -> None:
    user = add_person(store)
    remember_query(store, user, "x" * (LONGEST_QUERY + 1), None)
    remember_query(store, user, "SELECT '\0'", None)
    assert [one.text for one in list_queries(store, user)] == ["SELECT ' '"]
