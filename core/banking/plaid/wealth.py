"""Plaid's investments and liabilities in our words. Plaid bills each by the item and month.

Of both, Plaid sends positive amounts for what is owned and what is owed; so do our records, nothing
is turned. Unknown words become "other" or stay as they are; what is missing stays unknown.
"""

from decimal import Decimal
from typing import Final

import msgspec

from core.banking.plaid.client import PlaidClient
from core.banking.plaid.translate import day
from core.config import Settings
from core.errors import FeatureError
from core.ledger import Apr, DebtRecord, HoldingKind, HoldingRecord

_KINDS: Final[dict[str, HoldingKind]] = {
    "cash": "cash",
    "cryptocurrency": "crypto",
    "derivative": "derivative",
    "equity": "shares",
    "etf": "ETF",
    "fixed income": "bonds",
    "loan": "loan",
    "mutual fund": "fund",
}
_APRS: Final = {
    "balance_transfer_apr": "balance transfers",
    "cash_apr": "cash advances",
    "purchase_apr": "purchases",
    "special": "special",
}
NOT_ASKED: Final = "NOT_ASKED"
"""Our own code: the settings don't allow the question."""


class Holding(msgspec.Struct, frozen=True):
    """What an account holds of a security; `cost_basis` is for all of it."""

    account_id: str
    security_id: str = ""
    institution_price: Decimal | None = None
    institution_price_as_of: str | None = None
    institution_value: Decimal | None = None
    cost_basis: Decimal | None = None
    quantity: Decimal | None = None
    iso_currency_code: str | None = None
    unofficial_currency_code: str | None = None


class Security(msgspec.Struct, frozen=True):
    """Something that can be held."""

    security_id: str = ""
    name: str | None = None
    ticker_symbol: str | None = None
    type: str | None = None
    is_cash_equivalent: bool | None = None
    close_price: Decimal | None = None
    close_price_as_of: str | None = None


class HoldingsAnswer(msgspec.Struct, frozen=True):
    """The answer of /investments/holdings/get."""

    holdings: list[Holding] = []
    securities: list[Security] = []


class AprFacts(msgspec.Struct, frozen=True):
    """One of a card's rates, in per cent a year."""

    apr_percentage: Decimal | None = None
    apr_type: str | None = None
    balance_subject_to_apr: Decimal | None = None


class Rate(msgspec.Struct, frozen=True):
    """A mortgage's rate, in per cent a year."""

    percentage: Decimal | None = None
    type: str | None = None


class Named(msgspec.Struct, frozen=True):
    """A status or plan: what kind it is, and more words of it."""

    type: str | None = None
    description: str | None = None


class Credit(msgspec.Struct, frozen=True):
    """A card's terms."""

    account_id: str | None = None
    aprs: list[AprFacts] | None = None
    is_overdue: bool | None = None
    last_payment_amount: Decimal | None = None
    last_payment_date: str | None = None
    last_statement_issue_date: str | None = None
    last_statement_balance: Decimal | None = None
    minimum_payment_amount: Decimal | None = None
    next_payment_due_date: str | None = None


class Mortgage(msgspec.Struct, frozen=True):
    """A mortgage's terms."""

    account_id: str | None = None
    interest_rate: Rate | None = None
    last_payment_amount: Decimal | None = None
    last_payment_date: str | None = None
    loan_type_description: str | None = None
    loan_term: str | None = None
    maturity_date: str | None = None
    next_monthly_payment: Decimal | None = None
    next_payment_due_date: str | None = None
    origination_date: str | None = None
    origination_principal_amount: Decimal | None = None
    past_due_amount: Decimal | None = None


class Student(msgspec.Struct, frozen=True):
    """A student loan's terms."""

    account_id: str | None = None
    expected_payoff_date: str | None = None
    guarantor: str | None = None
    interest_rate_percentage: Decimal | None = None
    is_overdue: bool | None = None
    last_payment_amount: Decimal | None = None
    last_payment_date: str | None = None
    last_statement_balance: Decimal | None = None
    last_statement_issue_date: str | None = None
    loan_name: str | None = None
    loan_status: Named | None = None
    minimum_payment_amount: Decimal | None = None
    next_payment_due_date: str | None = None
    origination_date: str | None = None
    origination_principal_amount: Decimal | None = None
    repayment_plan: Named | None = None


class Liabilities(msgspec.Struct, frozen=True):
    """What an item owes, by kind."""

    credit: list[Credit] | None = None
    mortgage: list[Mortgage] | None = None
    student: list[Student] | None = None


class LiabilitiesAnswer(msgspec.Struct, frozen=True):
    """The answer of /liabilities/get."""

    liabilities: Liabilities = Liabilities()


def holdings(client: PlaidClient, settings: Settings, access_token: str) -> tuple[HoldingRecord, ...]:
    """Return what the item's investment accounts hold.

    Raises:
        FeatureError: `PLAID_PRODUCTS` does not name investments, or this bank has none.
        BankError: anything else, by its kind.
    """
    from plaid.model.investments_holdings_get_request import InvestmentsHoldingsGetRequest

    _allowed(settings, "investments")
    request = InvestmentsHoldingsGetRequest(access_token=access_token)
    answer = client.call("investments_holdings_get", request, HoldingsAnswer)
    securities = {one.security_id: one for one in answer.securities}
    return tuple(holding_record(one, securities.get(one.security_id, Security())) for one in answer.holdings)


