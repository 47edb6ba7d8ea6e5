"""Making a backup: one state of the store while others go on, read back whole before it gets its name."""

import hashlib
import os
import secrets
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from core import clock
from core.backup.envelope import Envelope, Sealer, is_backup
from core.backup.keeping import KEPT, name_at, remember, thin_out
from core.backup.payload import BATCH, Manifest, Payload, describe, written
from core.config import ROOT
from core.errors import BackupError, StoreError
from core.store import Store, put_in_place, revision_of
from core.vault import Keys

Judge = Callable[[str], object]
"""Takes a passphrase, or raises with why it is too easy to guess."""
Progress = Callable[[float, str], None]
"""Is told the share that is done, 0 to 1, and what is being done."""
ROOM: Final = "Free some space, and check who owns the folder."


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that was written and read back."""

    file: Path
    at: datetime
    size: int
    """Bytes."""
    rows: dict[str, int]
    """How many of each table."""


def back_up(
    store: Store,
    keys: Keys,
    passphrase: str,
    judge: Judge,
    backups: Path,
    to: Path | None = None,
    keep: int = KEPT,
    progress: Progress = lambda _share, _what: None,
) -> Written:
    """Write everything in `store` and `keys` into one file under `passphrase`; return what was written where.

    It goes into the folder `backups`, where the newest `keep` stay, or to `to`: a folder, or a file's name.

    Raises:
        ValidationError: `judge` refuses the passphrase.
        BackupError: the file can't be written or does not read back; there is none then.
        StoreError: the store can't be read.
    """
    judge(passphrase)
    at = clock.now()
    target = backups / name_at(at) if to is None else to / name_at(at) if to.is_dir() else to
    if target.exists() and not is_backup(target):
        raise BackupError(f"{target} is there already, and is no backup.", "Choose another name.")
    done = write_backup(store, keys, passphrase, target, at, progress)
    # The backup is whole, whether or not it can be written down that it was made.
    with suppress(StoreError):
        remember(backups, at, target.absolute())
    if to is None:
        thin_out(backups, keep)
    return done


def write_backup(
    store: Store,
    keys: Keys,
    passphrase: str,
    target: Path,
    at: datetime,
    progress: Progress = lambda _share, _what: None,
) -> Written:
    """Write a backup to `target`, whole or not at all, for its owner alone.

    Raises:
        BackupError: it can't be written or does not read back.
        StoreError: the store can't be read.
    """
    partial = target.with_name(f".{target.stem}.{secrets.token_hex(4)}.ftb.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        manifest, digest = _write(store, keys, passphrase, partial, at, progress)
        if _read_back(partial, passphrase, _Meter(manifest, progress, "Reading it back", 0.5)) != (manifest, digest):
            raise BackupError("The backup does not read back as it was written; it was not kept.", "Check the disk.")
        size = partial.stat().st_size
        put_in_place(partial, target)
    except OSError as cause:
        raise BackupError(f"The backup can't be written to {target}: {cause.strerror}.", ROOM) from cause
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
    return Written(target, at, size, {one.name: one.rows for one in manifest.tables})


class _Meter:
    """Tells how far one half of the work is, as the rows go by."""

    def __init__(self, manifest: Manifest, progress: Progress, what: str, start: float) -> None:
        self._total = max(sum(one.rows for one in manifest.tables), 1)
        self._progress, self._what, self._start, self._done = progress, what, start, 0
        progress(start, what)

    def row(self) -> None:
        """Count a row that went by, and tell of every batch of them."""
        self._done += 1
        if self._done % BATCH == 0:
            self._progress(self._start + min(self._done / self._total, 1.0) / 2, self._what)


def _write(
    store: Store, keys: Keys, passphrase: str, partial: Path, at: datetime, progress: Progress
) -> tuple[Manifest, bytes]:
    """Write the file and have it reach the disk; return its manifest and the digest of the payload."""
    digest = hashlib.sha256()
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file, store.read() as session:
        manifest = Manifest(
            fintrack=_version(),
            revision=revision_of(session.connection()) or "",
            made_at=at,
            keys=SecretStr(keys.written().decode()),
            tables=describe(session),
        )
        sealer = Sealer(file, passphrase)
        for piece in written(session, manifest, _Meter(manifest, progress, "Writing", 0.0).row):
            digest.update(piece)
            sealer.write(piece)
        sealer.end()
        file.flush()
        os.fsync(file.fileno())
    return manifest, digest.digest()


def _read_back(partial: Path, passphrase: str, meter: _Meter) -> tuple[Manifest, bytes]:
    digest = hashlib.sha256()

    def noted(chunk: bytes) -> bytes:
        digest.update(chunk)
        return chunk

    manifest = read_through(Payload.read(map(noted, Envelope(partial, passphrase).chunks())), meter.row)
    return manifest, digest.digest()


def read_through(payload: Payload, passing: Callable[[], None] = lambda: None) -> Manifest:
    """Read every row of a backup, `passing` each; return what it tells of itself.

    Raises:
        BackupError: something is damaged or missing.
    """
    for _, rows in payload.tables():
        for _ in rows:
            passing()
    return payload.manifest


def _version() -> str:
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])
