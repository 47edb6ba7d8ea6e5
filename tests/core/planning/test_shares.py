"""An income in three parts: against its shares, and as budgets that add up to them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import clock
from core.errors import NotFoundError, ValidationError
from core.ledger import merge_category
from core.planning import (
    Basis,
    SharedIncome,
    Shares,
    keep_shares,
    kept_shares,
    month_called,
    set_limit,
    set_limits,
    shared_income,
)
from core.planning.shares import spread
from core.store import Store, UserId
from tests.core.planning.money import (
    CASH_OUT,
    FOOD,
    GROCERIES,
    HOUSING,
    INCOME,
    RESTAURANTS,
    TODAY,
    TRANSPORT,
    Planner,
    planner,
)

MAR = date(2026, 3, 1)


@pytest.fixture
def person(store: Store) -> Planner:
    """Return somebody with three months of 4,000, 3,000 and 3,500, and half a month."""
    found = planner(store)
    for back, income in ((3, "4000"), (2, "3000"), (1, "3500"), (0, "1000")):
        month = clock.add_months(MAR, -back)
        found.row(month, income, INCOME)
        found.row(month, "-900", HOUSING)
        found.row(month, "-300", GROCERIES)
        found.row(month, "-100", RESTAURANTS)
        found.row(month, "-50", CASH_OUT)
        found.row(month, "-30", None)
    return found


def asked(person: Planner, shares: Shares | None = None, basis: Basis = "usual", month: date = MAR) -> SharedIncome:
    return shared_income(person.store, person.user, person.cache, month_called(month), TODAY, shares or Shares(), basis)


def test_the_shares_of_the_usual_income_and_what_each_part_was(person: Planner) -> None:
    view = asked(person)
    assert (view.income, view.months, view.other) == (3500, 3, 30)
    assert [(one.part, one.share, one.target, one.spent, one.usual) for one in view.parts] == [
        ("need", 50, 1750, 1200, 1200),
        ("want", 30, 1050, 150, 150),
        ("saving", 20, 700, -380, 2120),
    ]


def test_the_income_of_the_month_itself_can_be_taken(person: Planner) -> None:
    view = asked(person, Shares(40, 40, 20), "month")
    assert (view.income, view.months) == (1000, 0)
    assert [one.target for one in view.parts] == [400, 400, 200]


def test_parts_and_what_is_neither_are_all_of_the_income(person: Planner) -> None:
    view = asked(person)
    need, want, saving = (one.spent for one in view.parts)
    assert need + want + saving + view.other == 1000


def test_budgets_of_it_add_up_to_the_shares_and_take_the_place_of_those_before(person: Planner) -> None:
    set_limit(person.store, person.user, FOOD, MAR, Decimal(500), carries=True)
    set_limit(person.store, person.user, TRANSPORT, MAR, Decimal(60))
    view = asked(person)
    rows = {one.category_id: (one.part, one.before, one.after) for one in view.limits}
    # Food is needed and wanted: its members get budgets of their own. Housing is all need: one for the whole group.
    assert rows == {
        HOUSING: ("need", None, 1313), GROCERIES: ("need", None, 437), RESTAURANTS: ("want", None, 700),
        CASH_OUT: ("want", None, 350), FOOD: (None, 500, None), TRANSPORT: (None, 60, None),
    }  # fmt: skip
    set_limits(person.store, person.user, MAR, view.amounts)
    made = person.month(MAR)
    assert made.limit == 1750 + 1050
    assert {one.category_id for one in made.lines} == {HOUSING, GROCERIES, RESTAURANTS, CASH_OUT}
    assert asked(person).amounts == {}, "taking it twice changes nothing more"


def test_the_limit_of_a_merged_category_is_in_no_budget_of_it(person: Planner) -> None:
    set_limit(person.store, person.user, TRANSPORT, MAR, Decimal(60))
    merge_category(person.store, person.user, TRANSPORT, HOUSING)
    assert TRANSPORT not in {one.category_id for one in asked(person).limits}


def test_nobody_without_an_income_gets_budgets(store: Store) -> None:
    person = planner(store)
    person.row(MAR, "-10", GROCERIES)
    view = asked(person)
    assert (view.income, view.months, view.limits) == (0, 0, ())


@pytest.mark.parametrize("parts", [(50, 30, 21), (110, -30, 20), (0, 0, 0)])
def test_shares_that_are_none_are_refused(parts: tuple[int, int, int]) -> None:
    with pytest.raises(ValidationError):
        Shares(*parts)


def test_the_shares_that_a_person_wants_are_kept(person: Planner) -> None:
    other = planner(person.store)
    assert kept_shares(person.store, person.user) == Shares(50, 30, 20)
    for wanted in (Shares(61, 19, 20), Shares(0, 0, 100), Shares(100, 0, 0)):
        keep_shares(person.store, person.user, wanted)
        assert kept_shares(person.store, person.user) == wanted
    assert kept_shares(person.store, other.user) == Shares(50, 30, 20)
    for work in (lambda who: kept_shares(person.store, who), lambda who: keep_shares(person.store, who, Shares())):
        with pytest.raises(NotFoundError):
            work(UserId(999_999))


weights = st.dictionaries(st.integers(1, 200), st.decimals(0, 5000, places=2), max_size=30)


@given(total=st.decimals(0, 20_000, places=2), weights=weights)
def test_spreading_loses_nothing_and_keeps_to_the_weights(total: Decimal, weights: dict[int, Decimal]) -> None:
    parts = spread(total, weights)
    everything = sum(weights.values())
    if int(total) and everything:
        assert sum(parts.values()) == int(total)
        for key, part in parts.items():
            assert abs(part - int(total) * weights[key] / everything) < 1
    else:
        assert parts == {}
