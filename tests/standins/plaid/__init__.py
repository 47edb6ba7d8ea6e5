"""Plaid on loopback, with a memory and faults on demand; judged by Plaid's own OpenAPI file."""

from tests.standins.plaid.bank import Item, account, custom_item, default_item, fill, transaction
from tests.standins.plaid.contract import Contract
from tests.standins.plaid.server import CLIENT_ID, SECRET, Fault, PlaidStandIn

__all__ = [
    "CLIENT_ID",
    "SECRET",
    "Contract",
    "Fault",
    "Item",
    "PlaidStandIn",
    "account",
    "custom_item",
    "default_item",
    "fill",
    "transaction",
]
