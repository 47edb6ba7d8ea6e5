"""What a period's money was spent on: day by day, by category, by merchant.

Figures are in the currency of totals at each day's rate; positive is money out, refunds lessen it, transfers are none.
Pending rows and those that budgets leave out count. What has no rate is told apart.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Final

from core import clock
from core.analytics.category_sums import CategorySums, category_sums
from core.analytics.converting import Apart, apart, oldest_rate
from core.analytics.merchant_sums import MerchantSpent, merchant_sums
from core.analytics.spans import DAY, WEEK, Span, Unit, stretches
from core.cache import Answer, UserCache, day_sums, facts, home_currency, money_lines, shown_accounts
from core.money import from_units

NOTHING: Final = Decimal(0)
MERCHANTS: Final = 10
AVERAGED: Final[Mapping[Unit, int]] = {"day": 7, "week": 4, "month": 3}
"""Over how many days, weeks or months the moving average goes, the last one included."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day, a week or a month of the period."""

    since: date
    until: date
    spent: Decimal
    average: Decimal
    """Of it and those right before it."""
    before: Decimal | None
    """That average at the same place of the period to compare with; None without one."""


@dataclass(frozen=True, slots=True)
class CategorySpent:
    """What was spent on a category, beside the period to compare with. `category_id` None is uncategorised."""

    category_id: int | None
    title: str
    icon: str
    spent: Decimal
    before: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class GroupSpent:
    """What was spent on a group of categories, the dearest category first."""

    whole: CategorySpent
    categories: tuple[CategorySpent, ...]


@dataclass(frozen=True, slots=True)
class Spending:
    """All of it, in `currency`."""

    currency: str
    span: Span
    spent: Decimal
    before: Decimal | None
    rows: int
    quiet_days: int
    """Days on which nothing was spent."""
    stretches: tuple[Stretch, ...]
    groups: tuple[GroupSpent, ...]
    """The dearest first; those of which only the period to compare with had any come last."""
    merchants: tuple[MerchantSpent, ...]
    merchant_count: int
    apart: tuple[Apart, ...]
    old_rate: date | None

    @property
    def daily(self) -> Decimal:
        """Return what a day comes to."""
        return self.spent / self.span.days

    @property
    def daily_before(self) -> Decimal | None:
        """Return what a day of the period to compare with came to."""
        span = self.span
        if self.before is None or span.before_since is None or span.before_until is None:
            return None
        return self.before / ((span.before_until - span.before_since).days + 1)


def spending(cache: UserCache, span: Span, accounts: Sequence[int] = ()) -> Spending:
    """Return what was spent in `span` on some accounts, or on all that are not hidden."""
    with cache.answering() as answer:
        currency = home_currency(answer)
        shown = shown_accounts(answer, accounts)
        first = facts(answer).first
        days = daily(answer, shown, _lead(span.since, span.unit), span.until)
        rows = sum(days[day][1] for day in days if day >= span.since)
        before: dict[date, tuple[Decimal, int]] = {}
        if span.before_since is not None and span.before_until is not None:
            before = daily(answer, shown, _lead(span.before_since, span.unit), span.before_until)
        categories = category_sums(answer, shown, span)
        merchants = merchant_sums(answer, money_lines(answer), shown, span, MERCHANTS)
        rest = apart(answer, shown, span.since, span.until)
        old_rate = oldest_rate(answer, shown, span.since, span.until, {"spending"})
    return Spending(
        currency=currency,
        span=span,
        spent=sum((spent for day, (spent, _) in days.items() if day >= span.since), NOTHING),
        before=sum((spent for day, (spent, _) in before.items() if day >= span.before_since), NOTHING)
        if span.before_since is not None
        else None,
        rows=rows,
        quiet_days=_quiet_days(span, days, first),
        stretches=_stretches(span, days, before, first),
        groups=grouped(categories),
        merchants=merchants.spent,
        merchant_count=merchants.count,
        apart=tuple(one for one in rest if one.spending),
        old_rate=old_rate,
    )


