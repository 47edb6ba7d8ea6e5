import csv
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.categorising.movements import Movement
from core.config import ROOT
from tests.core.categorising.households import household, told_by_circumstances
from tests.eval.categorise import coverage, main

HEADING = "date,description,amount,category\n"


def _written(path: Path, examples: list[tuple[Movement, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADING.strip().split(","))
        table.writerows([one.date, one.description, one.amount, label] for one, label in examples)
    return path


def _run(train: Path, test: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.eval.categorise", "--train", str(train), "--test", str(test)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=170, check=False)


def test_ours_is_ahead_on_every_figure(tmp_path: Path) -> None:
    examples = household(1, 300, merchants=15) + told_by_circumstances(1, 300)
    learned, asked = examples[::2], examples[1::2]
    done = _run(_written(tmp_path / "a.csv", learned), _written(tmp_path / "b.csv", asked))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    figures = {line[:34].strip(): line[34:].split() for line in lines[2:6]}
    assert list(figures) == [
        "accuracy",
        "macro-F1",
        "coverage at 95 % precision",
        "accuracy on unseen descriptions",
    ]
    assert [title for title, (own, other) in figures.items() if float(own) <= float(other)] == []
    assert lines[6].startswith("set without asking: ")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("date,description,amount\n2026-01-01,a,-1\n", "the column category is missing"),
        (HEADING, "has no rows"),
        (HEADING + "2026-01-01,a,-1,x\nyesterday,a,-1,x\n", "line 3: 'yesterday' is no date"),
        (HEADING + "2026-01-01,a,much,x\n", "line 2: 'much' is no amount"),
        (HEADING + "2026-01-01,a\n", "line 2: the row is cut short"),
    ],
)
def test_a_wrong_file_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str, sentence: str
) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(content, "utf-8")
    assert main(["--train", str(wrong), "--test", str(wrong)]) == 1
    assert sentence in capsys.readouterr().err


def test_a_file_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    done = _run(tmp_path / "none.csv", tmp_path / "none.csv")
    assert done.returncode == 1
    assert "none.csv can't be read" in done.stderr
    assert "Traceback" not in done.stderr


def test_coverage_counts_equally_sure_rows_together() -> None:
    right = np.array([True] * 19 + [False] + [False] * 20)
    assert coverage(right, np.linspace(1, 0, 40)) == 0.5
    assert coverage(right, np.array([1.0] * 10 + [0.5] * 30)) == 0.25
    assert coverage(~right[:20], np.ones(20)) == 0.0
