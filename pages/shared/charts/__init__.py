"""The charts: one style, light and dark from the theme, each with words and its data as a table.

Figures are drawn once for the same data and shared between sessions: nobody may change one.
"""

from pages.shared.charts.banner import Said, banner
from pages.shared.charts.bar_list import BarLine, bar_list
from pages.shared.charts.bars import BAR, Column, Flow, Step, columns_figure, flow_figure, parts_figure, steps_figure
from pages.shared.charts.drawing import clickable, draw, leave_for, take_up_again
from pages.shared.charts.foresight import Span, fan_figure, tested_figure
from pages.shared.charts.lines import Layer, Point, balance_figure, history_figure, layers_figure, rates_figure
from pages.shared.charts.spark import spark
from pages.shared.charts.streams import StreamBar, streams_chart
from pages.shared.charts.style import BLUE, GREY, OCHRE, WORDS, month_labels
from pages.shared.charts.tokens import gain_colour, style_of_the_chosen, tokens
from pages.shared.charts.year_of_days import DayCell, year_chart

__all__ = [
    "BAR",
    "BLUE",
    "GREY",
    "OCHRE",
    "WORDS",
    "BarLine",
    "Column",
    "DayCell",
    "Flow",
    "Layer",
    "Point",
    "Said",
    "Span",
    "Step",
    "StreamBar",
    "balance_figure",
    "banner",
    "bar_list",
    "clickable",
    "columns_figure",
    "draw",
    "fan_figure",
    "flow_figure",
    "gain_colour",
    "history_figure",
    "layers_figure",
    "leave_for",
    "month_labels",
    "parts_figure",
    "rates_figure",
    "spark",
    "steps_figure",
    "streams_chart",
    "style_of_the_chosen",
    "take_up_again",
    "tested_figure",
    "tokens",
    "year_chart",
]
