"""Plaid's investments and liabilities: exact sums, unknown words survived, and a bank without them simply has none."""

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.banking import link_sandbox, list_connections
from core.banking.plaid import PlaidProvider
from core.banking.plaid.client import PlaidClient
from core.config import Settings
from core.errors import BankTemporaryError, FeatureError
from core.identity import Operator
from core.ledger import Apr, DebtEntry, HoldingEntry, list_debts, list_holdings
from core.store import Store
from tests.core.banking.house import House, settle
from tests.standins.plaid import Fault, Item, PlaidStandIn, account
from tests.standins.plaid.fixture import QUICK

HOLDINGS, LIABILITIES = "/investments/holdings/get", "/liabilities/get"
ALL = ("transactions", "investments", "liabilities")


@pytest.fixture
def plaid_settings(plaid_settings: Settings) -> Settings:
    """Return settings that lead to the stand-in and allow everything."""
    return plaid_settings.model_copy(update={"plaid_products": ALL})


@pytest.fixture
def house(store: Store, provider: PlaidProvider) -> Iterator[House]:
    """Return a house with one person and no bank."""
    return settle(store, provider)


def custom(shared: Path, name: str) -> str:
    return (shared / "plaid" / "custom_users" / f"{name}.json").read_text("utf-8")


def link(house: House, settings: Settings, custom_user: str | None = None) -> int:
    """Link the test institution; return the item."""
    result = link_sandbox(house.store, house.vault, settings, Operator(house.user), custom_user)
    assert not result.error
    return result.item_id


def held(house: House) -> tuple[HoldingEntry, ...]:
    return list_holdings(house.store, house.user)


def owed(house: House) -> tuple[DebtEntry, ...]:
    return list_debts(house.store, house.user)


def asked(plaid: PlaidStandIn) -> list[str]:
    return [route for route, _ in plaid.calls if route in {HOLDINGS, LIABILITIES}]


def test_a_custom_users_holdings_arrive_to_the_last_digit(
    house: House, plaid: PlaidStandIn, plaid_settings: Settings, shared: Path
) -> None:
    text = custom(shared, "investments_brokerage_custom_user")
    told = json.loads(text, parse_float=Decimal)["override_accounts"][0]["holdings"]
    link(house, plaid_settings, text)
    found = {one.ticker: one for one in held(house)}
    assert len(found) == len(told) == 18
    for row in told:
        one = found[row["security"]["ticker_symbol"].removeprefix("CUR:")]
        assert (one.quantity, one.price) == (row["quantity"], row["institution_price"])
        assert one.cost_basis == row.get("cost_basis")
        assert one.price_day == date.fromisoformat(row["institution_price_as_of"])
        assert one.currency == row["currency"]
        assert one.value == round(row["institution_price"] * row["quantity"], 2)
    assert sum(one.cost_basis or 0 for one in found.values()) == sum(row.get("cost_basis", 0) for row in told)
    assert {"BTC": "crypto", "F241108C00005000": "derivative", "AAPL": "shares"}.items() <= {
        one.ticker: one.kind for one in found.values()
    }.items()


@pytest.mark.parametrize(
    ("name", "apr"),
    [("liabilities_credit_card_custom_user", "16.99"), ("assets_assets_custom_user2", "12.9")],
)
def test_a_custom_users_card_has_its_terms(
    house: House, plaid_settings: Settings, shared: Path, name: str, apr: str
) -> None:
    text = custom(shared, name)
    (told,) = [
        one["liability"]
        for one in json.loads(text, parse_float=Decimal, parse_int=Decimal)["override_accounts"]
        if one["type"] == "credit"
    ]
    link(house, plaid_settings, text)
    (card,) = [one for one in owed(house) if one.kind == "credit"]
    assert {one.type: one.percentage for one in card.aprs} == {
        "purchases": told["purchase_apr"],
        "cash advances": told["cash_apr"],
        "balance transfers": told["balance_transfer_apr"],
        "special": told["special_apr"],
    }
    assert Apr("purchases", Decimal(apr)) in card.aprs
    assert (card.last_payment, card.minimum_payment, card.overdue) == (
        told["last_payment_amount"],
        told["minimum_payment_amount"],
        told.get("is_overdue"),
    )
    assert card.statement_balance == card.owed


