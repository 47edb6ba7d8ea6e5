"""Merchants: all of a period in a table to search, and one of them through the years."""

from dataclasses import replace
from decimal import Decimal

import streamlit as st

from core.analytics import Merchant, Merchants, Span, TransactionFilter, change, list_transactions
from pages.analysing.asking import Asked, ask, rows_link, view_link
from pages.analysing.wording import times
from pages.shared.cards import WHOLE, Card, card_grid
from pages.shared.charts import Column, columns_figure, draw
from pages.shared.charts.style import month_labels
from pages.shared.empty import nothing_found
from pages.shared.formats import Formats, clean, plain_text
from pages.shared.gate import Visitor
from pages.shared.line_list import line_list, money_line
from pages.shared.links import page_link

ROWS = 10


def merchants_view(view: Merchants, span: Span, wanted: Asked, formats: Formats) -> None:
    """Draw the merchants of a period, the one that most went to first."""

    def search() -> None:
        ask(replace(wanted, text=(st.session_state["merchant_text"] or "").strip()))

    st.session_state["merchant_text"] = wanted.text
    st.text_input(
        "Search",
        key="merchant_text",
        placeholder="Search merchants",
        icon=":material/search:",
        type="search",
        on_change=search,
        label_visibility="collapsed",
        width=360,
    )
    if not view.lines:
        nothing_found(
            "No merchant is called that in this period." if wanted.text else "Nothing was spent in this period."
        )
        return
    _table(view, span, wanted, formats)
    shown = len(view.lines)
    if view.count > shown:
        st.caption(
            f"The {formats.number(shown)} that most went to, of {formats.number(view.count)}. Search for the others."
        )


def _table(view: Merchants, span: Span, wanted: Asked, formats: Formats) -> None:
    def opened() -> None:
        click = st.session_state["open_merchant"]
        if click and 0 <= click.row < len(view.lines):
            ask(replace(wanted, merchant=view.lines[click.row].spent.name))

    lines, currency = view.lines, view.currency
    columns = {
        "Merchant": [clean(one.spent.name).replace(":material/", "material/") or "No name" for one in lines],
        "Spent": [formats.money(one.spent.spent, currency) for one in lines],
        "Twelve months": [[float(month) for month in one.months] for one in lines],
        "Times": [one.spent.rows for one in lines],
        "Average": [formats.money(one.spent.average, currency) for one in lines],
    }
    if span.compares:
        columns["Change"] = [_moved(one.spent.spent, one.spent.before, currency, formats) for one in lines]
    columns |= {
        "First seen": [formats.day(one.first_seen) for one in lines],
        "Last seen": [formats.day(one.last_seen) for one in lines],
    }
    right = st.column_config.TextColumn(alignment="right")
    st.dataframe(
        columns,
        column_config={
            "Merchant": st.column_config.ButtonColumn(
                type="tertiary", alignment="left", width=230, key="open_merchant", on_click=opened
            ),
            "Spent": right,
            "Twelve months": st.column_config.AreaChartColumn(width=130),
            "Times": st.column_config.NumberColumn(width=70),
            "Average": right,
            "Change": right,
        },
        hide_index=True,
        height="content" if len(lines) <= ROWS else 560,
        alt="Merchants, the one that most went to first, with what each month came to. Choose a name to see all of it.",
    )


def _moved(now: Decimal, before: Decimal, currency: str, formats: Formats) -> str:
    told = change(now, before)
    if told.direction == "same":
        return "no change"
    sign = "+" if told.direction == "up" else "−"
    return f"{sign}{formats.money(told.size, currency, whole=told.size >= WHOLE)}"


def merchant_view(view: Merchant | None, wanted: Asked, guest: Visitor, formats: Formats) -> None:
    """Draw one merchant: what it came to month by month, and its last rows."""
    page_link(view_link("All merchants", replace(wanted, merchant="")))
    if view is None:
        nothing_found("Nothing went to a merchant of this name.")
        return
    st.subheader(plain_text(view.name) or "No name", anchor=False)
    currency, since, until = view.currency, view.first_seen, guest.today
    rows = rows_link("See the rows", wanted, since, until, kind="spending", merchant=view.name)
    cards = [
        Card("Spent in all", formats.figure(view.spent, currency), currency, note=times(view.rows, formats), link=rows),
        Card("Each time", formats.money(view.average, currency), currency, note="on average"),
        Card(
            "A month",
            formats.money(view.monthly, currency),
            currency,
            note=f"over {formats.number(len(view.months))} months" if len(view.months) > 1 else "this month",
        ),
        Card("Last seen", formats.day(view.last_seen), currency, note=f"first on {formats.day(view.first_seen)}"),
    ]
    card_grid(cards, formats, columns=4)
    with st.container(border=True):
        _history(view, wanted, formats)
    with st.container(border=True):
        _rows(view, wanted, guest, formats)


def _history(view: Merchant, wanted: Asked, formats: Formats) -> None:
    st.subheader("Month by month", anchor=False)
    months = [one.month for one in view.months]
    most = max(view.months, key=lambda one: one.spent)
    columns = tuple(
        Column(label, formats.month(one.month), one.spent, one is most and len(months) > 1)
        for label, one in zip(month_labels(months, formats), view.months, strict=True)
    )
    draw(
        columns_figure(columns, view.currency, formats),
        key="merchant_chart",
        alt=f"What went to {clean(view.name)} in each of {len(months)} months, in {view.currency}",
        header=("Month", "Spent", "Times"),
        rows=[
            [formats.month(one.month), formats.money(one.spent, view.currency), formats.number(one.rows)]
            for one in reversed(view.months)
        ],
        opens=lambda _, place: rows_link(
            "",
            wanted,
            view.months[place].month,
            view.months[place].last_day,
            kind="spending",
            merchant=view.name,
        ),
    )
    st.caption("Click a bar to see its transactions. The dearest month stands out.")


def _rows(view: Merchant, wanted: Asked, guest: Visitor, formats: Formats) -> None:
    st.subheader("Last transactions", anchor=False)
    asked = TransactionFilter(merchant=view.name, kind="spending", account_ids=wanted.accounts, until=guest.today)
    page = list_transactions(guest.cache, asked, 1, ROWS)
    line_list(
        money_line(
            rows_link(formats.day(row.date), wanted, row.date, row.date, merchant=view.name, tx=str(row.id)),
            f"{row.category} · {row.account}{' · pending' if row.pending else ''}",
            row.amount,
            row.currency,
            formats,
            icon=row.icon,
        )
        for row in page.rows
    )
    if page.count > len(page.rows):
        page_link(
            rows_link(
                f"All {formats.number(page.count)} transactions",
                wanted,
                view.first_seen,
                guest.today,
                kind="spending",
                merchant=view.name,
            )
        )
