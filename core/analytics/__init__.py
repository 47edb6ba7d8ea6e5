"""Questions about a person's money, answered from the cache. Amounts: negative is out or owed unless said."""

from core.analytics.accounts import AccountSummary, account_summaries
from core.analytics.comparing import Change, change, shares, standing
from core.analytics.listing import Totals, TransactionFilter, TransactionPage, TransactionRow, list_transactions
from core.analytics.overview import (
    Attention,
    CategorySpending,
    MonthFlow,
    Overview,
    Period,
    RecentTransaction,
    Worth,
    overview,
)

__all__ = [
    "AccountSummary",
    "Attention",
    "CategorySpending",
    "Change",
    "MonthFlow",
    "Overview",
    "Period",
    "RecentTransaction",
    "Totals",
    "TransactionFilter",
    "TransactionPage",
    "TransactionRow",
    "Worth",
    "account_summaries",
    "change",
    "list_transactions",
    "overview",
    "shares",
    "standing",
]
