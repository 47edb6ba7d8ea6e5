"""A rule in words."""

from collections.abc import Mapping

from core.ledger import Actions, Conditions
from pages.shared.formats import Formats


def asked(conditions: Conditions, accounts: Mapping[int, str], formats: Formats) -> str:
    """Return what a rule is for, as a plain sentence's end."""
    parts = []
    if conditions.texts:
        parts.append("the text has " + " or ".join(f"“{one}”" for one in conditions.texts))
    if conditions.direction:
        parts.append({"in": "money comes in", "out": "money goes out"}[conditions.direction])
    if conditions.least is not None and conditions.most is not None:
        parts.append(f"the amount is {conditions.least:f} to {conditions.most:f}")
    elif conditions.least is not None:
        parts.append(f"the amount is {conditions.least:f} or more")
    elif conditions.most is not None:
        parts.append(f"the amount is {conditions.most:f} or less")
    if conditions.account_ids:
        named = " or ".join(accounts.get(one, "an account that is gone") for one in conditions.account_ids)
        parts.append(f"the account is {named}")
    if conditions.since:
        parts.append(f"it is of {formats.day(conditions.since)} or later")
    if conditions.until:
        parts.append(f"it is of {formats.day(conditions.until)} or earlier")
    if conditions.first_day or conditions.last_day:
        parts.append(f"the day of the month is {conditions.first_day or 1} to {conditions.last_day or 31}")
    return " and ".join(parts)


def said(actions: Actions, categories: Mapping[int, str]) -> str:
    """Return what a rule does."""
    parts = []
    if actions.category_id is not None:
        parts.append(f"put it into {categories.get(actions.category_id, 'a category that is gone')}")
    if actions.name:
        parts.append(f"call it “{actions.name}”")
    if actions.tags:
        parts.append("tag it " + ", ".join(actions.tags))
    if actions.hidden:
        parts.append("leave it out of budgets")
    return ", ".join(parts)
