"""How views are told: periods, charts and orders in words, keys and figures in the person's own way."""

from decimal import Decimal
from typing import Final

from core.analytics import Chart, Comparing, Key, Order, Pivot, PivotColumn, title_of
from core.formats import NONE
from pages.shared.formats import Formats, clean

AGAINST_WORDS: Final[dict[Comparing, str]] = {
    "none": "Nothing",
    "before": "The period before",
    "year": "The same a year ago",
}
ORDER_WORDS: Final[dict[Order, str]] = {"value": "Largest first", "value_up": "Smallest first", "name": "By name"}
CHART_WORDS: Final[dict[Chart, str]] = {
    "bars": "Bars",
    "stacked": "Stacked",
    "lines": "Lines",
    "area": "Area",
    "treemap": "Treemap",
    "heat": "Heat map",
}
CHART_ICONS: Final[dict[Chart, str]] = {
    "bars": ":material/bar_chart:",
    "stacked": ":material/stacked_bar_chart:",
    "lines": ":material/show_chart:",
    "area": ":material/area_chart:",
    "treemap": ":material/dashboard:",
    "heat": ":material/grid_on:",
}


def key_words(pivot: Pivot, key: Key, formats: Formats) -> str:
    """Return what a key is called, on one line and times in the person's own way."""
    first = key.first_day
    if first is None:
        return clean(pivot.names.told(key)) or NONE
    if key.dimension == "day":
        return formats.day(first)
    if key.dimension == "week":
        return f"{formats.short_day(first)} {first.year}"
    if key.dimension == "month":
        return f"{formats.short_month(first)} {first.year}"
    return f"Q{(first.month + 2) // 3} {first.year}" if key.dimension == "quarter" else str(first.year)


def figure_words(value: Decimal | None, column: PivotColumn, currency: str, formats: Formats) -> str:
    """Return what stands in a column in the person's own way."""
    if value is None:
        return NONE if column.what != "change" else ""
    if column.what == "change":
        return formats.percent(value, signed=True)
    if column.measure == "lines":
        text = formats.number(int(abs(value)))
        return f"{'−' if value < 0 else '+' if column.what == 'difference' and value > 0 else ''}{text}"
    return formats.money(value, currency, signed=column.what == "difference")


def column_words(pivot: Pivot, column: PivotColumn, formats: Formats) -> str:
    """Return what a column is called."""
    return key_words(pivot, column.key, formats) if column.key is not None else title_of(pivot, column)
