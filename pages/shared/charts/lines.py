"""Lines: what something came to over time."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from pages.shared.charts.style import BLUE, MOST_LABELS, OCHRE, layout, money_axis, month_labels, plotly, ticks
from pages.shared.formats import Formats


@dataclass(frozen=True, slots=True)
class Point:
    """One day of a line; `amount` in the chart's currency."""

    day: dt.date
    amount: Decimal


@lru_cache(maxsize=128)
def history_figure(points: tuple[Point, ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return the line of a balance over time; expects the days in order."""
    go = plotly()
    trace = go.Scatter(
        x=[point.day for point in points],
        y=[float(point.amount) for point in points],
        mode="lines",
        line={"width": 2, "color": BLUE},
        customdata=[f"{formats.day(point.day)}: {formats.money(point.amount, currency)}" for point in points],
        hovertemplate="%{customdata}<extra></extra>",
    )
    figure = go.Figure(trace, layout(220))
    amounts = [point.amount for point in points]
    figure.update_yaxes(**money_axis(ticks(min(amounts), max(amounts)), currency, formats))
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
