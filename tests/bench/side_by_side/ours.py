"""FinTrack's own screens: its public functions, and their answers in the shape of `questions`."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from core.analytics import (
    Flow,
    Merchants,
    Overview,
    Spending,
    TransactionPage,
    WorthHistory,
    YearDays,
    YearReview,
    flow,
    list_transactions,
    merchants,
    overview,
    spending,
    worth_history,
    year_days,
    year_review,
)
from core.cache import UserCache
from core.money import to_units
from core.planning import BudgetMonth, budget_month, month_of
from core.store import Store, UserId
from tests.bench.forgetful import forgetful
from tests.bench.rows import TODAY
from tests.bench.side_by_side.questions import LISTS, QUARTER, TWELVE, Listed


def screens(store: Store, user: UserId, cache: UserCache) -> dict[str, Callable[[], Any]]:
    """Return what each screen asks when no answer is kept from before: all of it is asked of the database."""
    return {name: forgetful(cache, work) for name, work in drawn_again(store, user, cache).items()}


def drawn_again(store: Store, user: UserId, cache: UserCache) -> dict[str, Callable[[], Any]]:
    """Return what each screen asks when it is drawn again: what was answered is kept until the data change."""
    return {
        "overview": partial(overview, cache, TODAY),
        "spending": partial(spending, cache, QUARTER),
        "cash flow": partial(flow, cache, TWELVE),
        "net worth": partial(worth_history, cache, TWELVE),
        "merchants": partial(merchants, cache, TWELVE),
        "days of a year": partial(year_days, cache, TODAY.year, TODAY),
        "year": partial(year_review, cache, TODAY.year, TODAY),
        "budgets": partial(budget_month, store, user, cache, month_of(TODAY, 1), TODAY),
        **{name: partial(list_transactions, cache, wanted, page) for name, (wanted, page) in LISTS.items()},
    }


def told(name: str, answer: Any) -> Any:
    """Return an answer in the shape of `questions`."""
    return SHAPES.get(name, _listed)(answer)


def _overview(view: Overview) -> dict[str, Any]:
    month = view.month
    uncategorised = next(one.sentence for one in view.attention if one.kind == "uncategorised")
    sums = (month.income, month.spending, month.income_before, month.spending_before)
    return {
        "sums": tuple(map(to_units, sums)),
        "groups": {one.category_id or 0: (to_units(one.spent), to_units(one.spent_before)) for one in view.categories},
        "days": {day: to_units(spent) for day, spent in view.daily if spent},
        "months": {one.month: (to_units(one.income), to_units(one.spending)) for one in view.cash_flow},
        "worth": {one.day: (to_units(one.assets), to_units(one.liabilities)) for one in view.worth_history},
        "recent": [one.id for one in view.recent],
        "facts": (view.rows, view.first_date, int(uncategorised.split()[0].replace(",", ""))),
    }


def _spending(view: Spending) -> dict[str, Any]:
    assert view.before is not None
    return {
        "spent": to_units(view.spent),
        "rows": view.rows,
        "before": to_units(view.before),
        "days": {one.since: to_units(one.spent) for one in view.stretches if one.spent},
        "categories": {
            one.category_id or 0: (to_units(one.spent), to_units(one.before), one.rows)
            for group in view.groups
            for one in group.categories
        },
        "merchants": [
            (one.name, to_units(one.spent), to_units(one.before), one.rows, one.rows_before) for one in view.merchants
        ],
        "count": view.merchant_count,
    }


def _flow(view: Flow) -> dict[str, Any]:
    pairs = [(one.month, one.now, one.before) for one in view.months]
    return {
        "months": {month: (to_units(now.income), to_units(now.spending)) for month, now, _ in pairs},
        "before": {
            month.replace(year=month.year - 1): (to_units(before.income), to_units(before.spending))
            for month, _, before in pairs
            if before is not None
        },
        "passed": to_units(view.passed),
    }


def _worth(view: WorthHistory) -> dict[int, list[int]]:
    return {one.account.id: list(map(to_units, one.balances)) for one in view.lines}


def _merchants(view: Merchants) -> dict[str, Any]:
    lines = [
        (
            *(line.spent.name, to_units(line.spent.spent), to_units(line.spent.before)),
            *(line.spent.rows, line.spent.rows_before, line.first_seen, line.last_seen),
            list(map(to_units, line.months)),
        )
        for line in view.lines
    ]
    return {"lines": lines, "count": view.count}


def _days(view: YearDays) -> dict[Any, int]:
    return {one.day: to_units(one.spent) for one in view.days if one.spent}


def _year(view: YearReview) -> dict[str, Any]:
    assert view.before is not None
    assert view.worth is not None
    assert view.dearest is not None
    return {
        "dearest": (to_units(view.dearest.spent), view.dearest.day),
        "quiet": view.quiet_days,
        "months": {one.month: (to_units(one.now.income), to_units(one.now.spending)) for one in view.months},
        "before": (to_units(view.before.income), to_units(view.before.spending)),
        "groups": {one.category_id or 0: (to_units(one.spent), to_units(one.before)) for one in view.groups},
        "merchants": [
            (one.name, to_units(one.spent), to_units(one.before), one.rows, one.rows_before) for one in view.merchants
        ],
        "purchases": [one.row.id for one in view.purchases],
        "worth": [to_units(one.net) for one in view.worth],
    }


def _budgets(view: BudgetMonth) -> dict[int, tuple[int, int, list[int]]]:
    return {
        one.category_id: (to_units(one.spent), to_units(one.carried), [to_units(past.spent) for past in one.history])
        for one in view.lines
    }


def _listed(page: TransactionPage) -> Listed:
    (totals,) = page.totals
    return Listed([one.id for one in page.rows], page.count, to_units(totals.inflow), to_units(totals.outflow))


SHAPES: Final[dict[str, Callable[[Any], Any]]] = {
    "overview": _overview,
    "spending": _spending,
    "cash flow": _flow,
    "net worth": _worth,
    "merchants": _merchants,
    "days of a year": _days,
    "year": _year,
    "budgets": _budgets,
}
