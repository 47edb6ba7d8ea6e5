"""The demo bank: a believable household behind the same interface as every real bank."""

from core.banking.demo.bank import DemoBank
from core.banking.demo.days import demo_items, let_a_day_pass
from core.banking.demo.merchants import Merchant, all_merchants
from core.banking.demo.visits import break_item

__all__ = ["DemoBank", "Merchant", "all_merchants", "break_item", "demo_items", "let_a_day_pass"]
