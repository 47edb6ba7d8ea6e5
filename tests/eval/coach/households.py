"""Two households to be asked about: the demo bank's on two days, each with plans, the second with a file's rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from core import clock
from core.coach import Scope
from core.identity import profile, update_profile
from core.ledger import (
    AccountRecord,
    NewAccount,
    SourceFile,
    StatementRecord,
    TransactionRecord,
    category_ids,
    import_statements,
)
from core.planning import GoalWish, add_goal, contribute, set_limit
from tests.core.coach.household import demo_scope

DAYS: Final = {
    "first": datetime(2026, 3, 20, 12, tzinfo=UTC),
    "second": datetime(2025, 10, 8, 12, tzinfo=UTC),
}
_LIMITS: Final = {
    "first": {
        "FOOD_AND_DRINK_GROCERIES": "900",
        "FOOD_AND_DRINK_RESTAURANT": "450",
        "TRANSPORTATION_GAS": "200",
    },
    "second": {"FOOD_AND_DRINK_GROCERIES": "600", "FOOD_AND_DRINK_COFFEE": "80"},
}
_POT: Final = AccountRecord(key="pot", name="Holiday Pot", type="checking", currency="EUR")


@contextmanager
def household(name: str, folder: Path) -> Iterator[Scope]:
    """Open one of the two; the clock stands still at its day meanwhile."""
    now = DAYS[name]
    with demo_scope(folder, now) as scope, clock.frozen(now):
        ids = category_ids()
        for code, limit in _LIMITS[name].items():
            set_limit(scope.store, scope.person.id, ids[code], date(now.year - 1, 1, 1), Decimal(limit))
        (_first if name == "first" else _second)(scope, now.date())
        scope.cache.refresh()
        yield Scope(scope.store, scope.cache, profile(scope.store, scope.person.id))


def _first(scope: Scope, today: date) -> None:
    store, user = scope.store, scope.person.id
    house = add_goal(store, user, GoalWish("House deposit", Decimal(60000), "USD", date(2028, 6, 30)))
    contribute(store, user, house, Decimal("18250.50"), today - timedelta(days=70))
    trip = add_goal(store, user, GoalWish("Trip to Portugal", Decimal(3200), "USD", date(2026, 9, 1)))
    contribute(store, user, trip, Decimal(900), today - timedelta(days=60))
    contribute(store, user, trip, Decimal(450), today - timedelta(days=20))


def _second(scope: Scope, today: date) -> None:
    store, user = scope.store, scope.person.id
    update_profile(store, replace(scope.person, first_name="Ben", locale="de_DE", currency="EUR"))
    bike = add_goal(store, user, GoalWish("New bike", Decimal(1800), "EUR", date(2026, 4, 1)))
    contribute(store, user, bike, Decimal("655.25"), today - timedelta(days=40))
    rows = StatementRecord(_POT, tuple(_rows(today)), ledger_balance=Decimal("1234.56"), ledger_balance_date=today)
    source = SourceFile("csv", "pot.csv", "2" * 64)
    import_statements(store, user, [(rows, NewAccount("Holiday Pot", "checking", "EUR", "pot"))], source)


def _rows(today: date) -> Iterator[TransactionRecord]:
    """Yield a bakery twice a week, a bookshop and a climbing wall every so often, and one dear flight."""
    for back in range(3, 300, 3):
        amount = -Decimal("3.20") - Decimal(back % 7) * Decimal("0.85")
        yield _row(today - timedelta(days=back), amount, "Bloom Bakery", "FOOD_AND_DRINK_GROCERIES")
    for back in range(11, 290, 26):
        amount = -Decimal("12.90") - Decimal(back % 5) * Decimal("4.10")
        yield _row(
            today - timedelta(days=back), amount, "Fern & Fable", "GENERAL_MERCHANDISE_BOOKSTORES_AND_NEWSSTANDS"
        )
    for back in range(6, 200, 9):
        yield _row(
            today - timedelta(days=back),
            Decimal("-14.50"),
            "Northside Climbing",
            "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS",
        )
    yield _row(date(2025, 7, 3), Decimal("-8450.75"), "Skerry Kayaks", "GENERAL_MERCHANDISE_SPORTING_GOODS")


def _row(day: date, amount: Decimal, name: str, category: str) -> TransactionRecord:
    return TransactionRecord("pot", day, amount, name, currency="EUR", category=category)
