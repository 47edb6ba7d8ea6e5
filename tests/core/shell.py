"""`python -m core …` as a person types it, each command a process that is forked from one that has imported all of it.

To start Python and to import takes longer than what most commands do: two seconds of processor for each. That
`python -m core` itself starts is seen where a terminal is needed, where several run at once, and in the browser.
"""

import atexit
import json
import os
import sys
import tempfile
import traceback
from functools import cache
from pathlib import Path
from subprocess import PIPE, CompletedProcess, Popen
from typing import Any

from core.config import ROOT
from core.identity import passwords
from core.vault import wrapping
from tests.conftest import LEAST_MEMORY_KIB


class Shell:
    """A terminal with a data folder of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {**os.environ, "FINTRACK_DATA_DIR": str(folder), **environment}

    def run(self, *arguments: str) -> "CompletedProcess[str]":
        forking = _forking()
        assert forking.stdin is not None
        assert forking.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            said = [Path(folder) / "stdout", Path(folder) / "stderr"]
            order = [arguments, self.environment, *map(str, said)]
            forking.stdin.write(json.dumps(order).encode() + b"\n")
            forking.stdin.flush()
            status = int(forking.stdout.readline())
            return CompletedProcess(arguments, status, *(path.read_text("utf-8") for path in said))

    def told(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self.told(*arguments, "--json"))

    def refused(self, *arguments: str) -> str:
        """Return the one sentence with which a command says that it can't."""
        done = self.run(*arguments)
        assert done.returncode != 0
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1, done.stderr
        return done.stderr


@cache
def _forking() -> "Popen[bytes]":
    """Start the process that forks, once; it ends with this one."""
    started = Popen([sys.executable, "-m", "tests.core.shell"], cwd=ROOT, stdin=PIPE, stdout=PIPE)

    def end() -> None:
        assert started.stdin is not None
        started.stdin.close()
        started.wait()

    atexit.register(end)
    return started


def main() -> None:
    """Fork a command for each order on stdin: its arguments, its environment, and where what it says goes."""
    from core.__main__ import main as command

    _import_what_commands_import()
    # As the fixture `quick_hashes` does.
    passwords.COST = 4  # type: ignore[misc]
    wrapping.MEMORY_KIB = LEAST_MEMORY_KIB  # type: ignore[misc]
    for order in sys.stdin:
        arguments, environment, stdout, stderr = json.loads(order)
        pid = os.fork()
        if not pid:
            _become(environment, stdout, stderr)
            status = 1
            try:
                command(arguments, prog_name="python -m core")
            except SystemExit as end:
                status = end.code if isinstance(end.code, int) else int(end.code is not None)
            except BaseException:  # noqa: BLE001 - as Python does at the end of a process
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        _, ended = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(ended), flush=True)


def _import_what_commands_import() -> None:
    import core.backup
    import core.doctor
    import core.farewell
    import core.importing
    import core.runtime  # noqa: F401


def _become(environment: dict[str, str], stdout: str, stderr: str) -> None:
    """Make this process one that was started with that environment, with nobody at its stdin."""
    os.environ.clear()
    os.environ.update(environment)
    for number, path, way in ((0, os.devnull, os.O_RDONLY), (1, stdout, os.O_WRONLY), (2, stderr, os.O_WRONLY)):
        opened = os.open(path, way | os.O_CREAT, 0o600)
        os.dup2(opened, number)
        os.close(opened)


if __name__ == "__main__":
    main()
