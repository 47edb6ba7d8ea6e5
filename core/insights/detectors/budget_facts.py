"""What is told of a budget, whether it is nearly spent or exceeded."""

from decimal import ROUND_DOWN, Decimal

from core.insights.evidence import Evidence
from core.insights.facts import Fact
from core.money import minor_digits
from core.planning import BudgetLine


def budget_facts(line: BudgetLine, evidence: Evidence) -> dict[str, Fact]:
    """Return a budget's figures in the month that has begun, and by which its transactions are found."""
    view = evidence.budgets
    days_left = view.month.days - view.month.elapsed(evidence.today)
    smallest = Decimal(1).scaleb(-minor_digits(view.currency))
    # What is left is for today too.
    a_day = (max(line.left, Decimal(0)) / (days_left + 1)).quantize(smallest, ROUND_DOWN)
    return {
        "category_id": line.category_id,
        "category": line.title,
        "icon": line.icon,
        "listed_ids": line.listed_ids,
        "rows": line.rows,
        "month": view.month.start,
        "first": view.month.first,
        "last": view.month.last,
        "days_left": days_left,
        "currency": view.currency,
        "spent": line.spent,
        "available": line.available,
        "left": line.left,
        "a_day": a_day,
        "percent": int(line.used * 100),
    }
