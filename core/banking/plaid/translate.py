"""From Plaid's words to ours: types, signs and names. The one place where Plaid's sign is turned."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from core.banking.plaid.models import PlaidAccount, PlaidTransaction
from core.ledger import LIABILITIES, AccountRecord, AccountType, TransactionRecord

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

_encode: Final = msgspec.json.Encoder(decimal_format="number").encode


def account_record(account: PlaidAccount) -> AccountRecord:
    """Return an account in our words: what is owed becomes negative."""
    subtype = account.subtype or ""
    kind = _BY_SUBTYPE.get(subtype, _BY_TYPE.get(account.type, "other"))
    if account.type in {"credit", "loan"} and kind not in LIABILITIES:
        kind = _BY_TYPE[account.type]
    current = account.balances.current
    return AccountRecord(
        key=account.account_id,
        name=account.name or account.official_name or "Account",
        type=kind,
        subtype=subtype,
        currency=_currency(account.balances.iso_currency_code, account.balances.unofficial_currency_code),
        official_name=account.official_name or "",
        mask=account.mask or "",
        current=-current if current is not None and kind in LIABILITIES else current,
        available=account.balances.available,
        limit=account.balances.limit,
    )


def transaction_record(told: PlaidTransaction, currency: str) -> TransactionRecord:
    """Return a transaction in our words; `currency` is its account's. Plaid's positive is money out, ours negative."""
    category = told.personal_finance_category
    return TransactionRecord(
        account_key=told.account_id,
        date=date.fromisoformat(told.date[:10]),
        amount=-told.amount if told.amount else Decimal(0),
        name=told.name or told.merchant_name or "Unnamed",
        currency=told.iso_currency_code or currency,
        key=told.transaction_id,
        authorized_date=date.fromisoformat(told.authorized_date[:10]) if told.authorized_date else None,
        merchant_name=told.merchant_name or "",
        original_text=told.original_description or "",
        pending=told.pending,
        pending_key=told.pending_transaction_id,
        category=(category.detailed or category.primary) if category else "",
        payment_channel=told.payment_channel or "",
        check_number=told.check_number or "",
        details=_details(told),
    )


def _details(told: PlaidTransaction) -> str:
    """Return what else the bank said as JSON, without what it left empty."""
    facts: dict[str, Any] = {
        "merchant_id": told.merchant_entity_id,
        "website": told.website,
        "location": _filled(told.location),
        "counterparties": [_filled(one) for one in told.counterparties or [] if isinstance(one, dict)],
        "payment": _filled(told.payment_meta),
    }
    kept = {name: value for name, value in facts.items() if value}
    return _encode(kept).decode() if kept else ""


def _filled(facts: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {name: value for name, value in facts.items() if value is not None} if isinstance(facts, dict) else {}


def _currency(official: str | None, unofficial: str | None) -> str:
    return (official or unofficial or "USD")[:3].upper()
