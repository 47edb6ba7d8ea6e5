"""A process that has imported what others need, and forks them: Python's start and imports take longer than most work.

What is forked is told in orders, a line of JSON each, and answered with one.
"""

import atexit
import json
import os
import sys
from collections.abc import Iterator
from functools import cache
from subprocess import PIPE, Popen
from typing import Any, Self

from core.config import ROOT


class Forking:
    """Such a process, of a module whose `main` goes through `orders`."""

    def __init__(self, module: str) -> None:
        # A session of its own: Ctrl+C ends the tests, and they end this.
        self._process = Popen(
            [sys.executable, "-m", module], cwd=ROOT, stdin=PIPE, stdout=PIPE, text=True, start_new_session=True
        )

    def ordered(self, order: Any) -> Any:
        """Give an order and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        told = self._process.stdout.readline()
        assert told, "the process that forks has ended"
        return json.loads(told)

    def close(self) -> None:
        """End it: no orders come any more."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@cache
def forking(module: str) -> Forking:
    """Return the one of a module, which ends with this process."""
    started = Forking(module)
    atexit.register(started.close)
    return started


def orders() -> Iterator[Any]:
    """Go through the orders that this process gets."""
    yield from map(json.loads, sys.stdin)


def answer(told: Any) -> None:
    """Answer an order."""
    print(json.dumps(told), flush=True)


def become(environment: dict[str, str], stdout: str, stderr: str) -> None:
    """Make this process one that was started with that environment, with nobody at its stdin; its words are added."""
    os.environ.clear()
    os.environ.update(environment)
    adding = os.O_WRONLY | os.O_APPEND
    for number, path, way in ((0, os.devnull, os.O_RDONLY), (1, stdout, adding), (2, stderr, adding)):
        opened = os.open(path, way | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)
