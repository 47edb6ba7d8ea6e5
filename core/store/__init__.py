"""The truth: typed models on SQLite or PostgreSQL, and the one place where sessions are opened."""

from core.store.base import Base, UserId
from core.store.bulk import insert_many
from core.store.changes import last_change, next_change, next_generation
from core.store.choices import CategoryChoice, Edit, Pair, Rule, SavedFilter, Split
from core.store.ciphered import copy_plainly, fits, is_damaged, kind_of, leave_wal, rewrite
from core.store.engine import Store
from core.store.migrate import COPIES, back_up, is_known, migrate, revision_of, upgrade
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
    NoticeChoice,
    OneTimeLink,
    RecoveryCode,
    Session,
    User,
)
from core.store.plans import BudgetLimit, ExchangeRate, Goal, GoalContribution, SeriesChoice
from core.store.private import Occupancy, put_in_place, sweep_halves, write_private
from core.store.scrubbing import scrub
from core.store.sealed import seal_all_anew
from core.store.types import Instant, Money

__all__ = [
    "COPIES",
    "FIRST_OWN_CATEGORY",
    "Account",
    "Attempt",
    "AuditEvent",
    "Balance",
    "Base",
    "BudgetLimit",
    "Category",
    "CategoryChoice",
    "Challenge",
    "Debt",
    "Edit",
    "ExchangeRate",
    "ExternalIdentity",
    "Factor",
    "Goal",
    "GoalContribution",
    "Holding",
    "ImportBatch",
    "ImportTelling",
    "Instant",
    "Item",
    "LinkSession",
    "Money",
    "NoticeChoice",
    "Occupancy",
    "OneTimeLink",
    "Pair",
    "Reconciliation",
    "RecoveryCode",
    "Rule",
    "SavedFilter",
    "SeriesChoice",
    "Session",
    "Split",
    "Store",
    "SyncRun",
    "Transaction",
    "TransactionEvent",
    "User",
    "UserId",
    "WebhookDelivery",
    "back_up",
    "copy_plainly",
    "fits",
    "insert_many",
    "is_damaged",
    "is_known",
    "kind_of",
    "last_change",
    "leave_wal",
    "migrate",
    "next_change",
    "next_generation",
    "put_in_place",
    "revision_of",
    "rewrite",
    "scrub",
    "seal_all_anew",
    "sweep_halves",
    "upgrade",
    "write_private",
]
