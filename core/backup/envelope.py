"""The encrypted file around a backup: a head in the open, then chunks that open in their order and whole or not at all.

The key is the passphrase stretched by Argon2id with the salt in the head, so each file has a key of its own. Each
chunk is sealed by AES-256-GCM with its number and whether it is the last in the nonce (the STREAM construction:
Hoang, Reyhanitabar, Rogaway, Vizár 2015) and with the head as associated data: a file that was changed, cut,
appended to or put together otherwise does not open.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import ValidationError

from core.errors import BackupError
from core.vault import Stretching

MAGIC: Final = b"FinTrack backup\n"
FORMAT: Final = 1
CHUNK: Final = 64 * 1024
"""Bytes of plain text in every chunk but the last."""
TAG: Final = 16
_NUMBER: Final = 2
"""Bytes of the format's number, and of the length of what follows it."""

FOREIGN: Final = ("This file is no FinTrack backup.", "Choose one that `python -m core backup` wrote.")
DAMAGED: Final = ("This backup is damaged: it was cut or changed after it was written.", "Take another copy of it.")
MISTAKEN: Final = (
    "This backup does not open: it is another passphrase, or the file was changed after it was written.",
    "Try the passphrase again, then another copy of the file.",
)


class Sealer:
    """Writes what it is given into a file, encrypted. What was not ended by `end` does not open."""

    def __init__(self, file: BinaryIO, passphrase: str, stretching: Stretching | None = None) -> None:
        """Write the head. `stretching` is for tests, which make many files."""
        stretching = stretching or Stretching()
        told = stretching.model_dump_json().encode()
        self._head = MAGIC + FORMAT.to_bytes(_NUMBER) + len(told).to_bytes(_NUMBER) + told
        self._cipher = AESGCM(stretching.key(passphrase))
        self._file = file
        self._waiting = bytearray()
        self._number = 0
        file.write(self._head)

    def write(self, data: bytes) -> None:
        """Take more in."""
        self._waiting += data
        # The last chunk is told by its nonce, so one is held back until more comes.
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def end(self) -> None:
        """Write the last chunk."""
        self._seal(bytes(self._waiting), last=True)

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last=last), chunk, self._head))
        self._number += 1


class Envelope:
    """An encrypted file that was opened with its passphrase, to be read as often as is wanted."""

    def __init__(self, path: Path, passphrase: str) -> None:
        """Read the head and stretch the passphrase; whether it is the right one shows with the first chunk.

        Raises:
            BackupError: the file can't be read, is no backup, or is of a newer FinTrack.
        """
        self._path = path
        try:
            with path.open("rb") as file:
                self._head, stretching = _read_head(file)
        except OSError as cause:
            raise _unreadable(path, cause) from cause
        try:
            self._cipher = AESGCM(stretching.key(passphrase))
        except (ValueError, MemoryError) as cause:
            raise BackupError(*DAMAGED) from cause

    def chunks(self) -> Iterator[bytes]:
        """Give what is inside, a chunk at a time. Only after the last is it sure that nothing is missing.

        Raises:
            BackupError: another passphrase, or the file is damaged.
        """
        number, last = 0, False
        try:
            with self._path.open("rb") as file:
                file.seek(len(self._head))
                ahead = file.read(CHUNK + TAG)
                while not last:
                    sealed, ahead = ahead, file.read(CHUNK + TAG)
                    last = not ahead
                    yield self._opened(sealed, number, last=last)
                    number += 1
        except OSError as cause:
            raise _unreadable(self._path, cause) from cause

    def _opened(self, sealed: bytes, number: int, *, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(_nonce(number, last=last), sealed, self._head)
        except (InvalidTag, ValueError) as cause:
            # Once a chunk has opened, it can't be the passphrase.
            raise BackupError(*(DAMAGED if number else MISTAKEN)) from cause


def is_backup(path: Path) -> bool:
    """Tell whether a file begins as a backup does, of whatever format."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


def _read_head(file: BinaryIO) -> tuple[bytes, Stretching]:
    start = file.read(len(MAGIC) + 2 * _NUMBER)
    if not start.startswith(MAGIC):
        raise BackupError(*FOREIGN)
    numbers = start[len(MAGIC) :]
    if len(numbers) < 2 * _NUMBER:
        raise BackupError(*DAMAGED)
    if int.from_bytes(numbers[:_NUMBER]) > FORMAT:
        raise BackupError("This backup was written by a newer FinTrack.", "Update FinTrack, then restore it.")
    if int.from_bytes(numbers[:_NUMBER]) != FORMAT:
        raise BackupError(*DAMAGED)
    told = file.read(int.from_bytes(numbers[_NUMBER:]))
    try:
        return start + told, Stretching.model_validate_json(told)
    except ValidationError as cause:
        raise BackupError(*DAMAGED) from cause


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11) + bytes([last])


def _unreadable(path: Path, cause: OSError) -> BackupError:
    return BackupError(f"{path} can't be read: {cause.strerror}.", "Check the name and who owns the file.")
