"""The cache: one DuckDB database per user, made from the store and never trusted for a write."""

from core.cache.caches import Answer, Caches, CacheState, UserCache
from core.cache.columns import Coded, Columns, in_groups, joint
from core.cache.pivoting import TIMES, Dimension, PivotQuestion, Ranking
from core.cache.queries import query_names, query_text
from core.cache.querying.answers import AnswerColumn, QueryAnswer
from core.cache.querying.desks import Desk, Job
from core.cache.querying.examples import EXAMPLES, QueryExample
from core.cache.querying.gate import LONGEST as LONGEST_QUERY
from core.cache.querying.offered import VIEWS, OfferedColumn, OfferedView
from core.cache.querying.process import SECONDS as QUERY_SECONDS
from core.cache.searched import Searched
from core.cache.verify import verify

__all__ = [
    "EXAMPLES",
    "LONGEST_QUERY",
    "QUERY_SECONDS",
    "TIMES",
    "VIEWS",
    "Answer",
    "AnswerColumn",
    "CacheState",
    "Caches",
    "Coded",
    "Columns",
    "Desk",
    "Dimension",
    "Job",
    "OfferedColumn",
    "OfferedView",
    "PivotQuestion",
    "QueryAnswer",
    "QueryExample",
    "Ranking",
    "Searched",
    "UserCache",
    "in_groups",
    "joint",
    "query_names",
    "query_text",
    "verify",
]
