"""How categories are named where one is chosen."""

from collections.abc import Sequence
from typing import Final

from core.ledger import CategoryEntry

NO_CATEGORY: Final = 0


def choices(categories: Sequence[CategoryEntry], *, every: bool = False) -> dict[int, str]:
    """Return what each category to choose from is called: a group by its title, its members with the group's behind.

    With `every`, those that are hidden or merged too.
    """
    groups = {one.code: one.title for one in categories if one.code == one.group}
    return {
        one.id: one.title if one.code == one.group else f"{one.title} ({groups.get(one.group, one.group)})"
        for one in categories
        if every or one.offered
    }


def category_names(categories: Sequence[CategoryEntry]) -> dict[int, str]:
    """Return what each category is called in a filter, and 0 for none."""
    return {NO_CATEGORY: "No category"} | choices(categories, every=True)
