"""From Plaid's words to ours: types, signs and names. The one place where Plaid's sign is turned."""

from collections.abc import Sized
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

import msgspec

from core.banking.plaid.models import PlaidAccount, PlaidTransaction
from core.errors import BankError
from core.ledger import LIABILITIES, AccountRecord, AccountType, TransactionRecord
from core.money import LIMIT, STEP

_BY_TYPE: Final[dict[str, AccountType]] = {
    "depository": "checking",
    "credit": "credit card",
    "loan": "loan",
    "investment": "brokerage",
    "brokerage": "brokerage",
}
_BY_SUBTYPE: Final[dict[str, AccountType]] = {
    "savings": "savings",
    "cd": "savings",
    "money market": "savings",
    "hsa": "savings",
    "cash management": "checking",
    "prepaid": "cash",
    "paypal": "cash",
    "ebt": "cash",
    "credit card": "credit card",
    "mortgage": "mortgage",
    "home equity": "mortgage",
    **dict.fromkeys(
        ("401k", "401a", "403b", "457b", "ira", "roth", "roth 401k", "sep ira", "simple ira", "pension", "retirement",
         "keogh", "rrsp", "rrif", "tfsa", "sipp", "lira", "thrift savings plan"),
        "retirement",
    ),
}  # fmt: skip

LONGEST_MASK: Final = 16
LONGEST_CHECK_NUMBER: Final = 64
"""As wide as their columns are: PostgreSQL refuses what is longer, SQLite keeps it."""
_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


def account_record(account: PlaidAccount) -> AccountRecord:
    """Return an account in our words: what is owed becomes negative.

    Raises:
        BankError: an amount is too large.
    """
    subtype = account.subtype or ""
    kind = _BY_SUBTYPE.get(subtype, _BY_TYPE.get(account.type, "other"))
    if account.type in {"credit", "loan"} and kind not in LIABILITIES:
        kind = _BY_TYPE[account.type]
    current = _kept(account.balances.current)
    return AccountRecord(
        key=account.account_id,
        name=account.name or account.official_name or "Account",
        type=kind,
        subtype=subtype,
        currency=_currency(account.balances.iso_currency_code, account.balances.unofficial_currency_code),
        official_name=account.official_name or "",
        mask=(account.mask or "")[:LONGEST_MASK],
        current=-current if current is not None and kind in LIABILITIES else current,
        available=_kept(account.balances.available),
        limit=_kept(account.balances.limit),
    )


def transaction_record(told: PlaidTransaction) -> TransactionRecord:
    """Return a transaction in our words. Plaid's positive is money out, ours negative; "" where it tells no currency.

    Raises:
        BankError: its day is none, or its amount too large.
    """
    category = told.personal_finance_category
    when = day(told.date)
    if when is None:
        raise BankError("The bank told of a transaction without a day.", "Sync again later.", code="NO_DAY")
    return TransactionRecord(
        account_key=told.account_id,
        date=when,
        amount=-amount if (amount := _kept(told.amount)) else Decimal(0),
        name=told.name or told.merchant_name or "Unnamed",
        currency=told.iso_currency_code or "",
        key=told.transaction_id,
        authorized_date=day(told.authorized_date),
        merchant_name=told.merchant_name or "",
        original_text=told.original_description or "",
        pending=told.pending,
        pending_key=told.pending_transaction_id,
        category=(category.detailed or category.primary) if category else "",
        payment_channel=told.payment_channel or "",
        check_number=(told.check_number or "")[:LONGEST_CHECK_NUMBER],
        details=_details(
            told.merchant_entity_id,
            told.website,
            bytes(told.location),
            bytes(told.counterparties),
            bytes(told.payment_meta),
        ),
    )


@lru_cache(maxsize=4096)
def _details(merchant: str | None, website: str | None, location: bytes, counterparties: bytes, payment: bytes) -> str:
    """Return what else the bank said as JSON, without what it left empty; a shop's many sales say the same."""
    facts = {
        "merchant_id": merchant,
        "website": website,
        "location": _filled(location),
        "counterparties": _each_filled(counterparties),
        "payment": _filled(payment),
    }
    kept = {name: value for name, value in facts.items() if value}
    return _encode(kept).decode() if kept else ""


@lru_cache(maxsize=4096)
def _filled(facts: bytes) -> msgspec.Raw | None:
    """Return a JSON object without what is null in it; None when nothing is left, or it is none."""
    return _kept_facts(_without_nulls(msgspec.json.decode(facts)))


@lru_cache(maxsize=4096)
def _each_filled(facts: bytes) -> msgspec.Raw | None:
    """Return a JSON list of objects, each without what is null in it; None when there is none."""
    listed = msgspec.json.decode(facts) or ()
    return _kept_facts([_without_nulls(one) for one in listed if isinstance(one, dict)])


def _without_nulls(facts: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {name: value for name, value in facts.items() if value is not None} if isinstance(facts, dict) else {}


def _kept_facts(facts: Sized) -> msgspec.Raw | None:
    return msgspec.Raw(_encode(facts)) if facts else None


@lru_cache(maxsize=4096)
def day(text: str | None) -> date | None:
    """Return a date that Plaid wrote, None for none or a broken one; the days of some years come again and again."""
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _kept(amount: Decimal | None) -> Decimal | None:
    """Return an amount as fine as money is kept: what is held in crypto comes in finer parts.

    Raises:
        BankError: it is too large to be kept.
    """
    if amount is None:
        return None
    try:
        if amount.copy_abs() < LIMIT:
            return amount.quantize(STEP, ROUND_HALF_EVEN) if amount % STEP else amount
    except InvalidOperation:
        pass
    raise BankError("The bank told of an amount too large to be kept.", "Sync again later.", code="AMOUNT")


def _currency(official: str | None, unofficial: str | None) -> str:
    return (official or unofficial or "USD")[:3].upper()
