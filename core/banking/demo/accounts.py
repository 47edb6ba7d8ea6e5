"""The accounts and banks of the demo household."""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Final

from core.banking.provider import Institution
from core.config import REFERENCE
from core.ledger.records import AccountType

CHECKING: Final = "checking"
SAVINGS: Final = "savings"
CARD: Final = "card"
MORTGAGE: Final = "mortgage"
BROKERAGE: Final = "brokerage"
EURO_CHECKING: Final = "euro-checking"
EURO_SAVINGS: Final = "euro-savings"


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """One account as it stands when the household's story begins. Amounts in cents, owed negative."""

    key: str
    bank: str
    name: str
    official_name: str
    type: AccountType
    currency: str
    mask: str
    opening: int
    limit: int | None = None


PLANS: Final = (
    AccountPlan(CHECKING, "harborline", "Everyday Checking", "Harborline Everyday Checking", "checking", "USD", "4471", 421_863),
    AccountPlan(SAVINGS, "harborline", "Rainy Day Savings", "Harborline High Yield Savings", "savings", "USD", "7712", 1_428_040),
    AccountPlan(CARD, "harborline", "Compass Card", "Harborline Compass Rewards", "credit card", "USD", "2096", -148_217, 1_500_000),
    AccountPlan(MORTGAGE, "harborline", "Home Mortgage", "30-Year Fixed Mortgage", "mortgage", "USD", "0358", -31_840_000),
    AccountPlan(BROKERAGE, "kestrel", "Brokerage", "Kestrel Individual Brokerage", "brokerage", "USD", "8820", 3_865_512),
    AccountPlan(EURO_CHECKING, "lindenbank", "Girokonto", "Lindenbank Girokonto Komfort", "checking", "EUR", "6105", 312_480),
    AccountPlan(EURO_SAVINGS, "lindenbank", "Tagesgeld", "Lindenbank Tagesgeld Plus", "savings", "EUR", "6113", 860_000),
)
PLAN: Final = {plan.key: plan for plan in PLANS}


@cache
def institutions() -> dict[str, Institution]:
    """Return the demo banks by key, in the order of linking."""
    with (REFERENCE / "demo_institutions.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: Institution(**row) for row in csv.DictReader(file)}
