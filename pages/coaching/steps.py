"""What an answer rests on: each question that was asked of a tool, what it told, and where its rows are."""

import json
import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from core.coach import Curve, Found, KeptStep, Lead
from core.formats import MINUS, NONE, unlike
from pages.asking import running
from pages.shared.charts import Column, Point, columns_figure, draw, history_figure
from pages.shared.filters import Asked, query_of
from pages.shared.formats import Formats, hover_text, plain_text
from pages.shared.links import PAGES, QUERY, Link, page_link

FEWEST_POINTS: Final = 2
MOST_NAMES: Final = 12
_FIGURE: Final = re.compile(
    rf"(?:[{MINUS}+-]?(?:[A-Z]{{1,3}}|[^\w\s])?\s?\d[\d.,’'\s]*(?:[A-Z]{{3}}|[^\w\s])?|{NONE})?"
)
"""A cell that stands on the right: an amount, a share or a count."""
ALT: Final = "What the tool told, as a table"
TOOL_NAMES: Final = {
    "get_dashboard_summary": "the overview",
    "get_spending_analytics": "spending",
    "list_transactions": "transactions",
    "list_budgets": "budgets",
    "list_goals": "goals",
    "list_subscriptions": "subscriptions",
    "list_bills": "bills",
    "list_insights": "insights",
    "list_accounts": "accounts",
    "get_cash_flow": "income and spending",
    "get_net_worth": "net worth",
    "get_forecast": "the forecast",
    "calculate": "the calculator",
    "run_query": "SQL",
}
"""What a person calls what a tool looks at."""


def looked_at(tool: str) -> str:
    """Return what a tool looks at, in a person's words."""
    return TOOL_NAMES.get(tool, tool.replace("_", " "))


def brief(one: Found) -> None:
    """Draw what was asked of a tool in a line: while an answer comes it is drawn anew many times a second."""
    icon = ":material/error:" if one.result is None else ":material/check_circle:"
    st.caption(f"{icon} {_label(one.call.tool, '' if one.result is None else one.result.title)}")


def _label(tool: str, title: str) -> str:
    return plain_text(title or f"Looked at {looked_at(tool)}")


def step(one: KeptStep, key: str, formats: Formats) -> None:
    """Draw what was asked of a tool and what it told, folded."""
    icon = ":material/error:" if one.failure else ":material/check_circle:"
    with st.expander(_label(one.tool, one.title), icon=icon, key=f"{key}_step"):
        st.caption(f"Asked of {plain_text(looked_at(one.tool))}")
        if one.arguments:
            # The colours that Streamlit gives JSON can't be read on a light screen.
            st.code(json.dumps(dict(one.arguments), ensure_ascii=False, indent=1, default=str), language=None)
        if one.failure:
            st.markdown(plain_text(one.failure))
        if one.rows:
            cells = {name: [row[at] for row in one.rows] for at, name in enumerate(unlike(one.columns))}
            st.dataframe(
                cells,
                column_config={
                    name: st.column_config.TextColumn(alignment="right")
                    for name, column in cells.items()
                    if all(_FIGURE.fullmatch(cell) for cell in column)
                },
                hide_index=True,
                alt=ALT,
                key=f"{key}_table",
            )
            if one.of:
                st.caption(f"The first {len(one.rows)} of {formats.number(one.of)} rows.")


def chart(curve: Curve, formats: Formats, key: str) -> None:
    """Draw a result that is a series: a line over days, bars over a few names."""
    points = curve.points
    if len(points) < FEWEST_POINTS:
        return
    st.caption(plain_text(curve.title))
    rows: Sequence[Sequence[str]]
    days = tuple(Point(at, amount) for at, amount in points if isinstance(at, date))
    if len(days) == len(points):
        what = "When"
        rows = [(formats.day(one.day), formats.money(one.amount, curve.currency)) for one in days]
        figure = history_figure(days, curve.currency, formats)
        alt = f"{curve.title}: {rows[-1][1]} on {rows[-1][0]}, {rows[0][1]} on {rows[0][0]}"
    else:
        what = "What"
        named = [(str(at), amount) for at, amount in points[:MOST_NAMES]]
        rows = [(name, formats.money(amount, curve.currency)) for name, amount in named]
        columns = tuple(Column(hover_text(name), hover_text(name), amount) for name, amount in named)
        figure = columns_figure(columns, curve.currency, formats)
        most = max(range(len(named)), key=lambda at: abs(named[at][1]))
        alt = f"{curve.title}: {rows[most][0]} with {rows[most][1]} is the most of {len(rows)}"
        if len(points) > len(named):
            st.caption(f"The first {len(named)} of {formats.number(len(points))}.")
    draw(figure, key=f"{key}_chart", alt=alt, header=(what, curve.title), rows=rows)


def leads(found: Sequence[Lead], key: str) -> None:
    """Draw where the rows of an answer are."""
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("From:", width="content")
        for place, lead in enumerate(found):
            if lead.screen == "query":
                _to_the_editor(lead, f"{key}_lead_{place}")
            else:
                page_link(link_of(lead))


def _to_the_editor(lead: Lead, key: str) -> None:
    """Draw what puts a query into the editor: an address would be kept by the browser with all that the query names."""
    icon = ":material/arrow_forward:"
    if st.button(plain_text(lead.label), icon=icon, icon_position="right", type="tertiary", key=key):
        running.show(lead.query["sql"])
        st.switch_page(QUERY)


def link_of(lead: Lead) -> Link:
    """Return where a lead leads."""
    query = query_of(Asked(lead.wanted)) if lead.wanted is not None else {}
    return Link(plain_text(lead.label), str(PAGES / f"{lead.screen}.py"), {**query, **lead.query})
