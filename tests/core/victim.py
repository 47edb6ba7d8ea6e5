"""A process that forks victims, each of which syncs an item or imports a file, and is killed (SIGKILL) on its way.

An order (`tests.machine.forking`) is a list: data folder, "sync" or "import", user id, address of the Plaid stand-in or
path of the file, and how many seconds after it is ready it is killed (-1: never). The answer is one too: how the victim
ended, and, where it was let live, after how many seconds its rows were kept and all was done.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# What is imported only when it is first asked for, each victim would import anew.
import pandas as pd  # noqa: F401
import plaid.api.plaid_api  # noqa: F401
from pydantic import SecretStr

import core.banking.plaid  # noqa: F401
from core.banking import sync_all
from core.config import Settings
from core.importing import look_at_file, take_in
from core.runtime import open_runtime
from core.store import UserId
from tests.machine.forking import Forking, answer, orders
from tests.standins.plaid import CLIENT_ID, SECRET


@dataclass(frozen=True)
class Work:
    """What a victim is to do."""

    folder: Path
    work: str
    user: UserId
    source: str


class Nursery:
    """Victims to be killed."""

    def __init__(self, process: Forking) -> None:
        self._process = process

    def watch(self, work: Work) -> tuple[float, float]:
        """Let a victim work to its end; return after how many seconds its rows were kept, and all was done."""
        status, rows_kept, done = self._ordered(work, -1)
        assert status == 0
        return rows_kept, done

    def kill(self, work: Work, after: float) -> None:
        """Kill a victim so many seconds after it is ready; one that ended before has done its work."""
        assert self._ordered(work, after)[0] in {0, signal.SIGKILL}

    def _ordered(self, work: Work, seconds: float) -> list[float]:
        told: list[float] = self._process.ordered([str(work.folder), work.work, work.user, work.source, seconds])
        return told


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Open a nursery for one test."""
    with Forking("tests.core.victim") as process:
        yield Nursery(process)


def main() -> None:
    """Fork a victim for each order."""
    for folder, work, user, source, seconds in orders():
        heard, told = os.pipe()
        pid = os.fork()
        if not pid:
            _work(Work(Path(folder), work, UserId(user), source), told)
            os._exit(0)
        os.close(told)
        assert os.read(heard, 1) == b"r"
        start = time.perf_counter()
        rows_kept = 0.0
        if seconds >= 0:
            time.sleep(seconds)
            os.kill(pid, signal.SIGKILL)
        else:
            assert os.read(heard, 1) == b"k"
            rows_kept = time.perf_counter() - start
        _, status = os.waitpid(pid, 0)
        os.close(heard)
        answer([status, rows_kept, time.perf_counter() - start])


def _work(work: Work, told: int) -> None:
    """Do the work once: say "r" when ready, "k" once the rows are kept, and bring the cache up to date."""
    settings = Settings(
        fintrack_data_dir=work.folder,
        plaid_client_id=CLIENT_ID,
        plaid_secret=SecretStr(SECRET),
        plaid_base_url=work.source if work.work == "sync" else "",
    )
    house = open_runtime(settings)
    house.providers  # noqa: B018 - what only reads is done before the clock of the killer starts
    if work.work == "import":
        path = Path(work.source)
        intake = look_at_file(house.store, work.user, path.read_bytes(), path.name, account="Imported")
    os.write(told, b"r")
    if work.work == "sync":
        (result,) = sync_all(house.store, house.vault, house.providers, work.user)
        if result.error:
            sys.exit(result.error)
    else:
        take_in(house.store, work.user, intake)
    os.write(told, b"k")
    house.caches.of(work.user).refresh()
    house.close()


if __name__ == "__main__":
    main()
