"""What a query found: as a table whose money reads as money, as a chart, and as a file."""

import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any, Final

import streamlit as st

from core.cache import AnswerColumn, Desk, QueryAnswer
from core.formats import NONE
from core.identity import SignedIn
from core.reports import MIME, MOST_QUERIED, Form, export_queried
from core.runtime import Runtime
from pages.asking import running
from pages.asking.chart import chart, plottable
from pages.asking.running import Outcome
from pages.asking.wording import date_words, money_words, number_words
from pages.shared import links
from pages.shared.empty import nothing_found
from pages.shared.errors import show_failure
from pages.shared.exporting import TABLE_FORMS, TABLE_NOTES, file_offered
from pages.shared.formats import Formats, clean
from pages.shared.gate import require_user
from pages.shared.tables import pandas

PAGE: Final = 500
"""Rows of a table that are drawn at once."""
_OPEN: Final = "sql_open"
_LONGEST: Final = 300


def answered(found: Outcome, formats: Formats) -> None:
    """Draw how a query ended."""
    if found.failure is not None:
        show_failure(found.failure)
        return
    answer = found.answer
    if answer is None:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.markdown(_counted(answer, formats))
        with st.container(horizontal=True, width="content", vertical_alignment="center", gap="small"):
            way = _way(answer, found.turn)
            if answer.rows:
                st.button(
                    "Export", icon=":material/download:", type="tertiary", key="sql_export", on_click=_ask_for_export
                )
    if not answer.rows:
        nothing_found("Nothing is like that: the answer has no rows.")
    elif way == "Chart":
        chart(answer, found.turn, formats)
    else:
        _table(answer, found.turn, formats)
    if st.session_state.get("sql_exporting"):
        st.dialog("Export", on_dismiss=_close_export)(_export)(found.sql)


def _counted(answer: QueryAnswer, formats: Formats) -> str:
    count = formats.number(len(answer.rows))
    seconds = formats.quantity(Decimal(str(answer.seconds)).quantize(Decimal("0.01")))
    if answer.truncated:
        return f"The first **{count} rows** in {seconds} s. There are more: Export takes up to {MOST_QUERIED:,}."
    return f"**{count} {'row' if len(answer.rows) == 1 else 'rows'}** in {seconds} s"


def _way(answer: QueryAnswer, turn: int) -> str:
    if not plottable(answer):
        return "Table"
    icons = {"Table": ":material/table: Table", "Chart": ":material/bar_chart: Chart"}
    return str(
        st.segmented_control(
            "Show as",
            list(icons),
            format_func=icons.__getitem__,
            default="Table",
            required=True,
            key=f"sql_way_{turn}",
            label_visibility="collapsed",
        )
        or "Table"
    )


def opened_transaction() -> None:
    """Go to the transaction whose number was chosen in an answer."""
    number = st.session_state.pop(_OPEN, None)
    if number is not None:
        st.switch_page(links.TRANSACTIONS, query_params={"tx": str(number)})


def _table(answer: QueryAnswer, turn: int, formats: Formats) -> None:
    pd = pandas()
    pages = -(-len(answer.rows) // PAGE)
    page = int(st.session_state.get(f"sql_page_{turn}") or 1)
    rows = answer.rows[(page - 1) * PAGE : page * PAGE]
    names = [f"c{at}" for at in range(len(answer.columns))]
    frame = pd.DataFrame(
        {
            name: pd.Series([_cell(row[at], column) for row in rows], dtype=object)
            for at, (name, column) in enumerate(zip(names, answer.columns, strict=True))
        }
    )
    painted = frame.style
    for name, column in zip(names, answer.columns, strict=True):
        for places, told in _writers(rows, column, formats):
            painted = painted.format(told, subset=(places, [name]), na_rep=NONE)
    st.dataframe(
        painted,
        key=f"sql_table_{turn}_{page}",
        column_config={
            name: _configured(column, f"sql_cell_{turn}_{page}_{at}", [row[at] for row in rows])
            for at, (name, column) in enumerate(zip(names, answer.columns, strict=True))
        },
        hide_index=True,
        height="content" if len(rows) <= 15 else 560,
        alt=f"What the query found: {', '.join(clean(column.name) for column in answer.columns)}",
    )
    if pages > 1:
        st.pagination(pages, default=page, key=f"sql_page_{turn}")
    if any(column.kind == "transaction" for column in answer.columns):
        st.caption("Choose the number of a transaction to see everything about it.")


def _cell(value: Any, column: AnswerColumn) -> Any:  # noqa: ANN401 - whatever an answer holds
    """Return what a cell of the table is sorted by."""
    if value is None:
        return None
    if column.kind == "transaction":
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | dict):
        value = ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        return clean(value).replace(":material/", "material/")[:_LONGEST]
    if isinstance(value, int) and abs(value) >= 2**63:
        return str(value)
    return value


def _writers(
    rows: tuple[tuple[Any, ...], ...], column: AnswerColumn, formats: Formats
) -> list[tuple[list[int], Callable[[Any], str]]]:
    """Return how the cells of a column are written: which rows, and by what."""
    every = list(range(len(rows)))
    if column.kind == "money":
        return [
            (places, partial(money_words, currency=currency, formats=formats))
            for currency, places in _by_currency(rows, column).items()
        ]
    if column.kind in {"decimal", "number", "whole"}:
        return [(every, partial(number_words, formats=formats))]
    if column.kind in {"day", "moment"}:
        return [(every, partial(date_words, formats=formats))]
    return []


def _by_currency(rows: tuple[tuple[Any, ...], ...], column: AnswerColumn) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for place, row in enumerate(rows):
        currency = column.currency if column.currency_at is None else str(row[column.currency_at] or "")
        found.setdefault(currency, []).append(place)
    return found


def _configured(column: AnswerColumn, key: str, values: list[Any]) -> Any:  # noqa: ANN401 - whatever an answer holds
    name = clean(column.name)
    if column.kind == "transaction":
        return st.column_config.ButtonColumn(
            name, type="tertiary", alignment="left", width=90, key=key, on_click=_opened, args=(key, values)
        )
    if column.kind in {"money", "decimal", "number", "whole"}:
        return st.column_config.NumberColumn(name, alignment="right")
    if column.kind == "day":
        return st.column_config.DateColumn(name)
    return st.column_config.TextColumn(name)


def _opened(key: str, values: list[Any]) -> None:
    require_user()
    click = st.session_state.get(key)
    if click and 0 <= click.row < len(values) and values[click.row] is not None:
        st.session_state[_OPEN] = int(values[click.row])


def _ask_for_export() -> None:
    require_user()
    st.session_state["sql_exporting"] = True


def _close_export() -> None:
    st.session_state.pop("sql_exporting", None)


def _export(sql: str) -> None:
    guest = require_user()
    file_offered(
        guest,
        f"query-{guest.today:%Y-%m-%d}",
        TABLE_FORMS,
        MIME,
        lambda form: partial(_file, guest.house, guest.signed_in, running.desk_of(guest), sql, form, guest.today),
        key="sql_export",
        about=f"The query is run once more, and its first {MOST_QUERIED:,} rows go into a file.",
        notes=TABLE_NOTES,
    )


def _file(house: Runtime, asker: SignedIn, desk: Desk, sql: str, form: Form, today: dt.date) -> bytes:
    return export_queried(house.store, desk, asker, sql, form, today)
