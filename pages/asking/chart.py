"""The chart of an answer: chosen by what its columns are made of, and changed by hand."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import streamlit as st

from core.cache import AnswerColumn, QueryAnswer
from core.formats import ticks
from pages.asking.wording import is_plain, money_words, rounded_words
from pages.shared.charts import draw, month_labels
from pages.shared.charts.style import PALETTE, layout, plotly
from pages.shared.formats import Formats, clean, hover_text

MOST_POINTS: Final = 2_000
MOST_BARS: Final = 40
MOST_LINES: Final = len(PALETTE)
_FIGURES: Final = frozenset({"money", "decimal", "number", "whole"})
_AXES: Final = frozenset({"day", "moment", "text", "whole"})
_KINDS: Final = {"Line": ":material/show_chart: Line", "Bar": ":material/bar_chart: Bar"}


def plottable(answer: QueryAnswer) -> bool:
    """Tell whether a chart can be made of an answer: something to lay along an axis, and a figure."""
    return bool(len(answer.rows) > 1 and _along(answer) and any(_figures(answer, at) for at in _along(answer)))


def chart(answer: QueryAnswer, turn: int, formats: Formats) -> None:
    """Draw an answer as a chart, with what it shows to be changed."""
    names = _names(answer)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        along = _first(
            st.selectbox("Along", _along(answer), format_func=names.__getitem__, key=f"sql_along_{turn}", width=190),
            _along(answer),
        )
        offered = _figures(answer, along)
        shown = st.multiselect(
            "Figures",
            offered,
            default=_default_figures(answer, offered),
            format_func=names.__getitem__,
            key=f"sql_figures_{turn}_{along}",
            width=320,
            placeholder="Choose",
        )
        texts = [None, *(at for at, one in enumerate(answer.columns) if one.kind == "text" and at != along)]
        series = None
        if len(shown) == 1 and len(texts) > 1:
            likely = _is_time(answer.columns[along]) and _repeats(answer, along)
            series = st.selectbox(
                "A line for each",
                texts,
                index=1 if likely else 0,
                format_func=lambda at: "–" if at is None else names[at],
                key=f"sql_series_{turn}_{along}",
                width=170,
            )
        kind = st.segmented_control(
            "Kind",
            list(_KINDS),
            format_func=_KINDS.__getitem__,
            default="Line" if _is_time(answer.columns[along]) else "Bar",
            required=True,
            key=f"sql_kind_{turn}_{along}",
        )
    if not shown:
        st.caption("Choose at least one figure.")
        return
    bars = kind == "Bar" and not _is_time(answer.columns[along])
    most = MOST_BARS if bars else MOST_POINTS
    traces = _traces(answer, along, shown, series, most)
    draw(
        _figure(traces, answer, along, shown, str(kind), formats),
        key=f"sql_chart_{turn}",
        alt=f"{', '.join(names[at] for at in shown)} by {names[along]}",
        header=(names[along], "Figure", "Amount"),
        rows=[
            [_axis_words(x, formats), name, _amount(y, answer.columns[at], formats)]
            for name, at, points in traces
            for x, y in points
        ],
    )
    if len(answer.rows) > most:
        st.caption(f"The first {formats.number(most)} rows are drawn.")


def _names(answer: QueryAnswer) -> list[str]:
    return [clean(column.name) for column in answer.columns]


def _first(chosen: int | None, offered: Sequence[int]) -> int:
    return offered[0] if chosen is None else chosen


def _is_time(column: AnswerColumn) -> bool:
    return column.kind in {"day", "moment"}


def _along(answer: QueryAnswer) -> list[int]:
    """Return the columns that can be laid along an axis: days first, then texts, then numbers."""
    order = ("day", "moment", "text", "whole")
    fit = [at for at, one in enumerate(answer.columns) if one.kind in _AXES]
    return sorted(fit, key=lambda at: (order.index(answer.columns[at].kind), at))


def _figures(answer: QueryAnswer, along: int) -> list[int]:
    return [at for at, one in enumerate(answer.columns) if one.kind in _FIGURES and at != along]


def _default_figures(answer: QueryAnswer, offered: Sequence[int]) -> list[int]:
    """Return the figures that are of one kind with the first, for they share an axis; money before all else."""
    money = [at for at in offered if answer.columns[at].kind == "money"]
    first = (money or list(offered))[:1]
    return [at for at in offered if first and answer.columns[at].kind == answer.columns[first[0]].kind][:MOST_LINES]


def _repeats(answer: QueryAnswer, along: int) -> bool:
    values = [row[along] for row in answer.rows]
    return len(set(values)) < len(values)


Trace = tuple[str, int, list[tuple[Any, Any]]]
"""A name, the column of its figures, and its points."""


def _traces(answer: QueryAnswer, along: int, shown: Sequence[int], series: int | None, most: int) -> list[Trace]:
    rows = [row for row in answer.rows[:most] if row[along] is not None]
    if series is None:
        return [(clean(answer.columns[at].name), at, [(row[along], row[at]) for row in rows]) for at in shown]
    (at,) = shown
    points: dict[str, list[tuple[Any, Any]]] = {}
    for row in rows:
        points.setdefault(clean(str(row[series] if row[series] is not None else "–")), []).append((row[along], row[at]))
    largest = sorted(points, key=lambda name: -sum(abs(_float(value)) for _, value in points[name]))[:MOST_LINES]
    return [(name, at, points[name]) for name in points if name in largest]


def _float(value: Any) -> float:  # noqa: ANN401 - whatever an answer holds
    return float(value) if isinstance(value, int | float | Decimal) else 0.0


def _figure(
    traces: Sequence[Trace], answer: QueryAnswer, along: int, shown: Sequence[int], kind: str, formats: Formats
) -> Any:  # noqa: ANN401 - Plotly's types are not known
    axis = answer.columns[along]
    time = _is_time(axis)
    lying = kind == "Bar" and not time
    height = max(200, 30 * len({x for _, _, points in traces for x, _ in points}) + 40) if lying else 360
    figure = plotly().Figure(layout=layout(height))
    for place, (name, at, points) in enumerate(traces):
        column = answer.columns[at]
        xs = [_axis_value(x, axis, formats) for x, _ in points]
        ys = [_float(y) if y is not None else None for _, y in points]
        told = [
            f"{hover_text(name)}, {hover_text(_axis_words(x, formats))}: {_amount(y, column, formats)}"
            for x, y in points
        ]
        colour = PALETTE[place % len(PALETTE)]
        common = {"name": hover_text(name), "customdata": told, "hovertemplate": "%{customdata}<extra></extra>"}
        if kind == "Line":
            figure.add_scatter(
                x=xs, y=ys, mode="lines" if len(points) > 60 else "lines+markers", line={"width": 2, "color": colour},
                marker={"size": 6}, **common,
            )  # fmt: skip
        else:
            figure.add_bar(
                x=ys if lying else xs,
                y=xs if lying else ys,
                orientation="h" if lying else "v",
                marker={"color": colour, "cornerradius": 3},
                **common,
            )
    figure.update_layout(
        showlegend=len(traces) > 1,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        hovermode="closest",
        bargap=0.3,
        xaxis_showgrid=lying,
        yaxis_showgrid=not lying,
    )
    values = [Decimal(str(_float(y))) for _, _, points in traces for _, y in points if y is not None]
    lows = [*values, Decimal(0)] if kind == "Bar" else values
    if values and all(value.is_finite() for value in values):
        places = ticks(min(lows), max(lows))
        column = answer.columns[shown[0]]
        labelled = {
            "tickvals": [float(one) for one in places],
            "ticktext": [_short(one, column, formats) for one in places],
        }
        (figure.update_xaxes if lying else figure.update_yaxes)(**labelled)
    if lying:
        figure.update_yaxes(autorange="reversed", type="category")
    elif not time:
        figure.update_xaxes(type="category")
    else:
        _label_days(figure, [x for _, _, points in traces for x, _ in points], formats)
    return figure


def _label_days(figure: Any, days: Sequence[Any], formats: Formats) -> None:  # noqa: ANN401 - Plotly's types are not known
    """Label an axis of days in the person's own way."""
    there = sorted({day.date() if isinstance(day, dt.datetime) else day for day in days if isinstance(day, dt.date)})
    every = max(1, -(-len(there) // 7))
    chosen = there[::every]
    long = len(there) > 1 and (there[-1] - there[0]).days > 300
    labels = month_labels(chosen, formats) if long else [formats.short_day(day) for day in chosen]
    figure.update_xaxes(tickvals=chosen, ticktext=labels, tickangle=0)


def _axis_value(value: Any, axis: AnswerColumn, formats: Formats) -> Any:  # noqa: ANN401 - whatever an answer holds
    return value if _is_time(axis) else hover_text(_axis_words(value, formats))


def _axis_words(value: Any, formats: Formats) -> str:  # noqa: ANN401 - whatever an answer holds
    if isinstance(value, dt.datetime):
        return f"{formats.day(value.date())}, {value:%H:%M}"
    if isinstance(value, dt.date):
        return formats.day(value)
    return clean(str(value))[:60]


def _amount(value: Any, column: AnswerColumn, formats: Formats) -> str:  # noqa: ANN401 - whatever an answer holds
    if value is None:
        return "–"
    if column.kind == "money" and column.currency and isinstance(value, Decimal):
        return money_words(value, column.currency, formats)
    return rounded_words(value, formats)


def _short(value: Decimal, column: AnswerColumn, formats: Formats) -> str:
    if not is_plain(value):
        return f"{value:.3g}"
    if column.kind == "money" and column.currency:
        return formats.short_money(value, column.currency)
    return rounded_words(value, formats)
