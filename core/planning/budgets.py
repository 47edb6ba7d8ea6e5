"""A month's budgets: what may be spent on what, what was, what is left of it, and where that leads."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from statistics import median
from typing import Final, Literal

from core.cache import UserCache, home_currency
from core.ledger import list_categories
from core.money import minor_digits
from core.planning.limits import Limit, Limits, read_limits
from core.planning.months import PlanMonth, month_called, month_of
from core.planning.spending import (
    NOTHING,
    Families,
    MonthSums,
    Spent,
    by_budget,
    by_group,
    families,
    month_sums,
    spent_later,
)
from core.store import Store, UserId

WEEK: Final = 7
"""So many days of a month tell at which pace it goes on; what is paid on its first day is paid once."""
HISTORY: Final = 12
"""Months that tell what is usual."""
FEWEST: Final = 3
"""As many full months it takes to foretell the rest of one from them, or to suggest a limit."""

State = Literal["fine", "ahead", "over"]
"""ahead: more was spent than an even pace would have, and more than there is will have been at the end."""


@dataclass(frozen=True, slots=True)
class PastMonth:
    """What was spent, less refunds, in a month that is over on what a line stands for now; money out is positive."""

    month: date
    spent: Decimal


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A category's budget in one month; amounts are positive unless said."""

    category_id: int
    title: str
    group: str
    """The title of its primary category, "" for a primary one itself."""
    icon: str
    need: str
    limit: Decimal
    carries: bool
    alone: bool
    """Whether the limit is for this month alone."""
    carried: Decimal
    """What the months before left; negative when they took too much."""
    spent: Decimal
    rows: int
    pace: Decimal
    """What an even pace would have spent by today."""
    projected: Decimal
    """What will have been spent at the end."""
    category_ids: tuple[int, ...]
    """The categories that it stands for."""
    listed_ids: tuple[int, ...]
    """What to filter transactions by to see its rows; there a primary category stands for its whole group."""
    history: tuple[PastMonth, ...]

    @property
    def available(self) -> Decimal:
        """Return what may be spent: the limit and what was carried over."""
        return self.limit + self.carried

    @property
    def left(self) -> Decimal:
        """Return what may still be spent; negative when it was too much."""
        return self.available - self.spent

    @property
    def used(self) -> Decimal:
        """Return the share of what may be spent that was; 1 when nothing may be and something was."""
        if self.available > 0:
            return max(self.spent / self.available, NOTHING)
        return Decimal(1) if self.spent > self.available else NOTHING

    @property
    def state(self) -> State:
        """Return how it stands."""
        if self.left < 0:
            return "over"
        return "ahead" if self.spent > self.pace and self.projected > self.available else "fine"

    @property
    def usual(self) -> Decimal | None:
        """Return the median of the past months, None without any."""
        return middle(self.history)

    @property
    def kept(self) -> int:
        """Return in how many of the past months the limit of now would have held."""
        return sum(one.spent <= self.limit for one in self.history)


@dataclass(frozen=True, slots=True)
class UnbudgetedLine:
    """A group of categories that has spending but no budget; `category_id` None is what has no category.

    Amounts are positive, in the currency of the month's budgets.
    """

    category_id: int | None
    title: str
    icon: str
    spent: Decimal
    listed_ids: tuple[int, ...]
    """What to filter transactions by to see its rows."""
    history: tuple[PastMonth, ...]
    suggestion: Decimal | None
    """A limit that half of the past months would have kept; None where there were too few, or none is possible."""

    @property
    def usual(self) -> Decimal | None:
        """Return the median of the past months, None without any."""
        return middle(self.history)


