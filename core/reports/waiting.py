"""An export that waits to be downloaded: a file without a name, which ends with whoever holds it."""

import fcntl
import os
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from core.errors import ExportError
from core.identity import Asker, demand
from core.reports.export import Exported, ExportProgress, export_everything
from core.store import Store, UserId


class WaitingFile:
    """An export that can be read until it is closed. No folder lists it, so a crash leaves nothing either."""

    def __init__(self, made: Exported) -> None:
        """Take over the file of an export."""
        self.made = made
        self._file = made.path.open("rb")
        self._turn = threading.Lock()
        # Where an open file can't lose its name it does so when it is closed.
        with suppress(PermissionError):
            made.path.unlink()

    def read(self) -> bytes:
        """Return the whole file, to each of those who ask at once."""
        with self._turn:
            self._file.seek(0)
            return self._file.read()

    def close(self) -> None:
        """Let the file go."""
        self._file.close()
        self.made.path.unlink(missing_ok=True)

    def __del__(self) -> None:
        """Let it go with the page that held it."""
        self.close()


def export_to_wait(
    store: Store, asker: Asker, folder: Path, progress: ExportProgress = lambda _share, _what: None
) -> WaitingFile:
    """Export everything of a person to a file in the private `folder` that waits to be downloaded.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ExportError: the file can't be written.
    """
    user = demand(store, asker)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as cause:
        raise ExportError(f"The folder {folder} can't be made: {cause.strerror}.", "Check the data folder.") from cause
    with locked(folder, fcntl.LOCK_SH):
        return WaitingFile(
            export_everything(store, asker, folder / f"user-{int(user)}-{secrets.token_hex(8)}.zip", progress)
        )


def drop_exports(folder: Path, user: UserId) -> int:
    """Delete what a crash may have left of the exports of `user`; return how many files that were.

    Raises:
        OSError: one can't be deleted.
    """
    left = [*folder.glob(f"user-{int(user)}-*"), *folder.glob(f".user-{int(user)}-*")]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def drop_strays(folder: Path) -> None:
    """Delete what killed exports of anybody left, which whoever has the disk could read; not while one is written."""
    with suppress(OSError), locked(folder, fcntl.LOCK_EX | fcntl.LOCK_NB):
        for path in [*folder.glob("user-*"), *folder.glob(".user-*"), *folder.glob("tmp*")]:
            path.unlink(missing_ok=True)


@contextmanager
def locked(folder: Path, how: int) -> Iterator[None]:
    """Hold a lock on a folder, which the system gives up with the process."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)
