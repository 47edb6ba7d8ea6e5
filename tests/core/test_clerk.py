"""What is found by itself: pairs and categories, after every change, and no more often than needed."""

import time
from collections import Counter

import pytest

from core.cache import Caches, verify
from core.categorising import learn_categories, learning
from core.clerk import Clerk, put_in_order, waiting
from core.errors import StoreError
from core.ledger import (
    Changes,
    add_category,
    apply_update,
    change_category,
    edit_transactions,
    ensure_categories,
    list_proposals,
    merge_category,
)
from core.store import Store, Transaction, UserId
from tests.core.ledger.household import Household, add_person, bought, settle, update

SHOPS = ("Corner shop", "Baker Street bread", "Tailor & Sons", "Night bus")
SECONDS = 120


@pytest.fixture
def home(store: Store) -> Household:
    ensure_categories(store)
    home = settle(store)
    rows = [
        bought(f"k{number}", f"-{3 + number % 7}", day=1 + number % 28, name=f"{SHOPS[number % 4]} {number}")
        for number in range(60)
    ]
    apply_update(store, home.user, home.item, update(*rows), since="")
    return home


def teach(home: Household, count: int) -> dict[str, int]:
    """Put the first `count` rows of each shop into a category of its own; return which."""
    own = {shop: add_category(home.store, home.user, shop) for shop in SHOPS}
    for shop in SHOPS:
        for row in [row for row in home.rows() if row.name.startswith(shop)][:count]:
            edit_transactions(home.store, home.user, [row.id], Changes(own_category_id=own[shop]))
    return own


def test_what_was_taught_is_said_of_the_rest(home: Household) -> None:
    own = teach(home, 8)
    learned = learn_categories(home.store, home.user)
    assert learned.examples == 32
    assert learned.sets > 20
    for row in home.rows():
        if row.own_category_id is not None:
            assert (row.learned_category_id, row.learned_sets) == (None, False)
        elif row.learned_sets:
            assert row.learned_category_id == own[row.name.rsplit(" ", 1)[0]]
            assert 0 < row.learned_permille <= 1000
    assert learn_categories(home.store, home.user).changed == 0
    caches = Caches(None, home.store)
    assert verify(caches.of(home.user), home.store) == []
    caches.close()


def test_a_word_of_the_person_takes_the_models_away(home: Household) -> None:
    own = teach(home, 8)
    learn_categories(home.store, home.user)
    row = next(row for row in home.rows() if row.learned_sets)
    edit_transactions(home.store, home.user, [row.id], Changes(own_category_id=own[SHOPS[0]]))
    learn_categories(home.store, home.user)
    with home.store.read() as session:
        assert session.get_one(Transaction, row.id).learned_category_id is None


def test_what_is_not_sure_is_proposed_until_the_person_decides(home: Household) -> None:
    teach(home, 8)
    strange = update(bought("u", "-4", name="Corner bread bus"), bought("v", "-5", name="Zzyx"), cursor="c2")
    apply_update(home.store, home.user, home.item, strange, since="c1")
    learn_categories(home.store, home.user)
    proposals = list_proposals(home.store, home.user)
    assert proposals
    assert [one.permille for one in proposals] == sorted((one.permille for one in proposals), reverse=True)
    one = proposals[0]
    row = next(row for row in home.rows() if row.id == one.id)
    assert (one.proposed_id, one.amount, one.account) == (row.learned_category_id, row.amount, "Everyday")
    edit_transactions(home.store, home.user, [one.id], Changes(own_category_id=one.proposed_id))
    assert one.id not in {left.id for left in list_proposals(home.store, home.user)}
    assert list_proposals(home.store, add_person(home.store, "eve@example.org")) == ()


def test_merged_categories_are_learned_as_one(home: Household) -> None:
    own = teach(home, 8)
    merge_category(home.store, home.user, own["Night bus"], own["Tailor & Sons"])
    learn_categories(home.store, home.user)
    assert own["Night bus"] not in {row.learned_category_id for row in home.rows()}


def test_a_hidden_category_is_no_longer_said(home: Household) -> None:
    own = teach(home, 8)
    learn_categories(home.store, home.user)
    assert own["Night bus"] in {row.learned_category_id for row in home.rows()}
    change_category(home.store, home.user, own["Night bus"], hidden=True)
    learn_categories(home.store, home.user)
    said = {row.learned_category_id for row in home.rows()}
    assert own["Night bus"] not in said
    assert own["Corner shop"] in said


