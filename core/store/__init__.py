"""The truth: typed models on SQLite or PostgreSQL, and the one place where sessions are opened."""

from core.store.changes import last_change, next_change
from core.store.engine import Store
from core.store.migrate import back_up, migrate
from core.store.models import (
    FIRST_OWN_CATEGORY,
    Account,
    Attempt,
    AuditEvent,
    Balance,
    Base,
    Category,
    ImportBatch,
    Item,
    Session,
    Transaction,
    TransactionEvent,
    User,
    UserId,
)

__all__ = [
    "FIRST_OWN_CATEGORY",
    "Account",
    "Attempt",
    "AuditEvent",
    "Balance",
    "Base",
    "Category",
    "ImportBatch",
    "Item",
    "Session",
    "Store",
    "Transaction",
    "TransactionEvent",
    "User",
    "UserId",
    "back_up",
    "last_change",
    "migrate",
    "next_change",
]
