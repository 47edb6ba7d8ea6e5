"""`python -m core …` as a person types it, each command a process that is forked from one that has imported all of it.

To start Python and to import takes longer than what most commands do: two seconds of processor for each. That
`python -m core` itself starts is seen where a terminal is needed, where several run at once, and in the browser.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from core.identity import passwords
from core.vault import wrapping
from tests.conftest import LEAST_MEMORY_KIB
from tests.machine.forking import answer, become, forking, orders


class Shell:
    """A terminal with a data folder of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.environment = {**os.environ, "FINTRACK_DATA_DIR": str(folder), **environment}

    def run(self, *arguments: str) -> "CompletedProcess[str]":
        with tempfile.TemporaryDirectory() as folder:
            said = [Path(folder) / "stdout", Path(folder) / "stderr"]
            status = forking("tests.core.shell").ordered([arguments, self.environment, *map(str, said)])
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


def main() -> None:
    """Fork a command for each order on stdin: its arguments, its environment, and where what it says goes."""
    from core.__main__ import main as command

    _import_what_commands_import()
    # As the fixture `quick_hashes` does.
    passwords.COST = 4  # type: ignore[misc]
    wrapping.MEMORY_KIB = LEAST_MEMORY_KIB  # type: ignore[misc]
    for arguments, environment, stdout, stderr in orders():
        pid = os.fork()
        if not pid:
            become(environment, stdout, stderr)
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
        answer(os.waitstatus_to_exitcode(ended))


def _import_what_commands_import() -> None:
    import core.backup
    import core.doctor
    import core.farewell
    import core.importing
    import core.runtime  # noqa: F401


if __name__ == "__main__":
    main()
