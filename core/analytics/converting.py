"""Amounts of some days in the currency of totals, at those days' rates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from core.cache import Answer, Ints, day_at, day_number, day_sums, home_currency
from core.money import from_units
from core.rates import STALE_AFTER, Step


@dataclass(frozen=True, slots=True)
class Course:
    """How one currency goes into that of totals: a step each from the day `since` on; days are counted from 1970."""

    since: Ints
    days: Ints
    """Of the rates."""
    times: Ints
    per: Ints

    def step_at(self, day: date) -> Step:
        """Return how it goes on a day."""
        at = int(np.searchsorted(self.since, day_number(day), "right")) - 1
        return Step(day_at(int(self.since[at])), day_at(int(self.days[at])), int(self.times[at]), int(self.per[at]))


class OldRate(NamedTuple):
    """The days on which a currency goes into that of totals at a rate from long before, and the day of that rate."""

    currency: str
    day: date
    since: date
    until: date | None
    """None for ever."""


class DayRates:
    """The rates into the currency of totals."""

    def __init__(self, home: str, courses: Mapping[str, Course]) -> None:
        """Take the currency of totals, and how others go into it."""
        self.home = home
        self._courses = courses

    def convert(self, amount: Decimal, currency: str, day: date) -> Decimal | None:
        """Return an amount in the currency of totals; None where there is no rate."""
        if currency == self.home:
            return amount
        course = self._courses.get(currency)
        return course.step_at(day).exchange(amount) if course else None

    def total(self, amounts: Iterable[tuple[Decimal | None, str]], day: date) -> Decimal:
        """Return what amounts in several currencies add up to; those without a rate, or unknown, are left out."""
        sums: dict[str, Decimal] = {}
        for amount, currency in amounts:
            sums[currency] = sums.get(currency, Decimal(0)) + (amount or Decimal(0))
        converted = (self.convert(amount, currency, day) for currency, amount in sums.items())
        return sum((one for one in converted if one is not None), Decimal(0))

    def oldest(self, currencies: Iterable[str], day: date) -> date | None:
        """Return the day of the oldest of the rates of some currencies that is long before a day; None without such."""
        used = [course.step_at(day).day for one in set(currencies) if (course := self._courses.get(one))]
        return min((one for one in used if day - one > STALE_AFTER), default=None)


@dataclass(frozen=True, slots=True)
class Apart:
    """What came in and was spent in a currency without a rate into that of totals; `spending` is negative."""

    currency: str
    income: Decimal
    spending: Decimal


def day_rates(answer: Answer) -> DayRates:
    """Return the rates into the currency of totals, as the data stand."""
    return DayRates(home_currency(answer), answer.kept(_courses))


def old_rates(answer: Answer) -> tuple[OldRate, ...]:
    """Return where a currency goes into that of totals at a rate from long before: few, where rates were not told."""
    return answer.kept(_old_rates)


def apart(answer: Answer, accounts: Sequence[int], since: date, until: date) -> tuple[Apart, ...]:
    """Return what a period has in currencies without a rate: it is in no total."""
    sums = day_sums(answer)
    rows = sums.where(accounts, since, until, ("income", "spending"), rated=False)
    return tuple(
        Apart(code, *(from_units(int(sums.net[of][sums.of_kind(of, kind)].sum())) for kind in ("income", "spending")))
        for code, of in sums.by_currency(rows)
    )


def oldest_rate(
    answer: Answer,
    accounts: Collection[int] | None,
    since: date | None,
    until: date | None,
    kinds: Collection[str] | None,
) -> date | None:
    """Return the day of the oldest rate that a period's figures rest on, where it is from long before; else None."""
    old = old_rates(answer)
    if not old:
        return None
    sums = day_sums(answer)
    rows = sums.where(accounts, since, until, kinds, rated=True)
    days = {code: sums.days[of] for code, of in sums.by_currency(rows)}
    return min((one.day for one in old if one.currency in days and _has_day(days[one.currency], one)), default=None)


def _has_day(days: Ints, old: OldRate) -> bool:
    first = int(np.searchsorted(days, day_number(old.since)))
    return first < len(days) and (old.until is None or days[first] <= day_number(old.until))


def _courses(answer: Answer) -> dict[str, Course]:
    told = answer.columns("rates")
    codes = told.texts("currency")
    steps = [told.ints(name) for name in ("since", "day", "times", "per")]
    return {code: Course(*(one[codes.codes == place] for one in steps)) for place, code in enumerate(codes.values)}


def _old_rates(answer: Answer) -> tuple[OldRate, ...]:
    found = []
    for code, course in answer.kept(_courses).items():
        since = course.days + STALE_AFTER.days + 1
        following = np.append(course.since[1:], np.iinfo(np.int64).max)
        for at in np.flatnonzero(since < following).tolist():
            until = day_at(int(following[at]) - 1) if at + 1 < len(since) else None
            found.append(OldRate(code, day_at(int(course.days[at])), day_at(int(since[at])), until))
    return tuple(found)
