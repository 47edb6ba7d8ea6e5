"""From what was understood to the tools that answer it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from core import clock
from core.coach.offline.dates import When
from core.coach.offline.intents import Intent
from core.coach.offline.reading import Slots
from core.planning import month_of

USUAL_DAYS: Final = 90
"""A forecast goes so far where nothing else is said."""
USUAL_LIST: Final = 10
USUAL_TOP: Final = 5
THIS_MONTH: Final = When("month")
ALWAYS: Final = When("all")
YEAR_TO_NOW: Final = When("12m")
_USUAL_PERIOD: Final[Mapping[str, When]] = {
    "by_month": YEAR_TO_NOW,
    "net_worth": YEAR_TO_NOW,
    "average": YEAR_TO_NOW,
    "list": ALWAYS,
    "last": ALWAYS,
}
_WITH_PERIOD: Final = frozenset(
    {
        "total",
        "by_category",
        "by_merchant",
        "income",
        "saved",
        "cash_flow",
        "largest",
        "count",
        "daily_average",
        "share",
    }
)

_WAS_PAID: Final = re.compile(r"\b(?:(?:was|were|am|been|being) (?:(?:i|we) )?|(?:get|got|getting) )(?:last )?paid\b")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a question was understood as."""

    intent: Intent
    slots: Slots
    words: str = ""
    """The question with marks: what it says beside names and figures, such as "pending"."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A tool and what it is asked with."""

    tool: str
    arguments: Mapping[str, Any]


def with_period(wanted: Wanted, today: date, beginning: Callable[[], date | None]) -> Wanted:
    """Return the same with the period that is meant where none was said; `beginning` tells the first day known."""
    slots = wanted.slots
    if slots.period is None and _is_of_whole_months(wanted):
        return replace(wanted, slots=replace(slots, period=_whole_months(today, beginning())))
    if slots.period is not None or (wanted.intent not in _WITH_PERIOD and wanted.intent not in _USUAL_PERIOD):
        return wanted
    usual = _USUAL_PERIOD.get(wanted.intent, THIS_MONTH)
    return replace(wanted, slots=replace(slots, period=usual))


def _is_of_whole_months(wanted: Wanted) -> bool:
    """Tell whether what a month comes to is asked for: a month that has only begun tells that of none."""
    monthly = {"month", "monthly"} & set(wanted.words.split())
    return wanted.intent == "monthly_average" or bool(wanted.intent == "income" and monthly)


def _whole_months(today: date, beginning: date | None) -> When:
    """Return the last twelve months that are over, without those before the first transaction."""
    this = clock.month_start(today)
    first = clock.add_months(this, -12)
    if beginning is not None and beginning > first:
        first = (
            clock.month_start(beginning) if beginning.day == 1 else clock.add_months(clock.month_start(beginning), 1)
        )
    return When("own", first, this - timedelta(days=1)) if first < this else THIS_MONTH


def asks(wanted: Wanted, today: date, month_start_day: int = 1) -> list[Ask]:
    """Return what has to be asked, in order; names as the person's things are called.

    `month_start_day` is the day with which the months of the person's budgets begin.
    """
    slots, intent = wanted.slots, wanted.intent
    period = (slots.period or THIS_MONTH).arguments(slots.against)
    if intent in {"list", "largest", "last", "count", "average"} or (intent == "total" and _bounded(slots)):
        return [Ask("list_transactions", _listed(wanted, period))]
    if intent in {"total", "by_category", "by_merchant", "by_month", "daily_average", "monthly_average"}:
        return _spending(wanted, period)
    if intent == "share":
        return [
            Ask("get_spending_analytics", {"period": period, "category": slots.categories[0]}),
            Ask("get_spending_analytics", {"period": period}),
            Ask("calculate", {"refs": ["c1:spent", "c2:spent"], "op": "share"}),
        ]
    if intent == "income" and slots.categories:
        return [Ask("list_transactions", _named(slots) | {"period": period, "kind": "income", "limit": USUAL_LIST})]
    if intent in {"income", "saved", "cash_flow"}:
        return _held("get_cash_flow", {"period": period}, slots, {"income": "income"}.get(intent, "saved"))
    if intent == "net_worth":
        return [Ask("get_net_worth", {"period": period})]
    if intent == "forecast":
        return [Ask("get_forecast", _named(slots) | {"days": days_ahead(slots, today)})]
    if intent == "bills":
        month = month_of_bills(slots, today)
        return [Ask("list_bills", {"month": f"{month:%Y-%m}"} if month else {})]
    if intent in {"budgets", "afford"}:
        month = month_of_budgets(slots, today, month_start_day)
        is_on = month == month_of(today, month_start_day).start
        return [Ask("list_budgets", {} if is_on else {"month": f"{month:%Y-%m}"})]
    if intent == "insights":
        return [Ask("list_insights", {"limit": slots.figures.count or USUAL_TOP})]
    plain = {
        "balance": "list_accounts",
        "goals": "list_goals",
        "subscriptions": "list_subscriptions",
        "summary": "get_dashboard_summary",
    }
    return [Ask(plain[intent], {})] if intent in plain else []