def daily(answer: Answer, accounts: Sequence[int], since: date, until: date) -> dict[date, tuple[Decimal, int]]:
    """Return what was spent on each day that had any, and with how many rows."""
    sums = day_sums(answer)
    rows = sums.where(accounts, since, until, ("spending",), rated=True)
    found = sums.by("day", rows, sums.home_net[rows], sums.rows[rows])
    return {day: (from_units(-spent), count) for day, spent, count in found}


def grouped(sums: Sequence[CategorySums]) -> tuple[GroupSpent, ...]:
    """Return the spending among what categories had, by group."""
    found: dict[int | None, list[CategorySums]] = {}
    for one in sums:
        if one.kind == "spending":
            found.setdefault(one.known.group_id, []).append(one)
    groups = []
    for group_id, members in found.items():
        known = members[0].known
        categories = sorted(
            (
                CategorySpent(one.category_id, one.known.title, one.known.icon, -one.total, -one.before, one.rows)
                for one in members
            ),
            key=lambda one: (-one.spent, -one.before, one.title),
        )
        whole = CategorySpent(
            group_id,
            known.group_title,
            known.group_icon,
            sum((one.spent for one in categories), NOTHING),
            sum((one.before for one in categories), NOTHING),
            sum(one.rows for one in categories),
        )
        groups.append(GroupSpent(whole, tuple(categories)))
    return tuple(sorted(groups, key=lambda one: (-one.whole.spent, -one.whole.before, one.whole.title)))


def _quiet_days(span: Span, days: Mapping[date, tuple[Decimal, int]], first: date | None) -> int:
    """Return on how many days nothing was spent, from the first day that anything is known of."""
    since = max(span.since, first or span.since)
    spent_on = sum(spent > 0 for day, (spent, _) in days.items() if day >= since)
    return max(0, (span.until - since).days + 1 - spent_on)


def _lead(since: date, unit: Unit) -> date:
    """Return the first day that the first moving average of a period rests on."""
    count = AVERAGED[unit] - 1
    if unit == "month":
        return clock.add_months(clock.month_start(since), -count)
    return since - count * (DAY if unit == "day" else WEEK) - (timedelta(0) if unit == "day" else WEEK)


def _stretches(
    span: Span,
    days: Mapping[date, tuple[Decimal, int]],
    before: Mapping[date, tuple[Decimal, int]],
    first: date | None,
) -> tuple[Stretch, ...]:
    """Tell a period in its steps; those of the period to compare with stand beside them, counted from the last."""
    now = _averaged(span.since, span.until, span.unit, days, first)
    then: list[Decimal | None] = [None] * len(now)
    if span.before_since is not None and span.before_until is not None:
        earlier = [average for *_, average in _averaged(span.before_since, span.before_until, span.unit, before, first)]
        then = [*then, *earlier][-len(now) :]
    return tuple(
        Stretch(since, until, spent, average, earlier)
        for (since, until, spent, average), earlier in zip(now, then, strict=True)
    )


def _averaged(
    since: date, until: date, unit: Unit, days: Mapping[date, tuple[Decimal, int]], first: date | None
) -> list[tuple[date, date, Decimal, Decimal]]:
    """Return what each step of a period came to, and the moving average there.

    Steps before anything is known count for no average. The first step of a period is averaged whole.
    """
    there = sorted(days)
    passed = list(accumulate((days[day][0] for day in there), initial=NOTHING))

    def spent(start: date, end: date) -> Decimal:
        return passed[bisect_right(there, end)] - passed[bisect_left(there, start)]

    cut = stretches(since, until, unit)
    whole = stretches(_lead(since, unit), until, unit)
    sums = [spent(*one) for one in whole]
    known = [first is None or end >= first for _, end in whole]
    told = []
    for back, (start, end) in enumerate(reversed(cut)):
        at = len(whole) - 1 - back
        window = [sums[one] for one in range(max(0, at - AVERAGED[unit] + 1), at + 1) if known[one]]
        told.append((start, end, spent(start, end), sum(window, NOTHING) / max(1, len(window))))
    return told[::-1]
