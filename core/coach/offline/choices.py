"""Questions to go on with: such as are surely understood."""

import re
from collections.abc import Mapping
from typing import Final

from core.coach.offline.asking import Wanted
from core.coach.offline.intents import Intent
from core.coach.offline.names import Unsure

MOST_CHOICES: Final = 5
_ASKED: Final[Mapping[Intent, str]] = {
    "total": "How much did I spend{what} this month?",
    "by_category": "Where did my money go this month?",
    "by_merchant": "Which merchants did I spend most with this month?",
    "by_month": "Show my spending{what} by month",
    "income": "How much did I earn this month?",
    "saved": "How much did I save this month?",
    "cash_flow": "What is my cash flow this month?",
    "net_worth": "What is my net worth?",
    "balance": "Show me my accounts",
    "budgets": "How are my budgets doing?",
    "goals": "How are my goals going?",
    "subscriptions": "What subscriptions do I have?",
    "bills": "What bills are coming up?",
    "insights": "Any insights?",
    "forecast": "How much will I have in the next 30 days?",
    "list": "Show me my transactions{what}",
    "largest": "What was my biggest purchase{what} this month?",
    "last": "What was my last purchase{what}?",
    "count": "How many purchases{what} did I make this month?",
    "average": "What is my average purchase{what}?",
    "daily_average": "How much do I spend per day this month?",
    "monthly_average": "What is my average monthly spending{what}?",
    "summary": "How am I doing?",
    "help": "What can you do?",
}
_EXAMPLES: Final[tuple[Intent, ...]] = ("total", "by_category", "saved", "budgets", "bills")


def examples() -> tuple[str, ...]:
    """Return a few questions that can be asked."""
    return tuple(_ASKED[intent].format(what="") for intent in _EXAMPLES)


def choices_for(wanted: Wanted, *, same: bool = False) -> tuple[str, ...]:
    """Return what may be asked next; with `same` the plain question of that intent itself."""
    slots = wanted.slots
    what = f" on {slots.categories[0]}" if slots.categories else f" at {slots.merchants[0]}" if slots.merchants else ""
    if same:
        return (_ASKED[wanted.intent].format(what=what),) if wanted.intent in _ASKED else ()
    if wanted.intent == "help":
        return examples()
    if wanted.intent == "total":
        return ("And last month?", "And compared to last year?", _ASKED["by_month"].format(what=what))
    if wanted.slots.period is not None and wanted.intent not in {"last", "list"}:
        return ("And last month?", "And this year?")
    return ()


def instead_of(question: str, unsure: Unsure) -> tuple[str, ...]:
    """Return a question with each of the names that fit in place of the words that did not tell which."""
    kinds = {named.kind for named in unsure.names}
    asked: list[str] = []
    for named in unsure.names:
        name = named.name if len(kinds) == 1 else f"{named.kind} {named.name}"
        found = re.search(re.escape(unsure.words), question, flags=re.IGNORECASE)
        if found:
            asked.append(f"{question[: found.start()]}{name}{question[found.end() :]}")
        else:
            asked.append(f"Balance of {name}" if named.kind == "account" else f"How much did I spend on {name}?")
    return tuple(asked[:MOST_CHOICES])
