"""Words to arrange a person who plans: an account, and rows on a day in a category."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, Final

from core.cache import Caches, UserCache
from core.planning import BudgetMonth, budget_month, month_called
from core.store import Account, Store, Transaction, UserId, next_change
from tests.core.ledger.household import add_person

FOOD: Final = 8
GROCERIES: Final = 158
RESTAURANTS: Final = 159
TRANSPORT: Final = 15
INCOME: Final = 1
CASH_OUT: Final = 139
HOUSING: Final = 17
NOW: Final = datetime(2026, 3, 15, 9, tzinfo=UTC)
TODAY: Final = NOW.date()
_numbers: Final = count(1)


@dataclass
class Planner:
    """One person with an account in each of some currencies."""

    store: Store
    user: UserId
    caches: Caches
    accounts: dict[str, int] = field(default_factory=dict)

    @property
    def cache(self) -> UserCache:
        return self.caches.of(self.user)

    def account(self, currency: str = "USD", kind: str = "checking", current: Decimal | None = Decimal(0)) -> int:
        """Return the id of their account of that currency, made when there is none."""
        if currency not in self.accounts or kind != "checking":
            with self.store.write() as session:
                row = Account(
                    user_id=self.user, name=f"{kind} {currency}", type=kind, currency=currency, current=current,
                    balance_at=NOW, created_at=NOW, change=next_change(session, self.user),
                )  # fmt: skip
                session.add(row)
                session.flush()
                if kind != "checking":
                    return row.id
                self.accounts[currency] = row.id
        return self.accounts[currency]

    def row(self, day: date, amount: str | Decimal, category: int | None = FOOD, currency: str = "USD", **more: Any
            ) -> int:  # fmt: skip
        """Add a transaction; negative is money out. Return its id."""
        account = more.pop("account", None) or self.account(currency)
        with self.store.write() as session:
            row = Transaction(
                user_id=self.user, account_id=account, provider_key=f"p{next(_numbers)}", date=day,
                amount=Decimal(amount), currency=currency, name="Shop", category_id=category, pending=False,
                created_at=NOW, change=next_change(session, self.user), **more,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.id

    def month(self, month: date, today: date = TODAY, first_day: int = 1) -> BudgetMonth:
        return budget_month(self.store, self.user, self.cache, month_called(month, first_day), today)


def planner(store: Store) -> Planner:
    """Return a new person without anything."""
    return Planner(store, add_person(store, f"planner{next(_numbers)}@example.org"), Caches(None, store))