def debts(client: PlaidClient, settings: Settings, access_token: str) -> tuple[DebtRecord, ...]:
    """Return the terms of the item's cards, mortgages and student loans.

    Raises:
        FeatureError: `PLAID_PRODUCTS` does not name liabilities, or this bank has none.
        BankError: anything else, by its kind.
    """
    from plaid.model.liabilities_get_request import LiabilitiesGetRequest

    _allowed(settings, "liabilities")
    told = client.call("liabilities_get", LiabilitiesGetRequest(access_token=access_token), LiabilitiesAnswer)
    return tuple(
        record
        for record in (
            *(_card(one) for one in told.liabilities.credit or ()),
            *(_mortgage(one) for one in told.liabilities.mortgage or ()),
            *(_student(one) for one in told.liabilities.student or ()),
        )
        if record.account_key
    )


def _allowed(settings: Settings, product: str) -> None:
    if product not in settings.plaid_products:
        raise FeatureError(f"PLAID_PRODUCTS does not name {product}.", code=NOT_ASKED)


def holding_record(told: Holding, security: Security) -> HoldingRecord:
    """Return a holding in our words; what its bank leaves out is taken from the security."""
    quantity = told.quantity if told.quantity is not None else Decimal(0)
    price, price_day = told.institution_price, day(told.institution_price_as_of)
    if price is None:
        price, price_day = security.close_price, day(security.close_price_as_of)
    value = told.institution_value
    if value is None and price is not None:
        value = quantity * price
    ticker = (security.ticker_symbol or "").strip()
    return HoldingRecord(
        account_key=told.account_id,
        key=(told.security_id or ticker or security.name or "unknown")[:128],
        name=(security.name or ticker or "Unnamed security").strip(),
        quantity=quantity,
        currency=(told.iso_currency_code or told.unofficial_currency_code or "USD")[:3].upper(),
        ticker=ticker.removeprefix("CUR:"),
        kind=_kind(security),
        price=price,
        value=value,
        cost_basis=told.cost_basis,
        price_day=price_day,
    )


def _kind(security: Security) -> HoldingKind:
    kind = _KINDS.get((security.type or "").lower(), "other")
    # Plaid marks currencies by a ticker of their own; only some of them are money.
    return "cash" if security.is_cash_equivalent and kind in {"other", "fund"} else kind


def _card(told: Credit) -> DebtRecord:
    return DebtRecord(
        account_key=told.account_id or "",
        kind="credit",
        aprs=tuple(
            Apr(_words(_APRS.get(one.apr_type or "", one.apr_type)), one.apr_percentage, one.balance_subject_to_apr)
            for one in told.aprs or ()
            if one.apr_percentage is not None
        ),
        minimum_payment=told.minimum_payment_amount,
        due_day=day(told.next_payment_due_date),
        last_payment=told.last_payment_amount,
        last_payment_day=day(told.last_payment_date),
        statement_balance=told.last_statement_balance,
        statement_day=day(told.last_statement_issue_date),
        overdue=told.is_overdue,
    )


def _mortgage(told: Mortgage) -> DebtRecord:
    past_due = told.past_due_amount
    rate = told.interest_rate or Rate()
    return DebtRecord(
        account_key=told.account_id or "",
        kind="mortgage",
        interest_rate=rate.percentage,
        minimum_payment=told.next_monthly_payment,
        due_day=day(told.next_payment_due_date),
        last_payment=told.last_payment_amount,
        last_payment_day=day(told.last_payment_date),
        overdue=None if past_due is None else past_due > 0,
        maturity_day=day(told.maturity_date),
        details=_details(
            {
                "Loan type": told.loan_type_description,
                "Rate type": rate.type,
                "Term": told.loan_term,
                "Began": told.origination_date,
                "Borrowed": told.origination_principal_amount,
                "Past due": past_due or None,
            }
        ),
    )


def _student(told: Student) -> DebtRecord:
    status, plan = told.loan_status or Named(), told.repayment_plan or Named()
    return DebtRecord(
        account_key=told.account_id or "",
        kind="student",
        interest_rate=told.interest_rate_percentage,
        minimum_payment=told.minimum_payment_amount,
        due_day=day(told.next_payment_due_date),
        last_payment=told.last_payment_amount,
        last_payment_day=day(told.last_payment_date),
        statement_balance=told.last_statement_balance,
        statement_day=day(told.last_statement_issue_date),
        overdue=told.is_overdue,
        maturity_day=day(told.expected_payoff_date),
        details=_details(
            {
                "Loan": told.loan_name,
                "Guarantor": told.guarantor,
                "Status": status.type,
                "Plan": plan.description or plan.type,
                "Began": told.origination_date,
                "Borrowed": told.origination_principal_amount,
            }
        ),
    )


def _words(code: str | None) -> str:
    return (code or "").removesuffix("_apr").replace("_", " ").strip() or "other"


def _details(facts: dict[str, str | Decimal | None]) -> str:
    kept = {name: f"{fact:f}" if isinstance(fact, Decimal) else fact for name, fact in facts.items() if fact}
    return msgspec.json.encode(kept).decode() if kept else ""
