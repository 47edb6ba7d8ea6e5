"""Programs beside ours, each in its own process: where they are found, and how they are asked.

`make peers` puts them into `.peers`, all but hledger, which comes with the system's packages.
"""

import csv
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from shutil import which
from time import perf_counter
from typing import IO, Any, Final, Protocol

import pytest

from core.config import ROOT
from tests.bench.side_by_side.common import asked, named, units_of, write_beancount, write_hledger, write_lines
from tests.bench.side_by_side.plain import Plain

PEERS: Final = ROOT / ".peers"
PROGRAMS: Final = Path(__file__).parent / "programs"


class Program(Protocol):
    """A program that has the rows."""

    version: str
    ready: float
    """Seconds from its start until it can answer, the rows read or taken in."""

    def answer(self) -> tuple[float, dict[str, Any]]:
        """Return the seconds that the common questions took, and the answers."""


@dataclass(frozen=True)
class Talking:
    """A program that stays in memory and is asked line by line; it tells its own seconds."""

    version: str
    ready: float
    _in: IO[str]
    _out: IO[str]

    def answer(self) -> tuple[float, dict[str, Any]]:
        self._in.write(json.dumps(asked()) + "\n")
        self._in.flush()
        told = json.loads(self._out.readline())
        return float(told.pop("seconds")), told


@contextmanager
def _talking(*command: str | Path) -> Iterator[Talking]:
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        told = json.loads(process.stdout.readline() or '{"version": ""}')
        assert told["version"], f"{command[0]} did not start"
        yield Talking(told["version"], told["seconds"], process.stdin, process.stdout)
        process.stdin.close()


@contextmanager
def fava(plain: Plain, folder: Path) -> Iterator[Program]:
    """Lend Fava with the rows as a Beancount ledger; skip where it is not installed."""
    python = PEERS / "python" / "bin" / "python"
    if not python.exists():
        pytest.skip("Fava is not in .peers: run `make peers`")
    ledger = folder / "ledger.beancount"
    write_beancount(plain, ledger)
    with _talking(python, PROGRAMS / "ask_fava.py", ledger) as program:
        yield program


@contextmanager
def actual(plain: Plain, folder: Path) -> Iterator[Program]:
    """Lend Actual with the rows taken in by its API; skip where it is not installed."""
    if not (PEERS / "node_modules" / "@actual-app" / "api").exists() or not which("node"):
        pytest.skip("Actual's API is not in .peers, or there is no Node: run `make peers`")
    rows, data = folder / "rows.jsonl", folder / "actual"
    data.mkdir()
    write_lines(plain, rows)
    with _talking("node", PROGRAMS / "ask_actual.cjs", data, rows, PEERS) as program:
        yield program


@contextmanager
def hledger(plain: Plain, folder: Path) -> Iterator[Program]:
    """Lend hledger with the rows as a journal; skip where it is not installed."""
    if not which("hledger"):
        pytest.skip("hledger is not installed: it comes with Debian's packages")
    journal = folder / "ledger.journal"
    write_hledger(plain, journal)
    yield Hledger(journal)


class Hledger:
    """A program that is started for every report."""

    def __init__(self, journal: Path) -> None:
        """Ask a first time, as a person would."""
        self._journal = journal
        told = subprocess.run(["hledger", "--version"], capture_output=True, text=True, check=True)
        self.version = told.stdout.partition(",")[0]
        start = perf_counter()
        self._report("balance", "assets", "--depth=1")
        self.ready = perf_counter() - start

    def answer(self) -> tuple[float, dict[str, Any]]:
        question = asked()
        start = perf_counter()
        told = {
            "months": [self._months(*map(date.fromisoformat, span)) for span in question["months"]],
            "days": self._by_period("--daily", "expenses", *map(date.fromisoformat, question["days"])),
            "categories": [
                named(self._report("balance", "expenses", "--flat", *_within(*map(date.fromisoformat, span))))
                for span in question["categories"]
            ],
            "merchants": named(
                self._report(
                    "balance", "expenses", "--pivot=payee", *_within(*map(date.fromisoformat, question["merchants"]))
                )
            ),
            "text": self._with_text(question["text"]),
        }
        return perf_counter() - start, told

    def _months(self, since: date, until: date) -> list[tuple[str, str, int]]:
        """Return income and spending by month; it tells whole months only, so the last one comes apart."""
        start = until.replace(day=1)
        found = []
        for kind, root in (("income", "income"), ("spending", "expenses")):
            whole = self._by_period("--monthly", root, since, start - timedelta(days=1))
            cut = named(self._report("balance", root, "--depth=1", *_within(start, until)))
            found += [(month, kind, -total) for month, total in whole]
            found += [(start.isoformat(), kind, -total) for _, total in cut]
        return found

    def _by_period(self, every: str, root: str, since: date, until: date) -> list[tuple[str, int]]:
        rows = self._report("balance", root, every, "--depth=1", *_within(since, until))
        titles = [title.partition("..")[0] for title in rows[0][1:]]
        return [
            (title if title.count("-") == 2 else f"{title}-01", units_of(told))
            for title, told in zip(titles, rows[1][1:], strict=True)
        ]

    def _with_text(self, text: str) -> list[int]:
        rows = self._report("register", "assets", f"desc:{text}")
        amount = rows[0].index("amount")
        return [len(rows) - 1, sum(units_of(row[amount]) for row in rows[1:])]

    def _report(self, what: str, *options: str) -> list[list[str]]:
        command = ["hledger", "-f", str(self._journal), what, *options, "--output-format=csv"]
        if what == "balance":
            command.append("--no-total")
        told = subprocess.run(command, capture_output=True, text=True, check=True)
        return list(csv.reader(told.stdout.splitlines()))


def _within(since: date, until: date) -> tuple[str, str]:
    return f"--begin={since}", f"--end={until + timedelta(days=1)}"
