"""What an answer rests on: each question that was asked of a tool, what it told, and where its rows are."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from core.coach import Curve, KeptStep, Lead
from core.formats import unlike
from pages.shared.charts import Column, Point, columns_figure, draw, history_figure
from pages.shared.filters import Asked, query_of
from pages.shared.formats import Formats, plain_text
from pages.shared.links import PAGES, TRANSACTIONS, Link, page_link

FEWEST_POINTS: Final = 2
MOST_NAMES: Final = 12
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


def step(one: KeptStep, key: str) -> None:
    """Draw what was asked of a tool and what it told, folded."""
    icon = ":material/error:" if one.failure else ":material/check_circle:"
    label = plain_text(one.title or f"Looked at {looked_at(one.tool)}")
    with st.expander(label, icon=icon, key=f"{key}_step"):
        st.caption(f"Asked of {plain_text(looked_at(one.tool))}")
        if one.arguments:
            st.code(json.dumps(dict(one.arguments), ensure_ascii=False, indent=1, default=str), language="json")
        if one.failure:
            st.markdown(plain_text(one.failure))
        if one.rows:
            titles = unlike(one.columns)
            st.dataframe(
                {name: [row[at] for row in one.rows] for at, name in enumerate(titles)},
                hide_index=True,
                alt=ALT,
                key=f"{key}_table",
            )


def chart(curve: Curve, formats: Formats, key: str) -> None:
    """Draw a result that is a series: a line over days, bars over a few names."""
    points = curve.points
    if len(points) < FEWEST_POINTS:
        return
    alt = f"{curve.title}, {len(points)} points"
    st.caption(plain_text(curve.title))
    rows: Sequence[Sequence[str]]
    if all(isinstance(at, date) for at, _ in points):
        days = tuple(Point(at, amount) for at, amount in points if isinstance(at, date))
        rows = [(formats.day(one.day), formats.money(one.amount, curve.currency)) for one in days]
        figure = history_figure(days, curve.currency, formats)
    else:
        named = [(str(at), amount) for at, amount in points[:MOST_NAMES]]
        rows = [(name, formats.money(amount, curve.currency)) for name, amount in named]
        columns = tuple(Column(name, name, amount) for name, amount in named)
        figure = columns_figure(columns, curve.currency, formats)
    draw(
        figure,
        key=f"{key}_chart",
        alt=alt,
        header=("When" if rows and days_of(curve) else "What", curve.title),
        rows=rows,
    )


def days_of(curve: Curve) -> bool:
    """Tell whether a series runs over days."""
    return all(isinstance(at, date) for at, _ in curve.points)


def leads(found: Sequence[Lead]) -> None:
    """Draw where the rows of an answer are."""
    if not found:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption("From:", width="content")
        for lead in found:
            page_link(link_of(lead))


def link_of(lead: Lead) -> Link:
    """Return where a lead leads."""
    if lead.screen == "transactions":
        query = query_of(Asked(lead.wanted)) if lead.wanted is not None else {}
        return Link(plain_text(lead.label), TRANSACTIONS, {**query, **lead.query})
    return Link(plain_text(lead.label), str(PAGES / f"{lead.screen}.py"), dict(lead.query))
