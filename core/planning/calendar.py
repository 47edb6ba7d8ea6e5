"""The calendar of bills: what a month brought and will bring, what is due next, and what will be left on each day."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from core import clock
from core.cache import UserCache
from core.ledger import DebtEntry, list_debts
from core.money import to_units
from core.planning.due import Entry, expected, made, missed
from core.planning.gathering import Gathered, Purse, Recurring, gathered
from core.planning.planners import person_of
from core.planning.subscriptions import Subscription, seen_by
from core.store import Store, UserId

DAYS: Final = 30
MONTHS: Final = 12
"""So many months ahead can be looked at; series are not foreseen much longer."""
WEEK: Final = 7


@dataclass(frozen=True, slots=True)
class DayBalance:
    """What can be spent at the end of a day, in its projection's currency; negative when it is less than nothing."""

    day: dt.date
    balance: Decimal


@dataclass(frozen=True, slots=True)
class Projection:
    """What can be spent from `today` on in one currency, if all comes as expected.

    What is due today or overdue counts as paid today.
    """

    currency: str
    known: Decimal
    """What the banks say is on checking, savings and cash accounts."""
    pending: Decimal
    """What pending transactions will move it by."""
    coming_in: Decimal
    going_out: Decimal
    """Negative."""
    days: tuple[DayBalance, ...]
    line: Decimal
    """What the person does not want to fall below."""
    unknown: tuple[str, ...]
    """Accounts whose balance nobody told; they are left out, and what is paid from them."""

    @property
    def start(self) -> Decimal:
        """Return what there is before anything expected."""
        return self.known + self.pending

    @property
    def end(self) -> Decimal:
        """Return what will be left on the last day."""
        return self.days[-1].balance

    @property
    def lowest(self) -> DayBalance:
        """Return the day with the least, the first of several."""
        return min(self.days, key=lambda one: (one.balance, one.day))

    @property
    def below(self) -> dt.date | None:
        """Return the first day below the line, None when there is none."""
        return next((one.day for one in self.days if one.balance < self.line), None)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the month's calendar."""

    day: dt.date
    in_month: bool
    is_today: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class MonthSums:
    """What a month's bills and income come to in one currency: made so far, and still to come. Out is negative.

    Payments of cards are left out: what was bought with them is in.
    """

    currency: str
    paid: Decimal
    to_pay: Decimal
    received: Decimal
    to_receive: Decimal


@dataclass(frozen=True, slots=True)
class Due:
    """What is due next, and what should have come."""

    today: dt.date
    next: tuple[Entry, ...]
    """What is due from today on, within the days asked for."""
    overdue: tuple[Entry, ...]
    """What should have come and did not, the longest ago first."""
    recurring: Mapping[str, Recurring]
    """What recurs, by the keys of the entries."""

    @property
    def to_pay(self) -> tuple[Entry, ...]:
        """Return what of it goes out, transfers aside."""
        return tuple(one for one in self.next if one.amount < 0 and one.role != "transfer")


@dataclass(frozen=True, slots=True)
class Bills(Due):
    """Everything on the page."""

    month: dt.date
    """The first day of the month that is shown."""
    first: dt.date
    last: dt.date
    """The first and last month that can be shown, by their first days."""
    weeks: tuple[tuple[Day, ...], ...]
    """The month by weeks of seven days, those of its neighbours empty."""
    sums: tuple[MonthSums, ...]
    projections: tuple[Projection, ...]
    """By currency: the person's own first."""

    @property
    def found(self) -> bool:
        """Tell whether there is anything at all to show."""
        return bool(self.next or self.overdue or any(day.entries for week in self.weeks for day in week))


def bills(
    store: Store,
    cache: UserCache,
    today: dt.date,
    *,
    currency: str,
    month: dt.date | None = None,
    days: int = DAYS,
    line: Decimal = Decimal(0),
    week_start_day: int = 0,
) -> Bills:
    """Return the calendar of `month` (any day of it; None: this one) and what the next `days` days bring.

    `currency` is the person's own and comes first where there is any; `line`, in the first, is what they don't want to
    fall below; `week_start_day` is the day with which their weeks begin, 0 for Monday.
    """
    found = gathered(cache, today)
    seen = seen_by(store, cache.user, found)
    debts = list_debts(store, cache.user)
    first = min((one.found.series.first_date for one in seen), default=today).replace(day=1)
    this = clock.month_start(today)
    last = clock.add_months(this, MONTHS)
    shown = min(max(clock.month_start(month or today), first), last)
    ends = clock.add_months(shown, 1) - dt.timedelta(days=1)
    entries = month_entries(seen, debts, found.purses, today, shown, ends)
    until = today + dt.timedelta(days=days)
    coming = expected(seen, debts, found.purses, today, until)
    soon = _due(found, seen, debts, coming, today)
    return Bills(
        today=today,
        next=soon.next,
        overdue=soon.overdue,
        recurring=soon.recurring,
        month=shown,
        first=min(first, this),
        last=last,
        weeks=_weeks(shown, ends, today, entries, week_start_day),
        sums=_sums(entries),
        projections=projections(found.purses, coming, today, until, currency=currency, line=line),
    )


