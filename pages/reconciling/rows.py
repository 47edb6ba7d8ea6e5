"""The transactions of a statement: which are on it, as the person says, each leading to all about it."""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple, cast

import streamlit as st

from core.banking import Comparison, Row
from pages.shared import links
from pages.shared.formats import Formats, clean
from pages.shared.line_list import Line, money_line
from pages.shared.links import Link
from pages.shared.tables import pandas

MOST: Final = 500
"""So many rows can be ticked: the newest."""
ON: Final = "On it"
_TICKED: Final = "statement_ticked"
_MOUNTED: Final = "statement_table"


class Ticked(NamedTuple):
    """What the person said of the rows of one statement: which are on it against the rule, and which are not."""

    account: int
    day: date
    count_in: frozenset[int] = frozenset()
    leave_out: frozenset[int] = frozenset()


def ticked(account: int, day: date) -> Ticked:
    """Return what was said of an account's statement of `day`; another statement begins with nothing said."""
    known = cast("Ticked | None", st.session_state.get(_TICKED))
    if known is None or (known.account, known.day) != (account, day):
        known = Ticked(account, day)
        _keep(known)
    return known


def count(said: Ticked, count_in: Sequence[int], leave_out: Sequence[int]) -> None:
    """Take up what a likely cause proposes."""
    _keep(
        said._replace(
            count_in=(said.count_in | set(count_in)) - set(leave_out),
            leave_out=(said.leave_out | set(leave_out)) - set(count_in),
        )
    )


def forget() -> None:
    """Forget what was said of the rows."""
    st.session_state.pop(_TICKED, None)
    st.session_state.pop(_MOUNTED, None)


def _keep(said: Ticked) -> None:
    st.session_state[_TICKED] = said
    # The table shows ticks of its own on top of what it began with: it begins anew.
    st.session_state.pop(_MOUNTED, None)


class _Table(NamedTuple):
    """The table as the browser has it: which rows in which order, and how it began."""

    key: str
    rows: tuple[int, ...]
    said: Ticked


def tick_list(seen: Comparison, said: Ticked, formats: Formats) -> None:
    """Draw every row that is or may be on the statement, newest first, each to be ticked."""
    pd = pandas()
    rows = sorted((*seen.rows, *seen.around), key=lambda row: (row.date, row.id), reverse=True)[:MOST]
    table = _mounted(tuple(row.id for row in rows), said)
    by_rule = ({row.id for row in seen.rows} - said.count_in) | said.leave_out
    began = (by_rule | table.said.count_in) - table.said.leave_out
    st.data_editor(
        pd.DataFrame(
            {
                ON: [row.id in began for row in rows],
                "Amount": [formats.money(row.amount, seen.currency, signed=True) for row in rows],
                "Name": [clean(row.name) or "No name" for row in rows],
                "Date": [formats.day(row.date) for row in rows],
                "Note": [_note(row, seen) for row in rows],
            }
        ),
        key=table.key,
        column_config={
            ON: st.column_config.CheckboxColumn(width=55, help="Whether your statement has it"),
            "Amount": st.column_config.TextColumn(alignment="right", width=95),
            "Name": st.column_config.TextColumn(width=150),
            "Date": st.column_config.TextColumn(width=95),
            "Note": st.column_config.TextColumn(width=120),
        },
        disabled=["Date", "Name", "Amount", "Note"],
        hide_index=True,
        num_rows="fixed",
        height=min(420, 38 + 35 * len(rows)),
        on_change=_tick,
        args=(table, frozenset(by_rule)),
    )
    if len(seen.rows) + len(seen.around) > MOST:
        st.page_link(
            links.TRANSACTIONS,
            label=f"These are the newest {formats.number(MOST)}. All of them",
            query_params={"account": str(seen.account_id)},
            help="",
        )


def _mounted(rows: tuple[int, ...], said: Ticked) -> _Table:
    known = cast("_Table | None", st.session_state.get(_MOUNTED))
    if known is None or known.rows != rows or known.said[:2] != said[:2]:
        number = st.session_state.get(f"{_MOUNTED}_number", 0) + 1
        st.session_state[f"{_MOUNTED}_number"] = number
        known = _Table(f"statement_rows_{number}", rows, said)
        st.session_state[_MOUNTED] = known
    return known


def _tick(table: _Table, by_rule: frozenset[int]) -> None:
    edits = st.session_state[table.key]["edited_rows"]
    count_in, leave_out = set(table.said.count_in), set(table.said.leave_out)
    for place, edit in edits.items():
        if ON in edit:
            row = table.rows[int(place)]
            count_in.discard(row)
            leave_out.discard(row)
            if edit[ON] != (row in by_rule):
                (count_in if edit[ON] else leave_out).add(row)
    st.session_state[_TICKED] = table.said._replace(count_in=frozenset(count_in), leave_out=frozenset(leave_out))


def _note(row: Row, seen: Comparison) -> str:
    if row.pending:
        return "Pending"
    return "After the statement" if row.date > seen.day else ""


def row_line(row: Row, currency: str, formats: Formats) -> Line:
    """Return the line of a transaction, leading to all about it."""
    marks = [formats.day(row.date)]
    if row.pending:
        marks.append("pending")
    if row.removed:
        marks.append("removed")
    query = {} if row.removed else {"tx": str(row.id)}
    icon = "lock" if row.locked else "receipt_long"
    link = Link(row.name, links.TRANSACTIONS, query)
    return money_line(link, " · ".join(marks), row.amount, currency, formats, icon=icon)
