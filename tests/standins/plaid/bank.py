"""The stand-in's memory: items with accounts and a log of what happened to their transactions."""

import itertools
import json
import secrets
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.standins.plaid.wealth import Wealth, expand

MERCHANTS = ("Corner Bakery", "Blue Bus Lines", "Green Grocer", "City Power", "Paper & Ink", "Night Pharmacy")
CATEGORIES = (
    ("FOOD_AND_DRINK", "FOOD_AND_DRINK_GROCERIES"),
    ("TRANSPORTATION", "TRANSPORTATION_PUBLIC_TRANSIT"),
    ("RENT_AND_UTILITIES", "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY"),
    ("MEDICAL", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS"),
)
STARTING_BALANCE = {"depository": 100.0, "credit": 410.0, "loan": 65262.0, "investment": 320.76}


@dataclass
class Item:
    """One item: who may read it, what is on it, and every event so far. A cursor is a place in `log`."""

    item_id: str
    institution_id: str
    accounts: list[dict[str, Any]]
    log: list[tuple[str, str]] = field(default_factory=list)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    error: str | None = None
    not_ready: int = 0
    """So many more answers tell of nothing yet."""
    early: int = 0
    """So many more answers from the beginning tell only of the last month."""
    removed: bool = False
    offered: list[dict[str, Any]] = field(default_factory=list)
    """Accounts that the person has at the bank but did not share."""
    webhook: str | None = None
    """Where its webhooks go."""
    wealth: Wealth = field(default_factory=Wealth)

    def add(self, row: dict[str, Any]) -> str:
        """Let a transaction appear; return its id."""
        self.rows[row["transaction_id"]] = row
        self.log.append(("added", row["transaction_id"]))
        return str(row["transaction_id"])

    def modify(self, transaction_id: str, **changes: Any) -> None:
        """Change a transaction."""
        self.rows[transaction_id] = self.rows[transaction_id] | changes
        self.log.append(("modified", transaction_id))

    def remove(self, transaction_id: str) -> None:
        """Let a transaction disappear."""
        del self.rows[transaction_id]
        self.log.append(("removed", transaction_id))

    def post(self, transaction_id: str, **changes: Any) -> str:
        """Let a pending transaction post under a new id, linked to the old one."""
        pending = self.rows[transaction_id]
        new = pending | {"transaction_id": new_id(), "pending": False, "pending_transaction_id": transaction_id}
        self.remove(transaction_id)
        return self.add(new | changes)

    def recent(self) -> list[str]:
        """Return the keys of the month before the newest transaction."""
        newest = max((row["date"] for row in self.rows.values()), default="2026-01-01")
        since = (date.fromisoformat(newest) - timedelta(days=30)).isoformat()
        return [key for key, row in self.rows.items() if row["date"] >= since]

    def news(self, start: int, end: int) -> list[tuple[str, str]]:
        """Return what a reader at `start` has to be told to know the state at `end`: one line a transaction."""
        told: dict[str, str] = {}
        for what, key in self.log[start:end]:
            before = told.pop(key, None)
            if what == "removed":
                if before != "added":
                    told[key] = "removed"
            else:
                told[key] = "added" if what == "added" or before == "added" else "modified"
        return [(what, key) for key, what in told.items()]


def new_id() -> str:
    """Return an id that looks like one of Plaid's: 37 letters and digits, case-sensitive."""
    return secrets.token_urlsafe(40).replace("-", "x").replace("_", "Y")[:37]


def account(kind: str, subtype: str | None, *, current: float | None, name: str, **more: Any) -> dict[str, Any]:
    """Return an account as /accounts/get gives it."""
    return {
        "account_id": new_id(),
        "balances": {
            "available": more.get("available", current if kind == "depository" else None),
            "current": current,
            "limit": more.get("limit", 2000.0 if kind == "credit" else None),
            "iso_currency_code": more.get("currency", "USD"),
            "unofficial_currency_code": None,
        },
        "mask": more.get("mask", "0000"),
        "name": name,
        "official_name": more.get("official_name"),
        "type": kind,
        "subtype": subtype,
    }


def transaction(account_id: str, amount: float, day: date, name: str, **more: Any) -> dict[str, Any]:
    """Return a transaction as /transactions/sync gives it; a positive amount is money out."""
    primary, detailed = more.pop("category", CATEGORIES[0])
    return {
        "account_id": account_id,
        "account_owner": None,
        "amount": amount,
        "authorized_date": None,
        "authorized_datetime": None,
        "category": None,
        "category_id": None,
        "check_number": None,
        "counterparties": [],
        "date": day.isoformat(),
        "datetime": None,
        "iso_currency_code": "USD",
        "location": dict.fromkeys(
            ("address", "city", "region", "postal_code", "country", "lat", "lon", "store_number")
        ),
        "logo_url": None,
        "merchant_entity_id": None,
        "merchant_name": None,
        "name": name,
        "original_description": name,
        "payment_channel": "in store",
        "payment_meta": dict.fromkeys(
            (
                "by_order_of",
                "payee",
                "payer",
                "payment_method",
                "payment_processor",
                "ppd_id",
                "reason",
                "reference_number",
            )
        ),
        "pending": False,
        "pending_transaction_id": None,
        "personal_finance_category": {"primary": primary, "detailed": detailed, "confidence_level": "LOW"},
        "transaction_code": None,
        "transaction_id": new_id(),
        "transaction_type": "place",
        "unofficial_currency_code": None,
        "website": None,
    } | more


def default_item(institution_id: str) -> Item:
    """Return an item like that of Plaid's user_good: three accounts and a few transactions."""
    checking = account("depository", "checking", current=110.0, name="Plaid Checking", mask="0000")
    savings = account("depository", "savings", current=210.0, name="Plaid Saving", mask="1111")
    card = account("credit", "credit card", current=410.0, name="Plaid Credit Card", mask="3333")
    item = Item(new_id(), institution_id, [checking, savings, card])
    fill(item, 24)
    expand(item.wealth, card, {})
    return item


def fill(item: Item, count: int, until: date | None = None) -> None:
    """Add `count` made-up transactions to an item, two years of them at the most, spread over its accounts."""
    last = until or date(2026, 11, 1)
    for number, holder in zip(range(count), itertools.cycle(item.accounts), strict=False):
        merchant = MERCHANTS[number % len(MERCHANTS)]
        item.add(
            transaction(
                holder["account_id"],
                round(((number * 7919) % 20000) / 100 - 20, 2),
                last - timedelta(days=number * 730 // max(count, 1)),
                f"{merchant.upper()} {number:05d}",
                merchant_name=merchant,
                category=CATEGORIES[number % len(CATEGORIES)],
            )
        )


def custom_item(institution_id: str, configuration: str) -> Item:
    """Expand one of Plaid's custom sandbox users (JSON) into an item.

    Raises:
        ValueError: it is no JSON object.
    """
    user = json.loads(configuration)
    if not isinstance(user, dict):
        raise ValueError("a custom user is a JSON object")  # noqa: TRY004 - one failure for all that is wrong with it
    item = Item(new_id(), institution_id, [])
    for number, wanted in enumerate(user.get("override_accounts", [])):
        kind = wanted.get("type") or "depository"
        kind = kind if kind in STARTING_BALANCE else "other"
        meta, currency = wanted.get("meta") or {}, wanted.get("currency") or "USD"
        rows = wanted.get("transactions", [])
        if not all(isinstance(row.get("amount"), int | float) for row in rows):
            raise ValueError("an amount is a number")
        owed = kind in {"credit", "loan"}
        moved = round(sum(row["amount"] for row in rows), 2)
        opening = wanted.get("starting_balance")
        if opening is None:
            opening = (wanted.get("liability") or {}).get("principal", STARTING_BALANCE.get(kind, 100.0))
        holder = account(
            kind,
            wanted.get("subtype"),
            current=round(opening + (moved if owed else -moved), 2),
            available=wanted.get("force_available_balance"),
            name=meta.get("name") or f"Plaid {(wanted.get('subtype') or 'Account').title()}",
            official_name=meta.get("official_name"),
            currency=currency,
            mask=meta.get("mask") or str((wanted.get("numbers") or {}).get("account") or f"{number:04d}")[-4:],
            limit=meta.get("limit"),
        )
        item.accounts.append(holder)
        expand(item.wealth, holder, wanted)
        for row in rows:
            item.add(
                transaction(
                    holder["account_id"],
                    row["amount"],
                    date.fromisoformat(row["date_posted"]),
                    row["description"],
                    authorized_date=row.get("date_transacted"),
                    iso_currency_code=row.get("currency", currency),
                    category=("OTHER", "OTHER_OTHER"),
                    payment_channel="other",
                )
            )
    return item
