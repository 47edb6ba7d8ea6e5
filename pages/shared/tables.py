"""The table of transactions, tables of facts, and links with words under them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from types import ModuleType

import streamlit as st

from core.analytics import TransactionRow
from pages.shared import links
from pages.shared.charts import gain_colour
from pages.shared.formats import Formats, clean, plain_text


@cache
def pandas() -> ModuleType:
    """Return pandas: only tables need it, and it takes half a second to import. No screen gets it elsewhere."""
    import pandas as pd

    # Streamlit writes what is shown of a table cell by cell: in Arrow's columns that takes half as long again. It tells
    # tables apart by the kind of their columns, so that this can't change once somebody has one open.
    pd.set_option("mode.string_storage", "python")
    return pd


def link_with_words(link: links.Link, *below: str, icon: str = "") -> None:
    """Draw a link with small lines under it. All may come from elsewhere: they are written as they are."""
    st.page_link(
        link.page,
        label="  \n".join(
            (plain_text(link.label) or "No name", *(f":small[:gray[{plain_text(one)}]]" for one in below))
        ),
        icon=icon,
        query_params=dict(link.query),
        help="",
        width="stretch",
    )


def facts_table(facts: Mapping[str, str], *, alt: str) -> None:
    """Draw facts by name; the values may come from elsewhere and are written as they are."""
    st.table({name: plain_text(value) for name, value in facts.items()}, border="horizontal", alt=alt)


def transaction_table(
    rows: Sequence[TransactionRow], formats: Formats, *, key: str, chosen: str, on_open: Callable[[int], None]
) -> tuple[int, ...]:
    """Draw one page of transactions; return the ids of those that are chosen, kept under the session key `chosen`.

    A click on a name calls `on_open` with the transaction's id.
    """
    pd = pandas()

    def opened() -> None:
        click = st.session_state[key]
        if click and 0 <= click.row < len(rows):
            on_open(rows[click.row].id)

    this_year = max(row.date.year for row in rows)
    dates = [formats.short_day(row.date) if row.date.year == this_year else formats.day(row.date) for row in rows]
    table = pd.DataFrame(
        {
            "Date": dates,
            "Name": [_named(row) for row in rows],
            "Amount": [row.amount for row in rows],
            "Category": [clean(row.category) for row in rows],
            "Account": [clean(row.account) for row in rows],
            "Note": [_noted(row) for row in rows],
        }
    )
    tagged = any(row.tags for row in rows)
    if tagged:
        table.insert(5, "Tags", [[clean(tag) for tag in row.tags] for row in rows])
    gain = gain_colour()
    painted = table.style.map(lambda amount: f"color: {gain}" if amount > 0 else "", subset=["Amount"])
    for currency in {row.currency for row in rows}:
        places = [at for at, row in enumerate(rows) if row.currency == currency]
        painted.format(partial(formats.money, currency=currency, signed=True), subset=(places, ["Amount"]))
    told = st.dataframe(
        painted,
        key=chosen,
        on_select="rerun",
        selection_mode="multi-row",
        column_config={
            "Date": st.column_config.TextColumn(width=7 * max(map(len, dates)) + 20),
            "Name": st.column_config.ButtonColumn(
                type="tertiary", alignment="left", width=190, key=key, on_click=opened
            ),
            "Amount": st.column_config.NumberColumn(alignment="right", width=110),
            "Category": st.column_config.TextColumn(width=150),
            "Account": st.column_config.TextColumn(width=150),
            "Tags": st.column_config.ListColumn(width=130),
            "Note": st.column_config.TextColumn(width=120),
        },
        hide_index=True,
        height="content",
        alt="Transactions, newest first. Choose a name to see everything about one; select rows to change them.",
    )
    return tuple(dict.fromkeys(rows[at].id for at in told.selection.rows if at < len(rows)))


def _named(row: TransactionRow) -> str:
    name = clean(row.name).replace(":material/", "material/") or "No name"
    return f"{name}, part {row.part} of {row.parts}" if row.part else name


def _noted(row: TransactionRow) -> str:
    words = {
        "Pending": row.pending,
        "Not in budgets": row.hidden,
        "Own transfer": row.paired == "transfer",
        "Refund": row.paired == "refund",
        clean(row.note): bool(row.note),
    }
    return " · ".join(word for word, holds in words.items() if holds)
