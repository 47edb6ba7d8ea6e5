"""What a query in SQL finds, as a file for spreadsheets or programs."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from core.cache import Desk, QueryAnswer
from core.errors import ExportError
from core.identity import Asker, demand, note
from core.reports.cells import csv_cell, defused, json_value
from core.reports.listed import EXACT, Form
from core.store import Store

MOST_QUERIED: Final = 100_000
"""Rows of an answer that go into a file."""
_LONGEST: Final = 32_767
"""Characters that a cell of a spreadsheet holds."""


def export_queried(store: Store, desk: Desk, asker: Asker, sql: str, form: Form, today: dt.date) -> bytes:
    """Return the first `MOST_QUERIED` rows that a query finds as a file; it is run anew.

    Text that a spreadsheet would take for a formula is defused in CSV and XLSX.

    Raises:
        StepUpNeededError: a fresh check is needed.
        QueryError: the query is refused, wrong, or was stopped.
        ExportError: the answer has more rows.
    """
    user = demand(store, asker)
    answer = desk.ask(sql, today, MOST_QUERIED)
    if answer.truncated:
        raise ExportError(f"The answer has more than {MOST_QUERIED:,} rows.", "Ask for fewer, with LIMIT or WHERE.")
    made = _WRITERS[form](answer)
    with store.write() as session:
        note(session, user, "data exported", rows=len(answer.rows))
    return made


def query_facts(answer: QueryAnswer) -> dict[str, Any]:
    """Return an answer as JSON has it: columns, rows, whether there were more, and the seconds that it took."""
    return {
        "columns": [column.name for column in answer.columns],
        "rows": [[_plain(value) for value in row] for row in answer.rows],
        "truncated": answer.truncated,
        "seconds": round(answer.seconds, 4),
    }


def _plain(value: object) -> object:
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        return value.isoformat()
    return json_value(value)


def _text(value: object) -> object:
    """Return a value as a cell has it: lists as JSON."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else _plain(value)


def _csv(answer: QueryAnswer) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([csv_cell(column.name) for column in answer.columns])
    for row in answer.rows:
        writer.writerow([csv_cell(_text(value)) for value in row])
    # The mark at the beginning tells Excel that this is UTF-8.
    return out.getvalue().encode("utf-8-sig")


def _json(answer: QueryAnswer) -> bytes:
    facts = query_facts(answer)
    return json.dumps({"columns": facts["columns"], "rows": facts["rows"]}, ensure_ascii=False).encode()


def _xlsx(answer: QueryAnswer) -> bytes:
    import xlsxwriter  # only this needs it, and it takes a tenth of a second to import

    out = io.BytesIO()
    # All of it in memory: what is asked in SQL never lies on the disk.
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Answer")
    day, money, head = (
        book.add_format(look) for look in ({"num_format": "yyyy-mm-dd"}, {"num_format": "#,##0.00##"}, {"bold": True})
    )
    for place, column in enumerate(answer.columns):
        sheet.write_string(0, place, defused(column.name), head)
        sheet.set_column(place, place, 30 if column.kind == "text" else 14)
    for number, row in enumerate(answer.rows, start=1):
        for place, value in enumerate(row):
            _cell(sheet, number, place, value, day, money)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


def _cell(sheet: Any, number: int, place: int, value: Any, day: Any, money: Any) -> None:  # noqa: ANN401 - the library's own
    if isinstance(value, bool):
        sheet.write_boolean(number, place, value)
    elif isinstance(value, Decimal) and abs(value) < EXACT:
        sheet.write_number(number, place, value, money)
    elif isinstance(value, int | float) and abs(value) < float(EXACT):
        sheet.write_number(number, place, value)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime) and value.year >= 1900:
        sheet.write_datetime(number, place, value, day)
    elif value is not None:
        # Never `write`, which would guess that text is a formula or a link.
        sheet.write_string(number, place, defused(str(_text(value)))[:_LONGEST])


_WRITERS: Final[dict[Form, Callable[[QueryAnswer], bytes]]] = {"csv": _csv, "json": _json, "xlsx": _xlsx}
