"""The two commands: what is missing is told in one sentence, what was cut off is made anew, nothing is done twice."""

import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.config import ROOT
from scripts.serve import ADDRESS, FIRST_PORT, choose_port, is_free

TOOLS = ("awk", "cat", "cksum", "make", "mkdir", "rm", "sh", "touch")
REAL = getattr(sys, "_base_executable", sys.executable)
OLD = 'case "$2" in *print*) echo 3.9;; *"(3, 11)"*) exit 1;; esac'
BROKEN = "exit 127"
NO_VENV = f'case "$2" in "import ensurepip, venv") exit 1;; esac; exec {REAL} "$@"'
NO_SQLITE = f'case "$2" in "import sqlite3, ssl") exit 1;; esac; exec {REAL} "$@"'
GOOD = f'exec {REAL} "$@"'
QUICK = f'[ "$2" != venv ] || exec {REAL} -m venv --without-pip "$3"; exec {REAL} "$@"'
"""Leaves out pip, which takes seconds to unpack; the machine lends its own."""


@dataclass(frozen=True)
class Machine:
    """A checkout that needs no library, and a PATH that holds nothing but what a test puts there."""

    checkout: Path
    bin: Path

    @property
    def environment(self) -> dict[str, str]:
        """Return all that a program sees of the machine; pip has no network."""
        lent = str(self.bin.parent / "lent")
        return {
            "PATH": str(self.bin),
            "HOME": str(self.checkout),
            "LC_ALL": "C",
            "PIP_NO_INDEX": "1",
            "PYTHONPATH": lent,
        }

    def python(self, name: str, script: str) -> Path:
        """Put a Python there."""
        path = self.bin / name
        path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        path.chmod(0o755)
        return path

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run make with that PATH."""
        return subprocess.run(
            [self.bin / "make", "--no-print-directory", *arguments],
            cwd=self.checkout,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    checkout, tools, lent = tmp_path / "a checkout", tmp_path / "bin", tmp_path / "lent"
    (checkout / "scripts").mkdir(parents=True)
    tools.mkdir()
    lent.mkdir()
    pip = importlib.util.find_spec("pip")
    assert pip is not None
    assert pip.origin is not None
    (lent / "pip").symlink_to(Path(pip.origin).parent)
    for name in ("Makefile", "scripts/install.sh", "scripts/serve.py"):
        shutil.copy(ROOT / name, checkout / name)
    for name in ("requirements.txt", "requirements-models.txt", "requirements-dev.txt"):
        (checkout / name).write_text("# nothing\n", "utf-8")
    for name in TOOLS:
        found = shutil.which(name)
        assert found, f"these tests need {name}"
        (tools / name).symlink_to(found)
    return Machine(checkout, tools)


def _said(outcome: subprocess.CompletedProcess[str]) -> str:
    """Return the one sentence that was said; make's own line about the failure comes after it."""
    assert outcome.returncode != 0
    lines = [line for line in outcome.stderr.splitlines() if not line.startswith("make:")]
    assert len(lines) == 1, outcome.stderr
    return lines[0]


def test_make_alone_lists_every_command(machine: Machine) -> None:
    listed = re.findall(r"^make (\w+) +\S", machine.make().stdout, re.MULTILINE)
    assert listed == ["help", "install", "run", "test", "lint", "audit", "bench", "peers", "prism", "clean"]


@pytest.mark.parametrize("command", ["install", "run", "test", "lint"])
def test_no_python_at_all_is_told_in_one_sentence(machine: Machine, command: str) -> None:
    assert "there is no python3 on this machine: install it" in _said(machine.make(command))
    assert not (machine.checkout / ".venv").exists()


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (OLD, "needs Python 3.11 or newer, and python3 is 3.9: install a newer one"),
        (BROKEN, "python3 does not start"),
        (NO_VENV, f"apt install python3.{sys.version_info.minor}-venv"),
        (NO_SQLITE, "built without sqlite3 or ssl"),
    ],
)
def test_a_python_that_does_not_fit_is_told_in_one_sentence(machine: Machine, script: str, sentence: str) -> None:
    machine.python("python3", script)
    assert sentence in _said(machine.make("run"))
    assert not (machine.checkout / ".venv").exists()


def test_a_chosen_python_that_does_not_fit_is_told_even_where_another_does(machine: Machine) -> None:
    machine.python("python3", GOOD)
    assert "there is no python9 on this machine" in _said(machine.make("install", "PYTHON=python9"))
    machine.python("python2", OLD)
    assert "python2 is 3.9" in _said(machine.make("install", "PYTHON=python2"))


def test_installing_is_done_once_and_again_when_the_pins_change(machine: Machine) -> None:
    machine.python("python3", OLD)
    machine.python("python3.11", GOOD)
    first = machine.make("install")
    assert first.returncode == 0, first.stderr
    assert "Making .venv" in first.stdout
    # The libraries are there now: neither a Python on the PATH nor pip is needed any more.
    (machine.bin / "python3.11").unlink()
    assert machine.make("install").stdout == ""
    (machine.checkout / "requirements.txt").write_text("# changed\n", "utf-8")
    again = machine.make("install")
    assert again.returncode == 0, again.stderr
    assert "Making .venv" not in again.stdout
    assert "Installing" in again.stdout
    assert machine.make("install").stdout == ""


