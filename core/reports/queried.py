"""What a query in SQL finds, as a file for spreadsheets or programs."""

import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from core.cache import Desk, QueryAnswer
from core.errors import ExportError
from core.identity import Asker, demand, note
from core.reports.cells import json_value
from core.reports.tables import Form, Row, write_marked_csv, write_sheet
from core.store import Store

MOST_QUERIED: Final = 100_000
"""Rows of an answer that go into a file."""
WIDE: Final = 30
NARROW: Final = 14


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
        "rows": [[json_value(_zoneless(value)) for value in row] for row in answer.rows],
        "truncated": answer.truncated,
        "seconds": round(answer.seconds, 4),
    }


def _zoneless(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.datetime) and value.tzinfo is None else value


def _told(rows: Iterable[Row]) -> Iterator[Row]:
    """Return rows as their cells are written: lists as JSON, instants without a zone as they stand."""
    for row in rows:
        yield [json.dumps(one, ensure_ascii=False) if isinstance(one, list | dict) else _zoneless(one) for one in row]


def _csv(answer: QueryAnswer) -> bytes:
    out = io.BytesIO()
    write_marked_csv(out, [column.name for column in answer.columns], _told(answer.rows))
    return out.getvalue()


def _json(answer: QueryAnswer) -> bytes:
    facts = query_facts(answer)
    return json.dumps({"columns": facts["columns"], "rows": facts["rows"]}, ensure_ascii=False).encode()


def _xlsx(answer: QueryAnswer) -> bytes:
    out = io.BytesIO()
    widths = [WIDE if column.kind == "text" else NARROW for column in answer.columns]
    # Not by way of a folder: what is asked in SQL never lies on the disk.
    write_sheet(out, "Answer", [column.name for column in answer.columns], widths, _told(answer.rows))
    return out.getvalue()


_WRITERS: Final[dict[Form, Callable[[QueryAnswer], bytes]]] = {"csv": _csv, "json": _json, "xlsx": _xlsx}
