"""After a sync: what the bank's investment accounts hold, and the terms of what is owed there.

Both are extras. A bank or a setting without them hides them; a failure leaves what was known before.
Neither ever fails a sync, and neither is asked for where no account could have it: Plaid bills each.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from core.banking.provider import BankProvider, wealth_of
from core.errors import BankError, FeatureError, FinTrackError
from core.ledger import INVESTED, LIABILITIES, replace_debts, replace_holdings
from core.store import Account, Debt, Holding, Store, UserId

log = logging.getLogger(__name__)

INVESTED_SUBTYPES: Final = frozenset({"hsa"})
"""Accounts for saving by type that may be invested all the same."""
HIDDEN_BY: Final = frozenset({"ADDITIONAL_CONSENT_REQUIRED", "ACCESS_NOT_GRANTED"})
"""Consent that was not given for this: elsewhere it breaks a login, here it only hides the extra."""


Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class _Known:
    """What an item's accounts are, and whether anything is known of them already."""

    invested: bool
    owing: bool
    holdings: bool
    debts: bool


def has_wealth(session: Session, provider: BankProvider, user: UserId, item_id: int) -> bool:
    """Tell whether there is anything for `refresh_wealth` to ask."""
    if wealth_of(provider) is None:
        return False
    known = _known(session, user, item_id)
    return known.invested or known.owing


def refresh_wealth(store: Store, provider: BankProvider, user: UserId, item_id: int, access_token: str) -> None:
    """Bring the holdings and debts of an item up to date, where its accounts can have any; nothing is raised."""
    source = wealth_of(provider)
    if source is None:
        return
    try:
        with store.read() as session:
            known = _known(session, user, item_id)
        if known.invested:
            holdings = _answer(item_id, lambda: source.holdings(access_token))
            if holdings or (known.holdings and holdings is not None):
                replace_holdings(store, user, item_id, holdings)
        if known.owing:
            debts = _answer(item_id, lambda: source.debts(access_token))
            if debts or (known.debts and debts is not None):
                replace_debts(store, user, item_id, debts)
    except FinTrackError as failure:
        log.warning("holdings or debts of item %s could not be kept: %s", item_id, type(failure).__name__)


def _known(session: Session, user: UserId, item_id: int) -> _Known:
    rows = session.execute(
        select(
            Account.type,
            Account.subtype,
            exists().where(Holding.account_id == Account.id),
            exists().where(Debt.account_id == Account.id),
        ).where(Account.item_id == item_id, Account.user_id == user, Account.removed_at.is_(None))
    ).all()
    return _Known(
        any(kind in INVESTED or subtype in INVESTED_SUBTYPES for kind, subtype, _, _ in rows),
        any(kind in LIABILITIES for kind, _, _, _ in rows),
        any(holds for _, _, holds, _ in rows),
        any(owes for _, _, _, owes in rows),
    )


def _answer(item_id: int, ask: Callable[[], tuple[Told, ...]]) -> tuple[Told, ...] | None:
    """Return what the bank tells, nothing where it has no such thing, None where that could not be found out."""
    try:
        return ask()
    except FeatureError:
        return ()
    except BankError as failure:
        if failure.code in HIDDEN_BY:
            return ()
        log.info("holdings or debts of item %s stay as they were: %s", item_id, failure.code or type(failure).__name__)
        return None
