"""Investments and liabilities of the stand-in: what a custom sandbox user says of them, in the shapes of Plaid."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.standins.plaid.bank import Item
    from tests.standins.plaid.server import PlaidStandIn

OPTION = re.compile(r"[A-Z]{1,6}\d{6}[CP]\d{8}")
APRS = {
    "balance_transfer_apr": "balance_transfer_apr",
    "cash_apr": "cash_apr",
    "purchase_apr": "purchase_apr",
    "special_apr": "special",
}
CARD = {
    "purchase_apr": 12.5,
    "cash_apr": 27.95,
    "balance_transfer_apr": 15.24,
    "special_apr": 0,
    "last_payment_amount": 168.25,
    "minimum_payment_amount": 20,
    "is_overdue": False,
}
"""The card of Plaid's user_good."""
ADDRESS = dict.fromkeys(("city", "country", "postal_code", "region", "street"))


@dataclass
class Wealth:
    """What an item's accounts hold and owe, as Plaid tells it."""

    holdings: list[dict[str, Any]] = field(default_factory=list)
    securities: dict[str, dict[str, Any]] = field(default_factory=dict)
    """By ticker."""
    moves: list[dict[str, Any]] = field(default_factory=list)
    credit: list[dict[str, Any]] = field(default_factory=list)
    mortgage: list[dict[str, Any]] = field(default_factory=list)
    student: list[dict[str, Any]] = field(default_factory=list)

    def hold(self, account_id: str, ticker: str, quantity: float, price: float, **more: Any) -> dict[str, Any]:
        """Let an account hold a security; return the holding, which may be changed."""
        security = self.security(ticker, **more.pop("security", {}))
        holding = {
            "account_id": account_id,
            "security_id": security["security_id"],
            "institution_price": price,
            "institution_price_as_of": None,
            "institution_price_datetime": None,
            "institution_value": round(price * quantity, 2),
            "cost_basis": None,
            "quantity": quantity,
            "iso_currency_code": "USD",
            "unofficial_currency_code": None,
            "vested_quantity": None,
            "vested_value": None,
        } | more
        self.holdings.append(holding)
        return holding

    def security(self, ticker: str, **more: Any) -> dict[str, Any]:
        """Return the security of that ticker, made when it is not known yet."""
        if ticker not in self.securities:
            kind = "cryptocurrency" if ticker.startswith("CUR:") else "equity"
            unknown = (
                "isin cusip sedol institution_security_id institution_id proxy_security_id subtype close_price "
                "close_price_as_of update_datetime unofficial_currency_code market_identifier_code sector industry "
                "cfi_code option_contract fixed_income figi"
            ).split()
            self.securities[ticker] = dict.fromkeys(unknown) | {
                "security_id": secrets.token_hex(18),
                "name": None,
                "ticker_symbol": ticker,
                "is_cash_equivalent": False,
                "type": "derivative" if OPTION.fullmatch(ticker) else kind,
                "iso_currency_code": "USD",
            }
        self.securities[ticker] |= {name: value for name, value in more.items() if value is not None}
        return self.securities[ticker]

    def card(self, account_id: str, told: dict[str, Any], statement: float | None) -> dict[str, Any]:
        """Give a card its terms, from a custom user's words for them."""
        terms = {
            "account_id": account_id,
            "aprs": [
                {
                    "apr_percentage": told[name],
                    "apr_type": kind,
                    "balance_subject_to_apr": None,
                    "interest_charge_amount": None,
                }
                for name, kind in APRS.items()
                if told.get(name) is not None
            ],
            "is_overdue": told.get("is_overdue"),
            "last_payment_amount": told.get("last_payment_amount"),
            "last_payment_date": "2026-10-22",
            "last_statement_issue_date": "2026-11-04",
            "last_statement_balance": statement,
            "minimum_payment_amount": told.get("minimum_payment_amount"),
            "next_payment_due_date": "2026-12-01",
        }
        self.credit.append(terms)
        return terms

    def study(self, account_id: str, told: dict[str, Any]) -> dict[str, Any]:
        """Give a student loan its terms, from a custom user's words for them."""
        plan = told.get("repayment_model") or {}
        unknown = (
            "account_number expected_payoff_date is_overdue last_payment_amount last_payment_date "
            "last_statement_balance last_statement_issue_date minimum_payment_amount next_payment_due_date "
            "outstanding_interest_amount payment_reference_number sequence_number ytd_interest_paid ytd_principal_paid"
        ).split()
        terms = dict.fromkeys(unknown) | {
            "account_id": account_id,
            "disbursement_dates": [told["origination_date"]] if told.get("origination_date") else None,
            "guarantor": told.get("guarantor"),
            "interest_rate_percentage": told.get("nominal_apr") or 0,
            "loan_name": told.get("loan_name"),
            "loan_status": {"end_date": None, "type": "repayment"},
            "origination_date": told.get("origination_date"),
            "origination_principal_amount": told.get("principal"),
            "pslf_status": dict.fromkeys(("estimated_eligibility_date", "payments_made", "payments_remaining")),
            "repayment_plan": {"description": None, "type": plan.get("type")},
            "servicer_address": ADDRESS,
        }
        self.student.append(terms)
        return terms

    def house(self, account_id: str, **told: Any) -> dict[str, Any]:
        """Give a mortgage its terms."""
        unknown = (
            "account_number current_late_fee escrow_balance has_pmi has_prepayment_penalty last_payment_amount "
            "last_payment_date loan_type_description loan_term maturity_date next_monthly_payment "
            "next_payment_due_date origination_date origination_principal_amount past_due_amount ytd_interest_paid "
            "ytd_principal_paid"
        ).split()
        terms = dict.fromkeys(unknown) | {
            "account_id": account_id,
            "interest_rate": {"percentage": 3.99, "type": "fixed"},
            "property_address": ADDRESS,
        }
        self.mortgage.append(terms | told)
        return self.mortgage[-1]


