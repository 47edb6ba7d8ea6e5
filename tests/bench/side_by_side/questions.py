"""The screens' whole question sets, as they are asked of anything that can answer the single questions of `Engine`.

Answers are plain: whole 1/10000 units, days as dates, ids. What was spent is positive.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol

from core import clock
from core.analytics import Span, TransactionFilter, span_of
from core.analytics.spans import stretches
from tests.bench.rows import TODAY
from tests.bench.side_by_side.plain import LIABILITIES, Plain

DAY: Final = timedelta(days=1)
START: Final = TODAY.replace(day=1)
MONTHS: Final = 24
QUARTER: Final = span_of("90d", "before", TODAY)
TWELVE: Final = span_of("12m", "before", TODAY)
THIS_YEAR: Final = span_of("year", "year", TODAY)
SO_FAR: Final = Span(START, TODAY, clock.add_months(START, -1), clock.add_months(TODAY, -1))
LIMITS: Final = {"FOOD_AND_DRINK_GROCERIES": 900, "FOOD_AND_DRINK_RESTAURANT": 300, "TRANSPORTATION_GAS": 150}
LIMITED_SINCE: Final = date(2025, 1, 1)
LISTS: Final[Mapping[str, tuple[TransactionFilter, int]]] = {
    "list": (TransactionFilter(), 1),
    "list, page 1,000": (TransactionFilter(), 1000),
    "list, a text": (TransactionFilter(text="greenleaf"), 1),
    "list, a year of one account": (TransactionFilter(account_ids=(1,), since=TODAY - timedelta(days=365)), 1),
    "list, spending of 50 to 100": (TransactionFilter(kind="spending", least=Decimal(50), most=Decimal(100)), 1),
}
PAGE: Final = 25

Bought = tuple[str, int, int, int, int]
"""A merchant: the name, spent and spent before, rows and rows before."""


@dataclass(frozen=True)
class History:
    """All that went to a merchant: by month, and the first and the last day."""

    months: Mapping[date, int]
    first: date
    last: date


@dataclass(frozen=True)
class Listed:
    """One page of a list: ids, newest first, and what all that is filtered adds up to."""

    ids: Sequence[int]
    count: int
    inflow: int
    outflow: int


class Engine(Protocol):
    """Answers single questions. Transfers are neither income nor spending; days are included at both ends."""

    def facts(self) -> tuple[int, date, int]:
        """Return how many rows there are, the first day, and how many but transfers have no category."""

    def sums(self, span: Span) -> tuple[int, int, int, int]:
        """Return income, spending (negative), and both of the period before."""

    def months(self, since: date, until: date) -> Mapping[date, tuple[int, int]]:
        """Return income and spending (negative) of each month."""

    def days(self, since: date, until: date) -> Mapping[date, tuple[int, int]]:
        """Return what was spent on each day, and in how many rows."""

    def categories(self, span: Span) -> Mapping[tuple[str, int], tuple[int, int, int]]:
        """Return by kind and category (0 is none) the sum, the sum before, and how many rows; money out is negative."""

    def merchants(self, span: Span, count: int) -> tuple[Sequence[Bought], int]:
        """Return those to whom most went, and how many there are in all."""

    def histories(self, names: Sequence[str], until: date) -> Mapping[str, History]:
        """Return all that went to some merchants up to a day."""

    def largest(self, since: date, until: date, count: int) -> Sequence[int]:
        """Return the largest purchases, of each merchant the largest one."""

    def known(self, account: int, day: date) -> tuple[date, int]:
        """Return the last day up to this one of which a balance was told, and that; else the first one told."""

    def moved(self, account: int, since: date, until: date) -> int:
        """Return what the posted rows of an account add up to."""

    def recent(self, count: int) -> Sequence[int]:
        """Return the newest rows."""

    def page(self, wanted: TransactionFilter, page: int) -> Listed:
        """Return a page of `PAGE` filtered rows; the last one when a later one is asked for."""

    def planned(self, since: date, until: date) -> Mapping[tuple[date, int], int]:
        """Return what was spent by month and category."""


def screens(engine: Engine, plain: Plain, limits: Mapping[int, int]) -> dict[str, Callable[[], Any]]:
    """Return what each screen asks; `limits` are what may be spent a month on categories."""
    return {
        "overview": lambda: _overview(engine, plain),
        "spending": lambda: _spending(engine),
        "cash flow": lambda: _flow(engine, plain),
        "net worth": lambda: _worth(engine, plain),
        "merchants": lambda: _merchants(engine),
        "days of a year": lambda: days(engine, THIS_YEAR),
        "year": lambda: _year(engine, plain),
        "budgets": lambda: _budgets(engine, limits),
        **{name: lambda asked=asked: engine.page(*asked) for name, asked in LISTS.items()},
    }


def month_ends() -> list[date]:
    """Return the last days of the overview's months, and today."""
    months = [clock.add_months(START, -back) for back in range(MONTHS - 1, -1, -1)]
    return [*(clock.month_end(month) for month in months[:-1]), TODAY]


def worth_days() -> list[date]:
    """Return the days that the history of net worth shows."""
    return [TWELVE.since - DAY, *(end for _, end in stretches(TWELVE.since, TODAY, TWELVE.unit))]


def days(engine: Engine, span: Span) -> dict[date, int]:
    """Return the days of a period that had any spending."""
    return {day: spent for day, (spent, _) in engine.days(span.since, span.until).items() if spent}


def grouped(categories: Mapping[tuple[str, int], tuple[int, int, int]], plain: Plain) -> dict[int, tuple[int, int]]:
    """Return what was spent on groups of categories, and in the period before."""
    sums: dict[int, tuple[int, int]] = {}
    for (kind, category), (now, before, _) in categories.items():
        if kind == "spending":
            group = plain.groups.get(category, 0)
            held = sums.get(group, (0, 0))
            sums[group] = (held[0] - now, held[1] - before)
    return {group: both for group, both in sums.items() if any(both)}


