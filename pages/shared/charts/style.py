"""What all charts have in common: colours, frame, the axes of money and of months.

Colours are Streamlit's place holders, which the browser replaces by the theme's categorical colours.
"""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from pages.shared.formats import Formats

BLUE: Final = "#000001"
GREEN: Final = "#000002"
OCHRE: Final = "#000003"
GREY: Final = "#000008"
TEXT_GREY: Final = "#7B8698"
"""Told apart from both grounds: what belongs to none of the colours."""
WORDS: Final = {"color": GREY}
"""The font of what is written on axes and bars: Streamlit's own is too pale to read on a light screen."""
TINT: Final = "77, 128, 236"
"""Between the blue of the light and of the dark theme: a place holder can't be made to shine through."""
PALETTE: Final = tuple(f"#{number:06d}" for number in range(1, 9))

MOST_LABELS: Final = 7
LONG: Final = 100
"""Of more days than this an axis names months."""


def plotly() -> Any:  # noqa: ANN401 - Plotly's types are not known
    """Return Plotly's graph objects."""
    # Half a second to import: not before the first chart is drawn.
    import plotly.graph_objects as go

    return go


def layout(height: int) -> dict[str, Any]:
    """Return the frame of a chart that is so many pixels high."""
    return {
        "height": height,
        "margin": {"l": 0, "r": 20, "t": 8, "b": 0},
        "showlegend": False,
        "hovermode": "x unified",
        "dragmode": False,
        "xaxis": {"fixedrange": True, "showgrid": False, "tickfont": WORDS},
        "yaxis": {"fixedrange": True, "automargin": True, "tickfont": WORDS},
    }


def money_axis(places: Sequence[Decimal], currency: str, formats: Formats) -> dict[str, Any]:
    """Label a money axis in the person's own way: Plotly knows neither their currency nor their digits."""
    return {
        "tickvals": [float(place) for place in places],
        "ticktext": [formats.short_money(place, currency) for place in places],
    }


def month_labels(days: Sequence[dt.date], formats: Formats) -> list[str]:
    """Return short names of months in order; the year stands under the first one of each year."""
    # Where the year turns after the first label, only the second says its year: there is no room for both.
    new = [at for at in range(1, len(days)) if days[at - 1].year != days[at].year]
    with_year = {*new, *([0] if 1 not in new else [])}
    return [
        f"{formats.short_month(day)}<br>{day.year}" if at in with_year else formats.short_month(day)
        for at, day in enumerate(days)
    ]
