"""Lines: what something came to over time."""

import datetime as dt
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
    PALETTE,
    TEXT_GREY,
    layout,
    money_axis,
    month_labels,
    plotly,
)
from pages.shared.formats import Formats, hover_text

LEAST_RATE: Final = -1.0
"""A savings rate below this is drawn here; its words tell what it is."""


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a line; `amount` in the chart's currency."""

    day: dt.date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Layer:
    """What one thing came to on each day of a chart, in its currency; what is owed is negative."""

    name: str
    amounts: tuple[Decimal, ...]
    owed: bool = False


@lru_cache(maxsize=128)
def history_figure(points: tuple[Point, ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return the line of a balance over time; expects the days in order."""
    go = plotly()
    trace = go.Scatter(
        x=[point.day for point in points],
        y=[float(point.amount) for point in points],
        # Only a point can be clicked: it is there, and not seen.
        mode="lines+markers",
        marker={"size": 9, "opacity": 0, "color": BLUE},
        line={"width": 2, "color": BLUE},
        customdata=[f"{formats.day(point.day)}: {formats.money(point.amount, currency)}" for point in points],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(trace, layout(220))
    amounts = [point.amount for point in points]
    figure.update_yaxes(**money_axis(ticks(min(amounts), max(amounts)), currency, formats))
    every = -(-len(points) // MOST_LABELS)
    labelled = [point.day for point in points[::-every]][::-1]
    long = (points[-1].day - points[0].day).days > LONG
    text = month_labels(labelled, formats) if long else [formats.short_day(day) for day in labelled]
    figure.update_xaxes(tickvals=labelled, ticktext=text, tickangle=0)
    figure.update_xaxes(range=[points[0].day, points[-1].day])
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
    go = plotly()
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
    figure = go.Figure([steps, mark], layout(240))
    amounts = [point.amount for point in points]
    near = min(amounts) < 2 * line if line > 0 else min(amounts) < 0
    places = ticks(min(*amounts, line) if near else min(amounts), max(*amounts, line) if near else max(amounts))
    figure.update_yaxes(**money_axis(places, currency, formats))
    if near:
        figure.add_hline(y=float(line), line={"width": 1.5, "dash": "dash", "color": OCHRE})
    labelled = [point.day for point in points[:: max(1, -(-len(points) // MOST_LABELS))]]
    figure.update_xaxes(tickvals=labelled, ticktext=[formats.short_day(day) for day in labelled], tickangle=0)
    figure.update_layout(hovermode="x")
    return figure


@lru_cache(maxsize=64)
def layers_figure(
    days: tuple[dt.date, ...],
    layers: tuple[Layer, ...],
    total: tuple[Decimal, ...],
    currency: str,
    formats: Formats,
    *,
    stacked: bool,
) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return several balances over time: upon each other, what is owed below zero, and the total; or a line each.

    The places of its lines are those of `layers`; the total comes last.
    """
    go = plotly()
    traces = [
        go.Scatter(
            name=hover_text(layer.name),
            x=days,
            y=[float(amount) for amount in layer.amounts],
            mode="lines+markers",
            marker={"size": 8, "opacity": 0, "color": PALETTE[place % len(PALETTE)]},
            line={"width": 1 if stacked else 2, "color": PALETTE[place % len(PALETTE)]},
            customdata=[formats.money(amount, currency) for amount in layer.amounts],
            hovertemplate="%{customdata}",
            **({"stackgroup": "owed" if layer.owed else "owned"} if stacked else {}),
        )
        for place, layer in enumerate(layers)
    ]
    shown = [amount for layer in layers for amount in layer.amounts]
    if stacked:
        traces.append(
            go.Scatter(
                name="Net worth",
                x=days,
                y=[float(amount) for amount in total],
                mode="lines+markers",
                marker={"size": 8, "opacity": 0, "color": TEXT_GREY},
                line={"width": 2.5, "color": TEXT_GREY, "dash": "dot"},
                customdata=[formats.money(amount, currency) for amount in total],
                hovertemplate="%{customdata}",
            )
        )
        sides = [
            [sum((one.amounts[at] for one in layers if one.owed is owed), Decimal(0)) for at in range(len(days))]
            for owed in (False, True)
        ]
        shown = [*sides[0], *sides[1], *total]
    figure = go.Figure(traces, layout(360))
    low, high = min(*shown, Decimal(0)), max(*shown, Decimal(0))
    figure.update_yaxes(**money_axis(ticks(low, high), currency, formats), zeroline=True)
    every = -(-len(days) // MOST_LABELS)
    labelled = list(days)[::-every][::-1]
    long = (days[-1] - days[0]).days > LONG
    text = month_labels(labelled, formats) if long else [formats.short_day(day) for day in labelled]
    figure.update_xaxes(tickvals=labelled, ticktext=text, tickangle=0, hoverformat="%x")
    figure.update_layout(showlegend=True, hovermode="x unified")
    # The points that are there to be clicked would take room at both ends.
    figure.update_xaxes(range=[days[0], days[-1]])
    figure.update_layout(legend={"orientation": "h", "y": -0.2, "x": 0, "traceorder": "normal"})
    return figure


@lru_cache(maxsize=128)
def rates_figure(
    labels: tuple[str, ...],
    told: tuple[str, ...],
    rates: tuple[Decimal | None, ...],
    before: tuple[Decimal | None, ...],
    formats: Formats,
) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return shares month by month, beside those of another period; `told` names the months in full."""
    go = plotly()
    places = list(range(len(labels)))
    lines = [("Savings rate", rates, GREEN, "solid", 2.5)]
    if any(rate is not None for rate in before):
        lines.append(("In the period compared with", before, GREY, "dot", 2))
    # A month with hardly any income would flatten all others.
    traces = [
        go.Scatter(
            name=name,
            x=places,
            y=[None if one is None else max(float(one), LEAST_RATE) for one in several],
            mode="lines+markers",
            marker={"size": 6, "color": colour},
            line={"width": width, "color": colour, "dash": dash},
            customdata=[f"{month}: {formats.percent(one)}" for month, one in zip(told, several, strict=True)],
            hovertemplate="%{customdata}<extra></extra>",
        )
        for name, several, colour, dash, width in lines
    ]
    figure = go.Figure(traces, layout(230))
    known = [max(one, Decimal(str(LEAST_RATE))) for one in (*rates, *before) if one is not None] or [Decimal(0)]
    marks = ticks(min(*known, Decimal(0)), max(*known, Decimal(0)))
    figure.update_yaxes(
        tickvals=[float(one) for one in marks], ticktext=[formats.percent(one) for one in marks], zeroline=True
    )
    every = -(-len(places) // (2 * MOST_LABELS))
    labelled = places[::-every][::-1]
    figure.update_xaxes(tickvals=labelled, ticktext=[labels[place] for place in labelled], tickangle=0)
    figure.update_layout(hovermode="closest", showlegend=len(lines) > 1, legend={"orientation": "h", "y": -0.3, "x": 0})
    return figure
