"""`python -m core backup` and `restore` as a person types them."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from core.config import ROOT
from tests.core.backup.houses import PASSPHRASE
from tests.core.shell import Shell
from tests.core.test_command_line import ADA, PASSWORD


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    made = Shell(tmp_path / "data", FINTRACK_BACKUP_PASSPHRASE=PASSPHRASE)
    made.told("user", "add", "--email", ADA, "--password", PASSWORD)
    return made


def test_a_backup_moves_a_household_to_another_machine(shell: Shell, tmp_path: Path) -> None:
    shell.told("demo", "--user", ADA)
    facts = shell.json("backup")
    file = Path(facts["file"])
    assert (file.parent, file.suffix, file.stat().st_size) == (tmp_path / "data" / "backups", ".ftb", facts["bytes"])
    moved = tmp_path / "moved.ftb"
    assert f"{moved} is written and reads back" in shell.told("backup", "--to", str(moved))
    assert "--replace" in shell.refused("restore", str(moved))
    other = Shell(tmp_path / "other", FINTRACK_BACKUP_PASSPHRASE=PASSPHRASE)
    assert f"Restored {facts['rows']['transactions']:,} transactions" in other.told("restore", str(moved))
    assert all(one["added"] == 0 and not one["error"] for one in other.json("sync", "--user", ADA))
    assert all(one["ok"] for one in other.json("doctor"))
    assert "is kept" in other.told("restore", str(file), "--replace")


def test_what_is_missing_is_said(shell: Shell, tmp_path: Path) -> None:
    shell.environment["FINTRACK_BACKUP_PASSPHRASE"] = "short"
    assert "15" in shell.refused("backup")
    del shell.environment["FINTRACK_BACKUP_PASSPHRASE"]
    assert "FINTRACK_BACKUP_PASSPHRASE" in shell.refused("backup")
    assert "FINTRACK_BACKUP_PASSPHRASE" in shell.refused("restore", str(tmp_path / "none"))


def test_the_passphrase_is_asked_for_twice_and_not_shown(shell: Shell, tmp_path: Path) -> None:
    del shell.environment["FINTRACK_BACKUP_PASSPHRASE"]
    outer, inner = pty.openpty()
    command = [sys.executable, "-m", "core", "backup", "--to", str(tmp_path / "asked.ftb")]
    with subprocess.Popen(command, cwd=ROOT, env=shell.environment, stdin=inner, stdout=inner, stderr=inner) as asked:
        os.close(inner)
        shown = b""
        for question in (b"Passphrase of the backup: ", b"The same again: "):
            while not shown.endswith(question):
                shown += os.read(outer, 1000)
            os.write(outer, PASSPHRASE.encode() + b"\n")
        try:
            while more := os.read(outer, 1000):
                shown += more
        except OSError:
            pass  # the other end is closed
        assert asked.wait() == 0
    os.close(outer)
    assert PASSPHRASE.encode() not in shown
    shell.environment["FINTRACK_BACKUP_PASSPHRASE"] = PASSPHRASE
    assert "Restored" in shell.told("restore", str(tmp_path / "asked.ftb"), "--replace")
