"""A table as CSV and as a spreadsheet: values exact, text never taken for a formula."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Final, Literal

from core.reports.cells import csv_cell, defused, json_value

Form = Literal["csv", "json", "xlsx"]
MIME: Final[dict[Form, str]] = {
    "csv": "text/csv",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST_LINES: Final = 1_048_575
"""What a sheet of a spreadsheet holds besides its heading."""
_EXACT: Final = Decimal(10) ** 11
"""Below it an amount has at most the fifteen digits that a spreadsheet's numbers hold; others are written as text."""
_FIRST_YEAR: Final = 1900
"""A spreadsheet knows no earlier days."""

Row = Sequence[object]


def write_csv(out: IO[str], heading: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows as CSV into a text whose line ends stay as they are; return how many."""
    count = 0
    writer = csv.writer(out)
    writer.writerow([csv_cell(title) for title in heading])
    for count, row in enumerate(rows, start=1):  # noqa: B007 - it is what is returned
        writer.writerow([csv_cell(value) for value in row])
    return count


def write_marked_csv(out: IO[bytes], heading: Sequence[str], rows: Iterable[Row]) -> int:
    """Write rows as CSV in UTF-8, with the mark at the beginning that tells Excel so; return how many."""
    text = io.TextIOWrapper(out, "utf-8-sig", newline="")
    count = write_csv(text, heading, rows)
    text.flush()
    text.detach()
    return count


def write_sheet(
    out: IO[bytes],
    name: str,
    heading: Sequence[str],
    widths: Sequence[int],
    rows: Iterable[Row],
    *,
    folder: Path | None = None,
    filtering: bool = False,
) -> int:
    """Write rows as the only sheet of a workbook, under a heading that stays in view; return how many.

    With a `folder` rows are laid into a file of it one by one: a hundred thousand of them would take 300 MB of memory.
    Without one nothing lies on the disk. `filtering` puts filters into the heading.
    """
    import xlsxwriter  # only this needs it, and it takes a tenth of a second to import

    count = 0
    lies = {"constant_memory": True, "tmpdir": str(folder)} if folder else {"in_memory": True}
    book = xlsxwriter.Workbook(out, lies)
    sheet = book.add_worksheet(name)
    day, amount, head = (
        book.add_format(look) for look in ({"num_format": "yyyy-mm-dd"}, {"num_format": "#,##0.00##"}, {"bold": True})
    )
    for place, (title, width) in enumerate(zip(heading, widths, strict=True)):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, defused(title), head)
    sheet.freeze_panes(1, 0)
    try:
        for count, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                _cell(sheet, count, place, value, day, amount)
        if filtering:
            sheet.autofilter(0, 0, count, len(heading) - 1)
    finally:
        book.close()
    return count


def _cell(sheet: Any, number: int, place: int, value: Any, day: Any, amount: Any) -> None:  # noqa: ANN401 - the library's own
    if isinstance(value, bool):
        sheet.write_boolean(number, place, value)
    elif isinstance(value, Decimal) and abs(value) < _EXACT:
        sheet.write_number(number, place, value, amount)
    elif isinstance(value, int | float) and abs(value) < float(_EXACT):
        sheet.write_number(number, place, value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime) and value.year >= _FIRST_YEAR:
        sheet.write_datetime(number, place, value, day)
    elif value is not None and value != "":
        # Never `write`, which would guess that text is a formula or a link.
        sheet.write_string(number, place, defused(str(json_value(value))))
