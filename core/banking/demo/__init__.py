"""The demo bank: a believable household behind the same interface as every real bank."""

from core.banking.demo.bank import DemoBank
from core.banking.demo.merchants import Merchant, all_merchants

__all__ = ["DemoBank", "Merchant", "all_merchants"]
