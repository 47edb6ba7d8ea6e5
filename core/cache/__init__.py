"""The cache: one DuckDB database per user, made from the store and never trusted for a write."""

from core.cache.balances import Balances, balances_of
from core.cache.caches import Caches, CacheState, UserCache
from core.cache.columns import Coded, Columns, Ints, Shorts, Units, in_groups, joint
from core.cache.day_sums import DaySums, between, day_at, day_number, day_sums, stretches_of
from core.cache.known import (
    UNCATEGORISED,
    Facts,
    KnownCategory,
    account_names,
    account_rows,
    categories,
    facts,
    home_currency,
    shown_accounts,
)
from core.cache.listed_lines import ListedLines, meant_lines
from core.cache.money_lines import MoneyLines, money_lines
from core.cache.pivoting import TIMES, Dimension, PivotQuestion, Ranking
from core.cache.queries import query_names, query_text
from core.cache.querying.answers import AnswerColumn, QueryAnswer
from core.cache.querying.desks import Desk, Job
from core.cache.querying.examples import EXAMPLES, QueryExample
from core.cache.querying.gate import LONGEST as LONGEST_QUERY
from core.cache.querying.offered import VIEWS, OfferedColumn, OfferedView
from core.cache.querying.process import SECONDS as QUERY_SECONDS
from core.cache.searched import Searched
from core.cache.seat import Answer
from core.cache.verify import verify

__all__ = [
    "EXAMPLES",
    "LONGEST_QUERY",
    "QUERY_SECONDS",
    "TIMES",
    "UNCATEGORISED",
    "VIEWS",
    "Answer",
    "AnswerColumn",
    "Balances",
    "CacheState",
    "Caches",
    "Coded",
    "Columns",
    "DaySums",
    "Desk",
    "Dimension",
    "Facts",
    "Ints",
    "Job",
    "KnownCategory",
    "ListedLines",
    "MoneyLines",
    "OfferedColumn",
    "OfferedView",
    "PivotQuestion",
    "QueryAnswer",
    "QueryExample",
    "Ranking",
    "Searched",
    "Shorts",
    "Units",
    "UserCache",
    "account_names",
    "account_rows",
    "balances_of",
    "between",
    "categories",
    "day_at",
    "day_number",
    "day_sums",
    "facts",
    "home_currency",
    "in_groups",
    "joint",
    "meant_lines",
    "money_lines",
    "query_names",
    "query_text",
    "shown_accounts",
    "stretches_of",
    "verify",
]
