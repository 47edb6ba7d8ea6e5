"""How long a file takes to be looked at and taken in beside parsing and inserting alone, and how much memory."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from core.config import ROOT
from tests.bench.conftest import Figures, sizes
from tests.bench.importing import SHAPES

pytestmark = pytest.mark.bench

ROWS: Final = [one for one in sizes() if one <= 100_000]


@pytest.mark.parametrize("count", ROWS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_file(tmp_path: Path, figures: Figures, shape: str, count: int) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.importing", shape, str(count), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    took = json.loads(told.stdout)
    assert (took["new"], took["known"]) == (count, count)
    assert took["steps"] > count / 10_000, "progress is told now and then"
    name = f"file of {count:,} rows, {shape if shape == 'OFX' else f'CSV {shape}'}"
    most = count / 100_000
    figures.add(f"{name}: preview", took["preview"], "s", 2 * most, f"processor {took['preview, processor']:.2f} s")
    figures.add(f"{name}: import", took["import"], "s", 8 * most, f"processor {took['import, processor']:.2f} s")
    floor = took["parsing"] + took["inserting"]
    figures.add(f"{name}: parsed and inserted, no more", floor, "s")
    figures.add(f"{name}: times that", (took["preview"] + took["import"]) / floor, "x")
    figures.add(f"{name}: the same file again", took["again"], "s")
    figures.add(f"{name}: most memory", took["most"], "MB", 500, f"the file has {took['MB']:.1f} MB")