@dataclass(frozen=True, slots=True)
class BudgetMonth:
    """All budgets of one month, in `currency`; amounts are positive unless said."""

    month: PlanMonth
    today: date
    currency: str
    lines: tuple[BudgetLine, ...]
    unbudgeted: tuple[UnbudgetedLine, ...]
    income: Decimal
    spent: Decimal
    """All spending of the month, with a budget or without."""
    hidden: Decimal
    """Spent in rows that are hidden from budgets."""
    elsewhere: tuple[tuple[str, Decimal], ...]
    """Spent in other currencies: in no budget."""

    @property
    def limit(self) -> Decimal:
        """Return all limits together."""
        return sum((one.limit for one in self.lines), NOTHING)

    @property
    def carried(self) -> Decimal:
        """Return all that was carried over."""
        return sum((one.carried for one in self.lines), NOTHING)

    @property
    def available(self) -> Decimal:
        """Return all that may be spent: the limits and what was carried over."""
        return self.limit + self.carried

    @property
    def budgeted(self) -> Decimal:
        """Return what was spent on what has a budget."""
        return sum((one.spent for one in self.lines), NOTHING)

    @property
    def left(self) -> Decimal:
        """Return what all budgets leave; negative when it was too much."""
        return sum((one.left for one in self.lines), NOTHING)

    @property
    def used(self) -> Decimal | None:
        """Return the share of all that may be spent that was; None where nothing may be."""
        return self.budgeted / self.available if self.available > 0 else None

    @property
    def troubled(self) -> tuple[BudgetLine, ...]:
        """Return the budgets that are over or will be, the worst first."""
        return tuple(sorted((one for one in self.lines if one.state != "fine"), key=lambda one: one.left))

    @property
    def elapsed(self) -> Decimal:
        """Return the share of the month that has passed."""
        return Decimal(self.month.elapsed(self.today)) / self.month.days

    @property
    def suggested(self) -> Mapping[int, Decimal]:
        """Return a limit for each group without a budget that one can be suggested for."""
        return {
            one.category_id: one.suggestion
            for one in self.unbudgeted
            if one.category_id is not None and one.suggestion is not None
        }


def budget_month(store: Store, user: UserId, cache: UserCache, month: PlanMonth, today: date) -> BudgetMonth:
    """Return the budgets of one of a person's months, in the currency of their totals."""
    known = families(list_categories(store, user))
    limits = read_limits(store, user).without(known.merged)
    asked, now = month, month_of(today, month.first.day)
    # Only what is over tells what is usual: the twelve months before the one asked for, or before this one.
    end = min(asked, now, key=lambda one: one.start).moved(-1)
    since = min(end.moved(1 - HISTORY).start, limits.first_carrying() or asked.start)
    with cache.answering() as answer:
        currency = home_currency(answer)
        sums = month_sums(answer, month_called(since, asked.first.day), asked, currency)
        later = spent_later(answer, asked, asked.elapsed(today), FEWEST) if asked == now else {}
    reckoning = _Reckoning(known, limits, sums, later, asked, today, _full_months(sums, end), currency)
    mine = sums.get(asked.start, MonthSums())
    return BudgetMonth(
        asked,
        today,
        currency,
        reckoning.lines(mine),
        reckoning.unbudgeted(mine),
        mine.income,
        mine.total,
        mine.hidden,
        tuple(sorted((code, spent) for code, spent in mine.elsewhere.items() if spent)),
    )


def suggested_limit(past: tuple[PastMonth, ...]) -> Decimal | None:
    """Return a round limit that half of the past months would have kept; None where they are too few.

    It is rounded up: to fives, from a thousand on to half of its second digit (437 becomes 440, 1,534 becomes 1,550).
    """
    usual = middle(past)
    if usual is None or len(past) < FEWEST or usual <= 0:
        return None
    step = Decimal(5).scaleb(max(usual.adjusted() - 2, 0))
    return ((usual / step).to_integral_value(ROUND_CEILING) * step).quantize(Decimal(1))


def middle(past: tuple[PastMonth, ...]) -> Decimal | None:
    """Return the median of the past months, None without any."""
    return median(one.spent for one in past) if past else None


def _full_months(sums: Mapping[date, MonthSums], end: PlanMonth) -> list[date]:
    """Return the last months up to `end` in order, from the first one that has any rows."""
    months = [end.moved(-back).start for back in range(HISTORY - 1, -1, -1)]
    begun = min(sums, default=None)
    return [month for month in months if begun is not None and month >= begun]


