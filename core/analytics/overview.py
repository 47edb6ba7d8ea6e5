"""How things stand: every figure of the overview, asked in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from core import clock
from core.analytics.accounts import AccountSummary, summaries
from core.analytics.category_sums import category_sums
from core.analytics.converting import day_rates, oldest_rate
from core.analytics.periods import MonthFlow, Period, known_months, two_periods
from core.analytics.recent import RecentTransaction, latest
from core.analytics.spans import Span
from core.analytics.spending import GroupSpent, daily, grouped
from core.analytics.worth import Worth, net_worth
from core.cache import UserCache, facts, home_currency
from core.ledger import SPENDABLE

RECENT: Final = 10
LOOK_BACK: Final = timedelta(days=45)
"""Where the most recent transactions are looked for first; further back only when there are too few."""
MONTHS: Final = 24
STALE: Final = timedelta(days=3)
"""A bank that was not synced for longer wants attention."""
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class CategorySpending:
    """What was spent on a group of categories; positive, less refunds. `category_id` None is uncategorised."""

    category_id: int | None
    title: str
    icon: str
    spent: Decimal
    spent_before: Decimal
    rows: int


@dataclass(frozen=True, slots=True)
class Attention:
    """Something that wants the person to act: what is so, and the page that mends it."""

    kind: str
    """broken, stale, uncategorised or balance."""
    sentence: str
    page: str


@dataclass(frozen=True, slots=True)
class OldRates:
    """The day of the oldest rate that figures rest on, where that was more than a week before; None where none was."""

    worth: date | None
    available: date | None
    income: date | None
    spending: date | None
    saved: date | None
    """Of the last twelve months, this one included."""


@dataclass(frozen=True, slots=True)
class Overview:
    """All of it. Figures are in `currency`, each amount at its day's rate; what has no rate is told apart."""

    currency: str
    today: date
    rows: int
    first_date: date | None
    accounts: tuple[AccountSummary, ...]
    worth: Worth
    elsewhere: tuple[Worth, ...]
    """Net worth in currencies without a rate, never added up."""
    total_balance: Decimal
    """What is on checking, savings and cash accounts."""
    available: Decimal
    """What of it can be used now, as the banks say; where they don't, the balance."""
    month: Period
    other_months: tuple[Period, ...]
    """This month in currencies without a rate."""
    categories: tuple[CategorySpending, ...]
    daily: tuple[tuple[date, Decimal], ...]
    """Spent on each of the last 90 days that had spending; positive."""
    cash_flow: tuple[MonthFlow, ...]
    """The last 24 months up to this one so far, the empty ones too once there is data."""
    worth_history: tuple[Worth, ...]
    """At the end of each of those months, and today."""
    recent: tuple[RecentTransaction, ...]
    attention: tuple[Attention, ...]
    old_rates: OldRates

    @property
    def savings_rate(self) -> Decimal | None:
        """Return the share of the income of the last twelve full months that was left over; None without income.

        Before the first month is full, what there is of it counts.
        """
        months = self.cash_flow[:-1][-12:] or self.cash_flow
        income = sum((one.income for one in months), NOTHING)
        return sum((one.net for one in months), NOTHING) / income if income > 0 else None


