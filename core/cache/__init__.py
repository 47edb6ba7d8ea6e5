"""The cache: one DuckDB database per user, made from the store and never trusted for a write."""

from core.cache.caches import Answer, Caches, CacheState, UserCache
from core.cache.queries import query_names, query_text
from core.cache.verify import verify

__all__ = ["Answer", "CacheState", "Caches", "UserCache", "query_names", "query_text", "verify"]
