"""A year told on one page: what came in, what went out, what stood out.

Figures are in the currency of totals at each day's rate; transfers are neither income nor spending, refunds lessen
spending. A year that is not over is held against the same days of the year before; one whose year before is not known
from its first day on is held against none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from core import clock
from core.analytics.accounts import summaries
from core.analytics.category_sums import category_sums
from core.analytics.converting import Apart, apart, day_rates, oldest_rate
from core.analytics.days import DaySpent, Quiet, bounds, leveled, longest_quiet
from core.analytics.flow import FlowMonth, Sums, added, flow_months, month_flows
from core.analytics.merchant_sums import MerchantSpent, merchant_sums
from core.analytics.recent import RecentTransaction, recent_row
from core.analytics.spans import Span
from core.analytics.spending import CategorySpent, daily, grouped
from core.analytics.worth import Worth, net_worth
from core.cache import Answer, UserCache, facts, home_currency, money_lines, shown_accounts
from core.money import from_units

LARGEST: Final = 5
MERCHANTS: Final = 5
MOVED: Final = 3
"""How many groups of categories are told that grew, and that shrank."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """One of the largest purchases; `spent` is positive, in the currency of totals."""

    row: RecentTransaction
    spent: Decimal


@dataclass(frozen=True, slots=True)
class YearReview:
    """All of it, in `currency`."""

    currency: str
    year: int
    years: tuple[int, ...]
    """Those that anything is known of, the newest first."""
    span: Span
    known_from: date | None
    """The day of the first transaction of all."""
    is_over: bool
    rows: int
    """How often something was spent."""
    sums: Sums
    before: Sums | None
    months: tuple[FlowMonth, ...]
    worth: tuple[Worth, Worth] | None
    """At the end of the year before, and at the end of this one or today; None where the first is not known."""
    purchases: tuple[Purchase, ...]
    """The largest of each merchant."""
    merchants: tuple[MerchantSpent, ...]
    groups: tuple[CategorySpent, ...]
    """What was spent on groups of categories, the dearest first."""
    grew: tuple[CategorySpent, ...]
    shrank: tuple[CategorySpent, ...]
    dearest: DaySpent | None
    counted_days: int
    """The year's days that anything is known of, up to today."""
    quiet_days: int
    longest_quiet: Quiet | None
    apart: tuple[Apart, ...]
    old_rate: date | None

    @property
    def told(self) -> tuple[FlowMonth, ...]:
        """Return the months to choose the best and the worst from: one that is not over only where it is alone."""
        over = tuple(one for one in self.months if one.until == clock.month_end(one.month))
        return over or self.months

    @property
    def best(self) -> FlowMonth | None:
        """Return the month in which most was left over."""
        return max(self.told, key=lambda one: one.now.net, default=None)

    @property
    def worst(self) -> FlowMonth | None:
        """Return the month in which least was left over; None where there is but one."""
        return min(self.told, key=lambda one: one.now.net) if len(self.told) > 1 else None


def year_review(cache: UserCache, year: int, today: date, accounts: Sequence[int] = ()) -> YearReview:
    """Return the review of `year` up to `today` on some accounts, or on all that are not hidden."""
    with cache.answering() as answer:
        currency = home_currency(answer)
        first = facts(answer).first
        shown = shown_accounts(answer, accounts)
        span = _span(year, today, first)
        since, until = bounds(year, today, first)
        days = leveled(daily(answer, shown, since, until), since, until)
        months = month_flows(answer, shown, since, until) if since <= until else []
        before = None
        if span.before_since is not None and span.before_until is not None:
            before = month_flows(answer, shown, span.before_since, span.before_until)
        groups = [one.whole for one in grouped(category_sums(answer, shown, span))]
        merchants = merchant_sums(answer, money_lines(answer), shown, span, MERCHANTS)
        purchases = _largest(answer, shown, span)
        worth = None
        if not accounts and first is not None and first < span.since:
            ends = [span.since - timedelta(days=1), span.until]
            held = [one for one in summaries(answer) if not one.hidden]
            together, _ = net_worth(answer, held, ends, day_rates(answer))
            worth = (together[0], together[1]) if len(together) == len(ends) else None
        rest = apart(answer, shown, span.since, span.until)
        old_rate = oldest_rate(answer, shown, span.since, span.until, {"income", "spending"})
    moved = sorted(groups, key=lambda one: (one.spent - one.before, one.title)) if span.compares else []
    spent_days = [one for one in days if one.spent > 0]
    return YearReview(
        currency=currency,
        year=year,
        years=tuple(range(today.year, min(first.year if first else today.year, today.year) - 1, -1)),
        span=span,
        known_from=first,
        is_over=today > date(year, 12, 31),
        rows=sum(one.rows for one in days),
        sums=added(months),
        before=None if before is None else added(before),
        months=flow_months(Span(since, until), months, None),
        worth=worth,
        purchases=purchases,
        merchants=merchants.spent,
        groups=tuple(one for one in groups if one.spent > 0),
        grew=tuple(one for one in moved[::-1] if one.spent > one.before)[:MOVED],
        shrank=tuple(one for one in moved if one.spent < one.before)[:MOVED],
        dearest=max(spent_days, key=lambda one: (one.spent, one.day), default=None),
        counted_days=len(days),
        quiet_days=sum(one.level == 0 for one in days),
        longest_quiet=longest_quiet(days),
        apart=rest,
        old_rate=old_rate,
    )


def _largest(answer: Answer, accounts: Sequence[int], span: Span) -> tuple[Purchase, ...]:
    """Return the largest purchases of a period, the largest of each merchant alone."""
    lines = money_lines(answer)
    rows = lines.largest(lines.where(accounts, span.since, span.until, spending=True), LARGEST)
    if not len(rows):
        return ()
    ids, parts = lines.ids[rows].tolist(), lines.parts[rows].tolist()
    asked = {"ids": ids, "since": span.since, "until": span.until}
    told = {(row[0], part): row for *row, part in answer("purchases", asked)}
    spent = [from_units(-one) for one in lines.home[rows].tolist()]
    # A row may be gone where the cache was made anew between the two.
    return tuple(
        Purchase(recent_row(answer, told[place]), one)
        for place, one in zip(zip(ids, parts, strict=True), spent, strict=True)
        if place in told
    )


def _span(year: int, today: date, first: date | None) -> Span:
    since, until = date(year, 1, 1), min(date(year, 12, 31), today)
    before = clock.add_months(since, -12)
    if first is None or first > before or until < since:
        return Span(since, max(since, until))
    return Span(since, until, before, clock.add_months(until, -12))
