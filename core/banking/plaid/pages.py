"""The pages of an update: each put into our words as it comes, while other banks are waited for, then put together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from core.banking.plaid.models import PlaidAccount, PlaidTransaction, SyncPage
from core.banking.plaid.translate import transaction_record
from core.collecting import no_collecting
from core.errors import BankError
from core.ledger import TransactionRecord

Said = TransactionRecord | BankError
"""A transaction in our words, or why it can't be put so: a later page may take it back."""


class Page(NamedTuple):
    """One page of /transactions/sync with its transactions in our words, by Plaid's key."""

    accounts: list[PlaidAccount]
    added: dict[str, Said]
    modified: dict[str, Said]
    removed: list[str]
    next_cursor: str
    has_more: bool
    status: str


@no_collecting()
def page_of(told: SyncPage) -> Page:
    """Return a page in our words; a transaction of which no currency is told has "" for it."""
    return Page(
        told.accounts,
        {row.transaction_id: _said(row) for row in told.added},
        {row.transaction_id: _said(row) for row in told.modified},
        [gone.transaction_id for gone in told.removed],
        told.next_cursor,
        told.has_more,
        told.transactions_update_status,
    )


def _said(told: PlaidTransaction) -> Said:
    try:
        return transaction_record(told)
    except BankError as failure:
        return failure


class Rows(NamedTuple):
    """What all pages of an update say together."""

    added: tuple[TransactionRecord, ...]
    modified: tuple[TransactionRecord, ...]
    removed: tuple[str, ...]


@no_collecting()
def put_together(pages: Sequence[Page], currencies: Mapping[str, str]) -> Rows:
    """Return the rows of an update; `currencies` are its accounts', by key.

    Raises:
        BankError: a transaction that stands at the end can't be put into our words.
    """
    # Pages are told in their order: what a later one removes or changes overrides an earlier one.
    added: dict[str, Said] = {}
    modified: dict[str, Said] = {}
    removed: dict[str, None] = {}
    for page in pages:
        for key in page.removed:
            added.pop(key, None)
            modified.pop(key, None)
            removed[key] = None
        for key, said in page.added.items():
            removed.pop(key, None)
            added[key] = said
        for key, said in page.modified.items():
            removed.pop(key, None)
            (added if key in added else modified)[key] = said
    return Rows(_records(added.values(), currencies), _records(modified.values(), currencies), tuple(removed))


def _records(said: Iterable[Said], currencies: Mapping[str, str]) -> tuple[TransactionRecord, ...]:
    records = []
    for one in said:
        if isinstance(one, BankError):
            raise one
        records.append(
            one if one.currency else msgspec.structs.replace(one, currency=currencies.get(one.account_key, "USD"))
        )
    return tuple(records)
