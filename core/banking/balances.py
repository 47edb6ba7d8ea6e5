"""Asking a bank for this minute's balances, when the person wants them: some providers bill each call."""

from collections.abc import Mapping

from core.banking.items import note_failure, open_item
from core.banking.provider import BankProvider, fresh_balances_of, on_day
from core.errors import (
    AccountsChangedError,
    BankError,
    BankSetupError,
    FeatureError,
    ItemDeletedError,
)
from core.identity import today_of
from core.ledger import AccountRecord, write_accounts
from core.store import Store, UserId
from core.vault import Vault


def refresh_balances(
    store: Store, vault: Vault, providers: Mapping[str, BankProvider], user: UserId, item_id: int
) -> int:
    """Bring the balances of an item's accounts up to this minute; return how many accounts were told of.

    Each also becomes the day's balance. Transactions come with a sync only.

    Raises:
        NotFoundError: the item is not there or not this user's.
        BankError: the bank or the provider failed; what a sync would meet too is kept with the item.
    """
    name, token, _, institution = open_item(store, vault, user, item_id)
    provider = providers.get(name)
    try:
        if provider is None:
            raise BankSetupError(f"There is no way to reach {institution} with today's settings.", code="NO_PROVIDER")
        provider = on_day(provider, lambda: today_of(store, user))
        try:
            records = _ask(provider, token)
        except AccountsChangedError:
            write_accounts(store, user, item_id, provider.accounts(token), whole=True)
            records = _ask(provider, token)
    except (FeatureError, AccountsChangedError, ItemDeletedError):
        # It says nothing of the login: syncs go on by their schedule.
        raise
    except BankError as failure:
        note_failure(store, user, item_id, failure)
        raise
    return write_accounts(store, user, item_id, records)


def _ask(provider: BankProvider, token: str) -> tuple[AccountRecord, ...]:
    fresh = fresh_balances_of(provider)
    return fresh.fresh_accounts(token) if fresh else provider.accounts(token)
