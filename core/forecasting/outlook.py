"""The next ninety days: what recurs laid out exactly, the rest as forecast, and how sure that is.

Everything is in the currency of totals at today's rates. The balance is that of checking, savings and cash accounts:
what banks say and pending rows, then what is expected on them, then the rest, spread evenly over the days of its
month.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from core.analytics import DayRates, day_rates
from core.cache import UserCache, home_currency
from core.forecasting.backtest import BackTest, back_test
from core.forecasting.by_category import CategoryOutlook, spending_ahead
from core.forecasting.paths import Varying, Ways, daily_rest, monthly_rest, ways
from core.forecasting.rest import Rest, rest_of
from core.forecasting.wishes import Wish, once_within, tried
from core.ledger import list_categories, list_debts
from core.money import minor_digits
from core.planning import Entry, Purse, Recurring, Subscription, expected, gathered, seen_by
from core.store import Store

DAYS: Final = 90
PAYMENTS: Final = 12
"""A payment that varies comes to what one of so many last ones did."""
NOTHING: Final = Decimal(0)


@dataclass(frozen=True, slots=True)
class DayOutlook:
    """The end of a day: `balance` is what there was to begin with, and `recurring`, `once` and `rest` since then."""

    day: dt.date
    balance: Decimal
    recurring: Decimal
    """What was expected of series and debts by then."""
    once: Decimal
    """What a wish pays once by then."""
    rest: Decimal
    """What else came and went by then, as forecast."""
    low: Decimal
    high: Decimal
    """The balance lies between these in four of five cases."""
    lowest: Decimal
    highest: Decimal
    """The same in nineteen of twenty."""
    chance: float
    """How likely the balance was below the line by then, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What there is to begin with, on checking, savings and cash accounts."""

    known: Decimal
    pending: Decimal
    unknown: tuple[str, ...]
    """Accounts that are left out, for nobody told their balance."""
    apart: tuple[str, ...]
    """Currencies that are left out, for there is no rate."""

    @property
    def balance(self) -> Decimal:
        """Return what there is once pending rows are booked."""
        return self.known + self.pending


@dataclass(frozen=True, slots=True)
class Outlook:
    """Everything on the page."""

    today: dt.date
    currency: str
    opening: Opening | None
    """None where no account has a balance to begin with."""
    days: tuple[DayOutlook, ...]
    """From today on; () without an opening."""
    unchanged: tuple[Decimal, ...]
    """The balance on those days without what was tried."""
    line: Decimal
    entries: tuple[Entry, ...]
    """What is expected, as tried, by day."""
    recurring: Mapping[str, Recurring]
    choosable: tuple[Subscription, ...]
    """What can be dropped or changed: bills and income that still come, what comes to most in a year first."""
    categories: tuple[CategoryOutlook, ...]
    """What will be spent, the most first; () where there is too little history."""
    back_test: BackTest | None
    """None where there is too little history."""
    months: int
    """How many whole months are known."""
    unrated: int
    """Transactions that are left out, for there is no rate of their currency."""

    @property
    def below(self) -> dt.date | None:
        """Return the first day on which the balance is expected to be below the line, None when it is not."""
        return next((one.day for one in self.days if one.balance < self.line), None)

    @property
    def chance(self) -> float:
        """Return how likely the balance falls below the line on any of the days."""
        return self.days[-1].chance if self.days else 0.0

    @property
    def likely_below(self) -> dt.date | None:
        """Return the day by which the balance has fallen below the line more likely than not, None when it has not."""
        return next((one.day for one in self.days if one.chance > 0.5), None)

    @property
    def least(self) -> DayOutlook:
        """Return the day on which least is expected, the first of several."""
        return min(self.days, key=lambda one: (one.balance, one.day))

    def spent(self, days: int) -> CategoryOutlook | None:
        """Return what will be spent on all categories together within so many days; None with too little history."""
        return next((one for one in self.categories if one.whole and one.days == days), None)

    def parts(self, days: int) -> tuple[CategoryOutlook, ...]:
        """Return what will be spent on each category within so many days."""
        return tuple(one for one in self.categories if not one.whole and one.days == days)


def outlook(
    store: Store, cache: UserCache, today: dt.date, *, line: Decimal = NOTHING, wish: Wish | None = None
) -> Outlook:
    """Return what the next ninety days will bring the person of `cache`, with what `wish` tries; nothing is written.

    Raises:
        ValidationError: a day of the wish lies outside of what is forecast.
        AmountError: an amount of the wish is none that can be kept.
    """
    wanted = wish or Wish()
    until = today + dt.timedelta(days=DAYS)
    once = once_within(wanted, today, until)
    found = gathered(cache, today)
    seen = seen_by(store, cache.user, found)
    heeded = [one for one in seen if one.choice != "ignored"]
    with cache.answering() as answer:
        currency = home_currency(answer)
        rates = day_rates(answer)
    told = [one for one in found.purses if one.spendable and one.current is not None]
    counted = [one for one in told if rates.convert(Decimal(1), one.currency, today) is not None]
    rest = rest_of(
        cache,
        today,
        {payment.id for one in heeded for payment in one.found.payments},
        [one.id for one in counted],
    )
    plain = expected(seen, list_debts(store, cache.user), found.purses, today, until)
    entries = tried(plain, wanted)
    opening = _opening(found.purses, counted, rates, today)
    places = {one.id for one in counted}

    def home(entry: Entry) -> Decimal | None:
        there = entry.moves and (entry.account_id is None or entry.account_id in places)
        return rates.convert(entry.amount, entry.currency, today) if there else None

    days: tuple[DayOutlook, ...] = ()
    unchanged: tuple[Decimal, ...] = ()
    if opening is not None:
        course = _course(opening.balance, _by_day(entries, home, today), once, rest, today, currency)
        before = _course(opening.balance, _by_day(plain, home, today), {}, rest, today, currency)
        varying = _varying(entries, found.recurring, home, today) if rest.moved else []
        sure = _sureness(rest, course, varying, today, float(line))
        days, unchanged = _days(course, sure, currency), tuple(one[1] for one in before)
    return Outlook(
        today=today,
        currency=currency,
        opening=opening,
        days=days,
        unchanged=unchanged,
        line=line,
        entries=entries,
        recurring={one.key: one for one in found.recurring},
        choosable=_choosable(heeded),
        categories=spending_ahead(rest, entries, found.recurring, list_categories(store, cache.user), rates, today)
        if rest.enough
        else (),
        back_test=back_test(rest, currency) if rest.enough else None,
        months=len(rest.months),
        unrated=rest.unrated,
    )


_Course = list[tuple[dt.date, Decimal, Decimal, Decimal, Decimal]]
"""Day, balance, recurring, once and rest, each since the beginning."""


def _opening(purses: Sequence[Purse], counted: Sequence[Purse], rates: DayRates, today: dt.date) -> Opening | None:
    spendable = [one for one in purses if one.spendable]
    if not counted:
        return None
    held = {one.currency for one in spendable if one.current is not None} - {one.currency for one in counted}
    return Opening(
        rates.total(((one.current, one.currency) for one in counted), today),
        rates.total(((one.pending, one.currency) for one in counted), today),
        tuple(one.name for one in spendable if one.current is None),
        tuple(sorted(held)),
    )


def _by_day(
    entries: Sequence[Entry], home: Callable[[Entry], Decimal | None], today: dt.date
) -> dict[dt.date, Decimal]:
    """Return what is expected by day; what is due or overdue is paid today."""
    sums: defaultdict[dt.date, Decimal] = defaultdict(Decimal)
    for entry in entries:
        sums[max(entry.day, today)] += home(entry) or NOTHING
    return sums


def _course(
    opening: Decimal,
    by_day: Mapping[dt.date, Decimal],
    once: Mapping[dt.date, Decimal],
    rest: Rest,
    today: dt.date,
    currency: str,
) -> _Course:
    cent = Decimal(1).scaleb(-minor_digits(currency))
    flows = daily_rest(monthly_rest(rest.moved), today, DAYS) if rest.moved else np.zeros(DAYS + 1)
    course: _Course = []
    recurring = single = NOTHING
    for ahead in range(DAYS + 1):
        day = today + dt.timedelta(days=ahead)
        recurring += by_day.get(day, NOTHING)
        single += once.get(day, NOTHING)
        other = Decimal(float(flows[ahead])).quantize(cent) + NOTHING
        course.append((day, opening + recurring + single + other, recurring, single, other))
    return course


def _varying(
    entries: Sequence[Entry],
    recurring: Sequence[Recurring],
    home: Callable[[Entry], Decimal | None],
    today: dt.date,
) -> list[Varying]:
    """Return what is not the same each time, by how much it was more or less before."""
    known = {one.key: one for one in recurring}
    found = []
    for entry in entries:
        one, amount = known.get(entry.key), home(entry)
        if amount and entry.amount and one is not None and not entry.exact:
            rate = float(amount / entry.amount)
            off = tuple(float(paid.amount - one.series.amount) * rate for paid in one.payments[-PAYMENTS:])
            found.append(Varying(max((entry.day - today).days, 0), off))
    return found


def _sureness(rest: Rest, course: _Course, varying: Sequence[Varying], today: dt.date, line: float) -> Ways | None:
    if rest.moved is None:
        return None
    balances = np.array([float(one[1]) for one in course])
    return ways(rest.moved, balances, varying, today, line)


def _days(course: _Course, sure: Ways | None, currency: str) -> tuple[DayOutlook, ...]:
    cent = Decimal(1).scaleb(-minor_digits(currency))

    def off(level: float, side: int, ahead: int) -> Decimal:
        return Decimal(float(sure.bounds[level][side][ahead])).quantize(cent) if sure else NOTHING

    return tuple(
        DayOutlook(
            day,
            balance,
            recurring,
            once,
            rest,
            low=balance + off(0.80, 0, ahead),
            high=balance + off(0.80, 1, ahead),
            lowest=balance + off(0.95, 0, ahead),
            highest=balance + off(0.95, 1, ahead),
            chance=float(sure.chance[ahead]) if sure else 0.0,
        )
        for ahead, (day, balance, recurring, once, rest) in enumerate(course)
    )


def _choosable(seen: Sequence[Subscription]) -> tuple[Subscription, ...]:
    alive = [
        one for one in seen if one.found.role in {"bill", "income"} and one.found.series.state in {"new", "active"}
    ]
    return tuple(sorted(alive, key=lambda one: (-abs(one.found.series.yearly), one.name, one.key)))
