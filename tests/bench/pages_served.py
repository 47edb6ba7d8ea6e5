"""The real server over a person's many transactions, with a page of nothing beside the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Final

from core import clock
from core.config import Settings
from core.identity import start_session
from core.ledger.categories import category_ids
from core.planning import GoalWish, add_goal, set_limit
from core.runtime import open_runtime
from tests.bench.rows import filled_store
from tests.e2e.server import Server, serving

ROWS: Final = 10_000
PAGES: Final = {
    "Overview": "", "Coach": "coach", "Insights": "insights", "Accounts": "accounts", "Transactions": "transactions",
    "Investments & debts": "investments", "Analytics": "analytics", "Explore": "explore", "Forecast": "forecast",
    "SQL": "query", "Report": "report", "Budgets": "budgets", "Goals": "goals", "Subscriptions": "subscriptions",
    "Bills": "bills", "Categories & rules": "categories", "Reconcile": "reconcile", "Import": "import_file",
    "Settings": "settings",
}  # fmt: skip
"""Every screen by its title."""
BUDGETED: Final = ("FOOD_AND_DRINK_GROCERIES", "FOOD_AND_DRINK_RESTAURANT", "TRANSPORTATION_GAS")


@dataclass(frozen=True)
class Home:
    """A data folder, and the token of a session with which its person comes in."""

    folder: Path
    token: str

    @contextmanager
    def served(self) -> Iterator[Server]:
        """Start the server over it."""
        with serving(self.folder, script="tests/bench/empty_beside.py") as server:
            yield server


def furnished(folder: Path) -> Home:
    """Make a data folder, encrypted as by default, of one person: `ROWS` transactions up to today, budgets, a goal."""
    store, user = filled_store(folder, ROWS, until=clock.today())
    store.close()
    (folder / f"bench-{ROWS}.db").rename(folder / "fintrack.db")
    house = open_runtime(Settings(fintrack_data_dir=folder))
    for code in BUDGETED:
        set_limit(house.store, user, category_ids()[code], clock.today(), Decimal(400), carries=True)
    due = clock.add_months(clock.today(), 18)
    add_goal(house.store, user, GoalWish("Roof", Decimal(20_000), "USD", due))
    token = start_session(house.store, user, agent="bench")
    house.close()
    return Home(folder, token)