def bills_due(store: Store, cache: UserCache, today: dt.date, *, days: int = DAYS) -> Due:
    """Return what of the bills is due in the next `days` days, and what is overdue."""
    found = gathered(cache, today)
    seen = seen_by(store, cache.user, found)
    debts = list_debts(store, cache.user)
    coming = expected(seen, debts, found.purses, today, today + dt.timedelta(days=days))
    return _due(found, seen, debts, coming, today)


def _due(
    found: Gathered, seen: Sequence[Subscription], debts: Sequence[DebtEntry], coming: Sequence[Entry], today: dt.date
) -> Due:
    late = [one for one in coming if one.standing == "late"]
    return Due(
        today,
        tuple(one for one in coming if one.standing == "due"),
        tuple(sorted((*late, *missed(seen, debts, found.purses, today)), key=lambda one: (one.day, one.name))),
        {one.key: one for one in found.recurring},
    )


def kept_line(store: Store, user: UserId) -> Decimal:
    """Return what `user` does not want to fall below, in their currency; zero when they said nothing.

    Raises:
        NotFoundError: the user is gone.
    """
    with store.read() as session:
        return person_of(session, user).warn_below


def keep_line(store: Store, user: UserId, line: Decimal) -> None:
    """Keep what `user` does not want to fall below from now on, in their currency.

    Raises:
        NotFoundError: the user is gone.
        AmountError: it is no amount of money that can be kept.
    """
    to_units(line)
    with store.write() as session:
        person_of(session, user).warn_below = line


def month_entries(
    seen: Sequence[Subscription],
    debts: Sequence[DebtEntry],
    purses: Sequence[Purse],
    today: dt.date,
    since: dt.date,
    until: dt.date,
) -> tuple[Entry, ...]:
    """Return what was paid from `since` to `until`, and what is expected there from today on; transfers aside."""
    coming = expected(seen, debts, purses, today, until) if until >= today else ()
    shown = [one for one in coming if one.role != "transfer" and since <= one.day <= until]
    return tuple(sorted((*made(seen, purses, since, until), *shown), key=lambda one: (one.day, one.amount, one.name)))


def projections(
    purses: Sequence[Purse],
    coming: Sequence[Entry],
    today: dt.date,
    until: dt.date,
    *,
    currency: str,
    line: Decimal = Decimal(0),
) -> tuple[Projection, ...]:
    """Return what can be spent day by day, for each currency of accounts that can be spent from."""
    spendable = [one for one in purses if one.spendable]
    held = [one.currency for one in spendable]
    order = sorted(set(held), key=lambda code: (code != currency, -held.count(code), code))
    found = []
    for code in order:
        told = [one for one in spendable if one.currency == code and one.current is not None]
        if not told:
            continue
        left_out = {one.id for one in spendable} - {one.id for one in told}
        moving = [one for one in coming if one.moves and one.currency == code and one.account_id not in left_out]
        known = sum((one.current for one in told if one.current is not None), Decimal(0))
        pending = sum((one.pending for one in told), Decimal(0))
        balance, days = known + pending, []
        for ahead in range((until - today).days + 1):
            day = today + dt.timedelta(days=ahead)
            balance += sum((one.amount for one in moving if max(one.day, today) == day), Decimal(0))
            days.append(DayBalance(day, balance))
        found.append(
            Projection(
                code,
                known,
                pending,
                sum((one.amount for one in moving if one.amount > 0), Decimal(0)),
                sum((one.amount for one in moving if one.amount < 0), Decimal(0)),
                tuple(days),
                line if code == order[0] else Decimal(0),
                tuple(one.name for one in spendable if one.currency == code and one.current is None),
            )
        )
    return tuple(found)


def _weeks(
    first: dt.date, last: dt.date, today: dt.date, entries: Sequence[Entry], week_start_day: int
) -> tuple[tuple[Day, ...], ...]:
    start = first - dt.timedelta(days=(first.weekday() - week_start_day) % WEEK)
    count = -(-((last - start).days + 1) // WEEK)
    days = [start + dt.timedelta(days=ahead) for ahead in range(count * WEEK)]
    filled = [Day(day, first <= day <= last, day == today, tuple(e for e in entries if e.day == day)) for day in days]
    return tuple(tuple(filled[week * WEEK : (week + 1) * WEEK]) for week in range(count))


def _sums(entries: Sequence[Entry]) -> tuple[MonthSums, ...]:
    counted = [one for one in entries if one.role != "card"]
    currencies = [one.currency for one in counted]

    def total(code: str, *, paid: bool, out: bool) -> Decimal:
        picked = (
            one.amount
            for one in counted
            if one.currency == code and (one.standing == "paid") is paid and (one.amount < 0) is out
        )
        return sum(picked, Decimal(0))

    return tuple(
        MonthSums(
            code,
            paid=total(code, paid=True, out=True),
            to_pay=total(code, paid=False, out=True),
            received=total(code, paid=True, out=False),
            to_receive=total(code, paid=False, out=False),
        )
        for code in sorted(set(currencies), key=lambda code: (-currencies.count(code), code))
    )
