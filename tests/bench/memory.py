"""How much memory a process takes, as Linux tells it; nothing elsewhere."""

from pathlib import Path


def largest(process: int) -> float:
    """Return the largest memory that a process ever had, in MB; 0 where nobody tells.

    Not `getrusage`: its figure is handed down from the process that started this one.
    """
    return _told(process, "VmHWM")


def present(process: int) -> float:
    """Return the memory that a process has now, in MB; 0 where nobody tells."""
    return _told(process, "VmRSS")


def _told(process: int, name: str) -> float:
    status = Path(f"/proc/{process}/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)


def whole() -> float:
    """Return the memory of this machine, in MB; 0 where nobody tells."""
    told = Path("/proc/meminfo")
    lines = told.read_text("utf-8").splitlines() if told.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("MemTotal:")), 0.0)
