"""What was spent month by month and category, as budgets count it: less refunds, without hidden rows and transfers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from core.cache import Answer, shown_accounts
from core.ledger import CategoryEntry
from core.planning.limits import Limits
from core.planning.months import PlanMonth

NOTHING: Final = Decimal(0)

Spent = Mapping[int | None, Decimal]
"""Spent by category, positive; None is what has no category."""


@dataclass(slots=True)
class MonthSums:
    """One month's sums in the person's currency; all positive, spending less refunds."""

    income: Decimal = NOTHING
    spent: dict[int | None, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    rows: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))
    hidden: Decimal = NOTHING
    """Spent in rows that are hidden from budgets; not among the others."""
    elsewhere: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    """Spent in currencies without a rate."""

    @property
    def total(self) -> Decimal:
        """Return everything that was spent."""
        return sum(self.spent.values(), NOTHING)


def month_sums(answer: Answer, first: PlanMonth, last: PlanMonth, currency: str) -> dict[date, MonthSums]:
    """Return the sums of the months `first` to `last` by their start; months without rows are not there.

    `currency` is that of totals: everything that has a rate is counted in it.
    """
    span: dict[str, Any] = {"accounts": shown_accounts(answer), "since": first.start, "until": last.start}
    # The roll-up is by calendar month; other months are added up from the rows.
    if first.first.day == 1:
        rows = answer("budget_months", span)
    else:
        rows = answer("budget_days", span | {"first_day": first.first.day})
    months: dict[date, MonthSums] = defaultdict(MonthSums)
    for month, category, own, rated, kind, hidden, count, total in rows:
        code, sums = currency if rated else own, months[month]
        if hidden:
            if kind == "spending" and code == currency:
                sums.hidden -= total
        elif code != currency:
            if kind == "spending":
                sums.elsewhere[code] -= total
        elif kind == "income":
            sums.income += total
        else:
            sums.spent[category] -= total
            sums.rows[category] += count
    return dict(months)


def spent_later(answer: Answer, month: PlanMonth, elapsed: int, back: int) -> dict[date, Spent]:
    """Return what was spent in each of the `back` months before `month` after `elapsed` of their days."""
    parameters = {
        "accounts": shown_accounts(answer),
        "since": month.moved(-back).start,
        "until": month.moved(-1).start,
        "first_day": month.first.day,
        "elapsed": elapsed,
    }
    later: dict[date, dict[int | None, Decimal]] = defaultdict(dict)
    for start, category, total in answer("budget_rest", parameters):
        later[start][category] = -total
    return dict(later)


@dataclass(frozen=True, slots=True)
class Families:
    """Which budget a category's spending counts for: its own, else that of its primary category."""

    entries: Mapping[int, CategoryEntry]
    primaries: Mapping[int, int]
    """The primary category of each one; of one that is spent on in a group that is not, itself."""

    def budget_for(self, category_id: int | None, limits: Limits, month: date) -> int | None:
        """Return the category whose budget covers this one in a month, None where there is none."""
        if category_id is None:
            return None
        if limits.at(category_id, month) is not None:
            return category_id
        primary = self.primary_of(category_id)
        return primary if limits.at(primary, month) is not None else None

    def primary_of(self, category_id: int) -> int:
        """Return the primary category of one; itself where it has none."""
        return self.primaries.get(category_id, category_id)

    @property
    def merged(self) -> frozenset[int]:
        """Return the categories that were merged into others: their rows count as those, so they hold no budget."""
        return frozenset(one.id for one in self.entries.values() if one.merged_into is not None)

    def members(self, category_id: int) -> tuple[int, ...]:
        """Return the categories of a primary one's group, itself first; any other stands alone."""
        if self.primary_of(category_id) != category_id:
            return (category_id,)
        return (category_id, *(one for one, primary in self.primaries.items() if primary == category_id != one))


def families(categories: Sequence[CategoryEntry]) -> Families:
    """Return the families of a person's categories."""
    # Among the transfers are a few categories that are spent on, such as cash: their group can have no budget.
    heads = {(one.code, one.kind): one.id for one in categories if one.code == one.group}
    return Families(
        {one.id: one for one in categories}, {one.id: heads.get((one.group, one.kind), one.id) for one in categories}
    )


def by_budget(spent: Spent, known: Families, limits: Limits, month: date) -> dict[int | None, Decimal]:
    """Return what was spent for each budget of `month`; None is what no budget covers."""
    sums: dict[int | None, Decimal] = defaultdict(Decimal)
    for category, amount in spent.items():
        sums[known.budget_for(category, limits, month)] += amount
    return sums


def by_group(spent: Spent, known: Families, limits: Limits, month: date) -> dict[int | None, Decimal]:
    """Return what no budget of `month` covers, by primary category; None is what has no category."""
    sums: dict[int | None, Decimal] = defaultdict(Decimal)
    for category, amount in spent.items():
        if known.budget_for(category, limits, month) is None:
            sums[None if category is None else known.primary_of(category)] += amount
    return sums
