"""Budgets of any money and any limits: everything spent is in one line, and what goes over adds up."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core import clock
from core.ledger import list_categories
from core.planning import set_limit
from core.planning.limits import read_limits
from core.store import Store
from tests.core.planning.money import FOOD, GROCERIES, RESTAURANTS, TRANSPORT, Planner, planner
from tests.core.rates.oracle import converted
from tests.machine.examples import examples

JAN = date(2026, 1, 1)
MONTHS = [clock.add_months(JAN, at) for at in range(6)]
CATEGORIES = (FOOD, GROCERIES, RESTAURANTS, TRANSPORT, None)
cents = st.integers(-50_000, 50_000).map(lambda one: Decimal(one) / 100)
moneys = st.lists(
    st.tuples(
        st.dates(JAN, date(2026, 6, 30)), st.sampled_from(CATEGORIES), cents, st.sampled_from(["USD", "EUR", "XTS"])
    ),
    max_size=30,
)
said = st.lists(
    st.tuples(
        st.sampled_from(CATEGORIES[:-1]), st.sampled_from(MONTHS), st.none() | cents.map(abs), st.booleans(),
        st.booleans(),
    ),
    max_size=10,
    unique_by=lambda one: one[:2],
)  # fmt: skip
any_money = settings(
    max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip


def told(store: Store, rows: list[Any], limits: list[Any]) -> Planner:
    person = planner(store)
    for day, category, amount, currency in rows:
        person.row(day, amount, category, currency)
    for category, month, amount, carries, only in limits:
        set_limit(store, person.user, category, month, amount, carries=carries, alone=only)
    return person


@any_money
@given(rows=moneys, limits=said, first_day=st.sampled_from([1, 15, 28]))
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_budgeted_and_unbudgeted_are_all_spending_and_what_is_carried_telescopes(
    store: Store, rows: list[Any], limits: list[Any], first_day: int
) -> None:
    person = told(store, rows, limits)
    kinds = {one.id: one.kind for one in list_categories(store, person.user)}
    views = [person.month(month, first_day=first_day) for month in MONTHS]
    for view in views:
        within = [row for row in rows if view.month.first <= row[0] <= view.month.last]
        # Without a category, what comes in is income.
        counted = [converted(row[2], row[3], "USD", row[0]) for row in within if row[1] in kinds or row[2] <= 0]
        spent = -sum((amount for amount in counted if amount is not None), Decimal(0))
        assert view.spent == spent == view.budgeted + sum((one.spent for one in view.unbudgeted), Decimal(0))
        assert sum((one.left for one in view.lines), Decimal(0)) == view.limit + view.carried - view.budgeted
    for category in CATEGORIES[:-1]:
        run = Decimal(0)
        for view, following in pairwise(views):
            now = next((one for one in view.lines if one.category_id == category), None)
            after = next((one for one in following.lines if one.category_id == category), None)
            run = run + now.limit - now.spent if now else Decimal(0)
            if now is None or not now.carries:
                run = Decimal(0)
            assert after is None or after.carried == run
    person.caches.close()


@any_money
@given(limits=said, data=st.data())
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_the_order_in_which_limits_are_set_does_not_matter(
    store: Store, limits: list[Any], data: st.DataObject
) -> None:
    one, other = told(store, [], limits), told(store, [], data.draw(st.permutations(limits)))
    first, second = read_limits(store, one.user), read_limits(store, other.user)
    for month in MONTHS:
        assert first.categories(month) == second.categories(month)
        assert [first.at(category, month) for category in CATEGORIES[:-1]] == [
            second.at(category, month) for category in CATEGORIES[:-1]
        ]
