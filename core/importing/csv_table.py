"""A CSV file as rows of cells with the lines they stand on, whatever separates them."""

import csv
import io
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

import msgspec

from core.errors import ImportFileError
from core.importing.amounts import has_cents, is_amount
from core.importing.dates import looks_like_date

DELIMITERS: Final = (",", ";", "\t", "|")
MOST_ROWS: Final = 500_000
MOST_CELLS: Final = 200
"""In one row; the widest export known to us, PayPal's, has 41."""
_END: Final = "\x1eend of file"
"""A last row of our own: where it does not come out as one, a quote has swallowed it."""
_UNCLOSED: Final = "Nothing was imported. Close the quote in the file, or download it again."


class Row(msgspec.Struct, frozen=True):
    """One record: its cells without surrounding space, and the line of the file on which it begins."""

    line: int
    cells: tuple[str, ...]

    def cell(self, column: int | None) -> str:
        """Return a cell, "" where the row is shorter or there is no such column."""
        return self.cells[column] if column is not None and column < len(self.cells) else ""


def column_of(rows: Sequence[Row], place: int | None) -> list[str]:
    """Return the cells of one column, "" where a row is shorter or there is no such column."""
    if place is None:
        return [""] * len(rows)
    return [row.cells[place] if place < len(row.cells) else "" for row in rows]


def read_rows(text: str, delimiter: str) -> list[Row]:
    """Cut `text` into rows that are not blank.

    Raises:
        ImportFileError: a quote is never closed, or there are too many rows.
    """
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(f"{text}\n{_END}", newline=""), delimiter=delimiter, skipinitialspace=True)
    rows: list[Row] = []
    cells: list[str] = []
    formulas = '="' in text
    line = 1
    try:
        for cells in reader:
            bare = tuple(map(str.strip, cells))
            if any(bare):
                if len(cells) > MOST_CELLS:
                    if any(bare[MOST_CELLS:]):
                        raise ImportFileError(
                            f"This row has more than {MOST_CELLS} cells.", "Export fewer columns.", line
                        )
                    bare = bare[:MOST_CELLS]
                rows.append(Row(line, tuple(map(_bare, bare)) if formulas else bare))
                if reader.line_num > line:
                    _refuse_swallowed(cells, delimiter, line)
            if len(rows) > MOST_ROWS:
                raise ImportFileError(f"The file has more than {MOST_ROWS:,} rows.", "Export a shorter period.")
            line = reader.line_num + 1
    except csv.Error as cause:
        raise ImportFileError("A quoted field does not end, or is too long.", line=line) from cause
    if cells != [_END]:
        raise ImportFileError("A quote opens in this row and never closes.", _UNCLOSED, rows[-1].line if rows else line)
    return rows[:-1]


def _refuse_swallowed(cells: list[str], delimiter: str, line: int) -> None:
    """Refuse a cell of several lines in which transactions stand: a quote is missing, and they would be lost."""
    for cell in cells:
        for below in cell.splitlines()[1:]:
            if is_data(Row(line, tuple(_bare(one) for one in below.split(delimiter)))):
                raise ImportFileError("A quote that opens in this row does not close in it.", _UNCLOSED, line)


def _bare(cell: str) -> str:
    cell = cell.strip()
    # Spreadsheets write ="00123" to keep leading zeros.
    return cell[2:-1] if cell.startswith('="') and cell.endswith('"') else cell


def find_delimiter(text: str) -> str:
    """Return the delimiter under which most rows have both a date and an amount."""
    sample = "\n".join(text.splitlines()[:200])

    def score(delimiter: str) -> tuple[int, int]:
        try:
            rows = read_rows(sample, delimiter)
        except ImportFileError:
            return 0, 0
        return len(rows_of_data(rows)), sum(len(row.cells) > 1 for row in rows)

    return max(DELIMITERS, key=score)


def is_data(row: Row) -> bool:
    """Tell whether a row has a date and, in another cell, something like money."""
    return _places_of_data(row.cells) is not None


def rows_of_data(rows: Iterable[Row]) -> list[Row]:
    """Return those of `rows` that are data; each is looked at first where the one before had its date and its money."""
    found = []
    dated, paid = 0, 1
    for row in rows:
        cells = row.cells
        if max(dated, paid) < len(cells) and looks_like_date(cells[dated]) and _is_only_money(cells[paid]):
            found.append(row)
        elif (places := _places_of_data(cells)) is not None:
            dated, paid = places
            found.append(row)
    return found


def _places_of_data(cells: Sequence[str]) -> tuple[int, int] | None:
    """Return where a date stands and where, in another cell, something like money; None unless both do."""
    # A date is no money here: a cell that could be either counts as the date.
    dated = paid = -1
    for place, cell in enumerate(cells):
        if looks_like_date(cell):
            dated = place
        elif paid < 0 and _is_money(cell):
            paid = place
        if dated >= 0 and paid >= 0:
            return dated, paid
    return None


def _is_only_money(cell: str) -> bool:
    return _is_money(cell) and not looks_like_date(cell)


@lru_cache(maxsize=65536)
def _is_money(cell: str) -> bool:
    return (has_cents(cell) or cell.lstrip("+-").isdigit()) and is_amount(cell)
