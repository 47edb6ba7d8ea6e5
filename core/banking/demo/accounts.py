"""The accounts and banks of the demo household."""

import csv
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from core.banking.provider import Institution
from core.config import REFERENCE
from core.ledger import AccountType

CHECKING: Final = "checking"
SAVINGS: Final = "savings"
CARD: Final = "card"
MORTGAGE: Final = "mortgage"
BROKERAGE: Final = "brokerage"
EURO_CHECKING: Final = "euro-checking"
EURO_SAVINGS: Final = "euro-savings"

_TYPES: Final[dict[str, AccountType]] = {
    "checking": "checking",
    "savings": "savings",
    "credit card": "credit card",
    "mortgage": "mortgage",
    "brokerage": "brokerage",
}


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """One account as it stands when the household's story begins; owed is negative."""

    key: str
    bank: str
    name: str
    official_name: str
    type: AccountType
    currency: str
    mask: str
    opening: Decimal
    limit: Decimal | None

    @property
    def opening_cents(self) -> int:
        """Return the opening balance in whole cents."""
        return int(self.opening * 100)


@cache
def plans() -> dict[str, AccountPlan]:
    """Return the accounts by key, in the order of the file."""
    with (REFERENCE / "demo_accounts.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["key"]: AccountPlan(
                key=row["key"],
                bank=row["bank"],
                name=row["name"],
                official_name=row["official_name"],
                type=_TYPES[row["type"]],
                currency=row["currency"],
                mask=row["mask"],
                opening=Decimal(row["opening"]),
                limit=Decimal(row["limit"]) if row["limit"] else None,
            )
            for row in csv.DictReader(file)
        }


@cache
def institutions() -> dict[str, Institution]:
    """Return the demo banks by key, in the order of linking."""
    with (REFERENCE / "demo_institutions.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: Institution(**row) for row in csv.DictReader(file)}
