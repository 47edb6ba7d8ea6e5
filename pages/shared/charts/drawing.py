"""A chart on a screen: the figure, the link to its rows, and its data as a table."""

from collections.abc import Sequence
from typing import Any, Final

import streamlit as st

from pages.shared.links import Link, page_link

CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}


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
