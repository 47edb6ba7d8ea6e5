"""Questions about a person's money, answered from the cache. Amounts: negative is out or owed unless said."""

from core.analytics.accounts import AccountSummary, account_summaries
from core.analytics.categories import category_rows
from core.analytics.comparing import Change, change, shares, standing
from core.analytics.listing import (
    Together,
    Totals,
    TransactionFilter,
    TransactionPage,
    TransactionRow,
    known_tags,
    list_transactions,
    listed_ids,
    listed_rows,
)
from core.analytics.overview import (
    Attention,
    CategorySpending,
    MonthFlow,
    OldRates,
    Overview,
    Period,
    RecentTransaction,
    Worth,
    overview,
)
from core.analytics.owing import Owing, owing
from core.analytics.past_queries import PastQueryEntry, forget_queries, forget_query, list_queries, remember_query
from core.analytics.payoff import Payoff, estimate
from core.analytics.portfolio import AccountHoldings, Held, KindPart, Portfolio, Sums, portfolios, value_line

__all__ = [
    "AccountHoldings",
    "AccountSummary",
    "Attention",
    "CategorySpending",
    "Change",
    "Held",
    "KindPart",
    "MonthFlow",
    "OldRates",
    "Overview",
    "Owing",
    "PastQueryEntry",
    "Payoff",
    "Period",
    "Portfolio",
    "RecentTransaction",
    "Sums",
    "Together",
    "Totals",
    "TransactionFilter",
    "TransactionPage",
    "TransactionRow",
    "Worth",
    "account_summaries",
    "category_rows",
    "change",
    "estimate",
    "forget_queries",
    "forget_query",
    "known_tags",
    "list_queries",
    "list_transactions",
    "listed_ids",
    "listed_rows",
    "overview",
    "owing",
    "portfolios",
    "remember_query",
    "shares",
    "standing",
    "value_line",
]
