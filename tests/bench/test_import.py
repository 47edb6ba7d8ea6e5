"""How long a file of 100,000 rows takes to be looked at and taken in, and how much memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import ROOT
from tests.bench.conftest import Figures
from tests.bench.importing import SHAPES

pytestmark = pytest.mark.bench

ROWS = 100_000


@pytest.mark.parametrize("shape", SHAPES)
def test_a_long_csv_file(tmp_path: Path, figures: Figures, shape: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.importing", shape, str(ROWS), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    took = json.loads(told.stdout)
    assert (took["new"], took["known"]) == (ROWS, ROWS)
    assert took["steps"] > ROWS / 10_000, "progress is told now and then"
    name = f"CSV of {ROWS:,} rows, {shape}"
    figures.add(f"{name}: preview", took["preview"], "s", 2, f"processor {took['preview, processor']:.2f} s")
    figures.add(f"{name}: import", took["import"], "s", 8, f"processor {took['import, processor']:.2f} s")
    figures.add(f"{name}: the same file again", took["again"], "s")
    figures.add(f"{name}: most memory", took["most"], "MB", 500, f"the file has {took['MB']:.1f} MB")
