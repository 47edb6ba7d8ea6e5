"""Bars: months side by side, and the parts of a whole."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from pages.shared.charts.style import BLUE, GREEN, OCHRE, layout, money_axis, month_labels, plotly, ticks
from pages.shared.formats import Formats

BAR: Final = 38
"""Pixels that a lying bar takes, its gap included."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One month: `income` is positive, `spending` negative."""

    month: dt.date
    income: Decimal
    spending: Decimal
    net: Decimal


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
