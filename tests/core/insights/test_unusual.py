"""Unusual charges, against the same rule in plain Python over the store's rows."""

from datetime import date, timedelta
from decimal import Decimal
from statistics import median_low
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.insights.unusual import find_anomalies
from core.store import Store, Transaction
from tests.core.planning.money import GROCERIES, INCOME, TODAY, Planner, planner

charges = st.lists(
    st.tuples(
        st.integers(0, 80),
        st.sampled_from(["Baker", "Tram"]),
        st.sampled_from([3, 4, 5, 20, 60]),
        st.sampled_from([GROCERIES, GROCERIES, INCOME]),
        st.sampled_from(["USD", "EUR"]),
    ),
    min_size=8,
    max_size=30,
)


def by_hand(store: Store, person: Planner) -> dict[int, str]:
    with store.read() as session:
        rows = [
            (row.id, row.date, row.merchant_name.lower(), row.currency, -row.amount, row.account_id)
            for row in session.scalars(select(Transaction).where(Transaction.user_id == person.user))
            if row.amount < 0 and row.category_id == GROCERIES
        ]
    found = {}
    window = [one for one in rows if TODAY - timedelta(days=45) <= one[1] <= TODAY]
    for number, _, payee, currency, charge, _ in window:
        alike = [one[4] for one in rows if one[2:4] == (payee, currency)]
        usual = median_low(alike)
        scatter = median_low(abs(one - usual) for one in alike)
        if len(alike) > 6 and charge > 2 * usual and charge - usual > 6 * scatter:
            found[number] = "above usual"
    twice: dict[str, list[int]] = {}
    ordered = sorted(rows, key=lambda one: (one[1], one[0]))
    for at, one in enumerate(ordered):
        before = [other for other in ordered[:at] if (other[2], *other[4:]) == (one[2], *one[4:])]
        if before and (one[1] - before[-1][1]).days <= 2:
            twice.setdefault(one[2], []).append(one[0])
    for pairs in twice.values():
        if len(pairs) == 1 and pairs[0] in {one[0] for one in window}:
            found.setdefault(pairs[0], "twice")
    return found


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)  # fmt: skip
@given(rows=charges)
@pytest.mark.parametrize("store_url", ["sqlite"], indirect=True)
def test_they_are_those_that_the_rule_names(store: Store, rows: list[Any]) -> None:
    person = planner(store)
    for back, payee, amount, category, currency in rows:
        sign = 1 if category == INCOME else -1
        person.row(TODAY - timedelta(back), Decimal(sign * amount), category, currency, merchant_name=payee)
    found = {one.transaction_id: one.reason_kind for one in find_anomalies(person.cache, TODAY)}
    assert found == by_hand(store, person)
    person.caches.close()


def test_what_is_told_of_one(person: Planner) -> None:
    for week in range(8):
        person.row(date(2025, 12, 1) + timedelta(weeks=week), f"-{10 + week % 2}", GROCERIES)
    odd = person.row(TODAY, "-100", GROCERIES)
    (one,) = find_anomalies(person.cache, TODAY)
    assert (one.transaction_id, one.facts["usual"], one.facts["count"]) == (odd, 11, 8)
    assert 0.9 < one.score < 1
    assert one.reason.format_map(one.facts) == "The 8 others from there are mostly about 11.0000."
