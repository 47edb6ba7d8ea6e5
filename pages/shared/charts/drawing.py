"""A chart on a screen: the figure, the link to its rows, what a click on it opens, and its data as a table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NoReturn

import streamlit as st

from core.formats import unlike
from pages.shared.links import Link, page_link

CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}

_LEFT: Final = "left_by_chart"
"""Where a click on a figure led, and the query that the screen had before."""

Opens = Callable[[int, int], Link | None]
"""From the place of a line or kind of bars in the figure, and of a point in it, to the rows behind that point."""


def draw(
    figure: Any,  # noqa: ANN401 - Plotly's types are not known
    *,
    key: str,
    alt: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    link: Link | None = None,
    opens: Opens | None = None,
) -> None:
    """Draw a figure, and under it a link to its rows and a button that shows its data as a table.

    `alt` says in one sentence what is to be seen. A click on a point goes to what `opens` says.
    """
    if opens is None:
        st.plotly_chart(figure, key=key, alt=alt, config=CONFIG, width="stretch")
    else:
        clicked = clickable(figure, key=key, alt=alt)
        target = opens(*clicked) if clicked else None
        if target is not None:
            leave_for(target.page, target.query)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if link:
            page_link(link)
        table = st.popover("As a table", icon=":material/table:", type="tertiary", on_change="rerun", key=f"{key}_data")
    if table.open:
        with table:
            titles = unlike(header)
            st.dataframe(
                {name: [row[at] for row in rows] for at, name in enumerate(titles)},
                column_config={name: st.column_config.TextColumn(alignment="right") for name in titles[1:]},
                hide_index=True,
                alt=alt,
            )


def leave_for(page: str, query: Mapping[str, str]) -> NoReturn:
    """Go to the rows behind what was clicked; remember the address for when one comes back."""
    # Without a query the way back can't be told from a first visit to any screen: then nothing is remembered.
    if query:
        st.session_state[_LEFT] = (dict(query), st.query_params.to_dict())
    st.switch_page(page, query_params=dict(query))


def take_up_again() -> None:
    """Give a screen that one comes back to from a click on its figures the address that it had.

    Streamlit writes the other screen's query into this one's place in the history before it leaves.
    """
    led_to, before = st.session_state.get(_LEFT, (None, None))
    if before is not None and st.query_params.to_dict() == led_to:
        st.query_params.from_dict(before)
        del st.session_state[_LEFT]


def clickable(figure: Any, *, key: str, alt: str) -> tuple[int, int] | None:  # noqa: ANN401 - Plotly's types are not known
    """Draw a figure; return the places of the line and of the point in it that was clicked, None for none."""
    told = st.plotly_chart(
        figure, key=key, alt=alt, config=CONFIG, width="stretch", on_select="rerun", selection_mode="points"
    )
    points = told.selection.points
    return (points[0]["curve_number"], points[0]["point_index"]) if points else None
