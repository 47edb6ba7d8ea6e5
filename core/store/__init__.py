"""The truth: typed models on SQLite or PostgreSQL, and the one place where sessions are opened."""

from core.store.base import Base, UserId
from core.store.bulk import insert_many
from core.store.changes import last_change, next_change, next_generation
from core.store.engine import Store
from core.store.migrate import back_up, migrate
from core.store.models import (
    FIRST_OWN_CATEGORY,
    Account,
    Balance,
    Category,
    Debt,
    Holding,
    ImportBatch,
    ImportTelling,
    Item,
    LinkSession,
    Reconciliation,
    SyncRun,
    Transaction,
    TransactionEvent,
    WebhookDelivery,
)
from core.store.people import (
    Attempt,
    AuditEvent,
    Challenge,
    ExternalIdentity,
    Factor,
    OneTimeLink,
    RecoveryCode,
    Session,
    User,
)
from core.store.scrubbing import scrub

__all__ = [
    "FIRST_OWN_CATEGORY",
    "Account",
    "Attempt",
    "AuditEvent",
    "Balance",
    "Base",
    "Category",
    "Challenge",
    "Debt",
    "ExternalIdentity",
    "Factor",
    "Holding",
    "ImportBatch",
    "ImportTelling",
    "Item",
    "LinkSession",
    "OneTimeLink",
    "Reconciliation",
    "RecoveryCode",
    "Session",
    "Store",
    "SyncRun",
    "Transaction",
    "TransactionEvent",
    "User",
    "UserId",
    "WebhookDelivery",
    "back_up",
    "insert_many",
    "last_change",
    "migrate",
    "next_change",
    "next_generation",
    "scrub",
]
