"""Looking for a person's insights, all of them: it runs beside the screens, and must not keep the processor."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from time import perf_counter, process_time

import pytest

from core.cache import Caches
from core.insights import count_unread, generate, list_insights
from core.planning import GoalWish, add_goal, set_limit
from tests.bench.conftest import Figures, paired
from tests.bench.rows import TODAY, filled_store

pytestmark = pytest.mark.bench

ROWS = 100_000
ALLOWED = 3.0
"""Seconds, of the processor where others keep it busy."""


def test_looking_for_insights(tmp_path: Path, figures: Figures) -> None:
    store, user = filled_store(tmp_path, ROWS)
    caches = Caches(tmp_path / "cache", store)
    cache = caches.of(user)
    cache.refresh()
    for category in (8, 9, 15, 17):
        set_limit(store, user, category, date(2025, 1, 1), Decimal(1000), carries=True)
    add_goal(store, user, GoalWish("Roof", Decimal(100_000), "USD", date(TODAY.year + 1, 1, 1)))
    start, worked = perf_counter(), process_time()
    first = generate(store, user, cache, TODAY)
    seconds, worked = perf_counter() - start, process_time() - worked
    figures.add(f"insights of {ROWS:,} rows, the first look", seconds, "s", ALLOWED, f"{first.current} found")
    figures.add("  of it at work", worked, "s", ALLOWED)
    (again,) = paired(5, lambda: generate(store, user, cache, TODAY))
    figures.add("  looked for again without a change", again, "s")
    counting, listing = paired(21, lambda: count_unread(store, user, TODAY), lambda: list_insights(store, user, TODAY))
    figures.add("  the bell's count", counting * 1000, "ms", 20)
    figures.add("  the feed", listing * 1000, "ms", 100)
    caches.close()
    store.close()
    assert first.current > 0
    assert min(seconds, worked) <= ALLOWED
