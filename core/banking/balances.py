"""Asking a bank for this minute's balances, when the person wants them: some providers bill each call."""

from collections.abc import Mapping

from core.banking.items import note_failure, open_item
from core.banking.provider import BankProvider, fresh_balances_of, on_day
from core.errors import BankError, BankSetupError
from core.identity import today_of
from core.ledger import write_accounts
from core.store import Store, UserId
from core.vault import Vault


def refresh_balances(
    store: Store, vault: Vault, providers: Mapping[str, BankProvider], user: UserId, item_id: int
) -> int:
    """Bring the balances of an item's accounts up to this minute; return how many accounts were told of.

    Each also becomes the day's balance. Transactions come with a sync only.

    Raises:
        NotFoundError: the item is not there or not this user's.
        BankError: the bank or the provider failed; it is kept with the item.
    """
    name, token, _, institution = open_item(store, vault, user, item_id)
    provider = providers.get(name)
    try:
        if provider is None:
            raise BankSetupError(f"There is no way to reach {institution} with today's settings.", code="NO_PROVIDER")
        provider = on_day(provider, lambda: today_of(store, user))
        fresh = fresh_balances_of(provider)
        records = fresh.fresh_accounts(token) if fresh else provider.accounts(token)
    except BankError as failure:
        note_failure(store, user, item_id, failure)
        raise
    return write_accounts(store, user, item_id, records)
