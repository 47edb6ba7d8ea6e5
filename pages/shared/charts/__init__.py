"""The charts: one style, light and dark from the theme, each with words and its data as a table.

Figures are drawn once for the same data and shared between sessions: nobody may change one.
"""

from pages.shared.charts.bars import BAR, Flow, flow_figure, parts_figure
from pages.shared.charts.drawing import draw
from pages.shared.charts.lines import Point, balance_figure, history_figure
from pages.shared.charts.style import BLUE, GREEN, GREY, OCHRE, month_labels, ticks

__all__ = [
    "BAR",
    "BLUE",
    "GREEN",
    "GREY",
    "OCHRE",
    "Flow",
    "Point",
    "balance_figure",
    "draw",
    "flow_figure",
    "history_figure",
    "month_labels",
    "parts_figure",
    "ticks",
]
