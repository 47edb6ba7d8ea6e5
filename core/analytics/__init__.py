"""Questions about a person's money, answered from the cache. Amounts: negative is out or owed unless said."""

from core.analytics.accounts import AccountSummary, account_summaries
from core.analytics.categories import category_rows
from core.analytics.comparing import Change, change, shares, standing
from core.analytics.converting import Apart, DayRates
from core.analytics.days import DaySpent, Quiet, WeekdaySpent, YearDays, year_days
from core.analytics.flow import Flow, FlowMonth, Stream, flow
from core.analytics.flow import Sums as FlowSums
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
from core.analytics.merchants import Merchant, MerchantLine, MerchantMonth, Merchants, merchant, merchants
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
from core.analytics.spans import COMPARISONS, PRESETS, Comparing, Preset, Span, span_of
from core.analytics.spending import CategorySpent, GroupSpent, MerchantSpent, Spending, Stretch, spending
from core.analytics.worth_history import AccountLine, WorthHistory, worth_history
from core.analytics.year import Purchase, YearReview, year_review

__all__ = [
    "COMPARISONS",
    "PRESETS",
    "AccountHoldings",
    "AccountLine",
    "AccountSummary",
    "Apart",
    "Attention",
    "CategorySpending",
    "CategorySpent",
    "Change",
    "Comparing",
    "DayRates",
    "DaySpent",
    "Flow",
    "FlowMonth",
    "FlowSums",
    "GroupSpent",
    "Held",
    "KindPart",
    "Merchant",
    "MerchantLine",
    "MerchantMonth",
    "MerchantSpent",
    "Merchants",
    "MonthFlow",
    "OldRates",
    "Overview",
    "Owing",
    "PastQueryEntry",
    "Payoff",
    "Period",
    "Portfolio",
    "Preset",
    "Purchase",
    "Quiet",
    "RecentTransaction",
    "Span",
    "Spending",
    "Stream",
    "Stretch",
    "Sums",
    "Together",
    "Totals",
    "TransactionFilter",
    "TransactionPage",
    "TransactionRow",
    "WeekdaySpent",
    "Worth",
    "WorthHistory",
    "YearDays",
    "YearReview",
    "account_summaries",
    "category_rows",
    "change",
    "estimate",
    "flow",
    "forget_queries",
    "forget_query",
    "known_tags",
    "list_queries",
    "list_transactions",
    "listed_ids",
    "listed_rows",
    "merchant",
    "merchants",
    "overview",
    "owing",
    "portfolios",
    "remember_query",
    "shares",
    "span_of",
    "spending",
    "standing",
    "value_line",
    "worth_history",
    "year_days",
    "year_review",
]
