"""The demo bank: a believable household behind the same interface as every real bank."""

from core.banking.demo.bank import DemoBank
from core.banking.demo.days import demo_items, let_a_day_pass
from core.banking.demo.merchants import Merchant, all_merchants
from core.banking.demo.visits import (
    PATH,
    Caller,
    accounts_at,
    banks,
    break_item,
    caller_of,
    leave,
    share,
    sign_in_again,
)

__all__ = [
    "PATH",
    "Caller",
    "DemoBank",
    "Merchant",
    "accounts_at",
    "all_merchants",
    "banks",
    "break_item",
    "caller_of",
    "demo_items",
    "leave",
    "let_a_day_pass",
    "share",
    "sign_in_again",
]
