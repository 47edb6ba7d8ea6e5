"""What can be asked when money is explored: measures by dimensions, their period, and what it is held against."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, get_args

from core.analytics.listing import TransactionFilter
from core.analytics.spans import Before, Comparing, Preset, held_against, span_of
from core.cache import TIMES, Dimension

Measure = Literal["spent", "income", "net", "lines", "average", "largest", "balance"]
"""spent: money out less refunds, positive; net: income less that; lines: how many transactions, and parts of split
ones; average and largest: of what was spent at a time; balance: what was on accounts at the end. Transfers count in
`lines` alone."""
Order = Literal["value", "value_up", "name"]
Chart = Literal["bars", "stacked", "lines", "area", "treemap", "heat"]

DIMENSIONS: Final[tuple[Dimension, ...]] = get_args(Dimension)
MEASURES: Final[tuple[Measure, ...]] = get_args(Measure)
ORDERS: Final[tuple[Order, ...]] = get_args(Order)
CHARTS: Final[tuple[Chart, ...]] = get_args(Chart)
MOST: Final = (5, 8, 12, 20, 50, 100)
"""How many rows can be told apart."""
BALANCED: Final[frozenset[Dimension]] = TIMES | {"account", "institution", "currency"}
"""What balances can be told by."""


@dataclass(frozen=True, slots=True)
class View:
    """What is asked. What contradicts itself is mended by `settled`."""

    rows: tuple[Dimension, ...] = ("group",)
    """One, or two: the second is told under each of the first."""
    columns: Dimension | None = "month"
    measures: tuple[Measure, ...] = ("spent",)
    """Several stand side by side where there are no columns; else the first alone."""
    wanted: TransactionFilter = TransactionFilter()  # noqa: RUF009 - frozen
    span: Preset = "12m"
    """Seen from today; "own" is what the filter says."""
    against: Comparing = "none"
    order: Order = "value"
    most: int = 12
    chart: Chart | None = None
    """None for the one that suits."""

    @property
    def measure(self) -> Measure:
        """Return the measure that charts show and order goes by."""
        return self.measures[0]

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Return all dimensions, that of the columns last."""
        return (*self.rows, self.columns) if self.columns else self.rows


@dataclass(frozen=True, slots=True)
class Dates:
    """The days that are looked at, both included, None is open; and those that they are held against, if any."""

    since: date | None
    until: date | None
    before: Before | None = None


def settled(view: View) -> View:
    """Return a view without what contradicts itself: a dimension twice, a balance by what no account has."""
    rows = tuple(dict.fromkeys(view.rows))[:2] or ("group",)
    columns = None if view.columns in rows else view.columns
    measures = tuple(dict.fromkeys(view.measures)) or ("spent",)
    if measures[0] == "balance":
        measures = ("balance",)
        rows = tuple(one for one in rows if one in BALANCED) or (("month",) if columns == "account" else ("account",))
        columns = columns if columns in BALANCED and columns not in rows else None
    else:
        measures = tuple(one for one in measures if one != "balance")
    if columns is not None:
        measures = measures[:1]
    if any(one in TIMES for one in rows[:1]) and len(rows) == 1 and view.order != "name" and view.columns is not None:
        view = replace(view, order="name")
    wanted = view.wanted
    if view.span != "own":
        wanted = replace(wanted, since=None, until=None)
    chart = view.chart
    view = replace(view, rows=rows, columns=columns, measures=measures, wanted=wanted)
    return replace(view, chart=chart if chart in charts_for(view) else None)


def dates_of(view: View, today: date) -> Dates:
    """Return the days of a view seen from `today`; only those of a person's own go on after it."""
    if view.span == "all":
        return Dates(None, None)
    if view.span == "own":
        since, until = view.wanted.since, view.wanted.until
    else:
        span = span_of(view.span, "none", today)
        since, until = span.since, span.until
    if since is None or until is None or until < since:
        return Dates(since, until)
    return Dates(since, until, held_against(view.span, view.against, since, until))


def charts_for(view: View) -> tuple[Chart, ...]:
    """Return the charts that a view can be drawn as, the one that suits best first."""
    first, over_time = view.rows[0], view.rows[0] in TIMES
    adds_up = view.measure in {"spent", "income", "lines", "balance", "net"}
    parts = view.measure in {"spent", "income", "lines"}
    if view.columns is None and len(view.rows) == 1:
        if over_time:
            drawn = view.measure == "balance" or first == "day"
            return ("lines", "area", "bars") if drawn else ("bars", "lines", "area")
        return ("bars", "treemap") if parts else ("bars",)
    if view.columns is None:
        return ("treemap", "bars") if parts else ("bars",)
    if over_time:
        return ("stacked", "lines", "area", "heat", "bars") if adds_up else ("lines", "heat", "bars")
    if view.columns in TIMES:
        if view.measure == "balance":
            return ("lines", "area", "stacked", "heat")
        return ("stacked", "heat", "lines", "area", "bars") if adds_up else ("lines", "heat", "bars")
    return ("heat", "stacked", "bars") if adds_up else ("heat", "bars")
