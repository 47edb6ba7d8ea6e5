"""The charts: one style, light and dark from the theme, each with words and its data as a table.

Colours are Streamlit's place holders, which the browser replaces by the theme's categorical colours.
Figures are drawn once for the same data and shared between sessions: nobody may change one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Any, Final

import streamlit as st

from pages.shared.formats import Formats
from pages.shared.links import Link, page_link

BLUE: Final = "#000001"
GREEN: Final = "#000002"
OCHRE: Final = "#000003"
GREY: Final = "#000008"

MOST_LABELS: Final = 7
BAR: Final = 38
"""Pixels that a lying bar takes, its gap included."""

CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a line; `amount` in the chart's currency."""

    day: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Flow:
    """One month: `income` is positive, `spending` negative."""

    month: dt.date
    income: Decimal
    spending: Decimal
    net: Decimal


def draw(
    figure: Any,  # noqa: ANN401 - Plotly's types are not known
    *,
    key: str,
    alt: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    link: Link | None = None,
) -> None:
    """Draw a figure, and under it a link to its rows and a button that shows its data as a table.

    `alt` says in one sentence what is to be seen.
    """
    st.plotly_chart(figure, key=key, alt=alt, config=CONFIG, width="stretch")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if link:
            page_link(link)
        table = st.popover("As a table", icon=":material/table:", type="tertiary", on_change="rerun", key=f"{key}_data")
    if table.open:
        with table:
            st.dataframe(
                {name: [row[at] for row in rows] for at, name in enumerate(header)},
                column_config={name: st.column_config.TextColumn(alignment="right") for name in header[1:]},
                hide_index=True,
                alt=alt,
            )


