"""What will be: the balance of the next days, and what will be spent."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Final

from pydantic import Field

from core.coach.tools.naming import Name, category_named
from core.coach.tools.narrowing import noted
from core.coach.tools.reckoning import fine
from core.coach.tools.tool import Arguments, Curve, Lead, Scope, Table, Tool, ToolResult
from core.coach.values import Amount, Count, Day, Node, Share, Text
from core.errors import ValidationError
from core.forecasting import DAYS, SPANS, CategoryOutlook, DayOutlook, Outlook, outlook
from core.ledger import list_categories
from core.planning import kept_line

MOST_DAYS: Final = 14
"""So many days are told one by one, evenly spread."""
MOST_CATEGORIES: Final = 12
MOST_ENTRIES: Final = 12


class ForecastArguments(Arguments):
    """How far ahead, and of what."""

    days: Annotated[int, Field(ge=1, le=DAYS)] = DAYS
    category: Annotated[Name | None, Field(description="What will be spent on it.")] = None


def _answer(scope: Scope, asked: ForecastArguments) -> ToolResult:
    wanted = None if asked.category is None else _primary(scope, asked.category)
    found = outlook(scope.store, scope.cache, scope.today, line=kept_line(scope.store, scope.cache.user))
    days = found.days[: asked.days + 1]
    spans = [one for one in SPANS if one >= asked.days] or list(SPANS[-1:])
    reach, last = spans[0], scope.today + timedelta(days=asked.days)
    notes = []
    if found.opening is None:
        notes.append("No account has a known balance to begin with: the balance can't be foretold.")
    elif found.opening.unknown or found.opening.apart:
        notes.append("Accounts without a known balance or rate are left out.")
    if not found.categories:
        notes.append("There is too little history to foretell what will be spent.")
    if reach != asked.days and found.categories:
        notes.append("What will be spent is told within more days than were asked for: see spending_within_days.")
    if wanted is not None and found.categories and _of(found, reach, wanted[0]) is None:
        notes.append("This category is foretold within everything else only.")
    entries = [one for one in found.entries if one.day <= last and one.role != "transfer"]
    return ToolResult(
        title=f"Forecast to {scope.formats.day(last)}",
        told={
            "today": Day(scope.today),
            "until": Day(last),
            "days": Count(asked.days),
            **({"about": {"category": Text(wanted[1])}} if wanted else {}),
            **_balance(found, days),
            **_spending(found, reach, wanted),
            "expected": [
                {
                    "day": Day(one.day),
                    "name": Text(one.name),
                    "amount": Amount(one.amount, one.currency),
                }
                for one in entries[:MOST_ENTRIES]
            ],
            "expected_in_all": Count(len(entries)),
            "months_known": Count(found.months),
            **noted(notes),
        },
        table=Table(
            ("Day", "Balance", "Low", "High"),
            tuple(
                (
                    Day(one.day),
                    Amount(one.balance, found.currency),
                    Amount(one.low, found.currency),
                    Amount(one.high, found.currency),
                )
                for one in _spread(days)
            ),
        ),
        curve=Curve("Balance", found.currency, tuple((one.day, one.balance) for one in days)),
        leads=(Lead("Forecast", "forecast"),),
    )


def _primary(scope: Scope, name: str) -> tuple[int | None, str]:
    """Return the primary category that one is foretold by, and its title."""
    category = category_named(scope, name)
    if category is None:
        return None, "Uncategorised"
    if category.kind != "spending":
        raise ValidationError("Only what will be spent on a category is foretold.", "This one is no spending.")
    known = {one.code: one for one in list_categories(scope.store, scope.cache.user)}
    primary = known.get(category.group, category)
    if primary.id != category.id:
        raise ValidationError(
            "What will be spent is foretold by whole groups of categories only.",
            "Ask for the group that this category belongs to.",
        )
    return primary.id, primary.title


def _balance(found: Outlook, days: tuple[DayOutlook, ...]) -> dict[str, Node]:
    if not days or found.opening is None:
        return {}
    currency, end = found.currency, days[-1]
    least = min(days, key=lambda one: (one.balance, one.day))
    below = next((one.day for one in days if one.balance < found.line), None)
    return {
        "balance_now": Amount(found.opening.balance, currency),
        "balance_at_the_end": Amount(end.balance, currency),
        "difference": Amount(end.balance - found.opening.balance, currency),
        "in_four_of_five_cases": {"low": Amount(end.low, currency), "high": Amount(end.high, currency)},
        "in_nineteen_of_twenty_cases": {"low": Amount(end.lowest, currency), "high": Amount(end.highest, currency)},
        "of_it": {"recurring": Amount(end.recurring, currency), "everything_else": Amount(end.rest, currency)},
        "lowest": {"day": Day(least.day), "balance": Amount(least.balance, currency)},
        "line": Amount(found.line, currency),
        "below_the_line_on": None if below is None else Day(below),
        "chance_of_falling_below": Share(fine(Decimal(str(round(end.chance, 4))))),
        "steps": [
            {
                "day": Day(one.day),
                "balance": Amount(one.balance, currency),
                "low": Amount(one.low, currency),
                "high": Amount(one.high, currency),
            }
            for one in _spread(days)
        ],
    }


def _spread(days: tuple[DayOutlook, ...]) -> list[DayOutlook]:
    """Return some of the days, evenly spread, the last one always."""
    step = max(1, -(-len(days) // MOST_DAYS))
    return list(days[::-1][::step])[::-1]


def _of(found: Outlook, reach: int, category: int | None) -> CategoryOutlook | None:
    return next((one for one in found.parts(reach) if one.category_id == category), None)


def _spending(found: Outlook, reach: int, wanted: tuple[int | None, str] | None) -> dict[str, Node]:
    whole = found.spent(reach)
    if whole is None:
        return {}
    told: dict[str, Node] = {"spending_within_days": Count(reach), "spending": _outlook(whole, found.currency)}
    if wanted is None:
        told["categories"] = [_outlook(one, found.currency) for one in found.parts(reach)[:MOST_CATEGORIES]]
        return told
    one = _of(found, reach, wanted[0])
    return told | ({"category": _outlook(one, found.currency)} if one is not None else {})


def _outlook(one: CategoryOutlook, currency: str) -> dict[str, Node]:
    return {
        "category": Text(one.title),
        "expected": Amount(one.total, currency),
        "low": Amount(one.low, currency),
        "high": Amount(one.high, currency),
        "recurring": Amount(one.known, currency),
    }


GET_FORECAST: Final = Tool(
    "get_forecast",
    "What the next days, 90 at the most, are expected to bring: the balance of spendable accounts with its range, the "
    "lowest day, the chance of falling below the person's line, and what will be spent within 30, 60 or 90 days by "
    "group of categories. Balances as they are; what will be spent is positive, expected payments are negative.",
    ForecastArguments,
    _answer,
)
