"""Income and spending: month by month, and where the money came from and went to.

Figures are in the currency of totals at each day's rate. Transfers are neither income nor spending, refunds lessen
spending, pending rows count. What has no rate is told apart. Months are calendar months, the first and the last one as
far as they lie in the period.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from core import clock
from core.analytics.category_sums import CategorySums, category_sums
from core.analytics.converting import Apart, apart, oldest_rate
from core.analytics.periods import MonthFlow, known_months
from core.analytics.spans import Span
from core.cache import Answer, UserCache, home_currency, shown_accounts

NOTHING: Final = Decimal(0)
SOURCES: Final = 6
USES: Final = 9
"""How many streams are told by name on either side; the rest runs together."""

Role = Literal["income", "refunds", "from_savings", "spending", "paid_back", "saved"]


@dataclass(frozen=True, slots=True)
class Stream:
    """Money that came from somewhere or went somewhere; `amount` is positive."""

    role: Role
    title: str
    amount: Decimal
    rows: int = 0
    category_ids: tuple[int, ...] = ()
    """Whose rows it is made of, 0 for none; groups for spending, categories by themselves for income."""


@dataclass(frozen=True, slots=True)
class Sums:
    """What came in and was spent (negative) in a period."""

    income: Decimal
    spending: Decimal

    @property
    def net(self) -> Decimal:
        """Return what was left over."""
        return self.income + self.spending

    @property
    def savings_rate(self) -> Decimal | None:
        """Return the share of the income that was left over; None without income."""
        return self.net / self.income if self.income > 0 else None


@dataclass(frozen=True, slots=True)
class FlowMonth:
    """One month, and the one at the same place of the period to compare with."""

    month: date
    since: date
    until: date
    now: Sums
    before: Sums | None


@dataclass(frozen=True, slots=True)
class Flow:
    """All of it, in `currency`. Sources and uses add up to the same."""

    currency: str
    span: Span
    sums: Sums
    before: Sums | None
    months: tuple[FlowMonth, ...]
    sources: tuple[Stream, ...]
    uses: tuple[Stream, ...]
    apart: tuple[Apart, ...]
    old_rate: date | None

    @property
    def passed(self) -> Decimal:
        """Return what all sources add up to."""
        return sum((one.amount for one in self.sources), NOTHING)


def flow(cache: UserCache, span: Span, accounts: Sequence[int] = ()) -> Flow:
    """Return what came in and was spent in `span` on some accounts, or on all that are not hidden."""
    with cache.answering() as answer:
        currency = home_currency(answer)
        shown = shown_accounts(answer, accounts)
        months = month_flows(answer, shown, span.since, span.until)
        before: list[MonthFlow] | None = None
        if span.before_since is not None and span.before_until is not None:
            before = month_flows(answer, shown, span.before_since, span.before_until)
        categories = category_sums(answer, shown, span)
        rest = apart(answer, shown, span.since, span.until)
        old_rate = oldest_rate(answer, shown, span.since, span.until, {"income", "spending"})
    sources, uses = _streams(categories)
    return Flow(
        currency=currency,
        span=span,
        sums=added(months),
        before=None if before is None else added(before),
        months=flow_months(span, months, before),
        sources=sources,
        uses=uses,
        apart=rest,
        old_rate=old_rate,
    )


def month_flows(answer: Answer, accounts: Sequence[int], since: date, until: date) -> list[MonthFlow]:
    """Return every calendar month of a period, those without rows too."""
    known = {one.month: one for one in known_months(answer, accounts, since, until)}
    month, found = clock.month_start(since), []
    while month <= until:
        found.append(known.get(month, MonthFlow(month, NOTHING, NOTHING)))
        month = clock.add_months(month, 1)
    return found


def added(months: Iterable[MonthFlow]) -> Sums:
    """Return what some months come to."""
    kept = list(months)
    return Sums(sum((one.income for one in kept), NOTHING), sum((one.spending for one in kept), NOTHING))


def flow_months(span: Span, now: Sequence[MonthFlow], before: Sequence[MonthFlow] | None) -> tuple[FlowMonth, ...]:
    """Set the months of two periods side by side, counted from the last."""
    then: list[MonthFlow | None] = [None] * len(now)
    if before is not None:
        then = [*then, *before][-len(now) :]
    return tuple(
        FlowMonth(
            one.month,
            max(one.month, span.since),
            min(clock.month_end(one.month), span.until),
            Sums(one.income, one.spending),
            None if earlier is None else Sums(earlier.income, earlier.spending),
        )
        for one, earlier in zip(now, then, strict=True)
    )


def _streams(sums: Sequence[CategorySums]) -> tuple[tuple[Stream, ...], tuple[Stream, ...]]:
    """Return where the money came from and went to, from what categories had: both sides balance.

    A group with more refunds than purchases is a source; income that was paid back in all is a use.
    """
    earned: list[Stream] = []
    paid_back: list[Stream] = []
    spent: dict[int, Stream] = {}
    for kind, category, total, _, count, _, known in sums:
        group, title = known.group_id, known.title
        if kind == "spending":
            before = spent.get(group or 0, Stream("spending", known.group_title, NOTHING))
            spent[group or 0] = replace(
                before, amount=before.amount - total, rows=before.rows + count, category_ids=(group or 0,)
            )
        elif total > 0:
            earned.append(Stream("income", title, total, count, (category or 0,)))
        elif total < 0:
            paid_back.append(Stream("paid_back", title, -total, count, (category or 0,)))
    gone = [one for one in spent.values() if one.amount > 0]
    refunded = [replace(one, role="refunds", amount=-one.amount) for one in spent.values() if one.amount < 0]
    came = [*_largest(earned, SOURCES, "Other income"), *refunded]
    went = [*_largest(gone, USES, "Everything else"), *paid_back]
    left = sum((one.amount for one in came), NOTHING) - sum((one.amount for one in went), NOTHING)
    if left > 0:
        went.append(Stream("saved", "Left over", left))
    elif left < 0:
        came.append(Stream("from_savings", "From savings", -left))
    return tuple(came), tuple(went)


def _largest(streams: Sequence[Stream], most: int, rest: str) -> list[Stream]:
    """Return the largest ones, and all others as one; one alone keeps its name."""
    ordered = sorted(streams, key=lambda one: (-one.amount, one.title))
    if len(ordered) <= most + 1:
        return ordered
    others = ordered[most:]
    return [
        *ordered[:most],
        Stream(
            others[0].role,
            rest,
            sum((one.amount for one in others), NOTHING),
            sum(one.rows for one in others),
            tuple(number for one in others for number in one.category_ids),
        ),
    ]