@dataclass(frozen=True, slots=True)
class _Reckoning:
    known: Families
    limits: Limits
    sums: Mapping[date, MonthSums]
    later: Mapping[date, Spent]
    asked: PlanMonth
    today: date
    past: list[date]
    currency: str

    def lines(self, mine: MonthSums) -> tuple[BudgetLine, ...]:
        month = self.asked.start
        budgets = self.limits.categories(month)
        cover = self.known.cover(frozenset(budgets))
        carried, spent = self._carried(), by_budget(mine.spent, cover)
        history = [(one, by_budget(self._spent(one), cover)) for one in self.past]
        later = [by_budget(self.later.get(one, {}), cover) for one in self.past[-FEWEST:]]
        lines = []
        for category in budgets:
            entry, limit = self.known.entries.get(category), self.limits.at(category, month)
            if entry is None or limit is None:
                continue
            covered = tuple(one for one in self.known.members(category) if cover.get(one) == category)
            primary = self.known.entries.get(self.known.primary_of(category), entry)
            available = limit.amount + carried.get(category, NOTHING)
            lines.append(
                BudgetLine(
                    category,
                    entry.title,
                    "" if primary.id == category else primary.title,
                    entry.icon,
                    entry.need,
                    limit.amount,
                    limit.carries,
                    (category, month) in self.limits.exceptions,
                    carried.get(category, NOTHING),
                    spent.get(category, NOTHING),
                    sum(mine.rows.get(one, 0) for one in covered),
                    self._pace(available),
                    self._projected(spent.get(category, NOTHING), [one.get(category, NOTHING) for one in later]),
                    covered,
                    self._listed(category, covered, mine),
                    tuple(PastMonth(one, sums.get(category, NOTHING)) for one, sums in history),
                )
            )
        return tuple(sorted(lines, key=lambda one: (one.group or one.title, one.group != "", one.title)))

    def unbudgeted(self, mine: MonthSums) -> tuple[UnbudgetedLine, ...]:
        month = self.asked.start
        cover = self.known.cover(frozenset(self.limits.categories(month)))
        spent = by_group(mine.spent, self.known, cover)
        history = [(one, by_group(self._spent(one), self.known, cover)) for one in self.past]
        groups = {*spent, *(group for _, sums in history for group in sums)}
        lines = []
        for group in groups:
            past = tuple(PastMonth(one, sums.get(group, NOTHING)) for one, sums in history)
            suggestion = None if group is None else self._suggestion(group, past)
            if not spent.get(group) and suggestion is None:
                continue
            entry = None if group is None else self.known.entries.get(group)
            members = () if group is None else self.known.members(group)
            covered = tuple(one for one in members if cover.get(one) is None)
            lines.append(
                UnbudgetedLine(
                    group,
                    entry.title if entry else "Uncategorised",
                    entry.icon if entry else "help",
                    spent.get(group, NOTHING),
                    (0,) if group is None else self._listed(group, covered, mine),
                    past,
                    suggestion,
                )
            )
        return tuple(sorted(lines, key=lambda one: (-max(one.spent, one.usual or NOTHING), one.title)))

    def _listed(self, head: int, covered: tuple[int, ...], mine: MonthSums) -> tuple[int, ...]:
        """Return the fewest categories that list the rows of a group, or of what others of it leave."""
        rest = tuple(one for one in covered if one != head and mine.rows.get(one))
        # Rows of the primary category itself can only be listed with its whole group.
        return (head,) if mine.rows.get(head) or len(covered) == len(self.known.members(head)) else rest or (head,)

    def _suggestion(self, group: int, past: tuple[PastMonth, ...]) -> Decimal | None:
        entry = self.known.entries.get(group)
        return suggested_limit(past) if entry is not None and entry.kind == "spending" else None

    def _carried(self) -> dict[int, Decimal]:
        """Return what goes over into the month asked for: the carried sums of all months before, added up."""
        carried: dict[int, Decimal] = {}
        covers: dict[frozenset[int], Mapping[int | None, int | None]] = {}
        first = self.limits.first_carrying()
        month = self.asked if first is None else month_called(first, self.asked.first.day)
        while month.start < self.asked.start:
            held = {one: self.limits.at(one, month.start) for one in self.limits.categories(month.start)}
            budgets = frozenset(held)
            if budgets not in covers:
                covers[budgets] = self.known.cover(budgets)
            spent = by_budget(self._spent(month.start), covers[budgets])
            carried = {
                one: _goes_on(limit, carried.get(one, NOTHING), spent.get(one, NOTHING))
                for one, limit in held.items()
                if limit is not None and limit.carries
            }
            month = month.moved(1)
        return carried

    def _spent(self, month: date) -> Spent:
        return self.sums[month].spent if month in self.sums else {}

    def _pace(self, available: Decimal) -> Decimal:
        share = Decimal(self.asked.elapsed(self.today)) / self.asked.days
        return self._rounded(max(available, NOTHING) * share)

    def _projected(self, spent: Decimal, later: list[Decimal]) -> Decimal:
        """Return where a month ends: with what past months took after its day, else at its pace once that shows."""
        elapsed = self.asked.elapsed(self.today)
        if elapsed in {0, self.asked.days}:
            return spent
        if len(later) >= FEWEST:
            return spent + max(median(later), NOTHING)
        if elapsed < WEEK:
            return spent
        return max(spent, self._rounded(spent / elapsed * self.asked.days))

    def _rounded(self, amount: Decimal) -> Decimal:
        return amount.quantize(Decimal(1).scaleb(-minor_digits(self.currency)))


def _goes_on(limit: Limit, carried: Decimal, spent: Decimal) -> Decimal:
    return limit.amount + carried - spent
