"""Editing 10,000 transactions at once and taking that back, the cache brought up; and the list of them."""

import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.analytics import TransactionFilter, known_tags, list_transactions, listed_ids
from core.cache import Caches, UserCache
from core.ledger import Changes, Part, edit_transactions, split_transaction, undo_edit
from core.store import Store, UserId
from tests.bench.conftest import Figures, paired
from tests.bench.forgetful import forgetful
from tests.bench.rows import TODAY, filled_store

pytestmark = pytest.mark.bench
SIZES = (100_000, 1_000_000)
EDITED = 10_000
ALONE: dict[str, dict[str, Any]] = {
    "all": {},
    "text": {"text": "greenleaf"},
    "text that is everywhere": {"text": "card"},
    "text that is nowhere": {"text": "no such words"},
    "text with digits": {"text": "012345"},
    "a tag": {"tags": ("holiday",)},
    "tagged": {"tagged": True},
    "untagged": {"tagged": False},
    "no category": {"category_ids": (0,)},
    "categories": {"category_ids": (4, 6)},
    "split ones": {"split": True},
    "whole ones": {"split": False},
    "left out of budgets": {"hidden": True},
    "counted in budgets": {"hidden": False},
    "spending": {"kind": "spending"},
    "pending": {"pending": True},
    "posted": {"pending": False},
    "amounts": {"least": Decimal(50), "most": Decimal(100)},
    "amounts from": {"least": Decimal(1)},
    "an account": {"account_ids": (1,)},
    "a year": {"since": TODAY - timedelta(days=365)},
    "until a year ago": {"until": TODAY - timedelta(days=365)},
    "a merchant": {"merchant": "Greenleaf Market"},
    "a currency": {"currency": "USD"},
    "Saturdays": {"weekday": 6},
}
FILTERS = ALONE | {
    f"text that is everywhere, {name}": {"text": "card"} | asked
    for name, asked in ALONE.items()
    if asked and "text" not in asked
}
"""Each filter alone, and each besides a text that no row is without."""


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
    in_memory = Caches(None, store)
    for kind, kept in (("file", cache), ("memory", in_memory.of(user))):
        for name, asked in FILTERS.items():
            wanted = TransactionFilter(**asked)
            works = [forgetful(kept, partial(list_transactions, kept, wanted, page, 25)) for page in (1, 1000)]
            for page, seconds in zip((1, 1000), paired(7, *works), strict=True):
                figures.add(f"list in {kind}, {name}, page {page}, {count:,} rows", seconds * 1000, "ms", 150)
    (seconds,) = paired(7, partial(known_tags, cache))
    figures.add(f"tags, {count:,} rows", seconds * 1000, "ms")
    in_memory.close()
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
