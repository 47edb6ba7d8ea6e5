"""How much memory and processor a process takes, as Linux tells it; nothing elsewhere."""

import os
from pathlib import Path


def largest(process: int) -> float:
    """Return the largest memory that a process ever had, in MB; 0 where nobody tells.

    Not `getrusage`: its figure is handed down from the process that started this one.
    """
    return _told(process, "VmHWM")


def present(process: int) -> float:
    """Return the memory that a process has now, in MB; 0 where nobody tells."""
    return _told(process, "VmRSS")


def worked(process: int) -> float:
    """Return the seconds that a process was at work on any processor, in steps of about 0.01; 0 where nobody tells."""
    stat = Path(f"/proc/{process}/stat")
    if not stat.exists():
        return 0.0
    # The name, in brackets, may have spaces in it.
    fields = stat.read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _told(process: int, name: str) -> float:
    status = Path(f"/proc/{process}/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)


def whole() -> float:
    """Return the memory of this machine, in MB; 0 where nobody tells."""
    told = Path("/proc/meminfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("MemTotal:")), 0.0)