def test_a_custom_users_student_loan_has_its_terms(house: House, plaid_settings: Settings, shared: Path) -> None:
    link(house, plaid_settings, custom(shared, "liabilities_student_loan_custom_user"))
    (loan,) = owed(house)
    assert (loan.kind, loan.interest_rate, loan.owed) == ("student", Decimal("4.23"), Decimal(45123))
    assert dict(loan.details) == {
        "Loan": "Plaid Student Loan",
        "Guarantor": "DEPT OF ED",
        "Status": "repayment",
        "Plan": "standard",
        "Began": "2022-01-01",
        "Borrowed": "45123",
    }


def test_a_mortgage_has_its_terms(house: House, plaid: PlaidStandIn, plaid_settings: Settings) -> None:
    home = account("loan", "mortgage", current=301841.83, name="Home")
    item = plaid.next_item = Item("item", "ins_1", [home])
    item.wealth.house(
        home["account_id"], next_monthly_payment=2412.0, next_payment_due_date="2026-12-01", past_due_amount=12.5,
        maturity_date="2046-11-01", loan_term="30 year",
    )  # fmt: skip
    link(house, plaid_settings)
    (loan,) = owed(house)
    assert (loan.kind, loan.interest_rate, loan.minimum_payment, loan.due_day, loan.overdue, loan.maturity_day) == (
        "mortgage", Decimal("3.99"), Decimal(2412), date(2026, 12, 1), True, date(2046, 11, 1),
    )  # fmt: skip
    assert dict(loan.details) == {"Rate type": "fixed", "Term": "30 year", "Past due": "12.5"}


def test_nothing_is_asked_that_is_billed_unless_the_settings_name_it(
    house: House, plaid: PlaidStandIn, plaid_settings: Settings, shared: Path, tmp_path: Path
) -> None:
    text = custom(shared, "investments_brokerage_custom_user")
    for products, expected in (
        (("transactions",), []),
        (("transactions", "liabilities"), []),  # there is no card or loan
        (("transactions", "investments"), [HOLDINGS]),
    ):
        plaid.calls.clear()
        settings = plaid_settings.model_copy(update={"plaid_products": products})
        link(house, settings, text)
        assert asked(plaid) == expected
        (created,) = [body for route, body in plaid.calls if route == "/sandbox/public_token/create"]
        assert created["initial_products"] == list(products)


def test_an_item_of_current_accounts_is_asked_for_neither(
    house: House, plaid: PlaidStandIn, plaid_settings: Settings
) -> None:
    plaid.next_item = Item("item", "ins_1", [account("depository", "checking", current=1, name="A")])
    link(house, plaid_settings)
    assert asked(plaid) == []


@pytest.mark.parametrize(
    "code",
    [
        "NO_INVESTMENT_ACCOUNTS",
        "NO_LIABILITY_ACCOUNTS",
        "PRODUCTS_NOT_SUPPORTED",
        "PRODUCT_NOT_ENABLED",
        "INVALID_PRODUCT",
        "ADDITIONAL_CONSENT_REQUIRED",
        "ACCESS_NOT_GRANTED",
    ],
)
def test_a_bank_without_them_shows_none_and_no_error(
    house: House, plaid: PlaidStandIn, plaid_settings: Settings, shared: Path, code: str
) -> None:
    item = link(house, plaid_settings, custom(shared, "investments_brokerage_custom_user"))
    assert held(house)
    plaid.fail(HOLDINGS, Fault(code=code))
    result = house.sync(item)
    assert (result.error, result.note) == ("", "")
    assert held(house) == ()
    (bank,) = list_connections(house.store, house.user)
    assert (bank.error_code, bank.failures) == ("", 0)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(code="PRODUCT_NOT_READY"),
        Fault(code="ITEM_LOGIN_REQUIRED"),
        Fault(code="INSTITUTION_DOWN"),
        Fault(code="INTERNAL_SERVER_ERROR", status=500),
        Fault(code="NOT_HEARD_OF_YET"),
        Fault(body=b"<html>502</html>", status=502),
        Fault(body=b'{"holdings": 5}', status=200),
        Fault(wire="reset"),
    ],
    ids=lambda fault: fault.code or fault.wire or str(fault.status),
)
def test_a_failure_leaves_what_was_known_and_never_fails_the_sync(
    house: House, plaid: PlaidStandIn, plaid_settings: Settings, shared: Path, fault: Fault
) -> None:
    item = link(house, plaid_settings, custom(shared, "investments_brokerage_custom_user"))
    before = held(house)
    plaid.fail(HOLDINGS, *[fault] * QUICK.tries)
    result = house.sync(item)
    assert (result.error, result.error_code) == ("", "")
    assert held(house) == before
    (bank,) = list_connections(house.store, house.user)
    assert bank.error_code == ""