def is_of_spending(wanted: Wanted) -> bool:
    """Tell whether a forecast is asked for of what will be spent, not of the balance."""
    return bool(wanted.slots.categories or {"spend", "spending"} & set(wanted.words.split()))


def days_ahead(slots: Slots, today: date) -> int:
    """Return how many days a forecast is asked for."""
    return USUAL_DAYS if slots.figures.ahead is None else (slots.figures.ahead - today).days


def month_of_bills(slots: Slots, today: date) -> date | None:
    """Return the month whose bills are asked for, by its first day; None for the one that is on.

    A month without a year is the next one of that name.
    """
    if slots.figures.ahead_month is not None:
        return slots.figures.ahead_month
    if slots.figures.ahead is not None or slots.period is None:
        return None
    if slots.period.bare_month:
        later = slots.period.bare_month >= today.month
        found = date(today.year + (not later), slots.period.bare_month, 1)
    else:
        found = clock.month_start(slots.period.days(today)[1])
    return None if found == clock.month_start(today) else found


def month_of_budgets(slots: Slots, today: date, month_start_day: int) -> date:
    """Return the calendar month in which the person's month begins whose budgets are asked for."""
    this, period = month_of(today, month_start_day).start, slots.period
    if period is None or (period.preset == "month" and not period.bare_month):
        return this
    if period.preset == "last_month" and not period.bare_month:
        return clock.add_months(this, -1)
    return clock.month_start(period.days(today)[1])


def _bounded(slots: Slots) -> bool:
    return slots.figures.least is not None or slots.figures.most is not None


def _named(slots: Slots) -> dict[str, str]:
    kinds = (("category", slots.categories), ("merchant", slots.merchants), ("account", slots.accounts))
    return {kind: names[0] for kind, names in kinds if names}


def _spending(wanted: Wanted, period: Mapping[str, str]) -> list[Ask]:
    slots = wanted.slots
    by = {"by_merchant": "merchant", "by_month": "month", "monthly_average": "month"}.get(wanted.intent, "category")
    given: dict[str, Any] = {"period": period} | _named(slots) | ({} if by == "category" else {"by": by})
    several = [("category", slots.categories), ("merchant", slots.merchants)]
    for kind, names in several:
        if len(names) > 1:
            each = [Ask("get_spending_analytics", given | {kind: name}) for name in names]
            return [*each, Ask("calculate", {"refs": [f"c{at}:spent" for at in range(1, len(each) + 1)], "op": "sum"})]
    return _held("get_spending_analytics", given, slots, "spent")


def _held(tool: str, given: Mapping[str, Any], slots: Slots, figure: str) -> list[Ask]:
    if slots.other is None:
        return [Ask(tool, given)]
    return [
        Ask(tool, given),
        Ask(tool, {**given, "period": slots.other.arguments()}),
        Ask("calculate", {"refs": [f"c1:{figure}", f"c2:{figure}"], "op": "difference"}),
    ]


def _listed(wanted: Wanted, period: Mapping[str, str]) -> dict[str, Any]:
    slots, words = wanted.slots, wanted.words.split()
    figures = slots.figures
    given: dict[str, Any] = {"period": period} | _named(slots)
    if figures.least is not None:
        given["least"] = str(figures.least)
    if figures.most is not None:
        given["most"] = str(figures.most)
    if "pending" in words:
        given["pending"] = True
    if kind := _kind(wanted):
        given["kind"] = kind
    if wanted.intent == "largest":
        small = {"smallest", "cheapest", "lowest", "least"} & set(words)
        given["order"] = "smallest" if small else "largest"
    limit = figures.count or {"largest": USUAL_TOP if _plural(words) else 1, "last": 1}.get(wanted.intent)
    return given | {"limit": limit or USUAL_LIST}


def _plural(words: Sequence[str]) -> bool:
    return bool({"expenses", "purchases", "transactions", "payments", "bills", "charges"} & set(words))


def _kind(wanted: Wanted) -> str:
    words = set(wanted.words.split())
    if _WAS_PAID.search(wanted.words):
        return "income"
    if words & {"income", "deposits", "deposit", "earnings"}:
        return "income"
    if words & {"transfers", "transfer"}:
        return "transfer"
    if wanted.intent in {"total", "largest", "average"}:
        return "spending"
    spent = {
        "purchase",
        "purchases",
        "expense",
        "expenses",
        "bought",
        "buy",
        "pay",
        "paid",
        "payment",
        "payments",
        "spend",
    }
    spent |= {"spent", "shop", "shopped"}
    return "spending" if words & spent or (wanted.slots.merchants and wanted.intent in {"last", "count"}) else ""
