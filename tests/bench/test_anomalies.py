"""How long the searches take for what recurs and for what is unusual: after new data, and kept until there is more."""

import time
from functools import partial
from pathlib import Path

import pytest

from core.cache import Caches
from core.insights.anomalies import find_anomalies
from core.planning import gathered
from tests.bench.conftest import Figures, paired, sizes
from tests.bench.rows import TODAY, filled_store

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("count", [one for one in sizes() if one <= 1_000_000])
def test_searches(tmp_path: Path, figures: Figures, count: int) -> None:
    store, user = filled_store(tmp_path, count)
    caches = Caches(tmp_path / "cache", store)
    cache = caches.of(user)
    cache.refresh()
    start = time.perf_counter()
    gathered(cache, TODAY)
    figures.add(f"what recurs, {count:,} rows: after new data", time.perf_counter() - start, "s")
    (seconds,) = paired(11, partial(gathered, cache, TODAY))
    figures.add(f"what recurs, {count:,} rows: kept", seconds * 1000, "ms")
    (seconds,) = paired(3, partial(find_anomalies, cache, TODAY))
    figures.add(f"anomalies, {count:,} rows", seconds, "s", 1.5 if count <= 100_000 else None)
    start = time.process_time()
    find_anomalies(cache, TODAY)
    figures.add(f"  processor time, {count:,} rows", time.process_time() - start, "s")
    caches.close()
    store.close()
