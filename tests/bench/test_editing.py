"""Editing 10,000 transactions at once and taking that back, the cache brought up; and the list of them."""

import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from core.analytics import TransactionFilter, known_tags, list_transactions, listed_ids
from core.cache import Caches, UserCache
from core.ledger import Changes, Part, edit_transactions, split_transaction, undo_edit
from core.store import Store, UserId
from tests.bench.conftest import Figures, paired
from tests.bench.rows import TODAY, filled_store

pytestmark = pytest.mark.bench
SIZES = (100_000, 1_000_000)
EDITED = 10_000
FILTERS = {
    "all": TransactionFilter(),
    "text": TransactionFilter(text="greenleaf"),
    "text that is everywhere": TransactionFilter(text="card"),
    "text that is nowhere": TransactionFilter(text="no such words"),
    "a tag": TransactionFilter(tags=("holiday",)),
    "no category": TransactionFilter(category_ids=(0,)),
    "categories": TransactionFilter(category_ids=(4, 6)),
    "split ones": TransactionFilter(split=True),
    "whole ones": TransactionFilter(split=False),
    "left out of budgets": TransactionFilter(hidden=True),
    "counted in budgets": TransactionFilter(hidden=False),
    "text, spending": TransactionFilter(text="card", kind="spending"),
    "spending": TransactionFilter(kind="spending"),
    "pending": TransactionFilter(pending=True),
    "posted": TransactionFilter(pending=False),
    "amounts": TransactionFilter(least=50, most=100),  # type: ignore[arg-type]
    "a year of one account": TransactionFilter(account_ids=(1,), since=TODAY - timedelta(days=365)),
}


@pytest.fixture(scope="module", params=SIZES)
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, UserId]]:
    store, user = filled_store(tmp_path_factory.mktemp("filled"), request.param)
    yield store, user
    store.close()


def test_many_edited_at_once_and_the_list_of_them(
    filled: tuple[Store, UserId], tmp_path: Path, figures: Figures
) -> None:
    store, user = filled
    caches = Caches(tmp_path, store)
    cache = caches.of(user)
    count = cache.refresh().rows
    ids = spread(listed_ids(cache, TransactionFilter()))
    changes = Changes(own_category_id=4, add_tags=("holiday",), hidden=True)
    for what, some in (("over all years", ids), ("the newest", listed_ids(cache, TransactionFilter())[:EDITED])):
        edit = timed(figures, f"{count:,} rows, {what}", cache, partial(edit_transactions, store, user, some, changes))
        timed(figures, f"  undone, {what}", cache, partial(undo_edit, store, user, edit))
    edit_transactions(store, user, ids[:3000], changes)
    for row in list_transactions(cache, TransactionFilter(split=False), 1, 50).rows:
        half = (row.amount / 2).quantize(row.amount.copy_abs().__class__("0.01"))
        if half and half != row.amount:
            split_transaction(store, user, row.id, [Part(half), Part(row.amount - half)])
    cache.refresh()
    for name, wanted in FILTERS.items():
        works = [partial(list_transactions, cache, wanted, page, 25) for page in (1, 1000)]
        for page, seconds in zip((1, 1000), paired(7, *works), strict=True):
            figures.add(f"list, {name}, page {page}, {count:,} rows", seconds * 1000, "ms", 150)
    (seconds,) = paired(7, partial(known_tags, cache))
    figures.add(f"tags, {count:,} rows", seconds * 1000, "ms")
    caches.close()


def spread(ids: tuple[int, ...]) -> tuple[int, ...]:
    """Return `EDITED` ids from all years."""
    return ids[:: len(ids) // EDITED][:EDITED]


def timed(figures: Figures, what: str, cache: UserCache, work: partial) -> int:  # type: ignore[type-arg]
    """Do an edit and bring the cache up; note both times."""
    start = time.perf_counter()
    done = work()
    written = time.perf_counter()
    rebuilt = cache.refresh().rebuilt
    end = time.perf_counter()
    assert done.rows == EDITED
    figures.add(f"edit of {EDITED:,}, {what}", end - start, "s", 2)
    figures.add(f"  of it the cache{', made anew' if rebuilt else ''}", end - written, "s")
    return int(done.edit_id)
