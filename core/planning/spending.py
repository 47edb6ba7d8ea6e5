"""What was spent month by month and category, as budgets count it: less refunds, without hidden rows and transfers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core.cache import Answer, day_sums, money_lines, shown_accounts
from core.ledger import CategoryEntry
from core.money import from_units
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

    def add_unrated(
        self, category: int | None, currency: str, kind: str, rows: int, total: Decimal, *, hidden: bool
    ) -> None:
        """Add lines without a rate; `currency` is empty for that of totals, negative is money out."""
        if hidden:
            if kind == "spending" and not currency:
                self.hidden -= total
        elif currency:
            if kind == "spending":
                self.elsewhere[currency] -= total
        elif kind == "income":
            self.income += total
        else:
            self.spent[category] -= total
            self.rows[category] += rows

    @property
    def total(self) -> Decimal:
        """Return everything that was spent."""
        return sum(self.spent.values(), NOTHING)


def month_sums(answer: Answer, first: PlanMonth, last: PlanMonth, currency: str) -> dict[date, MonthSums]:
    """Return the sums of the months `first` to `last` by their start; months without rows are not there.

    `currency` is that of totals: everything that has a rate is counted in it.
    """
    accounts, lines = shown_accounts(answer), money_lines(answer)
    asked = [first]
    while asked[-1].start < last.start:
        asked.append(asked[-1].moved(1))
    begins = [one.first for one in asked]
    rows = lines.where(accounts, first.first, last.last)
    budgeted = lines.budgeted[rows]
    counted, hidden = (lines.by_category_from(its, begins) for its in (rows[budgeted], rows[~budgeted]))
    months: dict[date, MonthSums] = defaultdict(MonthSums)
    for month, its, left_out in zip(asked, counted, hidden, strict=True):
        if not its and not left_out:
            continue
        sums = months[month.start]
        for (spent, category), (total, count) in its.items():
            if spent:
                sums.spent[category or None] = from_units(-total)
                sums.rows[category or None] = count
            else:
                sums.income += from_units(total)
        sums.hidden = from_units(-sum(total for (spent, _), (total, _) in left_out.items() if spent))
    if len(day_sums(answer).where(accounts, first.first, last.last, ("income", "spending"), rated=False)):
        span = {"accounts": accounts, "since": first.first, "until": last.last, "first_day": first.first.day}
        for start, category, code, kind, is_hidden, count, total in answer("budget_unrated", span):
            own = "" if code == currency else code
            months[start].add_unrated(category, own, kind, count, total, hidden=is_hidden)
    return dict(months)


def spent_later(answer: Answer, month: PlanMonth, elapsed: int, back: int) -> dict[date, Spent]:
    """Return what was spent in each of the `back` months before `month` after `elapsed` of their days."""
    accounts, lines = shown_accounts(answer), money_lines(answer)
    later: dict[date, Spent] = {}
    for earlier in (month.moved(-number) for number in range(back, 0, -1)):
        rows = lines.where(accounts, earlier.first + timedelta(days=elapsed), earlier.last, spending=True)
        sums = lines.by_category(rows[lines.budgeted[rows]])
        later[earlier.start] = {category or None: from_units(-total) for (_, category), (total, _) in sums.items()}
    return later


@dataclass(frozen=True, slots=True)
class Families:
    """Which budget a category's spending counts for: its own, else that of its primary category."""

    entries: Mapping[int, CategoryEntry]
    primaries: Mapping[int, int]
    """The primary category of each one; of one that is spent on in a group that is not, itself."""

    def budget_for(self, category_id: int | None, budgets: Collection[int]) -> int | None:
        """Return the category among `budgets` whose budget covers this one, None where there is none."""
        if category_id is None or category_id in budgets:
            return category_id
        primary = self.primary_of(category_id)
        return primary if primary in budgets else None

    def cover(self, budgets: Collection[int]) -> Mapping[int | None, int | None]:
        """Return for each category the one among `budgets` whose budget covers it, None where there is none.

        A category that is not there, for it was deleted a moment ago, has none.
        """
        return {None: None} | {one: self.budget_for(one, budgets) for one in self.entries}

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


def by_budget(spent: Spent, cover: Mapping[int | None, int | None]) -> dict[int | None, Decimal]:
    """Return what was spent for each of the categories that have a budget; None is what no budget covers."""
    sums: dict[int | None, Decimal] = defaultdict(Decimal)
    for category, amount in spent.items():
        sums[cover.get(category)] += amount
    return sums


def by_group(spent: Spent, known: Families, cover: Mapping[int | None, int | None]) -> dict[int | None, Decimal]:
    """Return what no budget covers, by primary category; None is what has no category."""
    sums: dict[int | None, Decimal] = defaultdict(Decimal)
    for category, amount in spent.items():
        if cover.get(category) is None:
            sums[None if category is None else known.primary_of(category)] += amount
    return sums
