"""A process that forks victims, each of which restores a backup and is killed (SIGKILL) on its way.

An order on stdin is a JSON list: the data folder, the database's URL or "", the file, at which step the victim kills
itself (a renaming or deletion of a file, or a folder opened to bring one to the disk; counted from 1; 0: at none), and
after how many seconds it is killed (-1: never). It answers how the victim ended.
"""

import json
import os
import signal
import sys
import time
from pathlib import Path

from core.backup import restore
from core.vault import wrapping
from tests.conftest import LEAST_MEMORY_KIB
from tests.core.backup.houses import PASSPHRASE, settings_of

STEPS = {"os.rename", "os.remove"}


def main() -> None:
    """Fork a victim for each order."""
    wrapping.MEMORY_KIB = LEAST_MEMORY_KIB  # type: ignore[misc]  # as quick_hashes does
    for order in sys.stdin:
        folder, url, file, step, seconds = json.loads(order)
        pid = os.fork()
        if not pid:
            _die_at(step)
            restore(settings_of(Path(folder), url=url), Path(file), PASSPHRASE, over=True)
            os._exit(0)
        if seconds >= 0:
            time.sleep(seconds)
            os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        print(status, flush=True)


def _die_at(step: int) -> None:
    left = [step]

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in STEPS or (event == "open" and isinstance(arguments[0], str) and Path(arguments[0]).is_dir()):
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


if __name__ == "__main__":
    main()
