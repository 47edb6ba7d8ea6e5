"""Where backups lie, what they are called, which of them go, and when the last one was made."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from core import clock
from core.store import write_private

FOLDER: Final = "backups"
"""In the data folder."""
KEPT: Final = 5
RECORD: Final = "last-backup.json"
STRAY: Final = timedelta(days=1)
"""How old a half file is before it can't be one that is being written."""


class LastBackup(BaseModel):
    """When the last backup was made and where it was put; it may have been moved since."""

    at: datetime
    file: Path


def name_at(at: datetime, label: str = "") -> str:
    """Return the name of a backup; names sort by when they were made. One with a label is not deleted in turn."""
    return f"fintrack-{label and f'{label}-'}{at:%Y%m%dT%H%M%S%f}.ftb"


def remember(folder: Path, at: datetime, file: Path) -> None:
    """Write down when the last backup was made, in the folder of backups.

    Raises:
        StoreError: it can't be written.
    """
    write_private(folder / RECORD, LastBackup(at=at, file=file).model_dump_json().encode())


def last_backup(data_folder: Path) -> LastBackup | None:
    """Return the last backup of an installation, None before any."""
    try:
        return LastBackup.model_validate_json((data_folder / FOLDER / RECORD).read_bytes())
    except (OSError, ValidationError):
        return None


def forget(data_folder: Path, gone: Collection[Path]) -> None:
    """Forget when the last backup was made where it is among the files that are `gone`: nobody may rely on it.

    Raises:
        OSError: the record can't be deleted.
    """
    last = last_backup(data_folder)
    if last is not None and last.file in gone:
        (data_folder / FOLDER / RECORD).unlink(missing_ok=True)


def thin_out(folder: Path, keep: int) -> None:
    """Delete all but the newest `keep` backups in a folder, and what a killed backup left. What can't be stays."""
    for old in sorted(folder.glob("fintrack-[0-9]*.ftb"))[:-keep]:
        with suppress(OSError):
            old.unlink()
    for half in folder.glob(".*.ftb.part"):
        with suppress(OSError):
            if half.stat().st_mtime < (clock.now() - STRAY).timestamp():
                half.unlink()
