"""Banks through Plaid. Nothing outside this package knows its SDK."""

from core.banking.plaid.client import Patience
from core.banking.plaid.provider import PlaidProvider

__all__ = ["Patience", "PlaidProvider"]
