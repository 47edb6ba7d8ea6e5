"""Plain records that banks and files hand to the ledger. No database, no vendor, our sign."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

import msgspec

AccountType = Literal[
    "checking", "savings", "cash", "credit card", "mortgage", "loan", "brokerage", "retirement", "other"
]
"""FinTrack's own account types."""

LIABILITIES: frozenset[str] = frozenset({"credit card", "mortgage", "loan"})
"""What is on accounts of these types is owed, and negative."""
SPENDABLE: frozenset[str] = frozenset({"checking", "savings", "cash"})
"""What is on accounts of these types can be paid from."""
INVESTED: frozenset[str] = frozenset({"brokerage", "retirement"})
"""Accounts of these types hold securities."""

Progress = Callable[[str, int, int], None]
"""Told of long work while it runs: what is being done, in words, how many are done, and of how many."""


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """One account as a provider tells of it.

    `current` is its share of net worth: owned is positive, owed (a card, a loan) negative.
    `available` and `limit` are positive where they mean money one can still use.
    """

    key: str
    """The provider's id of the account, stable and case-sensitive."""
    name: str
    type: AccountType
    subtype: str = ""
    currency: str = "USD"
    official_name: str = ""
    mask: str = ""
    current: Decimal | None = None
    available: Decimal | None = None
    limit: Decimal | None = None


class TransactionRecord(msgspec.Struct, frozen=True, gc=False):
    """One transaction as a provider or file tells of it; `amount` negative is money out.

    A struct, as files bring very many of them: 100,000 are made in 0.04 s, and in 0.6 s where it is a frozen dataclass.
    It holds no cycles, so the garbage collector need not look at it.
    """

    account_key: str
    date: dt.date
    amount: Decimal
    name: str
    currency: str = "USD"
    key: str | None = None
    """The provider's id, unique in its account; None where a file gives none."""
    authorized_date: dt.date | None = None
    merchant_name: str = ""
    original_text: str = ""
    pending: bool = False
    pending_key: str | None = None
    """For a posted transaction, the `key` of the pending one that it replaces."""
    category: str = ""
    """A personal finance category code, v1 or v2 ("FOOD_AND_DRINK_GROCERIES"); "" when unknown."""
    payment_channel: str = ""
    check_number: str = ""
    details: str = ""
    """The rest as a JSON object: location, counterparties, merchant id, website."""


@dataclass(frozen=True, slots=True)
class SyncUpdate:
    """All that changed at a provider since a cursor: every page, or nothing."""

    accounts: tuple[AccountRecord, ...]
    added: tuple[TransactionRecord, ...]
    modified: tuple[TransactionRecord, ...]
    removed: tuple[str, ...]
    """Provider transaction keys."""
    next_cursor: str
    ready: bool = True
    """False while the provider is still gathering the history."""
    balances: tuple["DailyBalance", ...] = field(default=())


@dataclass(frozen=True, slots=True)
class DailyBalance:
    """What an account held at the end of a day; sign as in `AccountRecord.current`."""

    account_key: str
    day: dt.date
    current: Decimal


@dataclass(frozen=True, slots=True)
class StatementRecord:
    """One account's part of a bank file: its rows and, where the file says so, what was there after and before them."""

    account: AccountRecord
    transactions: tuple[TransactionRecord, ...]
    ledger_balance: Decimal | None = None
    """The closing balance, at the end of `ledger_balance_date`."""
    ledger_balance_date: dt.date | None = None
    opening_balance: Decimal | None = None
