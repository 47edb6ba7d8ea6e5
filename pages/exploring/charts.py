"""A view as a picture: bars, stacks, lines, areas, treemap or heat map, each mark with what it says and its cell.

Colours are Streamlit's place holders, as in `pages.shared.charts`. A mark's `customdata` is its words, then the place
of its row and of its column (-1 for none), by which a click finds its cell; of an area of a treemap a click tells no
more than its id, which is the place among all rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from core.analytics import TIMES, Chart, Key, Pivot, PivotColumn, PivotRow
from core.formats import ticks
from pages.exploring.wording import figure_words, key_words
from pages.shared.charts import BAR, month_labels
from pages.shared.charts.style import GREY, TINT, layout, money_axis, plotly
from pages.shared.formats import Formats, hover_text

COLOURS: Final = ("#000001", "#000003", "#000002", "#000004", "#000005", "#000006", "#000007")
HEIGHT: Final = 320
LEGEND: Final = 12
"""Pixels that each series after the first few adds."""
SHORT_LEGEND: Final = 4
PALER: Final = 0.5
ROW: Final = 30
"""Pixels that a row of a heat map is high, where all of them fit into the tallest."""
TALLEST: Final = 1_800
"""Pixels: a browser takes ten seconds for a picture six times as high."""
LABEL: Final = 18
"""Pixels that a line of labels needs."""
MOST_MARKS: Final = 3_000
"""A heat map of more cells has no marks to click: so many elements make a browser stand still for seconds."""
MOST_LABELS: Final = 12
ZERO: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class Mark:
    """One amount of a picture, and the cell that it stands for."""

    value: Decimal | None
    words: str
    row: int
    column: int


def view_figure(pivot: Pivot, chart: Chart, formats: Formats) -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return the picture of a pivot that has rows."""
    if chart == "treemap":
        return _treemap(pivot, formats)
    if chart == "heat":
        return _heat(pivot, formats)
    return _marks(pivot, chart, formats)


def can_be_clicked(pivot: Pivot, chart: Chart) -> bool:
    """Tell whether a click on the picture leads to rows."""
    return chart != "heat" or len(pivot.outer) * len(pivot.columns) <= MOST_MARKS


def clicked_keys(pivot: Pivot, point: Mapping[str, Any]) -> tuple[Key, ...] | None:
    """Return what the mark that was clicked is about; None if the picture was of what has changed meanwhile."""
    told = point.get("customdata")
    if isinstance(told, list):
        _, row, column = told
        if row < len(pivot.outer) and column < len(pivot.columns):
            return (*pivot.outer[row].keys, *(pivot.columns[column : column + 1] if column >= 0 else ()))
    elif str(point.get("id", "")).isdigit() and int(point["id"]) < len(pivot.rows):
        return pivot.rows[int(point["id"])].keys
    return None


def _series(pivot: Pivot, formats: Formats) -> tuple[list[tuple[Key, str]], list[tuple[str, bool, list[Mark]]]]:
    """Return what stands along the axis, and the series over it: each with its name and whether it is the rest.

    Time lies along the axis wherever there is one.
    """
    rows, columns = pivot.outer, pivot.columns
    money = PivotColumn("cell", pivot.view.measure)

    def mark(row: PivotRow, place: int, column: int, name: str) -> Mark:
        sums = row.total if column < 0 else row.cells.get(columns[column])
        value = sums.value(pivot.view.measure) if sums is not None else None
        return Mark(value, f"{name}: {figure_words(value, money, pivot.currency, formats)}", place, column)

    row_names = [key_words(pivot, row.keys[0], formats) for row in rows]
    column_names = [key_words(pivot, key, formats) for key in columns]
    if not columns:
        along = [(row.keys[0], name) for row, name in zip(rows, row_names, strict=True)]
        return along, [("", False, [mark(row, at, -1, row_names[at]) for at, row in enumerate(rows)])]
    if pivot.view.rows[0] in TIMES or pivot.view.columns not in TIMES | {"weekday"}:
        along = [(row.keys[0], name) for row, name in zip(rows, row_names, strict=True)]
        return along, [
            (
                column_names[at],
                key.is_rest,
                [mark(row, place, at, f"{row_names[place]}, {column_names[at]}") for place, row in enumerate(rows)],
            )
            for at, key in enumerate(columns)
        ]
    along = list(zip(columns, column_names, strict=True))
    return along, [
        (
            row_names[place],
            row.keys[0].is_rest,
            [mark(row, place, at, f"{column_names[at]}, {row_names[place]}") for at in range(len(columns))],
        )
        for place, row in enumerate(rows)
    ]


