"""The app's side of a query process: starting it, talking with it, ending it."""

import json
import os
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from core.cache.querying.frames import framed, read_frame
from core.errors import QueryError

SECONDS: Final = 10.0
"""How long a query may take before its process is ended."""
ASKED_TO_STOP: Final = 8.5
"""After so many seconds the engine stops by itself, where it listens."""
FILLING: Final = 120.0
STARTING: Final = 60.0

_CORE: Final = Path(__file__).resolve().parents[2]
_PROGRAM: Final = """
import sys, types
def room(name, folder):
    # The folder of the room without its front door: that would load all of the app.
    made = types.ModuleType(name)
    made.__path__ = [folder]
    sys.modules[name] = made
room("core", sys.argv[1])
room("core.cache", sys.argv[1] + "/cache")
from core.cache.querying.worker import serve
serve()
"""


class GoneError(Exception):
    """The process ended while it was asked."""


class TooLateError(Exception):
    """The process did not answer in time, and was ended."""


class Process:
    """One query process: an interpreter with nothing but the snapshot that it is sent by its pipe."""

    def __init__(self) -> None:
        """Start it; it is ready some tenths of a second later.

        Raises:
            QueryError: the system lets no process start.
        """
        self.holds = ""
        """What tells the state of the snapshot in it from others."""
        self._talking = threading.Lock()
        try:
            self._child = subprocess.Popen(  # noqa: S603 - our own interpreter and our own program
                [sys.executable, "-I", "-B", "-c", _PROGRAM, str(_CORE)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # No variable of the app's is any of its business; it starts in a folder that it can't write to.
                env={},
                cwd="/",
                close_fds=True,
                start_new_session=True,
            )
        except OSError as cause:
            raise QueryError("The query can't be run now.", "Close other programs, then try again.") from cause

    @property
    def alive(self) -> bool:
        """Tell whether it still runs."""
        return self._child.poll() is None

    def fill(self, tables: Mapping[str, pa.Table], state: str) -> None:
        """Send it a snapshot in the place of the one that it has; never by way of the disk.

        Raises:
            GoneError: it ended.
            TooLateError: it took too long.
        """
        messages = [json.dumps({"do": "fill", "tables": list(tables), "seconds": ASKED_TO_STOP}).encode()]
        messages += [_packed(table) for table in tables.values()]
        self.holds = ""
        self._say(messages, STARTING + FILLING)
        self.holds = state

    def ask(self, sql: str, today: str, most: int) -> dict[str, Any]:
        """Return what it answers to a query; see `worker.py`.

        Raises:
            GoneError: it ended.
            TooLateError: it took more than `SECONDS` and was ended.
        """
        order = {"do": "ask", "sql": sql, "today": today, "most": most, "seconds": SECONDS}
        return self._say([json.dumps(order).encode()], SECONDS)

    def end(self) -> None:
        """End it at once, whatever it does."""
        self._child.kill()
        self._child.wait()
        if self._talking.acquire(blocking=False):
            # Whoever talks with it closes the pipes itself once it has seen the end.
            try:
                self._close()
            finally:
                self._talking.release()

    def _say(self, messages: list[bytes], seconds: float) -> dict[str, Any]:
        with self._talking:
            deadline = time.monotonic() + seconds
            try:
                for message in messages:
                    self._write(framed(message), deadline)
                    self._write(message, deadline)
                said = read_frame(lambda most: self._read(most, deadline))
            except (OSError, ValueError) as cause:
                self._give_up()
                raise GoneError from cause
            except TooLateError:
                self._give_up()
                raise
            if said is None:
                self._give_up()
                raise GoneError
            told: dict[str, Any] = json.loads(said)
            return told

    def _write(self, data: bytes, deadline: float) -> None:
        assert self._child.stdin is not None  # noqa: S101 - it was asked for
        place = self._child.stdin.fileno()
        os.set_blocking(place, False)
        rest = memoryview(data)
        while rest:
            _await(place, select.POLLOUT, deadline)
            rest = rest[os.write(place, rest[: 1 << 20]) :]

    def _read(self, most: int, deadline: float) -> bytes:
        assert self._child.stdout is not None  # noqa: S101 - it was asked for
        place = self._child.stdout.fileno()
        _await(place, select.POLLIN, deadline)
        return os.read(place, most)

    def _give_up(self) -> None:
        self._child.kill()
        self._child.wait()
        self._close()

    def _close(self) -> None:
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None and not pipe.closed:
                try:
                    pipe.close()
                except OSError:
                    continue


def _await(place: int, event: int, deadline: float) -> None:
    waiting = select.poll()
    waiting.register(place, event)
    if not waiting.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TooLateError


def _packed(table: pa.Table) -> bytes:
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)
    return bytes(out.getvalue())
