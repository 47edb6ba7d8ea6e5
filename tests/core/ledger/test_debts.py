"""The terms of what is owed are the bank's, exact, positive, and each account's own."""

from datetime import date
from decimal import Decimal

import pytest

from core.errors import NotFoundError
from core.ledger import (
    AccountRecord,
    Apr,
    DebtRecord,
    apply_update,
    hide_account,
    list_accounts,
    list_debts,
    replace_debts,
)
from core.store import Store
from tests.core.ledger.household import CHECKING, Household, settle, update

CARD = AccountRecord(key="card", name="Card", type="credit card", mask="2096", current=Decimal("-410.25"))
HOUSE = AccountRecord(key="house", name="House", type="mortgage", current=Decimal("-300000.00"))

TERMS = DebtRecord(
    "card",
    "credit",
    aprs=(Apr("purchases", Decimal("21.4900"), Decimal("100.10")), Apr("cash advances", Decimal("28.99"))),
    minimum_payment=Decimal("35.00"),
    due_day=date(2026, 12, 17),
    last_payment=Decimal("250.00"),
    last_payment_day=date(2026, 11, 17),
    statement_balance=Decimal("-12.3456"),
    statement_day=date(2026, 11, 22),
    overdue=False,
)


@pytest.fixture
def household(store: Store) -> Household:
    home = settle(store)
    apply_update(store, home.user, home.item, update(accounts=(CHECKING, CARD, HOUSE)), since="")
    return home


def test_the_terms_come_back_as_they_were_told(household: Household) -> None:
    loan = DebtRecord("house", "mortgage", interest_rate=Decimal("5.125"), due_day=date(2026, 12, 1),
                      maturity_day=date(2046, 11, 1), details='{"Term":"30 years"}')  # fmt: skip
    assert replace_debts(household.store, household.user, household.item, [TERMS, loan]) == 2
    house, card = list_debts(household.store, household.user)
    assert (card.account, card.owed, card.mask, card.kind) == ("Card", Decimal("410.25"), "2096", "credit")
    assert card.aprs == TERMS.aprs
    assert (card.minimum_payment, card.due_day, card.last_payment, card.last_payment_day) == (
        Decimal(35), date(2026, 12, 17), Decimal(250), date(2026, 11, 17),
    )  # fmt: skip
    assert (card.statement_balance, card.statement_day, card.overdue) == (
        Decimal("-12.3456"),
        date(2026, 11, 22),
        False,
    )
    assert (house.interest_rate, house.maturity_day, house.details, house.owed, house.overdue) == (
        Decimal("5.125"), date(2046, 11, 1), (("Term", "30 years"),), Decimal(300000), None,
    )  # fmt: skip


def test_what_is_owed_is_listed_without_terms_too_and_nothing_else(household: Household) -> None:
    assert [(one.account, one.kind, one.owed) for one in list_debts(household.store, household.user)] == [
        ("Card", "", Decimal("410.25")),
        ("House", "", Decimal(300000)),
    ]
    (card,) = [one for one in list_accounts(household.store, household.user) if one.name == "Card"]
    hide_account(household.store, household.user, card.id, hidden=True)
    assert [one.account for one in list_debts(household.store, household.user)] == ["House"]


def test_the_next_telling_takes_the_place_of_the_last(household: Household) -> None:
    replace_debts(household.store, household.user, household.item, [TERMS])
    replace_debts(household.store, household.user, household.item, [DebtRecord("house", "mortgage")])
    assert {one.account: one.kind for one in list_debts(household.store, household.user)} == {
        "Card": "",
        "House": "mortgage",
    }


def test_an_account_told_twice_has_the_later_terms_and_strange_ones_are_left_out(household: Household) -> None:
    rows = [
        DebtRecord("card", "credit", minimum_payment=Decimal(1)),
        DebtRecord("card", "credit", minimum_payment=Decimal(2)),
        DebtRecord("house", "mortgage", interest_rate=Decimal("NaN")),
        DebtRecord("house", "mortgage", minimum_payment=Decimal("1e30")),
        DebtRecord("house", "mortgage", aprs=(Apr("x", Decimal("1e999")),)),
        DebtRecord("elsewhere", "student"),
    ]
    assert replace_debts(household.store, household.user, household.item, rows) == 1
    card, house = list_debts(household.store, household.user)
    assert (card.minimum_payment, house.kind) == (Decimal(2), "")


def test_a_person_sees_their_own_only_and_nobody_writes_anothers(household: Household) -> None:
    other = settle(household.store, "eve@example.org")
    replace_debts(household.store, household.user, household.item, [TERMS])
    with pytest.raises(NotFoundError):
        replace_debts(household.store, other.user, household.item, [])
    assert list_debts(household.store, other.user) == ()
    assert list_debts(household.store, household.user)[0].kind == "credit"
