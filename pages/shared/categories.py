"""How categories are named where one is chosen."""

from collections.abc import Sequence

from core.ledger import CategoryEntry


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
