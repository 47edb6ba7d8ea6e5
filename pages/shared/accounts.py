"""How accounts are named where one is chosen."""

from collections.abc import Sequence

from core.analytics import AccountSummary
from pages.shared.formats import clean


def account_names(accounts: Sequence[AccountSummary], *, every: bool = False) -> dict[int, str]:
    """Return what each account is called in a choice, with the digits that tell two of a name apart.

    With `every`, those that are hidden too.
    """
    return {
        one.id: clean(f"{one.name} ··{one.mask}" if one.mask else one.name)
        for one in accounts
        if every or not one.hidden
    }
