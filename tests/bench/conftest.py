"""Where the figures of one run are gathered: printed as a table, and written as JSON."""

import json
import os
import platform
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final, TypeVar

import pytest

from core.config import ROOT
from tests.bench.memory import whole
from tests.machine.browser import FLAGS

RESULTS: Final = ROOT / "test-results" / "bench.json"
LIBRARIES: Final = (
    "streamlit", "duckdb", "sqlalchemy", "pyarrow", "plaid-python", "orjson", "numpy", "pandas", "polars", "playwright",
)  # fmt: skip
SIZES: Final = "FINTRACK_BENCH_SIZES"
USUAL: Final = "10000 100000 1000000"

Key = TypeVar("Key", bound=Hashable)


def sizes() -> list[int]:
    """Return how many rows the questions are asked of: 10,000, 100,000 and a million unless `SIZES` says otherwise."""
    return [int(one.replace("_", "")) for one in (os.environ.get(SIZES) or USUAL).split()]


@dataclass(frozen=True)
class Figure:
    """One measured figure; `goal` is what it should not be above, for orientation."""

    what: str
    value: float
    unit: str
    goal: float | None = None
    note: str = ""


@dataclass
class Figures:
    """The figures of one run, and the programs that were measured beside ours."""

    rows: list[Figure] = field(default_factory=list)
    programs: dict[str, str] = field(default_factory=dict)

    def add(self, what: str, value: float, unit: str, goal: float | None = None, note: str = "") -> None:
        """Keep one figure."""
        self.rows.append(Figure(what, round(value, 3), unit, goal, note))

    def table(self) -> str:
        """Return the figures as a table for reading."""
        lines = [
            f"{one.what:<64}{one.value:>10,.2f} {one.unit:<3}"
            + (f"  goal {one.goal:g} {one.unit}" if one.goal is not None else "")
            + (f"  ({one.note})" if one.note else "")
            for one in self.rows
        ]
        return "\n".join(lines)


@pytest.fixture(scope="session")
def figures() -> Iterator[Figures]:
    """Gather the figures; at the end they are printed, and written to `test-results/bench.json`."""
    gathered = Figures()
    before = os.getloadavg()[0]
    yield gathered
    print(f"\n\n{gathered.table()}\n")
    machine = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "processor": processor(),
        "memory": f"{whole() / 1024:.0f} GB",
        "load": f"{before:.1f} before, {os.getloadavg()[0]:.1f} after: what else ran is in both sides of a ratio",
        "libraries": {name: version(name) for name in LIBRARIES},
        "programs": gathered.programs,
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine, "figures": [asdict(one) for one in gathered.rows]}, indent=2))
    print(f"Written to {RESULTS.relative_to(ROOT)}")


@pytest.fixture(scope="session")
def browser_flags() -> list[str]:
    """Return what Chromium is started with: scripts are optimised as they are for a person."""
    return list(FLAGS)


def processor() -> str:
    """Return what the processor calls itself."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def in_turns(rounds: int, works: Mapping[Key, Callable[[], object]]) -> dict[Key, float]:
    """Return the median seconds of each of `works`, done in turns so that they share the machine's moods."""
    return dict(zip(works, paired(rounds, *works.values()), strict=True))


def paired(rounds: int, *works: Callable[[], object]) -> list[float]:
    """Return the median seconds of each of `works`, done in turns so that they share the machine's moods."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for work, taken in zip(works, times, strict=True):
            start = perf_counter()
            work()
            taken.append(perf_counter() - start)
    return [median(taken) for taken in times]