def overview(cache: UserCache, today: date, now: datetime | None = None) -> Overview:
    """Answer every question of the overview for the month of `today`, up to and including it.

    The month so far is held against the same days of the month before. Figures are in the person's
    own currency; where no account has it and no rate of it is known, in the one that most accounts have.
    """
    start = clock.month_start(today)
    before = clock.add_months(start, -1)
    months = [clock.add_months(start, -back) for back in range(MONTHS - 1, -1, -1)]
    ends = [clock.add_months(month, 1) - timedelta(days=1) for month in months[:-1]]
    with cache.answering() as answer:
        accounts = tuple(one for one in summaries(answer) if not one.hidden)
        shown = [one.id for one in accounts]
        currency = home_currency(answer)
        span = Span(start, today, before, clock.add_months(today, -1))
        month, other_months = two_periods(answer, shown, span)
        categories = grouped(category_sums(answer, shown, span))
        spent = daily(answer, shown, today - timedelta(days=89), today)
        flow = known_months(answer, shown, months[0], today)
        rates = day_rates(answer)
        worth, elsewhere = net_worth(answer, accounts, [*ends, today], rates)
        old = [
            oldest_rate(answer, shown, since, today, kinds)
            for since, kinds in ((start, {"income"}), (start, {"spending"}), (months[-12], {"income", "spending"}))
        ]
        rows, first, last, uncategorised = facts(answer)
        recent = latest(answer, shown, (last or today) - LOOK_BACK, RECENT)
        if len(recent) < min(RECENT, rows):
            recent = latest(answer, shown, date.min, RECENT)
    spendable = [one for one in accounts if one.type in SPENDABLE]
    nothing_today = Worth(today, currency, NOTHING, NOTHING)
    return Overview(
        currency=currency,
        today=today,
        rows=rows,
        first_date=first,
        accounts=accounts,
        worth=next((one for one in worth if one.day == today), nothing_today),
        elsewhere=tuple(one for one in elsewhere if one.day == today),
        total_balance=rates.total(((one.current, one.currency) for one in spendable), today),
        available=rates.total(((_usable(one), one.currency) for one in spendable), today),
        month=month,
        other_months=other_months,
        categories=_spent_on(categories),
        daily=tuple((day, amount) for day, (amount, _) in spent.items()),
        cash_flow=_every_month(months, flow),
        worth_history=worth,
        recent=recent,
        attention=_attention(accounts, uncategorised, now or clock.now()),
        old_rates=OldRates(
            rates.oldest((one.currency for one in accounts), today),
            rates.oldest((one.currency for one in spendable), today),
            *old,
        ),
    )


def _usable(account: AccountSummary) -> Decimal:
    return account.available if account.available is not None else account.current or NOTHING


def _spent_on(groups: Sequence[GroupSpent]) -> tuple[CategorySpending, ...]:
    wholes = [one.whole for one in groups if one.whole.spent or one.whole.before]
    return tuple(
        CategorySpending(one.category_id, one.title, one.icon, one.spent, one.before, one.rows)
        for one in sorted(wholes, key=lambda one: (-one.spent, one.category_id is None, one.category_id or 0))
    )


def _every_month(months: Sequence[date], flow: Sequence[MonthFlow]) -> tuple[MonthFlow, ...]:
    """Fill the months without rows with zero, from the first month that has any."""
    known = {one.month: one for one in flow}
    return tuple(
        known.get(month, MonthFlow(month, NOTHING, NOTHING)) for month in months if known and month >= min(known)
    )


def _attention(accounts: Sequence[AccountSummary], uncategorised: int, now: datetime) -> tuple[Attention, ...]:
    found = []
    banks = {one.item_id: one for one in accounts if one.item_id is not None}
    for bank in banks.values():
        if bank.error:
            found.append(Attention("broken", f"{bank.institution}: {bank.error}", "accounts"))
        elif bank.last_synced_at is None or now.replace(tzinfo=None) - bank.last_synced_at > STALE:
            found.append(Attention("stale", f"{bank.institution} was not synced for more than three days.", "accounts"))
    unknown = [one for one in accounts if one.current is None]
    if unknown:
        names = ", ".join(one.name for one in unknown[:3])
        found.append(
            Attention("balance", f"The balance of {names} is not known: enter it to see your net worth.", "accounts")
        )
    if uncategorised:
        words = "transaction has" if uncategorised == 1 else "transactions have"
        found.append(
            Attention("uncategorised", f"{uncategorised:,} {words} no category yet.", "transactions?category=0")
        )
    return tuple(found)