def test_much_that_is_learned_is_written_in_pieces_so_that_others_can_write(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "WRITTEN_AT_ONCE", 10)
    monkeypatch.setattr(learning, "PAUSE", 0)
    teach(home, 8)
    changed = learn_categories(home.store, home.user).changed
    told = Counter(row.change for row in home.rows() if row.learned_category_id is not None)
    assert sum(told.values()) == changed
    assert len(told) > 1
    assert max(told.values()) <= 10
    assert learn_categories(home.store, home.user).changed == 0
    caches = Caches(None, home.store)
    assert verify(caches.of(home.user), home.store) == []
    caches.close()


def test_where_nobody_was_taught_a_known_merchant_speaks_and_only_where_the_bank_is_silent(store: Store) -> None:
    ensure_categories(store)
    home = settle(store)
    rows = (
        bought("a", "-30", name="LIDL SAGT DANKE 4711"),
        bought("b", "-30", name="LIDL SAGT DANKE 4711", category="TRAVEL"),
        bought("c", "-30", name="zzqx"),
    )
    apply_update(store, home.user, home.item, update(*rows), since="")
    learn_categories(store, home.user)
    told = {row.provider_key: row.merchant_category_id for row in home.rows()}
    assert told["a"] is not None
    assert told["b"] is None
    assert told["c"] is None
    change_category(store, home.user, told["a"], hidden=True)
    learn_categories(store, home.user)
    assert {row.merchant_category_id for row in home.rows()} == {None}


def test_a_round_that_finds_something_is_followed_by_one_that_does_not(home: Household) -> None:
    teach(home, 8)
    assert waiting(home.store) == (home.user,)
    assert not put_in_order(home.store, home.user)
    assert put_in_order(home.store, home.user)
    assert waiting(home.store) == ()
    later = update(bought("new", "-3", name="Corner shop 99"), cursor="c2")
    apply_update(home.store, home.user, home.item, later, since="c1")
    assert waiting(home.store) == (home.user,)


def test_the_clerk_follows_changes_until_it_is_stopped(home: Household) -> None:
    teach(home, 8)
    clerk = Clerk(home.store, every=0.05)
    clerk.start()
    deadline = time.monotonic() + SECONDS
    while not any(row.learned_sets for row in home.rows()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    clerk.stop()
    later = update(bought("z", "-3", name="Corner shop 7"), cursor="c2")
    apply_update(home.store, home.user, home.item, later, since="c1")
    time.sleep(0.3)
    assert [row.learned_category_id for row in home.rows() if row.provider_key == "z"] == [None]
    assert waiting(home.store) == (home.user,)


FAILURES = (ZeroDivisionError(), StoreError("The store is busy."))


@pytest.mark.parametrize("failure", FAILURES)
def test_what_fails_for_one_person_ends_it_for_nobody_else(home: Household, failure: Exception) -> None:
    teach(home, 8)
    other = settle(home.store, "eve@example.org")
    apply_update(home.store, other.user, other.item, update(*(bought(f"k{n}", "-3") for n in range(4))), since="")

    def order(store: Store, user: UserId) -> None:
        if user == home.user:
            raise failure
        put_in_order(store, user)

    clerk = Clerk(home.store, 0.05, order)
    clerk.start()
    deadline = time.monotonic() + SECONDS
    while other.user in waiting(home.store):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    clerk.stop()
    assert waiting(home.store) == (home.user,)


@pytest.mark.parametrize("failure", FAILURES)
def test_who_failed_is_left_alone_for_a_while(home: Household, failure: Exception) -> None:
    other = settle(home.store, "eve@example.org")
    apply_update(home.store, other.user, other.item, update(bought("k", "-3")), since="")
    tries: list[UserId] = []

    def order(_store: Store, user: UserId) -> None:
        tries.append(user)
        if user == home.user:
            raise failure

    clerk = Clerk(home.store, 0.05, order)
    clerk.start()
    deadline = time.monotonic() + SECONDS
    while tries.count(other.user) < 5:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    clerk.stop()
    assert tries.count(home.user) == 1
