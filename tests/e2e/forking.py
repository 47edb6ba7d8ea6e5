"""Servers that are forked from a process which has imported what they import.

Python's start and the imports are half of the processor time that a server takes in its life of a few journeys. That
a server starts by itself is seen in `tests/test_running.py`; benchmarks take `tests.e2e.server.serving`.
"""

import os
import signal
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Final

from tests.e2e import server
from tests.machine.forking import answer, become, forking, orders

THIS: Final = "tests.e2e.forking"


class Forked:
    """A forked process, with what is asked of a `Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self._ended: int | None = None

    def poll(self) -> int | None:
        """Return how it ended, None while it runs."""
        if self._ended is None:
            self._ended = forking(THIS).ordered(self.pid)
        return self._ended

    def wait(self, timeout: float) -> int:
        """Wait so many seconds for its end; return how it ended."""
        deadline = time.monotonic() + timeout
        while (ended := self.poll()) is None:
            if time.monotonic() > deadline:
                raise TimeoutExpired(str(self.pid), timeout)
            time.sleep(0.02)
        return ended

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to stop."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def serving(folder: Path, **environment: str) -> AbstractContextManager[server.Server]:
    """Fork a server for the data in `folder`, as `tests.e2e.server.serving` starts one."""
    return server.serving(folder, start=_fork, **environment)


def _fork(arguments: list[str], environment: dict[str, str], log: Path) -> Forked:
    return Forked(forking(THIS).ordered([arguments, environment, str(log)]))


def main() -> None:
    """Follow each order: fork a server and answer with its number, or tell how the one of a number ended.

    Without orders to come, what still runs is stopped: tests that were killed stop nothing.
    """
    _import_what_servers_import()
    running: set[int] = set()
    for wanted in orders():
        if isinstance(wanted, int):
            found, ended = os.waitpid(wanted, os.WNOHANG)
            running.discard(found)
            answer(os.waitstatus_to_exitcode(ended) if found else None)
            continue
        pid = os.fork()
        if not pid:
            _serve(*wanted)
        running.add(pid)
        answer(pid)
    for pid in running:
        os.kill(pid, signal.SIGTERM)


def _import_what_servers_import() -> None:
    import pandas as pd  # noqa: F401
    import plaid.api.plaid_api  # noqa: F401
    import plotly.graph_objects  # noqa: F401
    import pyarrow.compute  # noqa: F401
    import streamlit.web.cli  # noqa: F401

    import core.banking.plaid
    import core.clerk
    import core.coach
    import core.demo
    import core.farewell
    import core.importing
    import core.insights
    import core.reports
    import core.runtime  # noqa: F401


def _serve(arguments: list[str], environment: dict[str, str], log: str) -> None:
    """Be a process that was started as `python -m streamlit …`; never comes back."""
    from streamlit.web.cli import main as streamlit

    become(environment, log, log)
    sys.argv = ["streamlit", *arguments]
    streamlit(prog_name="streamlit")
    sys.exit()


if __name__ == "__main__":
    main()
