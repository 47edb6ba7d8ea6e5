"""After a sync: what the bank's investment accounts hold, and the terms of what is owed there.

Both are extras. A bank or a setting without them hides them; a failure leaves what was known before.
Neither ever fails a sync, and neither is asked for where no account could have it: Plaid bills each.
"""

import logging
from collections.abc import Callable
from typing import Final, TypeVar

from sqlalchemy import select

from core.banking.provider import BankProvider, wealth_of
from core.errors import BankError, FeatureError, FinTrackError
from core.ledger import LIABILITIES, replace_debts, replace_holdings
from core.store import Account, Store, UserId

log = logging.getLogger(__name__)

INVESTED: Final = frozenset({"brokerage", "retirement"})
INVESTED_SUBTYPES: Final = frozenset({"hsa"})
"""Accounts for saving by type that may be invested all the same."""
HIDDEN_BY: Final = frozenset({"ADDITIONAL_CONSENT_REQUIRED", "ACCESS_NOT_GRANTED"})
"""Consent that was not given for this: elsewhere it breaks a login, here it only hides the extra."""


Told = TypeVar("Told")


def refresh_wealth(store: Store, provider: BankProvider, user: UserId, item_id: int, access_token: str) -> None:
    """Bring the holdings and debts of an item up to date, where its accounts can have any; nothing is raised."""
    source = wealth_of(provider)
    if source is None:
        return
    try:
        kinds = _kinds(store, user, item_id)
        if any(kind in INVESTED or subtype in INVESTED_SUBTYPES for kind, subtype in kinds):
            holdings = _answer(item_id, lambda: source.holdings(access_token))
            if holdings is not None:
                replace_holdings(store, user, item_id, holdings)
        if any(kind in LIABILITIES for kind, _ in kinds):
            debts = _answer(item_id, lambda: source.debts(access_token))
            if debts is not None:
                replace_debts(store, user, item_id, debts)
    except FinTrackError as failure:
        log.warning("holdings or debts of item %s could not be kept: %s", item_id, failure.sentence)


def _kinds(store: Store, user: UserId, item_id: int) -> list[tuple[str, str]]:
    with store.read() as session:
        rows = session.execute(
            select(Account.type, Account.subtype).where(
                Account.item_id == item_id, Account.user_id == user, Account.removed_at.is_(None)
            )
        )
        return [(kind, subtype) for kind, subtype in rows]


def _answer(item_id: int, ask: Callable[[], tuple[Told, ...]]) -> tuple[Told, ...] | None:
    """Return what the bank tells, nothing where it has no such thing, None where that could not be found out."""
    try:
        return ask()
    except FeatureError:
        return ()
    except BankError as failure:
        if failure.code in HIDDEN_BY:
            return ()
        log.info("holdings or debts of item %s stay as they were: %s", item_id, failure.code or failure.sentence)
        return None
