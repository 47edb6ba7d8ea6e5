"""The transactions that are filtered, as a file for spreadsheets or programs, written as they are read."""

import csv
import fcntl
import io
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final, Literal

from core.analytics import TransactionFilter, TransactionRow, listed_rows
from core.cache import UserCache
from core.errors import ExportError
from core.identity import Asker, demand, note
from core.reports.cells import csv_cell, defused, json_value
from core.reports.waiting import locked
from core.store import Store

Form = Literal["csv", "json", "xlsx"]
MIME: Final[dict[Form, str]] = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADING: Final = (
    "Date", "Account", "Name", "Category", "Amount", "Currency", "Kind", "Note", "Tags", "Pending",
    "Left out of budgets", "Part", "Id",
)  # fmt: skip
WIDTHS: Final = (11, 20, 30, 24, 12, 9, 10, 24, 20, 9, 18, 8, 9)
EXACT: Final = Decimal(10) ** 11
"""Below it an amount has at most the fifteen digits that a spreadsheet's numbers hold; others are written as text."""
MOST_LINES: Final = 1_048_575
"""What a sheet of a spreadsheet holds besides its heading."""


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
    count = 0
    # The mark at the beginning tells Excel that this is UTF-8.
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(HEADING)
    for count, row in enumerate(rows, start=1):  # noqa: B007 - it is what is returned
        writer.writerow([csv_cell(value) for value in _values(row)])
    text.flush()
    text.detach()
    return count


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
    import xlsxwriter  # only this needs it, and it takes a tenth of a second to import

    count = 0
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked(folder, fcntl.LOCK_SH):
        # Rows are laid into a file of the folder one by one: a hundred thousand of them would take 300 MB of memory.
        book = xlsxwriter.Workbook(out, {"constant_memory": True, "tmpdir": str(folder)})
        sheet = book.add_worksheet("Transactions")
        day, amount, head = (
            book.add_format(look)
            for look in ({"num_format": "yyyy-mm-dd"}, {"num_format": "#,##0.00##"}, {"bold": True})
        )
        for place, width in enumerate(WIDTHS):
            sheet.set_column(place, place, width)
        sheet.freeze_panes(1, 0)
        for place, title in enumerate(HEADING):
            sheet.write_string(0, place, title, head)
        try:
            for count, row in enumerate(rows, start=1):
                _line(sheet, count, row, day, amount)
            sheet.autofilter(0, 0, count, len(HEADING) - 1)
        finally:
            book.close()
    return count


def _line(sheet: Any, number: int, row: TransactionRow, day: Any, amount: Any) -> None:  # noqa: ANN401 - the library's own
    for place, value in enumerate(_values(row)):
        if place == 0:
            sheet.write_datetime(number, place, value, day)
        elif isinstance(value, bool):
            sheet.write_boolean(number, place, value)
        elif isinstance(value, Decimal) and abs(value) < EXACT:
            sheet.write_number(number, place, value, amount)
        elif isinstance(value, int):
            sheet.write_number(number, place, value)
        elif value:
            # Never `write`, which would guess that text is a formula or a link.
            sheet.write_string(number, place, defused(str(json_value(value))))


_WRITERS: Final[dict[Form, Callable[[Iterator[TransactionRow], IO[bytes], Path], int]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
