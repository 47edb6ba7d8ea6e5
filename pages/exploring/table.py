"""A pivot as a table: sums of parts tinted, the grand total last, every cell a way to its transactions."""

from collections.abc import Sequence
from functools import partial
from typing import Final

import streamlit as st

from core.analytics import (
    DIMENSION_TITLES,
    MEASURE_TITLES,
    MOST,
    Key,
    Measure,
    Pivot,
    PivotRow,
    behind,
    columns_of,
    value_of,
)
from core.formats import NONE, unlike
from pages.exploring.wording import column_words, figure_words, key_words
from pages.shared import links
from pages.shared.charts import leave_for
from pages.shared.filters import Asked, query_of
from pages.shared.formats import Formats, plain_text
from pages.shared.tables import pandas

INDENT: Final = "\u2003"
TOTAL: Final = "Total"
TINT: Final = "background-color: rgba(128, 140, 165, 0.14)"
STRONG: Final = "background-color: rgba(128, 140, 165, 0.26)"


def pivot_table(pivot: Pivot, formats: Formats, *, key: str) -> None:
    """Draw the table, and over it the way to what is behind the chosen cell.

    Nothing is opened by choosing alone: by keyboard the first cell is chosen on the way in, and others on the way.
    """
    pd = pandas()
    columns = columns_of(pivot)
    rows = [*pivot.rows, pivot.total]
    named = ", ".join(DIMENSION_TITLES[one] for one in pivot.view.rows)
    _, *titles = unlike([named, *(column_words(pivot, one, formats) for one in columns)])
    data: dict[str, Sequence[object]] = {
        named: [_label(pivot, row, formats) for row in rows],
    }
    for title, column in zip(titles, columns, strict=True):
        data[title] = [value_of(row, column) for row in rows]
    table = pd.DataFrame(data, dtype=object)
    tints = [_tint(row, pivot) for row in rows]
    # All at once, tints and words alike: line by line and column by column pandas takes twice as long.
    painted = table.style.apply(lambda _: pd.DataFrame(dict.fromkeys(table.columns, tints)), axis=None).format(
        {
            title: partial(figure_words, column=column, currency=pivot.currency, formats=formats)
            for title, column in zip(titles, columns, strict=True)
        }
    )
    way = st.container(horizontal=True, vertical_alignment="center")
    told = st.dataframe(
        painted,
        key=key,
        on_select="rerun",
        selection_mode="single-cell",
        column_config={named: st.column_config.TextColumn(pinned=True, width=190)}
        | {title: st.column_config.NumberColumn(alignment="right") for title in titles},
        hide_index=True,
        height="content" if len(rows) <= 26 else 940,
        placeholder=NONE,
        alt=f"{MEASURE_TITLES[pivot.view.measure]} by {named.lower()}. Choose a cell, then O opens its rows.",
    )
    chosen = next((cell for cell in told.selection.cells if cell[0] < len(rows)), None)
    with way:
        # Always there, so that the rows under it stay where they are while they are being chosen.
        opened = st.button(
            "See the rows", icon=":material/arrow_forward:", disabled=chosen is None, shortcut="o", key=f"{key}_rows"
        )
        if chosen is None:
            st.caption("Choose a figure to see what it is made of.")
            return
        place, title = chosen
        column = columns[titles.index(title)] if title in titles else None
        label = key_words(pivot, rows[place].keys[-1], formats) if rows[place].keys else TOTAL
        st.caption(plain_text(f"{label} · {title}" if column else label))
    if opened:
        measure = column.measure if column else pivot.view.measure
        earlier = column is not None and column.what == "before"
        keys = [*rows[place].keys, *([column.key] if column and column.key else [])]
        open_rows(pivot, keys, measure, before=earlier)


def open_rows(pivot: Pivot, keys: Sequence[Key], measure: Measure, *, before: bool = False) -> None:
    """Go to the transactions of a cell, or say why there is no way."""
    if measure == "balance":
        accounts = [key for key in keys if key.dimension == "account" and key.value]
        query = {"account": accounts[0].value or ""} if accounts else {}
        leave_for(links.TRANSACTIONS if accounts else links.ACCOUNTS, query)
    if before:
        st.toast("Hold nothing against this period to open the rows of the one before.", icon=":material/info:")
        return
    wanted = behind(pivot.view, pivot.dates, keys, pivot.names, measure)
    if wanted is not None:
        leave_for(links.TRANSACTIONS, query_of(Asked(wanted)))
    more = next((one for one in MOST if one > pivot.view.most), None)
    if any(key.is_rest for key in keys) and more is not None:
        st.toast(f"The rest are many. More, Rows told apart shows up to {more} of them.", icon=":material/unfold_more:")
    else:
        st.toast("There is no filter that finds just these.", icon=":material/info:")


def _label(pivot: Pivot, row: PivotRow, formats: Formats) -> str:
    """Return what a row is called; a part is moved in under what it is a part of."""
    if not row.keys:
        return TOTAL
    return f"{INDENT * (row.depth - 1)}{key_words(pivot, row.keys[-1], formats)}"


def _tint(row: PivotRow, pivot: Pivot) -> str:
    if row.depth == 0:
        return STRONG
    return TINT if row.depth < len(pivot.view.rows) else ""
