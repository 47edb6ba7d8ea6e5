"""Health: a sum of named parts, each with a reason; what is wrong costs points and says what to do."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import clock
from core.banking import accept, begin_visit, checkup, compare, look_at_visit
from core.ledger import NewAccount, create_account, set_balance
from core.store import Reconciliation
from tests.core.banking.house import House, last_item, sign_in_and_share
from tests.machine.examples import examples
from tests.standins.plaid import PlaidStandIn


@pytest.fixture
def linked(house: House) -> House:
    """Return a house with the test bank linked."""
    visit = begin_visit(*house.acting, "plaid")
    sign_in_and_share(visit.url)
    look_at_visit(*house.all, visit.id)
    return house


def parts(house: House) -> dict[str, tuple[int, str]]:
    (health,) = checkup(house.store, house.user).items.values()
    assert sum(part.most for part in health.parts) == 100
    assert health.score == sum(part.points for part in health.parts)
    assert all(part.advice for part in health.parts if part.points < part.most and part.name != "Errors")
    return {part.name: (part.points, part.reason) for part in health.parts}


def reconcile(house: House, account: int, day: date) -> None:
    with house.store.write() as session:
        session.add(
            Reconciliation(
                user_id=house.user,
                account_id=account,
                day=day,
                stated=Decimal(1),
                opening=Decimal(0),
                source="person",
                rows=0,
                created_at=clock.now(),
            )
        )


def test_a_bank_that_does_well_lacks_only_a_statement(linked: House) -> None:
    assert {name: points for name, (points, _) in parts(linked).items()} == {
        "Connection": 40,
        "Freshness": 30,
        "Errors": 20,
        "Reconciled": 0,
    }
    for account in linked.accounts():
        reconcile(linked, account.id, clock.today())
    assert checkup(linked.store, linked.user).score == 100


def test_a_broken_login_costs_most_and_says_reconnect(linked: House, plaid: PlaidStandIn) -> None:
    plaid.items[last_item(plaid)].error = "ITEM_LOGIN_REQUIRED"
    linked.sync(linked.items()[0].id)
    told = parts(linked)
    assert told["Connection"][0] == 0
    assert "sign in again" in told["Connection"][1]
    assert told["Errors"] == (10, "1 of 2 syncs failed in the last 7 days.")
    (health,) = checkup(linked.store, linked.user).items.values()
    assert health.step == "reconnect"


def test_a_bank_grows_stale_day_by_day(linked: House) -> None:
    points = []
    for days in (0, 1, 3, 7, 14, 60):
        with clock.frozen(clock.now() + timedelta(days=days)):
            points.append(parts(linked)["Freshness"][0])
    assert points == [30, 30, 23, 15, 0, 0]


def test_an_account_by_hand_grows_old_too(house: House) -> None:
    account = create_account(house.store, house.user, NewAccount("Savings book", "savings", "EUR"))
    set_balance(house.store, house.user, account, Decimal(10), clock.today())
    assert checkup(house.store, house.user).accounts[account].score == 70
    with clock.frozen(clock.now() + timedelta(days=200)):
        health = checkup(house.store, house.user).accounts[account]
        assert health.parts[0].points == 70 * 165 // 365
        assert "200 days" in health.parts[0].reason
    reconcile(house, account, clock.today())
    assert checkup(house.store, house.user).accounts[account].score == 100


def test_nothing_has_no_score(house: House) -> None:
    found = checkup(house.store, house.user)
    assert (found.score, dict(found.items), dict(found.accounts)) == (None, {}, {})


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(days=st.integers(0, 400), reconciled=st.integers(0, 400))
def test_a_score_never_grows_with_age(linked: House, days: int, reconciled: int) -> None:
    at = clock.now()
    account = linked.accounts()[0].id
    reconcile(linked, account, (at - timedelta(days=reconciled)).date())
    scores = []
    for more in (0, 1):
        with clock.frozen(at + timedelta(days=days + more)):
            scores.append(checkup(linked.store, linked.user).accounts[account].score)
    assert 0 <= scores[1] <= scores[0] <= 100


def test_a_statement_that_no_longer_holds_costs_its_points(linked: House, plaid: PlaidStandIn) -> None:
    account = linked.accounts()[0].id
    day = clock.today()
    seen = compare(linked.store, linked.user, account, day, Decimal(100))
    accept(linked.store, linked.user, account, day, Decimal(100), "person", seen.difference)
    assert checkup(linked.store, linked.user).accounts[account].parts[-1].points == 10
    bank = plaid.items[last_item(plaid)]
    holder = bank.accounts[0]["account_id"]
    bank.remove(next(key for key, row in bank.rows.items() if row["account_id"] == holder))
    linked.sync(linked.items()[0].id)
    part = checkup(linked.store, linked.user).accounts[account].parts[-1]
    assert (part.points, "no longer agrees" in part.reason) == (0, True)