def test_what_is_no_longer_held_goes_with_the_next_sync(
    house: House, plaid: PlaidStandIn, plaid_settings: Settings, shared: Path
) -> None:
    item = link(house, plaid_settings, custom(shared, "investments_brokerage_custom_user"))
    (stood_in,) = plaid.items.values()
    sold = stood_in.wealth.holdings.pop()
    house.sync(item)
    assert len(held(house)) == 17
    assert all(one.key != sold["security_id"] for one in held(house))


def test_unknown_words_and_missing_fields_are_survived(
    plaid_settings: Settings, plaid: PlaidStandIn, provider: PlaidProvider
) -> None:
    token = provider.sandbox_item().access_token
    body = {
        "holdings": [
            {"account_id": "a", "security_id": "s", "quantity": 2, "institution_price": 1.5, "new": {"x": 1}},
            {"account_id": "a", "security_id": "gone", "quantity": 1, "unofficial_currency_code": "btc"},
            {"account_id": "a"},
            {"account_id": "a", "security_id": "c", "quantity": 3, "institution_value": 3.000001},
        ],
        "securities": [
            {"security_id": "s", "type": "tulip bulb", "name": None, "ticker_symbol": " TLP "},
            {"security_id": "c", "type": "mutual fund", "is_cash_equivalent": True, "name": "Sweep", "close_price": 1},
        ],
    }
    plaid.fail(HOLDINGS, Fault(body=json.dumps(body).encode(), status=200))
    bulbs, gone, nothing, sweep = provider.holdings(token)
    assert (bulbs.kind, bulbs.name, bulbs.ticker, bulbs.value) == ("other", "TLP", "TLP", Decimal("3.0"))
    assert (gone.name, gone.currency, gone.value, gone.price) == ("Unnamed security", "BTC", None, None)
    assert (nothing.key, nothing.quantity) == ("unknown", 0)
    assert (sweep.kind, sweep.price, sweep.value) == ("cash", Decimal(1), Decimal("3.000001"))
    terms = {
        "liabilities": {
            "credit": [
                {"account_id": None, "aprs": []},
                {"account_id": "c", "aprs": [{"apr_percentage": 9.9, "apr_type": "crypto_loan_apr"}, {}],
                 "next_payment_due_date": "soon"},
            ],
            "mortgage": [{"account_id": "m", "interest_rate": None, "past_due_amount": None}],
            "student": [{"account_id": "s", "loan_status": {"type": "on the moon"}}],
            "pawnshop": [{}],
        }
    }  # fmt: skip
    plaid.fail(LIABILITIES, Fault(body=json.dumps(terms).encode(), status=200))
    card, house, loan = provider.debts(token)
    assert (card.aprs, card.due_day) == ((Apr("crypto loan", Decimal("9.9")),), None)
    assert (house.overdue, house.interest_rate) == (None, None)
    assert json.loads(loan.details) == {"Status": "on the moon"}
    plaid.fail(LIABILITIES, Fault(body=b'{"liabilities": {"credit": null, "mortgage": null}}', status=200))
    assert provider.debts(token) == ()


def test_each_failure_is_of_its_kind(plaid: PlaidStandIn, plaid_settings: Settings) -> None:
    provider = PlaidProvider(PlaidClient(plaid_settings, QUICK), plaid_settings)
    token = provider.sandbox_item().access_token
    with pytest.raises(FeatureError, match="investment account"):
        provider.holdings(token)
    plaid.fail(LIABILITIES, *[Fault(code="PRODUCT_NOT_READY")] * QUICK.tries)
    with pytest.raises(BankTemporaryError):
        provider.debts(token)
    assert [one.kind for one in provider.debts(token)] == ["credit"]
