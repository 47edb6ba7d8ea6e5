"""`python -m tests.eval.transfers`: figures for files, or a sentence."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.config import ROOT
from core.ledger.pairing import find_transfers
from tests.eval.transfer_files import read_transactions, read_truth
from tests.eval.transfer_households import KINDS, write
from tests.eval.transfers import figures, main

ROWS = """id,account,date,amount,description
a,Checking,2026-03-01,-250.00,Transfer to Savings
b,Savings,2026-03-02,250.00,Transfer from Checking
c,Checking,2026-03-02,-9.99,NETFLIX.COM
"""


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "t.csv").write_text(ROWS)
    (tmp_path / "r.csv").write_text("out_id,in_id\na,b\n")
    return tmp_path / "t.csv", tmp_path / "r.csv"


def run(files: tuple[Path, Path]) -> list[str]:
    return ["--transactions", str(files[0]), "--truth", str(files[1])]


def test_the_command_prints_precision_and_recall(files: tuple[Path, Path]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.eval.transfers", *run(files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    printed = {name: value.strip() for name, _, value in (line.partition(":") for line in done.stdout.splitlines())}
    assert (printed["precision"], printed["recall"], printed["recall with asked"]) == ("1.0000", "1.0000", "1.0000")
    assert (printed["rows"], printed["sure"], printed["asked"]) == ("3", "1", "0")


@pytest.mark.parametrize("truth", ["id,pair\na,7\nb,7\nc,\n", "id,pair\na,b\nb,a\n", "in_id;out_id\nb;a\n"])
def test_pairs_are_told_in_several_ways(files: tuple[Path, Path], truth: str) -> None:
    files[1].write_text(truth)
    assert read_truth(files[1], {"a", "b", "c"}) == {frozenset("ab")}


@pytest.mark.parametrize(
    ("transactions", "truth", "sentence"),
    [
        (ROWS.replace("amount", "sum"), "out_id,in_id\n", "t.csv has no column amount."),
        (ROWS.replace("-9.99", "nine"), "out_id,in_id\n", "t.csv, line 4: 'nine' is not an amount."),
        (ROWS.replace("2026-03-02,-9", "yesterday,-9"), "out_id,in_id\n", "t.csv, line 4: the date can't be read"),
        (ROWS.replace("c,Ch", "a,Ch"), "out_id,in_id\n", "t.csv, line 4: the id 'a' is there already."),
        (ROWS, "out_id,in_id\na,x\n", "r.csv, line 2: there is no transaction 'x'."),
        (ROWS, "one,two\n", "r.csv has neither the columns out_id and in_id nor id and pair."),
        (ROWS, "id,pair\na,7\n", "the pair '7' has 1 rows instead of two."),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_a_sentence(
    files: tuple[Path, Path], transactions: str, truth: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    files[0].write_text(transactions)
    files[1].write_text(truth)
    assert main(run(files)) == 2
    assert sentence in capsys.readouterr().err


def test_a_missing_file_is_told_in_a_sentence(files: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    files[0].unlink()
    assert main(run(files)) == 2
    assert capsys.readouterr().err.startswith("There is no file")


@pytest.mark.parametrize("kind", KINDS)
def test_sure_transfers_are_right_in_every_kind_of_household(kind: str, tmp_path: Path) -> None:
    transactions, truth = write(kind, 7, tmp_path)
    told = read_transactions(transactions)
    found = figures(told, read_truth(truth, set(told.names)), find_transfers(told.ledger))
    assert found["precision"] >= 0.98, "of some two hundred, a few are drawn by chance"
    assert found["recall"] >= (0.45 if kind == "mute" else 0.8)
