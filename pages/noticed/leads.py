"""How an insight looks and where it leads: its icon and colour, and the links to what to do next."""

from typing import Any, Final, Literal

from core.insights import KIND_TITLES, InsightEntry, Kind
from pages.shared import links
from pages.shared.links import Link

Colour = Literal["red", "orange", "blue", "green", "violet", "gray"]

SIGNS: Final[dict[Kind, tuple[str, Colour]]] = {
    "spending_alert": (":material/data_usage:", "orange"),
    "budget_alert": (":material/error:", "red"),
    "savings_opportunity": (":material/savings:", "green"),
    "goal_progress": (":material/celebration:", "green"),
    "goal_behind": (":material/flag:", "orange"),
    "anomaly": (":material/troubleshoot:", "violet"),
    "price_rise": (":material/trending_up:", "orange"),
    "renewal": (":material/event_repeat:", "blue"),
    "bill_due": (":material/event_upcoming:", "blue"),
    "income_late": (":material/hourglass_empty:", "orange"),
    "low_balance": (":material/water_drop:", "red"),
}
GROUPS: Final[dict[str, tuple[Kind, ...]]] = {
    "Budgets": ("spending_alert", "budget_alert"),
    "Goals": ("goal_progress", "goal_behind"),
    "Saving": ("savings_opportunity", "price_rise", "renewal"),
    "Unusual": ("anomaly",),
    "Bills & balance": ("low_balance", "bill_due", "income_late"),
}
"""The kinds that are looked at together."""


def badge_of(one: InsightEntry) -> tuple[str, str, Colour]:
    """Return the words, the icon and the colour of an insight's badge."""
    return KIND_TITLES[one.kind], *SIGNS[one.kind]


def leads(one: InsightEntry) -> tuple[Link, ...]:
    """Return where an insight leads: to what can be done first, then to the rows behind it."""
    facts: dict[str, Any] = dict(one.facts)
    if one.kind in GROUPS["Budgets"]:
        return (Link("Change the budget", links.BUDGETS, {"month": f"{facts['month']:%Y-%m}"}), rows_of_budget(facts))
    if one.kind in GROUPS["Goals"]:
        return (Link("Go to your goals", links.GOALS),)
    if one.kind == "anomaly":
        lead = Link("Look at it", links.TRANSACTIONS, {"tx": str(facts["transaction_id"])})
        name = str(facts["name"])
        return (lead, Link("All from there", links.TRANSACTIONS, {"merchant": name})) if name else (lead,)
    if one.kind in GROUPS["Bills & balance"]:
        lead = Link("Go to bills", links.BILLS)
        return (lead, last_payment(facts)) if one.kind == "bill_due" and "transaction_id" in facts else (lead,)
    lead = Link("Go to subscriptions", links.SUBSCRIPTIONS)
    if "transaction_id" not in facts:
        return (lead,)
    return lead, last_payment(facts)


def last_payment(facts: dict[str, Any]) -> Link:
    """Return the link to the last payment of what recurs."""
    return Link("The last payment", links.TRANSACTIONS, {"tx": str(facts["transaction_id"])})


def rows_of_budget(facts: dict[str, Any]) -> Link:
    """Return the link to the rows that a budget counts."""
    count = facts["rows"]
    query = {
        "category": ",".join(str(one) for one in facts["listed_ids"]),
        "kind": "spending",
        "hidden": "no",
        "from": facts["first"].isoformat(),
        "to": facts["last"].isoformat(),
    }
    return Link("See its transaction" if count == 1 else f"See its {count} transactions", links.TRANSACTIONS, query)