@lru_cache(maxsize=128)
def history_figure(points: tuple[Point, ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return the line of a balance over time; expects the days in order."""
    go = _plotly()
    trace = go.Scatter(
        x=[point.day for point in points],
        y=[float(point.amount) for point in points],
        mode="lines",
        line={"width": 2, "color": BLUE},
        customdata=[f"{formats.day(point.day)}: {formats.money(point.amount, currency)}" for point in points],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(trace, _layout(220))
    amounts = [point.amount for point in points]
    figure.update_yaxes(**_money_axis(ticks(min(amounts), max(amounts)), currency, formats))
    every = -(-len(points) // MOST_LABELS)
    labelled = [point.day for point in points[::-every]][::-1]
    figure.update_xaxes(tickvals=labelled, ticktext=month_labels(labelled, formats), tickangle=0)
    figure.update_layout(hovermode="x")
    return figure


@lru_cache(maxsize=128)
def balance_figure(
    points: tuple[Point, ...],
    lowest: Point,
    line: Decimal,
    currency: str,
    formats: Formats,
) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return a balance that moves in steps, with its lowest point marked and `line`, where one comes near it."""
    go = _plotly()
    steps = go.Scatter(
        x=[point.day for point in points],
        y=[float(point.amount) for point in points],
        mode="lines",
        line={"width": 2, "color": BLUE, "shape": "hv"},
        customdata=[f"{formats.day(point.day)}: {formats.money(point.amount, currency)}" for point in points],
        hovertemplate="%{customdata}<extra></extra>",
    )
    mark = go.Scatter(
        x=[lowest.day],
        y=[float(lowest.amount)],
        mode="markers",
        marker={"size": 10, "color": OCHRE, "symbol": "diamond"},
        hoverinfo="skip",
    )
    figure = go.Figure([steps, mark], _layout(240))
    amounts = [point.amount for point in points]
    near = min(amounts) < 2 * line if line > 0 else min(amounts) < 0
    places = ticks(min(*amounts, line) if near else min(amounts), max(*amounts, line) if near else max(amounts))
    figure.update_yaxes(**_money_axis(places, currency, formats))
    if near:
        figure.add_hline(y=float(line), line={"width": 1.5, "dash": "dash", "color": OCHRE})
    labelled = [point.day for point in points[:: max(1, -(-len(points) // MOST_LABELS))]]
    figure.update_xaxes(tickvals=labelled, ticktext=[formats.short_day(day) for day in labelled], tickangle=0)
    figure.update_layout(hovermode="x")
    return figure


@lru_cache(maxsize=128)
def flow_figure(flows: tuple[Flow, ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return income above the line and spending below it, month by month, and what is left as a line."""
    go = _plotly()
    months = [formats.month(flow.month) for flow in flows]

    def told(amounts: Sequence[Decimal]) -> list[str]:
        return [formats.money(amount, currency) for amount in amounts]

    bars = [
        go.Bar(
            name=name,
            x=months,
            y=[float(amount) for amount in amounts],
            marker={"color": colour, "cornerradius": 3},
            customdata=told(amounts),
            hovertemplate="%{customdata}",
        )
        for name, amounts, colour in (
            ("Income", [flow.income for flow in flows], GREEN),
            ("Spending", [flow.spending for flow in flows], OCHRE),
        )
    ]
    nets = [flow.net for flow in flows]
    line = go.Scatter(
        name="Left over",
        x=months,
        y=[float(net) for net in nets],
        mode="lines+markers",
        line={"width": 2, "color": BLUE},
        marker={"size": 6, "color": BLUE},
        customdata=told(nets),
        hovertemplate="%{customdata}",
    )
    figure = go.Figure([*bars, line], _layout(260))
    figure.update_layout(
        barmode="relative", bargap=0.35, showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0}
    )
    extremes = [amount for flow in flows for amount in (flow.income, flow.spending, Decimal(0))]
    figure.update_yaxes(**_money_axis(ticks(min(extremes), max(extremes)), currency, formats), zeroline=True)
    labels = month_labels([flow.month for flow in flows], formats)
    figure.update_xaxes(type="category", tickvals=months, ticktext=labels, tickangle=0)
    return figure


@lru_cache(maxsize=128)
def parts_figure(parts: tuple[tuple[str, Decimal, str], ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return a bar for each part of a whole, the first on top: its name, its amount and its share in words."""
    go = _plotly()
    trace = go.Bar(
        x=[float(amount) for _, amount, _ in parts],
        y=[name for name, _, _ in parts],
        orientation="h",
        marker={"color": BLUE, "cornerradius": 3},
        text=[share for _, _, share in parts],
        textposition="outside",
        cliponaxis=False,
        customdata=[f"{name}: {formats.money(amount, currency)}" for name, amount, _ in parts],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(trace, _layout(BAR * len(parts) + 12))
    figure.update_layout(bargap=0.35, hovermode="closest")
    # The shares stand behind the bars: that takes room beside the longest.
    amounts = [float(amount) for _, amount, _ in parts]
    figure.update_xaxes(visible=False, range=[1.15 * min((0.0, *amounts)), 1.15 * max((1e-9, *amounts))])
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", ticklabelstandoff=6)
    return figure


def _plotly() -> Any:  # noqa: ANN401 - Plotly's types are not known
    # Half a second to import: not before the first chart is drawn.
    import plotly.graph_objects as go

    return go


def _layout(height: int) -> dict[str, Any]:
    return {
        "height": height,
        "margin": {"l": 0, "r": 20, "t": 8, "b": 0},
        "showlegend": False,
        "hovermode": "x unified",
        "dragmode": False,
        "xaxis": {"fixedrange": True, "showgrid": False, "title": None},
        "yaxis": {"fixedrange": True, "title": None, "automargin": True},
    }


def _money_axis(places: Sequence[Decimal], currency: str, formats: Formats) -> dict[str, Any]:
    """Label a money axis in the person's own way: Plotly knows neither their currency nor their digits."""
    return {
        "tickvals": [float(place) for place in places],
        "ticktext": [formats.short_money(place, currency) for place in places],
    }


def month_labels(days: Sequence[dt.date], formats: Formats) -> list[str]:
    """Return short names of months in order; the year stands under the first one of each year."""
    # Where the year turns after the first label, only the second says its year: there is no room for both.
    new = [at for at in range(1, len(days)) if days[at - 1].year != days[at].year]
    with_year = {*new, *([0] if 1 not in new else [])}
    return [
        f"{formats.short_month(day)}<br>{day.year}" if at in with_year else formats.short_month(day)
        for at, day in enumerate(days)
    ]


def ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Return three to six round values that `low` to `high` lies within."""
    if low == high:
        return [low]
    raw = (high - low) / 4
    unit = Decimal(10) ** raw.adjusted()
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * (first + at) for at in range(int(last - first) + 1)]
