"""A table of the Explore page as a file for spreadsheets or programs."""

import io
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

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
from core.formats import unlike
from core.identity import Asker, demand, note
from core.money import STEP
from core.reports.cells import json_value
from core.reports.tables import Form, Row, write_marked_csv, write_sheet
from core.store import Store

TOTAL: Final = "Total"
WIDTH: Final = 16


def export_explored(store: Store, asker: Asker, pivot: Pivot, form: Form) -> bytes:
    """Return what a pivot shows as a file: a line a row, those that sum up others too, the grand total last.

    Text that a spreadsheet would take for a formula is defused in CSV and XLSX.

    Raises:
        StepUpNeededError: a fresh check is needed.
    """
    user = demand(store, asker)
    columns = columns_of(pivot)
    heading = unlike(_heading(pivot, columns))
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
    """Return a value with as many decimals as amounts have: an average or a share may have more."""
    return None if value is None else value.quantize(STEP)


def _csv(heading: Sequence[str], lines: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    write_marked_csv(out, heading, lines)
    return out.getvalue()


def _json(heading: Sequence[str], lines: Sequence[Row]) -> bytes:
    facts = [{key: json_value(one) for key, one in zip(heading, line, strict=True)} for line in lines]
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()


def _xlsx(heading: Sequence[str], lines: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    write_sheet(out, "Explore", heading, [WIDTH] * len(heading), lines)
    return out.getvalue()


_WRITERS: Final[dict[Form, Callable[[Sequence[str], Sequence[Row]], bytes]]] = {
    "csv": _csv,
    "json": _json,
    "xlsx": _xlsx,
}
