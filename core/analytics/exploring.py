"""Money explored: measures by dimensions of a person's own choosing, with sums that hold and ways to their rows.

Figures are in the currency of totals, each line at its day's rate; lines without a rate are told apart.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.analytics.exploring_balances import balances
from core.analytics.exploring_keys import Key, Names, names_of
from core.analytics.exploring_views import Dates, Measure, View, dates_of, settled
from core.analytics.listing import conditions_of
from core.cache import TIMES, Answer, Dimension, PivotQuestion, Ranking, UserCache, home_currency

LATEST: Final = 400
"""So many days, weeks or months are told apart in rows, the latest; what was earlier is the rest."""
LATEST_COLUMNS: Final = 36
MOST_COLUMNS: Final = 8
MOST_UNDER: Final = 8
"""How many of the second dimension are told apart under each of the first."""
_COUNTED: Final[Mapping[Measure, tuple[str, ...]]] = {
    "spent": ("spending",),
    "average": ("spending",),
    "largest": ("spending",),
    "income": ("income",),
    "net": ("income", "spending"),
}
"""The kinds that a measure is made of; one that is not here takes all."""


@dataclass(frozen=True, slots=True)
class LineSums:
    """What some lines come to; None where there are none of the kind."""

    spent: Decimal | None = None
    income: Decimal | None = None
    lines: int = 0
    purchases: int = 0
    """How many of them were spending."""
    largest: Decimal | None = None
    balance: Decimal | None = None

    def value(self, measure: Measure) -> Decimal | None:
        """Return one measure; None where nothing is to be told."""
        if measure == "lines":
            return Decimal(self.lines) if self.lines else None
        if measure == "average":
            return None if self.spent is None or not self.purchases else self.spent / self.purchases
        if measure == "net":
            return None if self.income is self.spent is None else (self.income or NOTHING) - (self.spent or NOTHING)
        found: Decimal | None = getattr(self, measure)
        return found


NOTHING: Final = Decimal(0)
NO_LINES: Final = LineSums()


@dataclass(frozen=True, slots=True)
class PivotRow:
    """One row: what it is about, its cells by column, all of it together, and the same in the period before.

    `keys` are as many as there are dimensions of rows, fewer for what a part comes to, none for the grand total.
    """

    keys: tuple[Key, ...]
    cells: Mapping[Key, LineSums] = field(default_factory=dict)
    total: LineSums = NO_LINES
    before: LineSums = NO_LINES

    @property
    def depth(self) -> int:
        """Return how many dimensions it is about."""
        return len(self.keys)


@dataclass(frozen=True, slots=True)
class Pivot:
    """What a view shows: rows in their order, those of a part under what it comes to, the grand total apart."""

    view: View
    dates: Dates
    currency: str
    columns: tuple[Key, ...]
    rows: tuple[PivotRow, ...]
    total: PivotRow
    unrated: tuple[tuple[str, int], ...]
    """How many lines of which currencies have no rate: they count in no amount."""
    names: Names

    @property
    def outer(self) -> tuple[PivotRow, ...]:
        """Return the rows of the first dimension."""
        return tuple(one for one in self.rows if one.depth == 1)


def explore(cache: UserCache, view: View, today: date, week_start_day: int = 0) -> Pivot:
    """Answer a view as seen from `today`; `week_start_day` is the day with which weeks begin, 0 for Monday.

    Of days and months the latest are told apart, of all else those with most of the first measure; what is left is one
    row or column, so that all of them add up to the total, tags aside: a line with several counts under each.
    """
    view = settled(view)
    dates = dates_of(view, today)
    with cache.answering() as answer:
        currency = home_currency(answer)
        names = names_of(answer)
        if view.measure == "balance":
            cells, unrated = balances(answer, view, dates, today, week_start_day)
            found = {keys: (LineSums(balance=one), NO_LINES) for keys, one in cells.items()}
        else:
            found, unrated = _asked(answer, view, dates, week_start_day)
    return _laid_out(view, dates, currency, found, unrated, names)


def counted_of(measures: Sequence[Measure]) -> list[str] | None:
    """Return the kinds of lines that measures are made of; None for all."""
    if any(one not in _COUNTED for one in measures):
        return None
    return sorted({kind for one in measures for kind in _COUNTED[one]})


def _asked(
    answer: Answer, view: View, dates: Dates, week_start_day: int
) -> tuple[dict[tuple[Key | None, ...], tuple[LineSums, LineSums]], tuple[tuple[str, int], ...]]:
    """Return what the cache tells: sums, now and before, by the keys of all dimensions; None is a sum over one."""
    ranking: Ranking = view.measure if view.measure != "balance" else "spent"
    question = PivotQuestion(view.rows, view.columns, ranking, dates.before is not None)
    conditions = conditions_of(answer, view.wanted) | {"since": dates.since, "until": dates.until}
    conditions["counted"] = counted_of(view.measures)
    unrated = tuple((code, rows) for code, rows in answer("filtered_unrated", conditions))
    asked: dict[str, Any] = conditions | {"shown_rows": LATEST if view.rows[0] in TIMES else view.most}
    if len(view.rows) == 2:
        asked["shown_under"] = LATEST_COLUMNS if view.rows[1] in TIMES else MOST_UNDER
    if view.columns:
        asked["shown_columns"] = _shown_columns(view.columns)
    if "week" in view.dimensions:
        asked["week_start"] = week_start_day
    if dates.before is not None:
        asked |= {
            "before_since": dates.before.since,
            "before_until": dates.before.until,
            "shift_months": dates.before.months,
            "shift_days": dates.before.days,
        }
    count = len(view.dimensions)
    found = {}
    for row in answer(question, asked):
        summed = row[count : 2 * count]
        if len(view.rows) == 2 and row[0] is None and not summed[0] and not summed[1]:
            continue
        keys = tuple(
            None if over else Key(dimension, told)
            for dimension, told, over in zip(view.dimensions, row[:count], summed, strict=True)
        )
        sums = row[2 * count :]
        found[keys] = (_sums(sums[:5]), _sums(sums[5:]) if dates.before else NO_LINES)
    return found, unrated


def _shown_columns(dimension: Dimension) -> int:
    return LATEST_COLUMNS if dimension in TIMES or dimension == "weekday" else MOST_COLUMNS


def _sums(told: Sequence[Any]) -> LineSums:
    spent, income, lines, purchases, largest = told
    return LineSums(spent, income, int(lines or 0), int(purchases or 0), largest)


def _laid_out(
    view: View,
    dates: Dates,
    currency: str,
    found: Mapping[tuple[Key | None, ...], tuple[LineSums, LineSums]],
    unrated: tuple[tuple[str, int], ...],
    names: Names,
) -> Pivot:
    depth, wide = len(view.rows), view.columns is not None
    totals: dict[tuple[Key, ...], tuple[LineSums, LineSums]] = {}
    cells: dict[tuple[Key, ...], dict[Key, LineSums]] = {}
    for keys, (now, before) in found.items():
        about = tuple(one for one in keys[:depth] if one is not None)
        column = keys[depth] if wide else None
        if column is None:
            totals[about] = (now, before)
        else:
            cells.setdefault(about, {})[column] = now

    def row_of(keys: tuple[Key, ...]) -> PivotRow:
        now, before = totals.get(keys, (NO_LINES, NO_LINES))
        return PivotRow(keys, cells.get(keys, {}), now, before)

    by_columns = cells.get((), {})
    columns = sorted(by_columns, key=_order(view, names, lambda key: by_columns[key]))
    rows: list[PivotRow] = []
    firsts = sorted(
        (keys[0] for keys in totals if len(keys) == 1), key=_order(view, names, lambda key: totals[key,][0])
    )
    inner: dict[Key, list[Key]] = {}
    for keys in totals:
        if len(keys) == 2:
            inner.setdefault(keys[0], []).append(keys[1])
    for first in firsts:
        rows.append(row_of((first,)))
        within = sorted(inner.get(first, ()), key=_order(view, names, lambda key, of=first: totals[of, key][0]))  # type: ignore[misc]
        rows += [row_of((first, second)) for second in within]
    return Pivot(view, dates, currency, tuple(columns), tuple(rows), row_of(()), unrated, names)


def _order(view: View, names: Names, sums: Callable[[Key], LineSums]) -> Callable[[Key], tuple[Any, ...]]:
    """Return what keys are sorted by: days by themselves, all else as the view wishes, the rest last."""

    def place(key: Key) -> tuple[Any, ...]:
        value = sums(key).value(view.measure)
        if key.dimension in TIMES or key.dimension == "weekday":
            if view.order == "name" or view.columns is not None or view.order == "value":
                # What was earlier than the days told apart comes before them.
                return (not key.is_rest if key.dimension in TIMES else key.is_rest, NOTHING, key.value or "")
            return (key.is_rest, -(value or NOTHING), key.value or "")
        if view.order == "name":
            return (key.is_rest, NOTHING, names.told(key).casefold(), key.value or "")
        sign = 1 if view.order == "value_up" else -1
        return (key.is_rest, value is None, sign * (value or NOTHING), names.told(key).casefold(), key.value or "")

    return place
