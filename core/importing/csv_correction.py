"""Reading a CSV file in another way than it was taken by itself: another separator, another line of headings.

What the person says is kept with the account in its `CsvLayout`; the columns are looked for anew, and where they can't
be found the person names them.
"""

from typing import Final

from core.errors import ImportFileError
from core.importing.csv_detection import detect
from core.importing.csv_layout import CsvLayout
from core.importing.csv_table import DELIMITERS, Row, read_rows
from core.importing.dates import looks_like_date
from core.importing.decoding import decode
from core.importing.reading import kind_of

FIRST_ROWS: Final = 15
"""Headings stand among these."""
_SAMPLE: Final = 400


def first_rows(data: bytes, delimiter: str) -> list[Row]:
    """Return the first rows of a file as that delimiter cuts them.

    Raises:
        ImportFileError: it is no text, or a quote in it is never closed.
    """
    lines = decode(data).splitlines()[:_SAMPLE]
    try:
        return read_rows("\n".join(lines), delimiter)[:FIRST_ROWS]
    except ImportFileError:
        # The cut may have left a quote open: line by line, then.
        return [Row(at, tuple(line.split(delimiter))) for at, line in enumerate(lines[:FIRST_ROWS], start=1)]


def relaid(data: bytes, *, delimiter: str, heading: int | None, currency: str) -> CsvLayout:
    """Return the layout of a file whose cells are parted by `delimiter` and whose headings stand on line `heading`.

    Without `heading` the headings are looked for. Where no columns of dates and amounts can be told, the layout names
    the likeliest date and leaves the rest to the person.

    Raises:
        ImportFileError: it is no text.
    """
    rows = first_rows(data, delimiter)
    header = next((row.cells for row in rows if row.line == heading), None)
    try:
        return detect(decode(data), currency=currency, delimiter=delimiter, header=header)[0]
    except ImportFileError:
        widest = max(rows, key=lambda row: sum(map(bool, row.cells)), default=Row(1, ("",)))
        header = header if header is not None else widest.cells
        below = [row for row in rows if row.cells != header]
        places = range(max((len(row.cells) for row in rows), default=1))
        dated = max(places, key=lambda place: sum(looks_like_date(row.cell(place)) for row in below))
        return CsvLayout(delimiter=delimiter, header=header, width=len(places), date=dated)


def is_of_make(data: bytes, layout: CsvLayout) -> bool:
    """Tell whether a file has the headings of a layout that was kept."""
    if not layout.header:
        return False
    try:
        return any(row.cells == layout.header for row in first_rows(data, layout.delimiter))
    except ImportFileError:
        return False


def guessed_layout(data: bytes, *, currency: str) -> CsvLayout | None:
    """Return a layout to begin with for a file that could not be read by itself; None when it is no table."""
    try:
        if kind_of(decode(data)) != "csv":
            return None
        parted = {one: sum(len(row.cells) > 1 for row in first_rows(data, one)) for one in DELIMITERS}
        delimiter = max(DELIMITERS, key=lambda one: parted[one])
        return relaid(data, delimiter=delimiter, heading=None, currency=currency) if parted[delimiter] else None
    except ImportFileError:
        return None
