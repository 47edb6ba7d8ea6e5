"""What came in and was spent by category."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from core.analytics.spans import Span
from core.cache import UNCATEGORISED, Answer, KnownCategory, categories, money_lines
from core.money import from_units


class CategorySums(NamedTuple):
    """What a category had in two periods, in the currency of totals; negative is money out."""

    kind: str
    """income or spending."""
    category_id: int | None
    total: Decimal
    before: Decimal
    rows: int
    rows_before: int
    known: KnownCategory


def category_sums(answer: Answer, accounts: Sequence[int], span: Span) -> list[CategorySums]:
    """Return what every category had in `span` and in the period it is held against, by kind, most money out first."""
    known, lines = categories(answer), money_lines(answer)
    now = lines.by_category(lines.where(accounts, span.since, span.until))
    before: Mapping[tuple[bool, int], tuple[int, int]] = {}
    if span.before_since is not None and span.before_until is not None:
        before = lines.by_category(lines.where(accounts, span.before_since, span.before_until))
    found = []
    for spent, category in now.keys() | before.keys():
        (total, rows), (total_before, rows_before) = (one.get((spent, category), (0, 0)) for one in (now, before))
        found.append(
            CategorySums(
                "spending" if spent else "income",
                category or None,
                from_units(total),
                from_units(total_before),
                rows,
                rows_before,
                known.get(category, UNCATEGORISED),
            )
        )
    return sorted(found, key=lambda one: (one.kind, one.total, one.category_id is None, one.category_id or 0))
