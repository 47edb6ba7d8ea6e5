"""What people ask of the programs they use, ours beside Fava, hledger and Actual: one run, the same answers."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import pytest

from core.cache import Caches
from tests.bench.conftest import Figures, sizes
from tests.bench.rows import filled_store
from tests.bench.side_by_side import ours
from tests.bench.side_by_side.asking import Program, actual, fava, hledger
from tests.bench.side_by_side.common import SCREENS, ours_of, settled
from tests.bench.side_by_side.plain import Plain, plain_rows

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]

Lend = Callable[[Plain, Path], AbstractContextManager[Program]]
PROGRAMS: Final[dict[str, tuple[Lend, int]]] = {
    "Fava": (fava, 100_000),
    "hledger": (hledger, 100_000),
    "Actual": (actual, 10_000),
}
"""Each with the most rows that it is given: with ten times as many it would take minutes to begin."""
ROUNDS: Final = {10_000: 5, 100_000: 2}


@pytest.mark.parametrize("count", [one for one in sizes() if one <= 100_000])
@pytest.mark.parametrize("name", PROGRAMS)
def test_the_questions_that_programs_answer(tmp_path: Path, figures: Figures, name: str, count: int) -> None:
    lend, most = PROGRAMS[name]
    if count > most:
        pytest.skip(f"{name} takes minutes to begin with {count:,} rows")
    store, user = filled_store(tmp_path, count, abroad=False)
    caches = Caches(tmp_path / "cache", store)
    screens = ours.screens(store, user, caches.of(user))
    answers = ours_of(screens)
    quick, slow = [], []
    with lend(plain_rows(store), tmp_path) as program:
        figures.programs[name] = program.version
        figures.add(f"programs, {count:,} rows: {name}, until it can answer", program.ready, "s")
        _, told = program.answer()
        assert settled(told) == answers
        for _ in range(ROUNDS.get(count, 2)):
            slow.append(program.answer()[0])
            start = perf_counter()
            for screen in SCREENS:
                screens[screen]()
            quick.append(perf_counter() - start)
    figures.add(f"programs, {count:,} rows: the same questions, {name}", median(slow) * 1000, "ms")
    figures.add(f"programs, {count:,} rows: the same questions, FinTrack beside {name}", median(quick) * 1000, "ms")
    figures.add(f"programs, {count:,} rows: times faster than {name}", median(slow) / median(quick), "x")
    caches.close()
    store.close()
