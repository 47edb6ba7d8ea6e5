"""A pivot as a table: which columns it has, what they are called, and what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from core.analytics.exploring import Pivot, PivotRow
from core.analytics.exploring_keys import Key
from core.analytics.exploring_views import Measure
from core.cache import Dimension

What = Literal["cell", "total", "before", "difference", "change"]
"""change: the difference as a share of what was before."""

MEASURE_TITLES: Final[Mapping[Measure, str]] = {
    "spent": "Spending",
    "income": "Income",
    "net": "Left over",
    "lines": "Transactions",
    "average": "Average purchase",
    "largest": "Largest purchase",
    "balance": "Balance",
}
DIMENSION_TITLES: Final[Mapping[Dimension, str]] = {
    "category": "Category",
    "group": "Group",
    "merchant": "Merchant",
    "account": "Account",
    "institution": "Bank",
    "tag": "Tag",
    "currency": "Currency",
    "kind": "Kind",
    "need": "Need or want",
    "weekday": "Weekday",
    "day": "Day",
    "week": "Week",
    "month": "Month",
    "quarter": "Quarter",
    "year": "Year",
}


@dataclass(frozen=True, slots=True)
class PivotColumn:
    """One column of figures: of a key of the columns, or of all of them."""

    what: What
    measure: Measure
    key: Key | None = None

    @property
    def is_money(self) -> bool:
        """Tell whether its figures are amounts, not counts or shares."""
        return self.what != "change" and self.measure != "lines"


def columns_of(pivot: Pivot) -> tuple[PivotColumn, ...]:
    """Return the columns of figures, in their order."""
    found = [PivotColumn("cell", pivot.view.measure, key) for key in pivot.columns]
    for measure in pivot.view.measures:
        found.append(PivotColumn("total", measure))
        if pivot.dates.before and measure != "balance":
            found += [
                PivotColumn("before", measure),
                PivotColumn("difference", measure),
                PivotColumn("change", measure),
            ]
    return tuple(found)


def title_of(pivot: Pivot, column: PivotColumn) -> str:
    """Return what a column is called, times in ISO's way."""
    if column.key is not None:
        return pivot.names.told(column.key)
    name = MEASURE_TITLES[column.measure]
    if column.what == "total":
        return "Total" if pivot.columns else name
    words = {"before": "before", "difference": "difference", "change": "change"}[column.what]
    return words.capitalize() if len(pivot.view.measures) == 1 else f"{name}, {words}"


def value_of(row: PivotRow, column: PivotColumn) -> Decimal | None:
    """Return what stands in a column of a row; None where there is nothing to tell."""
    if column.what == "cell":
        sums = row.cells.get(column.key) if column.key is not None else None
        return sums.value(column.measure) if sums is not None else None
    now, before = row.total.value(column.measure), row.before.value(column.measure)
    if column.what == "total":
        return now
    if column.what == "before":
        return before
    if column.what == "difference":
        return None if now is before is None else (now or Decimal(0)) - (before or Decimal(0))
    return None if not before else ((now or Decimal(0)) - before) / abs(before)
