"""Finding out how a CSV file is to be read: its header, its columns and where the sign comes from.

Headings count where there are some; what they leave open, the cells tell. A running balance, where
there is one, proves which column is the amount and which sign it has.
"""

from collections.abc import Sequence
from typing import Final

from core.errors import ImportFileError
from core.importing.csv_columns import NO_DATA, Columns
from core.importing.csv_layout import CsvLayout
from core.importing.csv_money import Proof, money_settings
from core.importing.csv_table import Row, find_delimiter, is_data, read_rows, rows_of_data
from core.importing.csv_vocabulary import roles_of
from core.importing.dates import decide_order, looks_like_date, order_matters, read_date, told_order, year_may_lead

MOST_LOOKED_AT: Final = 20_000
"""Rows; what so many of the first and last show holds for those between, and each of these is read strictly."""


def detect(
    text: str, *, currency: str, delimiter: str = "", header: tuple[str, ...] | None = None
) -> tuple[CsvLayout, list[Row], list[str]]:
    """Return the layout of a CSV file, its rows below the header, and what was unsure about it, in words.

    `currency` hints at the order of day and month where the dates leave it open: month first for dollars.
    `delimiter` and `header` say what is known of the file; what they leave open is found.

    Raises:
        ImportFileError: no row has both a date and an amount, or no column is an amount.
    """
    delimiter = delimiter or find_delimiter(text)
    rows = read_rows(text, delimiter)
    if header is not None:
        rows = _below(rows, header)
    first = next((place for place, row in enumerate(rows) if is_data(row)), None)
    if first is None:
        raise ImportFileError(NO_DATA, "Choose a period with transactions, or another file.")
    header, below = _parted(rows, first) if header is None else (header, rows)
    if not header:
        _refuse_late_header(rows[: first + 30], rows[first])
    data = rows_of_data(_looked_at(below))
    columns = Columns(header, data)
    notes: list[str] = []
    date_column = columns.date()
    order = _order(columns, date_column, currency, notes)
    layout = money_settings(columns, Proof([read_date(row.cell(date_column), day_first=order) for row in data]), notes)
    return (
        CsvLayout(
            delimiter=delimiter,
            header=header,
            width=max(len(row.cells) for row in below),
            date=date_column,
            day_first=order,
            currency=columns.currency(),
            key=_key(columns, below, date_column),
            status=columns.named("status"),
            **layout,
            **columns.words(layout),
        ),
        below,
        notes,
    )


def _looked_at(rows: list[Row]) -> list[Row]:
    """Return the rows that tell how a file is to be read: all, or the first and the last of very many."""
    return rows if len(rows) <= MOST_LOOKED_AT else rows[: MOST_LOOKED_AT // 2] + rows[-MOST_LOOKED_AT // 2 :]


def _key(columns: Columns, rows: list[Row], date_column: int) -> int | None:
    """Return the column of the bank's own ids, where it is one in every row of the file."""
    key = columns.key()
    if key is None or len(rows) <= MOST_LOOKED_AT:
        return key
    ids = [row.cell(key) for row in rows if looks_like_date(row.cell(date_column))]
    return key if all(ids) and len(ids) == len(set(ids)) else None


def _order(columns: Columns, date_column: int, currency: str, notes: list[str]) -> bool:
    """Return whether the day comes before the month in the dates of a column.

    Raises:
        ImportFileError: which of their numbers is the year can't be told.
    """
    texts = columns.cells(date_column)
    if year_may_lead(texts):
        raise ImportFileError(
            f"Dates such as {texts[0]} don't tell which of their numbers is the year.",
            "Nothing was imported. Export with years of four digits.",
        )
    order, sure = decide_order(texts, hint=not (currency == "USD" and all("/" in one for one in texts)))
    if sure:
        return order
    # A second column of dates (value date, posting date) is written the same way, and may have a day above 12.
    for place in columns.dates():
        told, certain = decide_order(columns.cells(place), hint=order)
        if place != date_column and certain and order_matters(columns.cells(place)):
            return told
    notes.extend(filter(None, [told_order(texts, day_first=order)]))
    return order


def header_and_rows(text: str, layout: CsvLayout) -> tuple[tuple[str, ...], list[Row]]:
    """Return the header of a file and the rows below it, for reading it by a known layout.

    Raises:
        ImportFileError: the file can't be cut into rows.
    """
    rows = read_rows(text, layout.delimiter)
    if layout.header and any(row.cells == layout.header for row in rows):
        return layout.header, _below(rows, layout.header)
    first = next((place for place, row in enumerate(rows) if is_data(row)), None)
    return ((), []) if first is None else _parted(rows, first)


def _below(rows: list[Row], header: tuple[str, ...]) -> list[Row]:
    return rows[next((at for at, row in enumerate(rows) if row.cells == header), -1) + 1 :]


def _parted(rows: list[Row], first: int) -> tuple[tuple[str, ...], list[Row]]:
    """Return the headings and what stands below them; without any, all from the first row of data on.

    The headings are the last row above the data in which at least two cells are called like columns.
    """
    for place in range(first - 1, -1, -1):
        if sum(bool(roles_of(cell)) for cell in rows[place].cells) >= 2:
            return rows[place].cells, rows[place + 1 :]
    return (), rows[first:]


def _refuse_late_header(rows: Sequence[Row], first: Row) -> None:
    """Refuse a file whose header comes below a row that could be a transaction: one of the two misleads."""
    late = next((row for row in rows if len({role for cell in row.cells for role in roles_of(cell)[:1]}) >= 3), None)
    if late is not None and late.line > first.line:
        raise ImportFileError(
            f"The header stands on line {late.line}, below a row that looks like a transaction on line {first.line}.",
            "Remove the lines above the header and import the file again.",
        )
