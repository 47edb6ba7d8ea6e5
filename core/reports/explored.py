"""A table of the Explore page as a file for spreadsheets or programs."""

import csv
import io
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from core.analytics import (
    DIMENSION_TITLES,
    MEASURE_TITLES,
    Pivot,
    PivotColumn,
    PivotRow,
    columns_of,
    title_of,
    value_of,
)
from core.identity import Asker, demand, note
from core.reports.cells import csv_cell, defused, json_value
from core.reports.listed import EXACT, Form
from core.store import Store

TOTAL: Final = "Total"
CENTS: Final = Decimal("0.0001")


def export_explored(store: Store, asker: Asker, pivot: Pivot, form: Form) -> bytes:
    """Return what a pivot shows as a file: a line a row, those that sum up others too, the grand total last.

    Text that a spreadsheet would take for a formula is defused in CSV and XLSX.

    Raises:
        StepUpNeededError: a fresh check is needed.
    """
    user = demand(store, asker)
    columns = columns_of(pivot)
    heading = _heading(pivot, columns)
    lines = [_line(pivot, columns, row) for row in (*pivot.rows, pivot.total)]
    made = _WRITERS[form](heading, lines)
    with store.write() as session:
        note(session, user, "data exported", rows=len(lines))
    return made


def _heading(pivot: Pivot, columns: Sequence[PivotColumn]) -> list[str]:
    named = [DIMENSION_TITLES[one] for one in pivot.view.rows]
    titles = [title_of(pivot, one) for one in columns]
    measure = MEASURE_TITLES[pivot.view.measure]
    money = f" ({pivot.currency})"
    told = [
        f"{measure}, {title}{money if column.is_money else ''}"
        if column.key is not None
        else f"{title}{money if column.is_money else ''}"
        for title, column in zip(titles, columns, strict=True)
    ]
    return [*named, *told]


def _line(pivot: Pivot, columns: Sequence[PivotColumn], row: PivotRow) -> list[object]:
    named = [pivot.names.told(key) for key in row.keys]
    missing = len(pivot.view.rows) - len(named)
    filled = [*named, *([TOTAL] if missing else []), *[""] * max(missing - 1, 0)]
    return [*filled, *(_rounded(value_of(row, column)) for column in columns)]


def _rounded(value: Decimal | None) -> Decimal | None:
    """Return a value with the four decimals that amounts have: an average or a share may have more."""
    return None if value is None else value.quantize(CENTS)


def _csv(heading: Sequence[str], lines: Sequence[Sequence[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([csv_cell(one) for one in heading])
    writer.writerows([csv_cell(one) for one in line] for line in lines)
    # The mark at the beginning tells Excel that this is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _json(heading: Sequence[str], lines: Sequence[Sequence[object]]) -> bytes:
    facts = [{key: json_value(one) for key, one in zip(heading, line, strict=True)} for line in lines]
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def _xlsx(heading: Sequence[str], lines: Sequence[Sequence[object]]) -> bytes:
    import xlsxwriter  # only this needs it, and it takes a tenth of a second to import

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Explore")
    head, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00##"})
    for place, title in enumerate(heading):
        sheet.write_string(0, place, defused(title), head)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(heading), 16)
    for number, line in enumerate(lines, start=1):
        for place, value in enumerate(line):
            _cell(sheet, number, place, value, amount)
    book.close()
    return out.getvalue()


def _cell(sheet: Any, number: int, place: int, value: object, amount: Any) -> None:  # noqa: ANN401 - the library's own
    if isinstance(value, Decimal) and abs(value) < EXACT:
        sheet.write_number(number, place, value, amount)
    elif value is not None and value != "":
        # Never `write`, which would guess that text is a formula or a link.
        sheet.write_string(number, place, defused(str(json_value(value))))


_WRITERS: Final[dict[Form, Callable[[Sequence[str], Sequence[Sequence[object]]], bytes]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