def test_what_the_tests_need_comes_on_top_and_serves_running_too(machine: Machine) -> None:
    machine.python("python3", QUICK)
    install = ["sh", "scripts/install.sh", "test"]
    subprocess.run(install, cwd=machine.checkout, env=machine.environment, check=True, capture_output=True)
    assert machine.make("install").stdout == ""
    (machine.checkout / "requirements-dev.txt").write_text("# changed\n", "utf-8")
    assert machine.make("install").stdout == ""
    again = subprocess.run(install, cwd=machine.checkout, env=machine.environment, check=True, capture_output=True)
    assert b"Installing" in again.stdout


def test_a_failed_download_is_told_and_mended_by_the_next_try(machine: Machine) -> None:
    machine.python("python3", QUICK)
    (machine.checkout / "requirements.txt").write_text("no-such-library==1.0\n", "utf-8")
    failed = machine.make("install")
    assert failed.returncode != 0
    assert "could not be installed: pip's reason is above" in failed.stderr
    (machine.checkout / "requirements.txt").write_text("# nothing\n", "utf-8")
    assert "Making .venv" in machine.make("install").stdout
    assert machine.make("install").stdout == ""


def test_an_installation_that_was_killed_is_made_anew(machine: Machine) -> None:
    # The Python kills its make and shell in the middle, as a person's closed window does.
    kill = 'case "$*" in *"-m venv"*) mkdir -p .venv/bin; echo half >.venv/bin/python; kill -9 $PPID;; esac'
    machine.python("python3", f"{kill}; {QUICK}")
    assert machine.make("install").returncode != 0
    assert (machine.checkout / ".venv" / "bin" / "python").read_text("utf-8") == "half\n"
    machine.python("python3", QUICK)
    assert "Making .venv" in machine.make("install").stdout
    assert machine.make("install").stdout == ""


@pytest.mark.parametrize(
    "damage",
    [
        lambda venv: (venv / "bin" / "python").unlink(),
        lambda venv: (venv / "made").unlink(),
        lambda venv: (venv / "unfinished").touch(),
    ],
)
def test_a_damaged_venv_is_made_anew(machine: Machine, damage: Callable[[Path], None]) -> None:
    machine.python("python3", QUICK)
    machine.make("install")
    damage(machine.checkout / ".venv")
    assert "Making .venv" in machine.make("install").stdout
    assert machine.make("install").stdout == ""


def test_clean_leaves_the_persons_data(machine: Machine) -> None:
    (machine.bin / "find").symlink_to(shutil.which("find") or "")
    for name in (".venv/bin", "core/__pycache__", "data"):
        (machine.checkout / name).mkdir(parents=True)
    (machine.checkout / "data" / "fintrack.db").touch()
    (machine.checkout / ".env").touch()
    assert machine.make("clean").returncode == 0
    assert (machine.checkout / "data" / "fintrack.db").exists()
    assert (machine.checkout / ".env").exists()
    assert not (machine.checkout / ".venv").exists()
    assert not (machine.checkout / "core" / "__pycache__").exists()


def test_a_taken_port_is_told_in_one_sentence() -> None:
    with socket.create_server((ADDRESS, 0)) as taken, pytest.raises(SystemExit, match="is taken: stop what uses it"):
        choose_port(str(taken.getsockname()[1]))


@pytest.mark.parametrize("wish", ["0", "65536", "-1", "http", "٨٥٠١"])
def test_what_is_no_port_is_told_in_one_sentence(wish: str) -> None:
    with pytest.raises(SystemExit, match="is not a port"):
        choose_port(wish)


def test_without_a_wish_the_next_free_port_is_taken() -> None:
    first = choose_port("")
    assert first >= FIRST_PORT
    with socket.create_server((ADDRESS, first)):
        assert choose_port("") > first


def test_a_free_port_that_is_asked_for_is_taken() -> None:
    with socket.create_server((ADDRESS, 0)) as taken:
        port = taken.getsockname()[1]
    assert choose_port(str(port)) == port


@pytest.mark.postgres
@pytest.mark.skipif(not shutil.which("setpriv"), reason="only Linux ends a child with its parent")
def test_the_tests_own_postgresql_ends_with_them_even_when_they_are_killed(postgres_server: str) -> None:
    assert postgres_server
    code = (
        "import os\n"
        "from tests.machine.postgres import server\n"
        "with server() as url:\n"
        "    print(url, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
    )
    # Not in tmp_path: the user postgres could not reach into it.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        died = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": folder},
            capture_output=True,
            text=True,
            check=False,
        )
        assert died.returncode == -signal.SIGKILL, died.stderr
        port = int(died.stdout.rsplit(":", 1)[1].partition("/")[0])
        deadline = time.monotonic() + 20
        while not is_free(port):
            assert time.monotonic() < deadline, "the server still answers"
            time.sleep(0.1)
        # It removes its lock as the last thing it does.
        while [*Path(folder).glob("*/data/postmaster.pid")]:
            assert time.monotonic() < deadline, "the server still runs"
            time.sleep(0.1)
