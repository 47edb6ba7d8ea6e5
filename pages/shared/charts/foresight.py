"""What will be: a line with how sure it is, and what was said of past months beside what came."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from core.formats import ticks
from pages.shared.charts.style import (
    BLUE,
    GREY,
    MOST_LABELS,
    OCHRE,
    TINT,
    layout,
    money_axis,
    month_labels,
    plotly,
)
from pages.shared.formats import Formats


@dataclass(frozen=True, slots=True)
class Span:
    """A foreseen amount and between what it lies in four of five cases, and in nineteen of twenty."""

    day: dt.date
    amount: Decimal
    low: Decimal
    high: Decimal
    lowest: Decimal
    highest: Decimal


@lru_cache(maxsize=128)
def fan_figure(
    spans: tuple[Span, ...], unchanged: tuple[Decimal, ...], line: Decimal, currency: str, formats: Formats
) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return a foreseen balance with its spans; `unchanged`, where it differs, as a dotted line, and `line` if near."""
    go = plotly()
    days = [span.day for span in spans]

    def band(low: list[Decimal], high: list[Decimal], opacity: float) -> list[Any]:
        hidden = {"mode": "lines", "line": {"width": 0, "color": BLUE}, "hoverinfo": "skip", "x": days}
        return [
            go.Scatter(y=[float(one) for one in low], **hidden),
            go.Scatter(y=[float(one) for one in high], fill="tonexty", fillcolor=f"rgba({TINT}, {opacity})", **hidden),
        ]

    traces = [
        *band([one.lowest for one in spans], [one.highest for one in spans], 0.14),
        *band([one.low for one in spans], [one.high for one in spans], 0.22),
        go.Scatter(
            x=days,
            y=[float(one.amount) for one in spans],
            mode="lines",
            line={"width": 2, "color": BLUE},
            customdata=[
                f"{formats.day(one.day)}: {formats.money(one.amount, currency)}<br>"
                f"between {formats.money(one.low, currency)} and {formats.money(one.high, currency)}"
                for one in spans
            ],
            hovertemplate="%{customdata}<extra></extra>",
        ),
    ]
    if unchanged and unchanged != tuple(one.amount for one in spans):
        traces.append(
            go.Scatter(
                x=days,
                y=[float(one) for one in unchanged],
                mode="lines",
                line={"width": 2, "color": GREY, "dash": "dot"},
                customdata=[f"as it is: {formats.money(one, currency)}" for one in unchanged],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )
    figure = go.Figure(traces, layout(300))
    low = min(*(one.lowest for one in spans), *unchanged)
    high = max(*(one.highest for one in spans), *unchanged)
    near = low < 2 * line if line > 0 else low < line
    figure.update_yaxes(**money_axis(ticks(min(low, line) if near else low, high), currency, formats))
    if near:
        figure.add_hline(y=float(line), line={"width": 1.5, "dash": "dash", "color": OCHRE})
    labelled = days[:: max(1, -(-len(days) // MOST_LABELS))]
    figure.update_xaxes(tickvals=labelled, ticktext=[formats.short_day(day) for day in labelled], tickangle=0)
    figure.update_layout(hovermode="x")
    return figure


@lru_cache(maxsize=128)
def tested_figure(actual: tuple[Decimal, ...], spans: tuple[Span, ...], currency: str, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return what came of past months as bars, and what was foreseen of each as points with their spans."""
    go = plotly()
    months = [formats.month(one.day) for one in spans]
    bars = go.Bar(
        name="What came",
        x=months,
        y=[float(amount) for amount in actual],
        marker={"color": GREY, "cornerradius": 3},
        opacity=0.55,
        customdata=[formats.money(amount, currency) for amount in actual],
        hovertemplate="%{customdata}",
    )
    points = go.Scatter(
        name="Foreseen",
        x=months,
        y=[float(one.amount) for one in spans],
        mode="markers",
        marker={"size": 8, "color": BLUE},
        error_y={
            "type": "data",
            "symmetric": False,
            "array": [float(one.high - one.amount) for one in spans],
            "arrayminus": [float(one.amount - one.low) for one in spans],
            "color": BLUE,
            "thickness": 1.5,
            "width": 3,
        },
        customdata=[
            f"{formats.money(one.amount, currency)}, "
            f"between {formats.money(one.low, currency)} and {formats.money(one.high, currency)}"
            for one in spans
        ],
        hovertemplate="%{customdata}",
    )
    figure = go.Figure([bars, points], layout(260))
    figure.update_layout(bargap=0.35, showlegend=True, legend={"orientation": "h", "y": 1.12, "x": 0})
    amounts = [Decimal(0), *actual, *(one.high for one in spans), *(one.low for one in spans)]
    figure.update_yaxes(**money_axis(ticks(min(amounts), max(amounts)), currency, formats), zeroline=True)
    labels = month_labels([one.day for one in spans], formats)
    every = max(1, -(-len(months) // (2 * MOST_LABELS)))
    figure.update_xaxes(type="category", tickvals=months[::every], ticktext=labels[::every], tickangle=0)
    return figure
