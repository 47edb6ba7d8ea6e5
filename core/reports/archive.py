"""A ZIP that is written row by row, and appears under its name only once it is whole."""

import io
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Final, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from core.errors import ExportError
from core.reports.cells import json_value
from core.reports.tables import Row, write_csv

_LEVEL: Final = 4
"""Of zlib: a tenth larger than its best, in half the time."""


class Archive:
    """An open ZIP; `names` are the files in it so far."""

    def __init__(self, file: IO[bytes], made: datetime) -> None:
        """Begin a ZIP in `file` whose entries carry the instant `made`."""
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
        self._made = made
        self.names: list[str] = []

    def csv(self, name: str, heading: Sequence[str], rows: Iterable[Row], *, mark: bool = False) -> int:
        """Write rows as CSV, UTF-8, with a byte order mark for Excel where `mark`; return how many."""
        with self.text(name, "utf-8-sig" if mark else "utf-8") as out:
            return write_csv(out, heading, rows)

    def json(self, name: str, heading: Sequence[str], rows: Iterable[Row]) -> int:
        """Write rows as a JSON list of objects, one a line; return how many."""
        count = 0
        with self.text(name) as out:
            out.write("[")
            for count, row in enumerate(rows, start=1):
                facts = {key: json_value(value) for key, value in zip(heading, row, strict=True)}
                out.write(f"{',' if count > 1 else ''}\n{json.dumps(facts, ensure_ascii=False)}")
            out.write("\n]\n")
        return count

    @contextmanager
    def text(self, name: str, encoding: str = "utf-8") -> Iterator[IO[str]]:
        """Open a file in the ZIP to be written as text, line ends as they are."""
        info = ZipInfo(name, self._made.timetuple()[:6])
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as raw, io.TextIOWrapper(raw, encoding, newline="") as out:
            yield out
        self.names.append(name)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        """Write the ZIP's directory, without which nothing opens; after a failure only let go."""
        if failure is None:
            self._zip.close()
            return
        with suppress(OSError, ValueError):
            self._zip.close()


@contextmanager
def whole_or_nothing(target: Path) -> Iterator[tuple[IO[bytes], Callable[[], None]]]:
    """Lend a file of the owner's alone beside `target`, and what to call to let it take its name, replacing an older.

    Unless that was called, nothing is left.

    Raises:
        ExportError: it can't be written.
    """
    partial = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        file = os.fdopen(os.open(partial, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b")
        try:
            with file:

                def settle() -> None:
                    file.flush()
                    os.fsync(file.fileno())
                    partial.replace(target)

                yield file, settle
        finally:
            partial.unlink(missing_ok=True)
    except OSError as cause:
        raise ExportError(
            f"The export can't be written to {target}: {cause.strerror or cause}.",
            "Nothing of it is left; choose a folder that can be written and has room.",
        ) from cause


def write_whole(target: Path, content: bytes) -> None:
    """Write a file of the owner's alone, whole or not at all, replacing an older.

    Raises:
        ExportError: it can't be written.
    """
    with whole_or_nothing(target) as (file, settle):
        file.write(content)
        settle()
