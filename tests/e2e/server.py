"""The real server as a process of its own: a free loopback port, a data folder of its own, nothing of the person's."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol
from urllib.error import URLError
from urllib.request import urlopen

from core.config import ROOT, Settings
from core.runtime import Runtime, open_runtime
from tests.machine.stores import database_of

START_SECONDS: Final = 60
STOP_SECONDS: Final = 20
_PORTS: Final[list[socket.socket]] = []


class Process(Protocol):
    """What is asked of a server's process."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float) -> int: ...
    def send_signal(self, number: int, /) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its address, its data folder, where its words go."""

    url: str
    folder: Path
    log: Path
    process: Process
    settings: dict[str, str]
    """What its environment says of where its data is, and whether it is encrypted."""

    @property
    def host(self) -> str:
        """Return the host and port of the address."""
        return self.url.removeprefix("http://")

    @contextmanager
    def house(self) -> Iterator[Runtime]:
        """Open the same data from the side, as the command line would."""
        opened = open_runtime(Settings(**{name.lower(): value for name, value in self.settings.items()}))
        try:
            yield opened
        finally:
            opened.close()


def _started(arguments: list[str], environment: dict[str, str], log: Path) -> Process:
    command = [sys.executable, "-m", "streamlit", *arguments]
    with log.open("ab") as words:
        return subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=words, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )


@contextmanager
def serving(
    folder: Path,
    *,
    script: str = "streamlit_app.py",
    start: Callable[[list[str], dict[str, str], Path], Process] = _started,
    **environment: str,
) -> Iterator[Server]:
    """Start the server (`script`) on the data in `folder`, with `environment` added; stop it at the end.

    Nothing is categorised by itself unless that says so: it would cost every journey some seconds of processor.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "server.log"
    data = {"FINTRACK_DATA_DIR": str(folder), "DATABASE_URL": database_of(folder)}
    data |= {name: environment[name] for name in ("DATABASE_URL", "FINTRACK_ENCRYPT") if name in environment}
    given = {**os.environ, "FINTRACK_CATEGORISE": "false", **environment, **data}
    with _kept_port() as port:
        process = start(["run", script, f"--server.port={port}"], given, log)
        try:
            server = Server(f"http://127.0.0.1:{port}", folder, log, process, data)
            _await(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(STOP_SECONDS)


@contextmanager
def _kept_port() -> Iterator[int]:
    """Lend a port of this process's: browsers keep compiled scripts by address, and take servers on one port for one.

    The socket that holds it doesn't listen, so that a server may where both say SO_REUSEADDR. Only Linux allows that.
    """
    if sys.platform != "linux":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            free = int(probe.getsockname()[1])
        yield free
        return
    if not _PORTS:
        held = socket.socket()
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        _PORTS.append(held)
    held = _PORTS.pop()
    try:
        yield int(held.getsockname()[1])
    finally:
        _PORTS.append(held)


def _await(server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        assert server.process.poll() is None, f"the server stopped: {server.log.read_text('utf-8', 'replace')[-2000:]}"
        try:
            with urlopen(f"{server.url}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"no answer in {START_SECONDS} s: {server.log.read_text('utf-8', 'replace')[-2000:]}")
