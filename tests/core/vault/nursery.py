"""A process that forks victims: each order on stdin is what is to be done, after how long to kill it, and where.

It answers how the victim ended. To fork takes a hundredth of a start, so many moments can be tried; and who
has forked a process can kill it without ever meeting another one under its number.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, Popen

from core.config import ROOT, Settings
from core.runtime import open_runtime
from core.vault import rotate


class Nursery:
    """Victims to be killed."""

    def __init__(self, process: "Popen[bytes]") -> None:
        self._process = process

    def work(self, folder: Path, work: str, seconds: float = -1) -> int:
        """Have a victim "start" or "rotate" on a data folder, and kill it after so many seconds unless that is -1.

        Returns how it ended, as `os.waitpid` tells.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{work} {seconds} {folder}\n".encode())
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Open a nursery for one test."""
    with Popen([sys.executable, "-m", "tests.core.vault.nursery"], cwd=ROOT, stdin=PIPE, stdout=PIPE) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


def main() -> None:
    """Fork a victim for each order."""
    for order in sys.stdin:
        work, seconds, folder = order.strip().split(" ", 2)
        pid = os.fork()
        if not pid:
            settings = Settings(fintrack_data_dir=Path(folder))
            if work == "rotate":
                rotate(settings)
            else:
                open_runtime(settings).close()
            os._exit(0)
        if float(seconds) >= 0:
            time.sleep(float(seconds))
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        print(status, flush=True)


if __name__ == "__main__":
    main()
