"""The transactions that are filtered, as a file for spreadsheets or programs, written as they are read."""

import fcntl
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

from core.analytics import TransactionFilter, TransactionRow, listed_rows
from core.cache import UserCache
from core.errors import ExportError
from core.identity import Asker, demand, note
from core.reports.cells import json_value
from core.reports.tables import MOST_LINES, Form, write_marked_csv, write_sheet
from core.reports.waiting import locked
from core.store import Store

HEADING: Final = (
    "Date", "Account", "Name", "Category", "Amount", "Currency", "Kind", "Note", "Tags", "Pending",
    "Left out of budgets", "Part", "Id",
)  # fmt: skip
WIDTHS: Final = (11, 20, 30, 24, 12, 9, 10, 24, 20, 9, 18, 8, 9)


def export_listed(
    store: Store,
    cache: UserCache,
    asker: Asker,
    wanted: TransactionFilter,
    form: Form,
    folder: Path,
    most_lines: int = MOST_LINES,
) -> bytes:
    """Return the filtered transactions, newest first, a line for each part of a split one, as a file.

    Text that a spreadsheet would take for a formula is defused in CSV and XLSX. The private `folder` takes what an
    XLSX is made of on the way; nothing is left there.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ExportError: there are more lines than an XLSX holds (`most_lines`), or the disk can't be written.
    """
    user = demand(store, asker)
    out = io.BytesIO()
    lines = listed_rows(cache, wanted)
    try:
        rows = _WRITERS[form](_at_most(most_lines, lines) if form == "xlsx" else lines, out, folder)
    except OSError as cause:
        raise ExportError(f"The file can't be written: {cause.strerror}.", "Check the data folder.") from cause
    with store.write() as session:
        note(session, user, "data exported", rows=rows)
    return out.getvalue()


def _at_most(most: int, rows: Iterator[TransactionRow]) -> Iterator[TransactionRow]:
    for count, row in enumerate(rows, start=1):
        if count > most:
            raise ExportError("A spreadsheet can't hold so many lines.", "Filter fewer, or take them as CSV.")
        yield row


def _values(row: TransactionRow) -> tuple[object, ...]:
    """Return the values of a line, in the order of `HEADING`."""
    return (
        row.date,
        row.account,
        row.name,
        row.category if row.category_id else "",
        row.amount,
        row.currency,
        row.kind,
        row.note,
        ", ".join(row.tags),
        row.pending,
        row.hidden,
        f"{row.part} of {row.parts}" if row.part else "",
        row.id,
    )


def _csv(rows: Iterator[TransactionRow], out: IO[bytes], _: Path) -> int:
    return write_marked_csv(out, HEADING, map(_values, rows))


def _json(rows: Iterator[TransactionRow], out: IO[bytes], _: Path) -> int:
    count = 0
    out.write(b"[")
    for count, row in enumerate(rows, start=1):
        facts = {key: json_value(value) for key, value in zip(HEADING, _values(row), strict=True)}
        facts["Tags"] = list(row.tags)
        out.write(f"{',' if count > 1 else ''}\n{json.dumps(facts, ensure_ascii=False)}".encode())
    out.write(b"\n]\n")
    return count


def _xlsx(rows: Iterator[TransactionRow], out: IO[bytes], folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(folder, fcntl.LOCK_SH):
        lines = map(_values, rows)
        return write_sheet(out, "Transactions", HEADING, WIDTHS, lines, folder=folder, filtering=True)


_WRITERS: Final[dict[Form, Callable[[Iterator[TransactionRow], IO[bytes], Path], int]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
