"""What is so in a household, reckoned without the coach's tools: by the functions of the screens, and by pandas."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import pandas as pd

from core import clock
from core.analytics import (
    Span,
    TransactionFilter,
    account_summaries,
    flow,
    list_transactions,
    listed_rows,
    merchants,
    overview,
    span_of,
    spending,
    worth_history,
)
from core.cache import UserCache
from core.coach import Scope
from core.ledger import list_categories
from core.planning import bills, budget_month, list_goals, month_called, month_of, subscriptions

KINDS_OF: Final = {
    "income": ["income"],
    "spending": ["spending"],
    "transfer": ["transfer"],
    "flow": ["income", "spending"],
}
Given = Mapping[str, str]
"""Arguments as the file of questions writes them: period=2026-01-01..2026-01-31, category=Groceries …"""
Facts = tuple[Decimal | date | int, ...]
"""What an answer must state."""


def span(scope: Scope, given: Given) -> Span:
    """Return the days that a question is about."""
    against: Any = given.get("against", "none")
    said = given.get("period", "")
    if said == "all":
        first = min(one.first_date for one in account_summaries(scope.cache) if one.first_date)
        return span_of("all", "none", scope.today, first=first)
    first, last = map(date.fromisoformat, said.split(".."))
    for preset in ("month", "year", "last_month", "last_year", "12m", "6m", "3m"):
        found = span_of(preset, against, scope.today)
        if (found.since, found.until) == (first, last):
            return found
    return span_of("own", against, scope.today, own=(first, last))


def _spent_in(scope: Scope, given: Given, days: Span) -> tuple[Decimal, Decimal]:
    """Return what was spent, and what in the period before."""
    accounts = [one.id for one in account_summaries(scope.cache) if one.name == given.get("account")]
    if "merchant" in given:
        found = merchants(scope.cache, days, accounts, given["merchant"]).lines
        lines = [one.spent for one in found if one.spent.name == given["merchant"]]
        return sum((one.spent for one in lines), Decimal(0)), sum((one.before for one in lines), Decimal(0))
    whole = spending(scope.cache, days, accounts)
    if "category" not in given:
        return whole.spent, whole.before or Decimal(0)
    everything = [one for group in whole.groups for one in (group.whole, *group.categories)]
    parts = [one for one in everything if one.title == given["category"]]
    return sum((one.spent for one in parts), Decimal(0)), sum((one.before for one in parts), Decimal(0))


def _spent(scope: Scope, given: Given) -> Facts:
    return (_spent_in(scope, given, span(scope, given))[0],)


def _difference(scope: Scope, given: Given) -> Facts:
    now, before = _spent_in(scope, given, span(scope, given))
    return now, before, abs(now - before)


def _daily(scope: Scope, given: Given) -> Facts:
    days = span(scope, given)
    return (_spent_in(scope, given, days)[0] / days.days,)


def _top_merchant(scope: Scope, given: Given) -> Facts:
    found = merchants(scope.cache, span(scope, given)).lines
    if "category" not in given:
        return (found[0].spent.spent,)
    rows = _frame(scope, {**given, "kind": "spending"})
    return (-rows.groupby("name")["amount"].sum().min(),)


def _months(scope: Scope, given: Given) -> list[Decimal]:
    days = span(scope, given)
    month, found = clock.month_start(days.since), []
    while month <= days.until:
        own = (max(month, days.since), min(clock.month_end(month), days.until))
        found.append(_spent_in(scope, given, span_of("own", "none", scope.today, own=own))[0])
        month = clock.add_months(month, 1)
    return found


def _income(scope: Scope, given: Given) -> Facts:
    return (flow(scope.cache, span(scope, given)).sums.income,)


def _saved(scope: Scope, given: Given) -> Facts:
    sums = flow(scope.cache, span(scope, given)).sums
    return (abs(sums.income + sums.spending),)


def _rate(scope: Scope, given: Given) -> Facts:
    sums = flow(scope.cache, span(scope, given)).sums
    return ((sums.income + sums.spending) / sums.income,)


def _worth(scope: Scope, given: Given) -> Facts:
    return (overview(scope.cache, scope.today).worth.net,)


def _worth_change(scope: Scope, given: Given) -> Facts:
    totals = worth_history(scope.cache, span(scope, given)).totals
    return (abs(totals[-1].net - totals[0].net),)


def _balance(scope: Scope, given: Given, name: str) -> Facts:
    return tuple(abs(one.current or 0) for one in account_summaries(scope.cache) if one.name == name)


def _left(scope: Scope, given: Given, name: str) -> Facts:
    month = month_of(scope.today, scope.person.month_start_day)
    found = budget_month(scope.store, scope.person.id, scope.cache, month, scope.today)
    return tuple(abs(one.left) for one in found.lines if one.title == name)


def _budgets(scope: Scope, given: Given) -> Facts:
    month = month_of(scope.today, scope.person.month_start_day)
    if "month" in given:
        month = month_called(date.fromisoformat(f"{given['month']}-01"), scope.person.month_start_day)
    found = budget_month(scope.store, scope.person.id, scope.cache, month, scope.today)
    return tuple(abs(one.left) for one in found.lines)


def _goal(scope: Scope, given: Given, name: str) -> Facts:
    goals = list_goals(scope.store, scope.person.id, scope.cache, scope.today)
    found = next(one for one in goals if one.wish.name == name)
    return (sum((one.amount for one in found.contributions), Decimal(0)),)


def _subscriptions(scope: Scope, given: Given) -> Facts:
    found = subscriptions(scope.store, scope.cache, scope.today)
    home = [one for one in found.costs if one.currency == scope.person.currency]
    return tuple(abs(one.monthly) for one in home)


def _bills(scope: Scope, given: Given) -> Facts:
    month = date.fromisoformat(f"{given['month']}-01") if "month" in given else clock.month_start(scope.today)
    found = bills(scope.store, scope.cache, scope.today, currency=scope.person.currency, month=month)
    return tuple(abs(one.to_pay) for one in found.sums if one.currency == scope.person.currency)


def _wanted(scope: Scope, given: Given) -> TransactionFilter:
    days = span(scope, given) if "period" in given else None
    categories = [one for one in list_categories(scope.store, scope.person.id) if one.title == given.get("category")]
    return TransactionFilter(
        account_ids=tuple(one.id for one in account_summaries(scope.cache) if one.name == given.get("account")),
        category_ids=tuple(one.id for one in categories),
        since=days.since if days else None,
        until=days.until if days else None,
        least=Decimal(given["least"]) if "least" in given else None,
        most=Decimal(given["most"]) if "most" in given else None,
        pending=True if "pending" in given else None,
        kind=given.get("kind"),  # type: ignore[arg-type]
        merchant=given.get("merchant", ""),
    )


@lru_cache(maxsize=2)
def _every_line(cache: UserCache, _today: date) -> pd.DataFrame:
    return pd.DataFrame([vars_of(one) for one in listed_rows(cache, TransactionFilter())])


def _frame(scope: Scope, given: Given) -> pd.DataFrame:
    """Return every line of a household, then what a question is about of it, filtered by pandas."""
    rows = _every_line(scope.cache, scope.today)
    wanted = _wanted(scope, given)
    if wanted.since and wanted.until:
        rows = rows[(rows["date"] >= wanted.since) & (rows["date"] <= wanted.until)]
    if wanted.kind:
        rows = rows[rows["kind"].isin(KINDS_OF[wanted.kind])]
    if wanted.merchant:
        rows = rows[rows["name"] == wanted.merchant]
    if wanted.account_ids:
        rows = rows[rows["account_id"].isin(wanted.account_ids)]
    if "category" in given:
        group = {one.id for one in list_categories(scope.store, scope.person.id) if one.title == given["category"]}
        rows = rows[rows["category_id"].isin(group)]
    if wanted.least is not None:
        rows = rows[rows["amount"].abs() >= wanted.least]
    if wanted.most is not None:
        rows = rows[rows["amount"].abs() <= wanted.most]
    if wanted.pending:
        rows = rows[rows["pending"]]
    return rows


def vars_of(row: Any) -> dict[str, Any]:
    """Return a row as a mapping: it has slots."""
    return {name: getattr(row, name) for name in row.__slots__}


def _count(scope: Scope, given: Given) -> Facts:
    return (len(_frame(scope, given)),)


def _largest(scope: Scope, given: Given) -> Facts:
    rows = _frame(scope, given)
    return (max(rows["amount"].abs()),) if (rows["currency"] == rows["currency"].iloc[0]).all() else ()


def _last(scope: Scope, given: Given) -> Facts:
    rows = _frame(scope, given)
    newest = rows.sort_values(["date", "id"]).iloc[-1]
    return newest["date"], abs(newest["amount"])


def _average(scope: Scope, given: Given) -> Facts:
    rows = _frame(scope, given)
    found = list_transactions(scope.cache, _wanted(scope, given))
    together = found.together.totals if found.together else found.totals[0]
    return (abs(together.net) / len(rows),)


def _nothing(scope: Scope, given: Given) -> Facts:
    return ()


_PLAIN: Final[Mapping[str, Callable[[Scope, Given], Facts]]] = {
    "spent": _spent,
    "difference": _difference,
    "daily": _daily,
    "top_merchant": _top_merchant,
    "top_month": lambda scope, given: (max(_months(scope, given)),),
    "income": _income,
    "saved": _saved,
    "rate": _rate,
    "worth": _worth,
    "worth_change": _worth_change,
    "budgets": _budgets,
    "subscriptions": _subscriptions,
    "bills": _bills,
    "count": _count,
    "largest": _largest,
    "last": _last,
    "average": _average,
    "insights": _nothing,
    "forecast": _nothing,
    "summary": _nothing,
}
_NAMED: Final[Mapping[str, Callable[[Scope, Given, str], Facts]]] = {"balance": _balance, "left": _left, "goal": _goal}


def facts(scope: Scope, truth: str, given: Given) -> Facts:
    """Return what an answer has to state: `truth` as the file of questions says it ("spent", "left:Groceries")."""
    found: list[Decimal | date | int] = []
    for one in truth.split():
        if one in _PLAIN:
            found += _PLAIN[one](scope, given)
    name, _, of = truth.partition(":")
    return tuple(found) if not of else _NAMED[name](scope, given, of)
