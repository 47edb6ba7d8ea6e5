"""How long the search for unusual purchases takes."""

import time
from pathlib import Path

import pytest

from core.cache import Caches
from core.insights.anomalies import find_anomalies
from core.planning import gathered
from tests.bench.conftest import Figures, paired
from tests.bench.rows import TODAY, filled_store

pytestmark = pytest.mark.bench


def test_anomalies(tmp_path: Path, figures: Figures) -> None:
    count = 100_000
    store, user = filled_store(tmp_path, count)
    cache = Caches(None, store).of(user)
    cache.refresh()
    start = time.perf_counter()
    gathered(cache, TODAY)
    # What recurs is searched for once and kept: other screens have it too.
    figures.add(f"what recurs, {count:,} rows", time.perf_counter() - start, "s")
    (seconds,) = paired(3, lambda: find_anomalies(cache, TODAY))
    figures.add(f"anomalies, {count:,} rows", seconds, "s", 1.5)
    start = time.process_time()
    find_anomalies(cache, TODAY)
    figures.add(f"  processor time, {count:,} rows", time.process_time() - start, "s")
    cache.close()
    store.close()