def expand(wealth: Wealth, holder: dict[str, Any], wanted: dict[str, Any]) -> None:
    """Take over what a custom user's account holds and on what terms it owes."""
    account_id = holder["account_id"]
    for told in wanted.get("holdings") or ():
        wealth.hold(
            account_id,
            told["security"]["ticker_symbol"],
            told["quantity"],
            told["institution_price"],
            institution_price_as_of=told.get("institution_price_as_of"),
            cost_basis=told.get("cost_basis"),
            iso_currency_code=told.get("currency"),
            security={"name": told["security"].get("name"), "iso_currency_code": told["security"].get("currency")},
        )
    for told in wanted.get("investment_transactions") or ():
        security = wealth.security(told["security"]["ticker_symbol"])
        wealth.moves.append(
            {
                "investment_transaction_id": secrets.token_hex(18),
                "cancel_transaction_id": None,
                "account_id": account_id,
                "security_id": security["security_id"],
                "date": told["date"],
                "name": told["name"],
                "quantity": told["quantity"],
                "amount": round(told["quantity"] * told["price"] + (told.get("fees") or 0), 2),
                "price": told["price"],
                "fees": told.get("fees"),
                "type": told["type"],
                "subtype": told["type"],
                "iso_currency_code": told.get("currency"),
                "unofficial_currency_code": None,
            }
        )
    told = wanted.get("liability") or {}
    if holder["type"] == "credit":
        wealth.card(account_id, told or CARD, holder["balances"]["current"])
    elif told.get("type") == "student":
        wealth.study(account_id, told)


def routes(bank: "PlaidStandIn") -> dict[str, Callable[[dict[str, Any]], dict[str, Any]]]:
    """Return the routes by which Plaid tells of investments and liabilities."""

    def opened(body: dict[str, Any], kinds: set[str], refusal: str) -> "Item":
        item = bank._item(body)
        if not any(one["type"] in kinds for one in item.accounts):
            raise bank.refusal(refusal)
        return item

    def about(item: "Item") -> dict[str, Any]:
        accounts = [one | {"balances": {"margin_loan_amount": None} | one["balances"]} for one in item.accounts]
        return {"accounts": accounts, "item": bank.facts(item)}

    def holdings(body: dict[str, Any]) -> dict[str, Any]:
        item = opened(body, {"investment"}, "NO_INVESTMENT_ACCOUNTS")
        held = {one["security_id"] for one in item.wealth.holdings}
        return about(item) | {
            "holdings": item.wealth.holdings,
            "securities": [one for one in item.wealth.securities.values() if one["security_id"] in held],
        }

    def moves(body: dict[str, Any]) -> dict[str, Any]:
        item = opened(body, {"investment"}, "NO_INVESTMENT_ACCOUNTS")
        first, last = date.fromisoformat(body["start_date"]), date.fromisoformat(body["end_date"])
        shown = [one for one in item.wealth.moves if first <= date.fromisoformat(one["date"]) <= last]
        options = body.get("options") or {}
        start, count = options.get("offset", 0), options.get("count", 100)
        return about(item) | {
            "investment_transactions": shown[start : start + count],
            "total_investment_transactions": len(shown),
            "securities": list(item.wealth.securities.values()),
        }

    def liabilities(body: dict[str, Any]) -> dict[str, Any]:
        item = opened(body, {"credit", "loan"}, "NO_LIABILITY_ACCOUNTS")
        owed = item.wealth
        return about(item) | {
            "liabilities": {
                "credit": owed.credit or None,
                "mortgage": owed.mortgage or None,
                "student": owed.student or None,
            }
        }

    return {
        "/investments/holdings/get": holdings,
        "/investments/transactions/get": moves,
        "/liabilities/get": liabilities,
    }
