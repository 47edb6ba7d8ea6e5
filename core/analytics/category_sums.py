"""What came in and was spent by category."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from core.analytics.spans import Span
from core.cache import UNCATEGORISED, Answer, KnownCategory, categories


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
    known = categories(answer)
    told = answer("by_category", {"accounts": list(accounts)} | span.parameters())
    found = [
        CategorySums(kind, category, total, before, rows, rows_before, known.get(category or 0, UNCATEGORISED))
        for kind, category, total, before, rows, rows_before in told
    ]
    return sorted(found, key=lambda one: (one.kind, one.total, one.category_id is None, one.category_id or 0))
