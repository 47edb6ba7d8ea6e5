"""Files that their owner alone can read, and the one lock on the data folder."""

import fcntl
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from core.errors import StoreError

_PATIENCE: Final = 30.0
_PAUSE: Final = 0.05


def write_private(path: Path, content: bytes) -> None:
    """Write a file for its owner alone: whole under another name, on the disk, then renamed.

    Raises:
        StoreError: it can't be written; what was there stays.
    """
    partial = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(_held(partial), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            put_in_place(partial, path)
    except OSError as cause:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise StoreError(
            f"{path} can't be written: {cause.strerror}.", "Free some space, and check who owns the folder."
        ) from cause


def _held(partial: Path) -> int:
    """Make a file and hold it until it has its name: what is not held was left by somebody who was killed.

    One that was swept away before it was held is made again.
    """
    while True:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)


def sweep_halves(folder: Path, names: str) -> None:
    """Delete what `write_private` left half written in `folder` when it was killed, of files whose name is `names`.

    `names` is a regular expression. What is being written now stays, and so does what can't be deleted.
    """
    half = re.compile(rf"\.(?:{names})\.[0-9a-f]{{8}}\.part")
    with suppress(OSError):
        for path in [one for one in folder.iterdir() if half.fullmatch(one.name)]:
            with suppress(OSError):
                _delete_unheld(path)


def _delete_unheld(path: Path) -> None:
    """Delete the very file that is held here: what another sweeper deleted may have been made again in its place."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:
            path.unlink()
    finally:
        os.close(descriptor)


def put_in_place(partial: Path, path: Path) -> None:
    """Rename a finished file, and have the rename reach the disk.

    Raises:
        OSError: it can't be renamed.
    """
    partial.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Occupancy:
    """This process's place in a data folder: shared while it uses it, alone while it turns keys or files over.

    The system gives the place up when the process ends, however it ends.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder where there is none; take no place yet.

        Raises:
            StoreError: the folder can't be made or written.
        """
        path = folder / ".lock"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as cause:
            raise StoreError(
                f"The data folder {folder} can't be made or written: {cause.strerror}.",
                "Set FINTRACK_DATA_DIR to a folder that can be written.",
            ) from cause

    def share(self) -> None:
        """Take a place beside others; waits for one who needs to be alone.

        Raises:
            StoreError: that one did not end in time.
        """
        if not self._taken(fcntl.LOCK_SH, _PATIENCE):
            raise StoreError("Another FinTrack is changing the keys of this data folder.", "Wait until it is done.")

    def alone(self, seconds: float = 0.0) -> bool:
        """Take the place for this process alone; False when others stayed for that long."""
        return self._taken(fcntl.LOCK_EX, seconds)

    def leave(self) -> None:
        """Give the place up; another can be taken."""
        fcntl.flock(self._descriptor, fcntl.LOCK_UN)

    def close(self) -> None:
        """Give the place up for good."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _taken(self, how: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(self._descriptor, how | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(_PAUSE * (0.5 + secrets.randbelow(100) / 100))
            else:
                return True