def _marks(pivot: Pivot, chart: Chart, formats: Formats) -> Any:  # noqa: ANN401
    along, series = _series(pivot, formats)
    lying = chart == "bars" and len(series) == 1 and along[0][0].dimension not in TIMES | {"weekday"}
    places = list(range(len(along)))
    traces = []
    for number, (name, is_rest, marks) in enumerate(series):
        colour = GREY if is_rest else COLOURS[number % len(COLOURS)]
        trace = _trace(chart, hover_text(name), marks, places, colour, lying=lying, alone=len(series) == 1)
        # There are more series than colours: the second time a colour is paler.
        trace["opacity"] = 1.0 if number < len(COLOURS) or is_rest else PALER
        traces.append(trace)
    # The legend takes its room from the chart.
    height = max(BAR * len(along) + 24, 120) if lying else HEIGHT + LEGEND * max(0, len(series) - SHORT_LEGEND)
    amounts = [mark.value or ZERO for _, _, marks in series for mark in marks]
    if chart in {"stacked", "area"} and len(series) > 1:
        amounts += _stacked_ends([marks for _, _, marks in series], len(along))
    frame = layout(height)
    across, up = _axes(pivot, along, amounts, formats, lying=lying)
    frame |= {
        "xaxis": frame["xaxis"] | across,
        "yaxis": frame["yaxis"] | up,
        "hovermode": "closest",
        "barmode": "relative" if chart == "stacked" else "group",
        "bargap": 0.3,
        "showlegend": len(series) > 1,
        "legend": {
            "orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0, "traceorder": "normal"
        },
    }  # fmt: skip
    # Plotly's own check of all marks, and each change of what it holds, take a seventh of what the screen does in all.
    # A test has the check made.
    return plotly().Figure(traces, frame, _validate=False)


def _trace(
    chart: Chart, name: str, marks: Sequence[Mark], places: list[int], colour: str, *, lying: bool, alone: bool
) -> dict[str, Any]:
    values = [None if one.value is None else float(one.value) for one in marks]
    common: dict[str, Any] = {
        "name": name,
        "customdata": [[hover_text(one.words), one.row, one.column] for one in marks],
        "hovertemplate": "%{customdata[0]}<extra></extra>",
    }
    if chart in {"lines", "area"}:
        drawn = "lines+markers" if len(places) <= 62 else "lines"
        stack = {"stackgroup": "one"} if chart == "area" and not alone else {}
        fill = {"fill": "tozeroy"} if chart == "area" and alone else {}
        filled = [value or 0.0 for value in values] if stack else values
        look = {"mode": drawn, "line": {"width": 2, "color": colour}, "marker": {"size": 6, "color": colour}}
        return {"type": "scatter", "x": places, "y": filled, **look, **stack, **fill, **common}
    sides = {"x": values, "y": places, "orientation": "h"} if lying else {"x": places, "y": values}
    return {"type": "bar", **sides, "marker": {"color": colour, "cornerradius": 3}, **common}


def _stacked_ends(series: Sequence[Sequence[Mark]], count: int) -> list[Decimal]:
    """Return how high and how low each stack reaches."""
    ends = []
    for place in range(count):
        values = [marks[place].value or ZERO for marks in series]
        ends += [sum((one for one in values if one > 0), ZERO), sum((one for one in values if one < 0), ZERO)]
    return ends