def _overview(engine: Engine, plain: Plain) -> dict[str, Any]:
    ends = month_ends()
    balances = _balances(engine, plain, ends)
    owed = [plain.types[one] in LIABILITIES for one in balances]
    return {
        "sums": engine.sums(SO_FAR),
        "groups": grouped(engine.categories(SO_FAR), plain),
        "days": days(engine, Span(TODAY - timedelta(days=89), TODAY)),
        "months": dict(engine.months(clock.add_months(START, 1 - MONTHS), TODAY)),
        "worth": {
            day: tuple(
                sum(line[place] for line, owing in zip(balances.values(), owed, strict=True) if owing is side)
                for side in (False, True)
            )
            for place, day in enumerate(ends)
        },
        "recent": list(engine.recent(10)),
        "facts": engine.facts(),
    }


def _spending(engine: Engine) -> dict[str, Any]:
    assert QUARTER.before_since is not None
    spent = engine.days(QUARTER.before_since, QUARTER.until)
    of_span = {day: both for day, both in spent.items() if day >= QUARTER.since}
    categories = engine.categories(QUARTER)
    merchants, count = engine.merchants(QUARTER, 10)
    return {
        "spent": sum(amount for amount, _ in of_span.values()),
        "rows": sum(rows for _, rows in of_span.values()),
        "before": sum(amount for day, (amount, _) in spent.items() if day < QUARTER.since),
        "days": {day: amount for day, (amount, _) in of_span.items() if amount},
        "categories": {
            category: (-now, -before, rows)
            for (kind, category), (now, before, rows) in categories.items()
            if kind == "spending"
        },
        "merchants": list(merchants),
        "count": count,
    }


def _flow(engine: Engine, plain: Plain) -> dict[str, Any]:
    assert TWELVE.before_since is not None
    assert TWELVE.before_until is not None
    categories = engine.categories(TWELVE)
    earned = [now for (kind, _), (now, _, _) in categories.items() if kind == "income"]
    spent = [now for now, _ in grouped(categories, plain).values()]
    came = sum(one for one in earned if one > 0) - sum(one for one in spent if one < 0)
    went = sum(one for one in spent if one > 0) - sum(one for one in earned if one < 0)
    return {
        "months": dict(engine.months(TWELVE.since, TWELVE.until)),
        "before": dict(engine.months(TWELVE.before_since, TWELVE.before_until)),
        "passed": max(came, went),
    }


def _worth(engine: Engine, plain: Plain) -> dict[int, list[int]]:
    return _balances(engine, plain, worth_days())


def _merchants(engine: Engine) -> dict[str, Any]:
    bought, count = engine.merchants(TWELVE, 100)
    history = engine.histories([one[0] for one in bought], TWELVE.until)
    shown = [clock.add_months(clock.month_start(TWELVE.until), back) for back in range(-11, 1)]
    return {
        "lines": [
            (*one, known.first, known.last, [known.months.get(month, 0) for month in shown])
            for one in bought
            if (known := history[one[0]])
        ],
        "count": count,
    }


def _year(engine: Engine, plain: Plain) -> dict[str, Any]:
    assert THIS_YEAR.before_since is not None
    assert THIS_YEAR.before_until is not None
    ends = [THIS_YEAR.since - DAY, THIS_YEAR.until]
    balances = _balances(engine, plain, ends)
    spent = days(engine, THIS_YEAR)
    return {
        "dearest": max((amount, day) for day, amount in spent.items()),
        "quiet": THIS_YEAR.days - sum(amount > 0 for amount in spent.values()),
        "months": dict(engine.months(THIS_YEAR.since, THIS_YEAR.until)),
        "before": added(engine.months(THIS_YEAR.before_since, THIS_YEAR.before_until).values()),
        "groups": {group: both for group, both in grouped(engine.categories(THIS_YEAR), plain).items() if both[0] > 0},
        "merchants": list(engine.merchants(THIS_YEAR, 5)[0]),
        "purchases": list(engine.largest(THIS_YEAR.since, THIS_YEAR.until, 5)),
        "worth": [sum(line[place] for line in balances.values()) for place in range(2)],
    }


def added(months: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return the income and the spending of some months."""
    kept = list(months)
    return sum(income for income, _ in kept), sum(spent for _, spent in kept)


def _budgets(engine: Engine, limits: Mapping[int, int]) -> dict[int, tuple[int, int, list[int]]]:
    """Return for each limit what was spent, what the months before left, and what was spent in twelve of them."""
    months = [clock.add_months(START, -back) for back in range(12, 0, -1)]
    since = min(LIMITED_SINCE, months[0])
    spent = engine.planned(since, TODAY)
    held, month = [], LIMITED_SINCE
    while month < START:
        held.append(month)
        month = clock.add_months(month, 1)
    return {
        category: (
            spent.get((START, category), 0),
            sum(limit - spent.get((month, category), 0) for month in held),
            [spent.get((month, category), 0) for month in months],
        )
        for category, limit in limits.items()
    }


def _balances(engine: Engine, plain: Plain, wanted: Sequence[date]) -> dict[int, list[int]]:
    """Return what was on each account: the last told balance, moved by what was posted since."""
    found: dict[int, list[int]] = {}
    for account in plain.types:
        found[account] = []
        for day in wanted:
            told, balance = engine.known(account, day)
            gap = 0
            if told < day:
                gap = engine.moved(account, told + DAY, day)
            elif told > day:
                gap = -engine.moved(account, day + DAY, told)
            found[account].append(balance + gap)
    return found
