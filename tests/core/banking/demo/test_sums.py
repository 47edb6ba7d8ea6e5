"""The demo household's money adds up to the cent."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.banking.demo.accounts import plans
from core.clock import add_months
from tests.core.banking.demo.days import MET, Told, after

CASES = [
    (1, date(2026, 3, 18), 0),
    (1, date(2026, 3, 18), 47),
    (7, date(2024, 2, 29), 0),
    (42, date(2026, 12, 31), 100),
]


@pytest.mark.parametrize(("seed", "met", "later"), CASES)
def test_each_balance_is_the_opening_plus_all_posted_rows(seed: int, met: date, later: int) -> None:
    told = Told(met + timedelta(days=later), met, seed)
    assert set(told.accounts) == set(plans())
    for key, account in told.accounts.items():
        rows = [row for row in told.rows if row.account_key == key]
        assert account.current == plans()[key].opening + sum(row.amount for row in rows if not row.pending)
        pending = sum((row.amount for row in rows if row.pending), Decimal(0))
        if account.type == "credit card":
            assert account.limit is not None
            assert account.available == account.limit + account.current + pending
        elif account.type in {"checking", "savings"}:
            assert account.available == account.current + pending


@pytest.mark.parametrize(("seed", "met", "later"), CASES)
def test_daily_balances_follow_the_rows_without_a_gap(seed: int, met: date, later: int) -> None:
    today = met + timedelta(days=later)
    told = Told(today, met, seed)
    moved: defaultdict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in told.posted:
        moved[row.account_key, row.date] += row.amount
    for key, account in told.accounts.items():
        held = plans()[key].opening
        days = [balance for balance in told.balances if balance.account_key == key]
        assert [balance.day for balance in days] == [
            add_months(met, -24) + timedelta(days=offset) for offset in range(len(days))
        ]
        assert days[-1].day == today
        for balance in days:
            held += moved[key, balance.day]
            assert balance.current == held
        assert days[-1].current == account.current


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_own_transfers_and_card_payments_cancel(seed: int) -> None:
    told = Told(seed=seed)
    pairs: defaultdict[str, list[Decimal]] = defaultdict(list)
    for row in told.posted:
        if row.name.startswith("Transfer to"):
            pairs["transfers"].append(row.amount)
        elif row.name.startswith("Transfer from"):
            pairs["arrivals"].append(row.amount)
        elif row.category == "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT":
            pairs[row.account_key].append(row.amount)
    assert len(pairs["transfers"]) > 60
    assert sorted(-amount for amount in pairs["transfers"]) == sorted(pairs["arrivals"])
    assert [-amount for amount in pairs["checking"]] == pairs["card"]
    assert len(pairs["card"]) == 25


def test_the_card_is_paid_in_full_and_the_mortgage_shrinks_every_month() -> None:
    told = Told()
    owed = {balance.day: -balance.current for balance in told.balances if balance.account_key == "card"}
    payments = [row for row in told.posted if row.account_key == "card" and row.name == "Payment, thank you"]
    for row in payments[1:]:
        closing = add_months(row.date.replace(day=22), -1)
        assert row.amount == owed[closing]
    principal = [row.amount for row in told.posted if row.account_key == "mortgage"]
    assert len(principal) == 24
    assert principal == sorted(principal)
    assert all(Decimal(600) < amount < Decimal(800) for amount in principal)


@pytest.mark.parametrize("seed", range(1, 9))
def test_no_account_is_ever_overdrawn_and_the_card_stays_in_its_limit(seed: int) -> None:
    told = Told(after(60), seed=seed)
    for balance in told.balances:
        account = told.accounts[balance.account_key]
        if account.type in {"checking", "savings", "brokerage"}:
            assert balance.current > 0
        elif account.limit is not None:
            assert -balance.current < account.limit


def test_the_household_is_met_at_the_end_of_its_24_months() -> None:
    told = Told()
    months = sorted({row.date.strftime("%Y-%m") for row in told.rows})
    assert months[0] == "2024-03"
    assert months[-1] == "2026-03"
    assert len(months) == 25
    assert max(row.date for row in told.rows) == MET
    assert 2_500 <= len(told.rows) <= 3_500
