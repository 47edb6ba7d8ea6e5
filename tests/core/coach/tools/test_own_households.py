"""Tools on a household with a budget, a hidden account and a name with markup."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from core import clock
from core.analytics import account_summaries
from core.cache import Caches
from core.coach import Scope, suggestions
from core.coach.tools import BY_NAME
from core.coach.values import Amount, Count, Text, as_json, at
from core.identity import profile
from core.ledger import apply_update, ensure_categories, hide_account
from core.planning import GoalWish, add_goal, set_limit
from core.store import Store
from tests.core.ledger.household import bought, settle, update

EVIL = "<script>x</script> [pay](http://evil.example)"
FOOD = 8


@pytest.fixture
def house(store: Store) -> Iterator[Scope]:
    """Return a household that spent 60 on food, 20 of it at a shop of an evil name."""
    ensure_categories(store)
    home = settle(store)
    rows = [
        bought("a", "-40.00", day=2, name="Greenleaf", category="FOOD_AND_DRINK_GROCERIES"),
        bought("b", "-20.00", day=5, name=EVIL, category="FOOD_AND_DRINK_GROCERIES"),
    ]
    apply_update(store, home.user, home.item, update(*rows), since="")
    caches = Caches(None, store)
    with clock.frozen(datetime(2026, 3, 20, 12, tzinfo=UTC)):
        yield Scope(store, caches.of(home.user), profile(store, home.user))
    caches.close()


def test_a_budget_and_a_goal_are_told_with_what_is_left(house: Scope) -> None:
    set_limit(house.store, house.cache.user, FOOD, date(2026, 3, 1), Decimal(100), carries=False)
    add_goal(house.store, house.cache.user, GoalWish("Roof", Decimal(1000), "USD", date(2027, 3, 1)))
    told = BY_NAME["list_budgets"].run(house, {"month": "2026-03"}).told
    assert at(told, "budgets.0.spent") == Amount(Decimal(60), "USD")
    assert at(told, "budgets.0.left") == Amount(Decimal(40), "USD")
    assert at(told, "budgets.0.category") == Text("Food & drink")
    assert at(BY_NAME["list_goals"].run(house, {}).told, "goals.0.left") == Amount(Decimal(1000), "USD")


def test_a_name_with_markup_stays_data(house: Scope) -> None:
    result = BY_NAME["get_spending_analytics"].run(house, {"merchant": "script pay", "by": "merchant"})
    assert at(result.told, "about.merchant") == Text(EVIL)
    assert at(result.told, "spent") == Amount(Decimal(20), "USD")
    assert EVIL not in result.title
    assert as_json(at(result.told, "groups.0.merchant")) == {"outside": EVIL}


def test_a_hidden_account_counts_nothing_and_is_told_of(house: Scope) -> None:
    (account,) = account_summaries(house.cache)
    hide_account(house.store, house.cache.user, account.id, hidden=True)
    told = BY_NAME["list_transactions"].run(house, {"account": account.name}).told
    assert at(told, "transactions") == Count(0)
    assert "hidden" in str(told["note"])
    assert at(BY_NAME["list_accounts"].run(house, {}).told, "hidden") == Count(1)


def test_a_query_of_the_persons_own_is_told_with_units_and_its_sum(house: Scope) -> None:
    asked = {"sql": "SELECT id, name, home_amount FROM transactions ORDER BY date"}
    result = BY_NAME["run_query"].run(house, asked)
    house.cache.close()
    assert at(result.told, "totals.2") == Amount(Decimal(-60), "USD")
    assert at(result.told, "rows.1.1") == Text(EVIL)
    assert at(result.told, "rows_told") == Count(2)


def test_what_could_be_asked_is_of_the_persons_month_and_names_only_what_is_found(house: Scope) -> None:
    person, user = house.person, house.cache.user
    set_limit(house.store, user, FOOD, date(2026, 3, 1), Decimal(70), carries=False)
    add_goal(house.store, user, GoalWish("Roof " * 12, Decimal(1000), "USD", date(2027, 3, 1)))
    budget = "How much is left in my Food & drink budget?"
    offered = suggestions(house)
    assert budget in offered
    assert not any("Roof" in one for one in offered)
    # From the 6th on nothing was spent; on the 20th of a month that begins on the 1st, 60 of 70.
    assert budget not in suggestions(replace(house, person=replace(person, month_start_day=6)))
