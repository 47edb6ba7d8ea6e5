"""A view as the address carries it, and the widgets that stand for it: a link, a reload and a saved view are the same.

What stands at its default is left out. The filter is written as the list of transactions writes its own.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from core.analytics import (
    CHARTS,
    COMPARISONS,
    DIMENSIONS,
    MEASURES,
    MOST,
    ORDERS,
    PRESETS,
    Preset,
    View,
    settled,
)
from pages.shared.filters import Asked, filter_of, filter_values, query_of
from pages.shared.filters import asked as asked_for

DEFAULT: Final = View()
PREFIX: Final = "explore_"
_SEEN: Final = "explore_seen"
NOTHING: Final = "nothing"
"""What a choice of a dimension holds where none is chosen."""


def key(name: str) -> str:
    """Return the session key of a widget of the page."""
    return f"{PREFIX}{name}"


def view_in(query: Mapping[str, str]) -> View:
    """Read an address; what makes no sense in it is left out."""
    rows = tuple(one for one in DIMENSIONS for part in query.get("rows", "").split(",") if one == part)
    order = {name: place for place, name in enumerate(query.get("rows", "").split(","))}
    columns = query.get("columns")
    shown = tuple(one for part in query.get("show", "").split(",") for one in MEASURES if one == part)
    most = query.get("top", "")
    return settled(
        View(
            rows=tuple(sorted(rows, key=order.__getitem__)) or DEFAULT.rows,
            columns=next((one for one in DIMENSIONS if one == columns), None)
            if columns is not None
            else DEFAULT.columns
            if "rows" not in query
            else None,
            measures=shown or DEFAULT.measures,
            wanted=asked_for(query).wanted,
            span=next((one for one in PRESETS if one == query.get("period")), _span_of(query)),
            against=next((one for one in COMPARISONS if one == query.get("against")), DEFAULT.against),
            order=next((one for one in ORDERS if one == query.get("sort")), DEFAULT.order),
            most=next((one for one in MOST if str(one) == most), DEFAULT.most),
            chart=next((one for one in CHARTS if one == query.get("chart")), None),
        )
    )


def query_for(view: View) -> dict[str, str]:
    """Write an address; the inverse of `view_in`."""
    whole = {
        "rows": ",".join(view.rows),
        "columns": view.columns or "",
        "show": ",".join(view.measures) if view.measures != DEFAULT.measures else "",
        "period": view.span if view.span != DEFAULT.span else "",
        "against": view.against if view.against != DEFAULT.against else "",
        "sort": view.order if view.order != DEFAULT.order else "",
        "top": str(view.most) if view.most != DEFAULT.most else "",
        "chart": view.chart or "",
    }
    return {name: value for name, value in whole.items() if value} | query_of(Asked(view.wanted))


def kept_query(view: View) -> str:
    """Return a view as it is kept under a name."""
    return urlencode(query_for(view))


def widgets_follow_address() -> View:
    """Return what the address asks for, and set the widgets to it when it changed from outside.

    Call it before the widgets are drawn.
    """
    query = st.query_params.to_dict()
    view = view_in(query)
    if st.session_state.get(_SEEN) != query or key("rows") not in st.session_state:
        st.session_state[_SEEN] = query
        for name, value in _widget_values(view).items():
            st.session_state[key(name)] = value
    return view


def address_follows_widgets() -> None:
    """Write what the widgets stand for into the address. For `on_change`."""
    show(_view_of_widgets())


def show(view: View) -> None:
    """Write a view into the address; the widgets take it over in the next run."""
    st.query_params.from_dict(query_for(settled(view)))
    st.session_state.pop(_SEEN, None)


def show_query(query: str) -> None:
    """Show a view as it was kept under a name; what makes no sense in it is left out."""
    show(view_in(dict(parse_qsl(query))))


def _span_of(query: Mapping[str, str]) -> Preset:
    return "own" if query.get("from") or query.get("to") else DEFAULT.span


def _widget_values(view: View) -> dict[str, Any]:
    return {
        "rows": view.rows[0],
        "under": view.rows[1] if len(view.rows) > 1 else NOTHING,
        "columns": view.columns or NOTHING,
        "measure": view.measure,
        "beside": list(view.measures[1:]),
        "span": view.span,
        "against": view.against,
        "order": view.order,
        "shown": view.most,
    } | filter_values(view.wanted)


def _view_of_widgets() -> View:
    state = st.session_state
    before = view_in(st.query_params.to_dict())
    under, columns = state.get(key("under"), NOTHING), state.get(key("columns"), NOTHING)
    return View(
        rows=(state[key("rows")], *([] if under == NOTHING else [under])),
        columns=None if columns == NOTHING else columns,
        measures=(state[key("measure")], *state.get(key("beside"), before.measures[1:])),
        wanted=filter_of(key),
        span=state[key("span")],
        against=state[key("against")],
        order=state[key("order")],
        most=state[key("shown")],
        chart=before.chart,
    )
