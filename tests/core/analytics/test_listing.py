"""The list with what people say of transactions: tags, parts, left out of budgets."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from core.analytics import TransactionFilter, known_tags, list_transactions, listed_ids, listed_rows
from core.cache import Caches, UserCache
from core.ledger import (
    Changes,
    Part,
    apply_update,
    edit_transactions,
    ensure_categories,
    merge_category,
    split_transaction,
)
from core.store import Store
from tests.core.ledger.household import bought, settle, update

GROCERIES, RENT = 4, 6
FOOD, SHOPPING = 8, 9


@pytest.fixture
def cache(store: Store) -> Iterator[UserCache]:
    """Return the cache of five purchases: the second is split in three, the third and fourth are tagged."""
    home = settle(store)
    rows = [bought(f"t{number}", f"-{number}0.00", day=number, name=f"Shop {number}") for number in range(1, 6)]
    apply_update(store, home.user, home.item, update(*rows), since="")
    ids = [row.id for row in home.rows()]
    parts = [Part(Decimal(-12), GROCERIES), Part(Decimal(-9), RENT, "gift"), Part(Decimal(1))]
    split_transaction(store, home.user, ids[1], parts)
    edit_transactions(store, home.user, ids[2:4], Changes(add_tags=("Rome",)))
    edit_transactions(store, home.user, ids[3:4], Changes(add_tags=("work",), hidden=True))
    caches = Caches(None, store)
    yield caches.of(home.user)
    caches.close()


def found(cache: UserCache, **wanted: object) -> list[tuple[str, int]]:
    page = list_transactions(cache, TransactionFilter(**wanted))  # type: ignore[arg-type]
    assert page.count == len(page.rows)
    return [(row.name, row.part) for row in page.rows]


def test_a_split_one_is_as_many_lines_as_it_has_parts_in_their_order(cache: UserCache) -> None:
    page = list_transactions(cache, TransactionFilter())
    assert [(row.name, row.part) for row in page.rows] == [
        ("Shop 5", 0), ("Shop 4", 0), ("Shop 3", 0), ("Shop 2", 1), ("Shop 2", 2), ("Shop 2", 3), ("Shop 1", 0),
    ]  # fmt: skip
    parts = [row for row in page.rows if row.part]
    assert {(row.parts, row.whole) for row in parts} == {(3, Decimal(-20))}
    assert [(row.amount, row.category_id, row.note) for row in parts] == [
        (Decimal(-12), GROCERIES, ""), (Decimal(-9), RENT, "gift"), (Decimal(1), None, ""),
    ]  # fmt: skip
    assert (page.rows[0].parts, page.rows[0].whole) == (0, Decimal(-50))
    assert [one.net for one in page.totals] == [Decimal(-150)]
    # A page that ends within a split one still knows how many parts there are.
    (row,) = list_transactions(cache, TransactionFilter(), page=4, page_size=1).rows
    assert (row.part, row.parts, row.whole) == (1, 3, Decimal(-20))


def test_tags_parts_and_what_budgets_leave_out_are_filtered(cache: UserCache) -> None:
    assert found(cache, tags=("Rome",)) == [("Shop 4", 0), ("Shop 3", 0)]
    assert found(cache, tags=("work", "nothing")) == [("Shop 4", 0)]
    assert found(cache, tags=("rome",)) == []
    assert found(cache, text="rome") == [("Shop 4", 0), ("Shop 3", 0)]
    assert found(cache, hidden=True) == [("Shop 4", 0)]
    assert len(found(cache, hidden=False)) == 6
    assert found(cache, split=True) == [("Shop 2", 1), ("Shop 2", 2), ("Shop 2", 3)]
    assert len(found(cache, split=False)) == 4
    assert found(cache, category_ids=(RENT,)) == [("Shop 2", 2)]
    assert known_tags(cache) == ("Rome", "work")


def test_a_filter_of_a_merged_category_finds_what_it_counts_as(store: Store, cache: UserCache) -> None:
    ensure_categories(store)
    last = list_transactions(cache, TransactionFilter()).rows[0]
    edit_transactions(store, cache.user, [last.id], Changes(own_category_id=FOOD))
    assert found(cache, category_ids=(FOOD,)) == [("Shop 5", 0)]
    merge_category(store, cache.user, FOOD, SHOPPING)
    assert found(cache, category_ids=(FOOD,)) == found(cache, category_ids=(SHOPPING,)) == [("Shop 5", 0)]


def test_all_that_is_filtered_is_read_in_stretches_and_each_transaction_is_named_once(cache: UserCache) -> None:
    wanted = TransactionFilter(category_ids=(RENT, 0))
    page = list_transactions(cache, wanted)
    for at_once in (1, 2, 5000):
        assert tuple(listed_rows(cache, wanted, at_once)) == page.rows
    assert len(page.rows) == 6
    assert listed_ids(cache, wanted) == tuple(dict.fromkeys(row.id for row in page.rows))
    assert tuple(listed_rows(cache, TransactionFilter(text="nothing"))) == ()
