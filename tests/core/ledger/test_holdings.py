"""Holdings are what the bank says and nothing else: exact, each account's own, gone when no longer told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.errors import NotFoundError
from core.ledger import (
    AccountRecord,
    DailyBalance,
    HoldingRecord,
    apply_update,
    hide_account,
    list_accounts,
    list_holdings,
    replace_holdings,
    value_history,
)
from core.ledger.holdings import fits, together, writable
from core.store import Account, Store
from tests.core.ledger.household import Household, settle, update

BROKERAGE = AccountRecord(key="brk", name="Brokerage", type="brokerage", current=Decimal("1500.00"))
PENSION = AccountRecord(key="pen", name="Pension", type="retirement", current=Decimal(9))


def held(key: str = "ACME", account: str = "brk", **facts: object) -> HoldingRecord:
    """Return ten shares at 12.50."""
    told: dict[str, object] = {
        "name": f"{key} Inc.", "quantity": Decimal(10), "ticker": key, "kind": "shares",
        "price": Decimal("12.50"), "value": Decimal("125.00"), "cost_basis": Decimal("100.00"),
    }  # fmt: skip
    return HoldingRecord(account, key, **(told | facts))  # type: ignore[arg-type]


@pytest.fixture
def household(store: Store) -> Household:
    home = settle(store)
    apply_update(store, home.user, home.item, update(accounts=(BROKERAGE, PENSION)), since="")
    return home


def test_what_the_bank_tells_is_kept_to_the_last_digit(household: Household) -> None:
    told = held("CUR", quantity=Decimal("0.00293644"), price=Decimal("19999.540000001"), value=Decimal("58.7274"),
                cost_basis=None, kind="crypto", price_day=date(2026, 1, 22))  # fmt: skip
    assert replace_holdings(household.store, household.user, household.item, [told]) == 1
    (entry,) = list_holdings(household.store, household.user)
    assert (entry.quantity, entry.price, entry.value, entry.cost_basis, entry.gain) == (
        Decimal("0.00293644"), Decimal("19999.540000001"), Decimal("58.7274"), None, None,
    )  # fmt: skip
    assert (entry.kind, entry.price_day, entry.account, entry.ticker) == (
        "crypto",
        date(2026, 1, 22),
        "Brokerage",
        "CUR",
    )


def test_the_next_telling_takes_the_place_of_the_last(household: Household) -> None:
    replace_holdings(household.store, household.user, household.item, [held("OLD"), held("STAYS"), held("P", "pen")])
    replace_holdings(household.store, household.user, household.item, [held("STAYS", value=Decimal("130.00"))])
    assert [(one.key, one.value, one.gain) for one in list_holdings(household.store, household.user)] == [
        ("STAYS", Decimal("130.0000"), Decimal(30))
    ]
    replace_holdings(household.store, household.user, household.item, [])
    assert list_holdings(household.store, household.user) == ()


def test_a_person_sees_their_own_only_and_nobody_writes_anothers(household: Household) -> None:
    other = settle(household.store, "eve@example.org")
    apply_update(household.store, other.user, other.item, update(accounts=(BROKERAGE,)), since="")
    replace_holdings(household.store, household.user, household.item, [held()])
    replace_holdings(household.store, other.user, other.item, [held("EVIL")])
    assert [one.key for one in list_holdings(household.store, household.user)] == ["ACME"]
    with pytest.raises(NotFoundError):
        replace_holdings(household.store, other.user, household.item, [])
    assert [one.key for one in list_holdings(household.store, household.user)] == ["ACME"]


def test_hidden_and_removed_accounts_and_unknown_ones_show_nothing(household: Household) -> None:
    replace_holdings(household.store, household.user, household.item, [held(), held("P", "pen"), held("X", "nowhere")])
    assert [one.key for one in list_holdings(household.store, household.user)] == ["ACME", "P"]
    (pension,) = [one for one in list_accounts(household.store, household.user) if one.name == "Pension"]
    hide_account(household.store, household.user, pension.id, hidden=True)
    assert [one.key for one in list_holdings(household.store, household.user)] == ["ACME"]
    with household.store.write() as session:
        account = session.scalar(select(Account).where(Account.name == "Brokerage"))
        assert account is not None
        session.delete(account)
    assert list_holdings(household.store, household.user) == ()


def test_numbers_that_cant_be_kept_are_left_out_and_the_rest_stays(household: Household) -> None:
    wild = [
        held("HUGE", value=Decimal("1e30")),
        held("COST", cost_basis=Decimal("1e999999")),
        held("NAN", quantity=Decimal("NaN")),
        held("LONG", quantity=Decimal("1e-999999")),
        held("PRICE", price=Decimal("1e999999")),
        held("FINE", value=Decimal("0.000049")),
    ]
    replace_holdings(household.store, household.user, household.item, [*wild, held()])
    assert [(one.key, one.value) for one in list_holdings(household.store, household.user)] == [
        ("ACME", Decimal(125)),
        ("FINE", Decimal(0)),
    ]


def test_a_security_in_two_currencies_stays_two(household: Household) -> None:
    rows = [held(), held(currency="EUR"), held(currency="EUR")]
    replace_holdings(household.store, household.user, household.item, rows)
    found = {one.currency: one.quantity for one in list_holdings(household.store, household.user)}
    assert found == {"USD": Decimal(10), "EUR": Decimal(20)}


def test_the_value_of_a_day_is_the_last_known_one_up_to_it(household: Household) -> None:
    days = [DailyBalance("brk", date(2026, 3, day), Decimal(amount)) for day, amount in ((5, 100), (20, 300))]
    news = update(accounts=(BROKERAGE,), cursor="c2", balances=tuple(days))
    apply_update(household.store, household.user, household.item, news, since="c1")
    (account,) = [one.id for one in list_accounts(household.store, household.user) if one.name == "Brokerage"]
    asked = [date(2026, 3, day) for day in (4, 5, 19, 20, 31)]
    line = value_history(household.store, household.user, [account], asked)
    assert [(one.day.day, one.value) for one in line] == [(5, 100), (19, 100), (20, 300), (31, 300)]
    other = settle(household.store, "eve@example.org")
    assert value_history(household.store, other.user, [account], asked) == ()


numbers = st.decimals(-(10**6), 10**6, places=4)
records = st.lists(
    st.builds(
        HoldingRecord,
        account_key=st.sampled_from("ab"),
        key=st.sampled_from("xyz"),
        name=st.just("n"),
        quantity=numbers,
        currency=st.sampled_from(("USD", "EUR")),
        value=st.none() | numbers,
        cost_basis=st.none() | numbers,
        price=st.none() | numbers,
        price_day=st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 9)),
    ),
    max_size=12,
)


@given(records, st.integers())
def test_adding_up_keeps_every_sum_and_no_key_twice(rows: list[HoldingRecord], seed: int) -> None:
    found = together(rows)
    assert len({(one.account_key, one.key) for one in found}) == len(found)
    for account in "ab":
        for currency in ("USD", "EUR"):
            mine = [one for one in rows if (one.account_key, one.currency) == (account, currency)]
            kept = [one for one in found if (one.account_key, one.currency) == (account, currency)]
            assert sum(one.quantity for one in kept) == sum(one.quantity for one in mine)
            known = [one for one in mine if all(x.value is not None for x in mine if x.key == one.key)]
            assert sum(one.value for one in kept if one.value is not None) == sum(one.value or 0 for one in known)
    shuffled = Random(seed).sample(rows, len(rows))
    amounts = sorted((one.account_key, one.currency, one.quantity, str(one.value)) for one in found)
    again = sorted((one.account_key, one.currency, one.quantity, str(one.value)) for one in together(shuffled))
    assert [(row[:3], Decimal(row[3]) if row[3] != "None" else None) for row in amounts] == [
        (row[:3], Decimal(row[3]) if row[3] != "None" else None) for row in again
    ]


def test_of_a_security_told_twice_the_later_price_counts() -> None:
    early = held(price=Decimal(1), price_day=date(2026, 1, 1))
    late = replace(early, price=Decimal(2), price_day=date(2026, 1, 2))
    for pair in ([early, late], [late, early], [late, replace(late, price=None, price_day=None)]):
        (one,) = together(pair)
        assert one.price == 2


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_whether_a_number_can_be_kept_is_told_for_any(number: Decimal) -> None:
    if writable(number, 64):
        assert Decimal(f"{number:f}") == number
    fits(number)
