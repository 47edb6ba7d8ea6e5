"""A real PostgreSQL for the tests: made in a temporary folder, on loopback only, gone when we are.

`python -m tests.machine.postgres COMMAND…` runs a command with its address in `DATABASE_URL`.
Only the standard library is used here, so that it runs before anything is installed.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

DEBIAN: Final = Path("/usr/lib/postgresql")
OWNER: Final = "postgres"
"""Who runs the server when we are root, since PostgreSQL refuses to run as root."""
START_SECONDS: Final = 60
SPEEDY: Final = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=64MB")
"""A test's data need not outlive the machine."""


class AbsentError(Exception):
    """There is no PostgreSQL here, or it does not start; the message says which."""


def find_binaries() -> Path:
    """Return the folder of PostgreSQL's programs, the newest version's.

    Raises:
        AbsentError: there is none.
    """
    found = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    program = str(found[-1]) if found else shutil.which("initdb")
    if not program:
        raise AbsentError("PostgreSQL is not on this machine (on Debian: apt install postgresql)")
    return Path(program).resolve().parent


@contextmanager
def server() -> Iterator[str]:
    """Run a PostgreSQL; yields the URL of its database `postgres`, where other databases can be made.

    Raises:
        AbsentError: there is no PostgreSQL, or it does not start.
    """
    binaries = find_binaries()
    folder = Path(tempfile.mkdtemp(prefix="fintrack-postgres-"))
    try:
        password = secrets.token_hex(16)
        _make_cluster(binaries, folder, password)
        port = _free_port()
        running = _start(binaries, folder, port)
        try:
            _await(running, binaries, folder, port)
            yield f"postgresql://{OWNER}:{password}@127.0.0.1:{port}/postgres"
        finally:
            _stop(running)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_owner(*command: str) -> list[str]:
    """Return `command` run as `OWNER` when we are root, and ended with us even if we are killed (where Linux can)."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() == 0:
        if not setpriv:
            raise AbsentError("setpriv (util-linux) is needed to start PostgreSQL as root")
        return [setpriv, f"--reuid={OWNER}", f"--regid={OWNER}", "--init-groups", "--pdeathsig=INT", *command]
    return [setpriv, "--pdeathsig=INT", *command] if setpriv else list(command)


def _make_cluster(binaries: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password, "utf-8")
    if os.geteuid() == 0:
        try:
            owner = pwd.getpwnam(OWNER)
        except KeyError:
            raise AbsentError(f"there is no user {OWNER} to run PostgreSQL as") from None
        for path in (folder, secret):
            os.chown(path, owner.pw_uid, owner.pw_gid)
    made = subprocess.run(
        _as_owner(
            str(binaries / "initdb"),
            f"--pgdata={folder / 'data'}",
            f"--username={OWNER}",
            f"--pwfile={secret}",
            # The word is as long as chance can make it: to stretch it at every connection would prove nothing.
            "--auth=md5",
            "--encoding=UTF8",
            # Most people's servers order words as a language does; with C ours would hide what relies on it.
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=en-US",
            "--no-sync",
        ),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    if made.returncode:
        raise AbsentError(f"PostgreSQL's initdb failed: {made.stderr.strip()[-300:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start(binaries: Path, folder: Path, port: int) -> subprocess.Popen[bytes]:
    options = (*SPEEDY, "listen_addresses=127.0.0.1", f"port={port}", "unix_socket_directories=", "max_connections=200")
    flags = [part for option in options for part in ("-c", option)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            _as_owner(str(binaries / "postgres"), "-D", str(folder / "data"), *flags),
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder,
        )


def _await(running: subprocess.Popen[bytes], binaries: Path, folder: Path, port: int) -> None:
    ready = [str(binaries / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}"]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(ready, check=False).returncode:
        if running.poll() is not None or time.monotonic() > deadline:
            said = (folder / "log").read_text("utf-8", "replace").strip()[-300:]
            raise AbsentError(f"PostgreSQL does not start: {said}")
        time.sleep(0.05)


def _stop(running: subprocess.Popen[bytes]) -> None:
    running.send_signal(signal.SIGINT)
    try:
        running.wait(20)
    except subprocess.TimeoutExpired:
        running.kill()
        running.wait()


def main(command: list[str]) -> int:
    """Run `command` with `DATABASE_URL` set; return its exit code."""
    if not command:
        sys.exit("Usage: python -m tests.machine.postgres COMMAND…")
    # A kind request to stop must not leave the server behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        with server() as url:
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    except AbsentError as reason:
        sys.exit(f"No PostgreSQL for the tests: {reason}.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
