"""The demo household's holdings and debts tell the same story as its balances and rows, on any day."""

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import clock
from core.analytics.payoff import level_payment
from core.banking.demo import DemoBank
from core.banking.demo.accounts import BROKERAGE
from core.banking.demo.wealth import BORROWED, MORTGAGE_MONTHS
from core.errors import FeatureError
from core.ledger import AccountRecord, DebtRecord, HoldingRecord
from tests.core.banking.demo.days import MET
from tests.machine.examples import examples

Wealth = tuple[dict[str, AccountRecord], tuple[HoldingRecord, ...], dict[str, DebtRecord]]


def told(later: int, met: date = MET, seed: int = 1) -> Wealth:
    """Return the accounts, holdings and debts of all demo banks, `later` days after they were linked."""
    bank = DemoBank()
    with clock.frozen(datetime.combine(met, time(12), UTC)):
        tokens = [one.access_token for one in bank.link(seed)]
    accounts: dict[str, AccountRecord] = {}
    holdings: list[HoldingRecord] = []
    debts: dict[str, DebtRecord] = {}
    with clock.frozen(datetime.combine(met + timedelta(days=later), time(12), UTC)):
        for token in tokens:
            accounts |= {one.key: one for one in bank.accounts(token)}
            with contextlib.suppress(FeatureError):
                holdings += bank.holdings(token)
            with contextlib.suppress(FeatureError):
                debts |= {one.account_key: one for one in bank.debts(token)}
    return accounts, tuple(holdings), debts


@settings(max_examples=examples(12), deadline=None)
@given(st.integers(0, 600), st.integers(1, 9), st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_the_holdings_add_up_to_the_balance_of_any_day(later: int, seed: int, met: date) -> None:
    accounts, holdings, _ = told(later, met, seed)
    assert sum(one.value or 0 for one in holdings) == accounts[BROKERAGE].current
    for one in holdings:
        assert one.account_key == BROKERAGE
        assert one.price is not None
        assert one.value == (one.quantity * one.price).quantize(Decimal("0.01"))
        assert one.quantity > 0
        assert one.cost_basis is not None
        assert one.cost_basis > 0
    assert len({one.key for one in holdings}) == len(holdings) == 6


def test_prices_move_at_the_end_of_a_month_and_savings_buy_more() -> None:
    _, before, _ = told(0)
    _, after, _ = told(62)
    prices = {one.key: one.price for one in before}
    assert all(one.price != prices[one.key] for one in after if one.kind != "cash")
    assert all(one.price == 1 for one in after if one.kind == "cash")
    quantities = {one.key: one.quantity for one in before}
    assert {one.key for one in after if one.quantity > quantities[one.key]} >= {"world", "small"}
    assert all(one.quantity == quantities[one.key] for one in after if one.kind in {"shares", "bonds"})
    paid = sum(one.cost_basis or 0 for one in after) - sum(one.cost_basis or 0 for one in before)
    assert paid > 600
    assert told(0)[1] == before


@pytest.mark.parametrize("later", [0, 1, 15, 33, 47, 200])
def test_the_cards_terms_are_those_of_its_rows(later: int) -> None:
    accounts, _, debts = told(later)
    card, today = debts["card"], MET + timedelta(days=later)
    bank = DemoBank()
    with clock.frozen(datetime.combine(MET, time(12), UTC)):
        tokens = [one.access_token for one in bank.link(1)]
    with clock.frozen(datetime.combine(today, time(12), UTC)):
        news = [bank.changes(token, "") for token in tokens]
    rows = [row for one in news for row in one.added if row.account_key == "card" and not row.pending]
    balances = {one.day: one.current for update in news for one in update.balances if one.account_key == "card"}
    payments = sorted((row.date, row.amount) for row in rows if row.name == "Payment, thank you")
    assert (card.last_payment_day, card.last_payment) == payments[-1]
    assert card.statement_day is not None
    assert card.statement_day.day == 22
    assert today - timedelta(days=31) < card.statement_day <= today
    assert card.statement_balance == -balances[card.statement_day]
    assert card.due_day is not None
    assert today < card.due_day <= today + timedelta(days=34)
    assert card.minimum_payment is not None
    assert Decimal(35) <= card.minimum_payment <= max(card.statement_balance, -(accounts["card"].current or 0))
    assert not card.overdue


def test_the_mortgages_terms_are_those_of_its_rows() -> None:
    accounts, _, debts = told(40)
    house = debts["mortgage"]
    assert house.interest_rate is not None
    assert house.maturity_day is not None
    assert house.minimum_payment == house.last_payment
    assert house.due_day is not None
    assert house.due_day > MET + timedelta(days=40)
    # What was borrowed, at that rate over that term, asks for the payment of the story: 2,010 and the escrow on top.
    assert abs(level_payment(BORROWED, house.interest_rate, MORTGAGE_MONTHS) - 2010) < 1
    today = MET + timedelta(days=40)
    left = (house.maturity_day.year - today.year) * 12 + house.maturity_day.month - today.month
    owed = -(accounts["mortgage"].current or Decimal(0))
    assert abs(level_payment(owed, house.interest_rate, left) - 2010) < 5


def test_a_bank_without_such_accounts_says_so() -> None:
    bank = DemoBank()
    harborline, kestrel, lindenbank = [one.access_token for one in bank.link()]
    for token in (harborline, lindenbank):
        with pytest.raises(FeatureError):
            bank.holdings(token)
    for token in (kestrel, lindenbank):
        with pytest.raises(FeatureError):
            bank.debts(token)
    assert {one.account_key for one in bank.debts(harborline)} == {"card", "mortgage"}
    assert {one.account_key for one in bank.holdings(kestrel)} == {BROKERAGE}