def _axes(
    pivot: Pivot, along: Sequence[tuple[Key, str]], amounts: Sequence[Decimal], formats: Formats, *, lying: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the axis across and the one up say, beside what they have in every chart."""
    low, high = min(*amounts, ZERO), max(*amounts, ZERO)
    marks = ticks(low, high)
    if pivot.view.measure == "lines":
        scale = {"tickvals": [float(one) for one in marks], "ticktext": [formats.number(int(one)) for one in marks]}
    else:
        scale = money_axis(marks, pivot.currency, formats)
    if lying:
        shown = [_shortened(name) for name in _labels(along, formats)]
        names = {"tickvals": list(range(len(along))), "ticktext": shown, "autorange": "reversed", "showgrid": False}
        return scale | {"showgrid": True}, names
    return _labelled(along, formats, 14) | {"range": [-0.6, len(along) - 0.4]}, scale | {"zeroline": True}


def _labelled(along: Sequence[tuple[Key, str]], formats: Formats, longest: int) -> dict[str, Any]:
    """Return the labels below an axis, at most `MOST_LABELS`, the last one always; years stand below their months."""
    every = max(1, -(-len(along) // MOST_LABELS))
    places = list(range(len(along) - 1, -1, -every))[::-1]
    days = [along[place][0].first_day for place in places]
    if along[0][0].dimension == "month" and all(days):
        texts = month_labels([day for day in days if day is not None], formats)
    else:
        names = _labels(along, formats)
        texts = [_shortened(names[place], longest) for place in places]
    return {"tickvals": places, "ticktext": texts, "tickangle": 0}


def _labels(along: Sequence[tuple[Key, str]], formats: Formats) -> list[str]:
    return [
        hover_text(name)[:3]
        if key.dimension == "weekday"
        else formats.short_day(key.first_day)
        if key.dimension in {"day", "week"} and key.first_day
        else hover_text(name)
        for key, name in along
    ]


def _shortened(name: str, most: int = 24) -> str:
    return name if len(name) <= most else f"{name[: most - 1]}…"


def _treemap(pivot: Pivot, formats: Formats) -> Any:  # noqa: ANN401
    measure = pivot.view.measure
    money = PivotColumn("cell", measure)
    ids, names, parents, values, figures, colours = [], [], [], [], [], []
    colour = {row.keys[0]: GREY if row.keys[0].is_rest else COLOURS[at % len(COLOURS)]
              for at, row in enumerate(pivot.outer)}  # fmt: skip
    drawn = [
        (place, row, value) for place, row in enumerate(pivot.rows) if (value := row.total.value(measure) or ZERO) > 0
    ]
    wholes = {row.keys[0]: str(place) for place, row, _ in drawn if row.depth == 1}
    divided = {row.keys[0] for _, row, _ in drawn if row.depth == 2}
    for place, row, value in drawn:
        ids.append(str(place))
        # Refunds may leave nothing of a whole, and something of its parts: those then stand by themselves.
        parents.append("" if row.depth == 1 else wholes.get(row.keys[0], ""))
        names.append(hover_text(key_words(pivot, row.keys[-1], formats)))
        # Areas of parts add up to their whole's by Plotly's own sums: a whole with parts has none of its own.
        values.append(0.0 if row.depth == 1 and row.keys[0] in divided else float(value))
        figures.append(hover_text(figure_words(value, money, pivot.currency, formats)))
        colours.append(colour[row.keys[0]])
    words = [f"{name}: {figure}" for name, figure in zip(names, figures, strict=True)]
    trace = plotly().Treemap(
        ids=ids, labels=names, parents=parents, values=values, customdata=words, marker={"colors": colours},
        hovertemplate="%{customdata}<extra></extra>", branchvalues="remainder", tiling={"pad": 2},
        text=figures, textinfo="label+text", pathbar={"visible": False},
    )  # fmt: skip
    return plotly().Figure(trace, layout(420))


def _heat(pivot: Pivot, formats: Formats) -> Any:  # noqa: ANN401
    rows, columns = pivot.outer, pivot.columns
    money = PivotColumn("cell", pivot.view.measure)
    row_names = [key_words(pivot, row.keys[0], formats) for row in rows]
    column_names = [key_words(pivot, key, formats) for key in columns]
    values, cells = [], []
    for place, (row, row_name) in enumerate(zip(rows, row_names, strict=True)):
        told = [sums.value(pivot.view.measure) if (sums := row.cells.get(key)) else None for key in columns]
        values.append([None if one is None else float(one) for one in told])
        cells += [
            [hover_text(f"{row_name}, {name}: {figure_words(one, money, pivot.currency, formats)}"), place, at]
            for at, (name, one) in enumerate(zip(column_names, told, strict=True))
        ]
    go = plotly()
    wide, clickable = len(columns), can_be_clicked(pivot, "heat")
    said = [[words for words, _, _ in cells[place * wide : (place + 1) * wide]] for place in range(len(rows))]
    hovers = {"hoverinfo": "skip"} if clickable else {"hovertext": said, "hovertemplate": "%{hovertext}<extra></extra>"}
    high = min(ROW, TALLEST / max(1, len(rows)))
    shades = go.Heatmap(
        z=values, x=list(range(wide)), y=list(range(len(rows))), xgap=2, ygap=2 if high == ROW else 0, **hovers,
        showscale=False, colorscale=[[0.0, f"rgba({TINT}, 0.06)"], [1.0, f"rgba({TINT}, 1)"]],
    )  # fmt: skip
    # The cells of a heat map can't be clicked: on the middle of each lies a mark that is not seen, and can.
    marks = go.Scatter(
        x=[column for _, _, column in cells], y=[row for _, row, _ in cells], mode="markers", customdata=cells,
        hovertemplate="%{customdata[0]}<extra></extra>", marker={"size": 1, "opacity": 0},
        selected={"marker": {"opacity": 0}}, unselected={"marker": {"opacity": 0}},
    )  # fmt: skip
    figure = go.Figure([shades, marks] if clickable else [shades], layout(max(round(high * len(rows)) + 40, 140)))
    # Wherever the pointer is, the mark that is nearest is that of the cell below it.
    figure.update_layout(hovermode="closest", hoverdistance=-1)
    along = list(zip(columns, column_names, strict=True))
    # Plotly would leave room around the marks.
    figure.update_xaxes(**_labelled(along, formats, 10), range=[-0.5, wide - 0.5], ticks="", zeroline=False)
    shown = range(0, len(rows), max(1, -(-LABEL // max(1, int(high)))))
    figure.update_yaxes(
        tickvals=list(shown), ticktext=[_shortened(hover_text(row_names[place])) for place in shown],
        range=[len(rows) - 0.5, -0.5], showgrid=False, ticks="", zeroline=False,
    )  # fmt: skip
    return figure
