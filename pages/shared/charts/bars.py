"""Bars: months side by side, and the parts of a whole."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from core.formats import ticks
from pages.shared.charts.style import (
    BLUE,
    GREEN,
    GREY,
    LONG,
    MOST_LABELS,
    OCHRE,
    WORDS,
    layout,
    money_axis,
    month_labels,
    plotly,
)
from pages.shared.formats import Formats

BAR: Final = 38
"""Pixels that a lying bar takes, its gap included."""
MOST_COLUMNS: Final = 12
"""How many of the columns that stand side by side are named."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One month: `income` is positive, `spending` negative."""

    month: dt.date
    income: Decimal
    spending: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class Step:
    """A day, a week or a month, what was spent in it, and averages; `told` is its days in words."""

    since: dt.date
    told: str
    spent: Decimal
    average: Decimal
    before: Decimal | None


@dataclass(frozen=True, slots=True)
class Column:
    """One of a few things side by side; `told` names it in full, as plain text."""

    label: str
    told: str
    amount: Decimal
    stands_out: bool = False


@lru_cache(maxsize=128)
def flow_figure(flows: tuple[Flow, ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return income above the line and spending below it, month by month, and what is left as a line."""
    go = plotly()
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
    figure = go.Figure([*bars, line], layout(260))
    figure.update_layout(
        barmode="relative", bargap=0.35, showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0}
    )
    extremes = [amount for flow in flows for amount in (flow.income, flow.spending, Decimal(0))]
    figure.update_yaxes(**money_axis(ticks(min(extremes), max(extremes)), currency, formats), zeroline=True)
    labels = month_labels([flow.month for flow in flows], formats)
    figure.update_xaxes(type="category", tickvals=months, ticktext=labels, tickangle=0)
    return figure


@lru_cache(maxsize=128)
def parts_figure(parts: tuple[tuple[str, Decimal, str], ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return a bar for each part of a whole, the first on top: its name, its amount and its share in words."""
    go = plotly()
    trace = go.Bar(
        x=[float(amount) for _, amount, _ in parts],
        y=[name for name, _, _ in parts],
        orientation="h",
        marker={"color": BLUE, "cornerradius": 3},
        text=[share for _, _, share in parts],
        textposition="outside",
        textfont=WORDS,
        cliponaxis=False,
        customdata=[f"{name}: {formats.money(amount, currency)}" for name, amount, _ in parts],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(trace, layout(BAR * len(parts) + 12))
    figure.update_layout(bargap=0.35, hovermode="closest")
    # The shares stand behind the bars: that takes room beside the longest.
    amounts = [float(amount) for _, amount, _ in parts]
    figure.update_xaxes(visible=False, range=[1.15 * min((0.0, *amounts)), 1.15 * max((1e-9, *amounts))])
    figure.update_yaxes(autorange="reversed", showgrid=False, ticks="", ticklabelstandoff=6)
    return figure


@lru_cache(maxsize=128)
def steps_figure(steps: tuple[Step, ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return what was spent in each step of a period, its moving average, and that of another period beside it."""
    go = plotly()
    days = [step.since for step in steps]

    def told(amounts: Sequence[Decimal | None]) -> list[str]:
        return [formats.money(amount, currency) for amount in amounts]

    spent = [step.spent for step in steps]
    traces = [
        go.Bar(
            name="Spent",
            x=days,
            y=[float(amount) for amount in spent],
            marker={"color": BLUE, "cornerradius": 2},
            opacity=0.55,
            customdata=[f"{step.told}: {formats.money(step.spent, currency)}" for step in steps],
            hovertemplate="%{customdata}<extra></extra>",
        ),
        go.Scatter(
            name="Moving average",
            x=days,
            y=[float(step.average) for step in steps],
            mode="lines",
            line={"width": 2.5, "color": BLUE, "shape": "spline", "smoothing": 0.6},
            customdata=told([step.average for step in steps]),
            hovertemplate="%{customdata} on average<extra></extra>",
        ),
    ]
    if any(step.before is not None for step in steps):
        traces.append(
            go.Scatter(
                name="Average then",
                x=days,
                y=[None if step.before is None else float(step.before) for step in steps],
                mode="lines",
                line={"width": 2, "color": GREY, "dash": "dot"},
                customdata=told([step.before for step in steps]),
                hovertemplate="%{customdata} on average in the period compared with<extra></extra>",
            )
        )
    figure = go.Figure(traces, layout(300))
    figure.update_layout(bargap=0.25, showlegend=True, legend={"orientation": "h", "y": -0.22, "x": 0})
    amounts = [*spent, *(step.average for step in steps), *(step.before or Decimal(0) for step in steps)]
    figure.update_yaxes(**money_axis(ticks(min(*amounts, Decimal(0)), max(amounts)), currency, formats))
    every = -(-len(steps) // MOST_LABELS)
    labelled = days[::-every][::-1]
    long = (days[-1] - days[0]).days > LONG
    text = month_labels(labelled, formats) if long else [formats.short_day(day) for day in labelled]
    figure.update_xaxes(tickvals=labelled, ticktext=text, tickangle=0)
    figure.update_layout(hovermode="x unified")
    return figure


@lru_cache(maxsize=128)
def columns_figure(columns: tuple[Column, ...], currency: str, formats: Formats, height: int = 220) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return a bar for each of a few things side by side, the one that stands out in another colour."""
    go = plotly()
    places = list(range(len(columns)))
    trace = go.Bar(
        x=places,
        y=[float(column.amount) for column in columns],
        marker={"color": [OCHRE if column.stands_out else BLUE for column in columns], "cornerradius": 3},
        customdata=[f"{column.told}: {formats.money(column.amount, currency)}" for column in columns],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(trace, layout(height))
    figure.update_layout(bargap=0.3, hovermode="closest")
    amounts = [column.amount for column in columns]
    figure.update_yaxes(**money_axis(ticks(min(*amounts, Decimal(0)), max(*amounts, Decimal(0))), currency, formats))
    every = -(-len(columns) // MOST_COLUMNS)
    labelled = places[::-every][::-1]
    figure.update_xaxes(tickvals=labelled, ticktext=[columns[place].label for place in labelled], tickangle=0)
    return figure
