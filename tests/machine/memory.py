"""Where files can lie in memory: a store waits for the disk at each commit, and the tests make tens of thousands.

A process that is killed leaves the same behind on either; what a disk loses when the power goes, no test can show.
"""

import os
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a file system, not a file
ROOM: Final = 4 * 1024**3
"""Bytes that have to be free: several times what a run leaves there at once. Containers often have 64 MB."""


def folder() -> Path | None:
    """Return a folder in memory for files of tests; None where there is none, too small a one, or none for programs."""
    try:
        found = os.statvfs(MEMORY)
    except OSError:
        return None
    roomy = found.f_bavail * found.f_frsize >= ROOM
    return MEMORY if roomy and not found.f_flag & os.ST_NOEXEC and os.access(MEMORY, os.W_OK) else None
