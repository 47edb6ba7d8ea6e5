"""Accounts and transactions: what banks and files say, what the person says, and never a row twice."""

from core.ledger.accounts import (
    AccountEntry,
    BatchEntry,
    checked_account,
    create_account,
    find_account,
    hide_account,
    list_accounts,
    list_imports,
    rename_account,
    set_balance,
)
from core.ledger.categories import category_ids, category_of, ensure_categories
from core.ledger.imports import (
    ImportResult,
    NewAccount,
    SourceFile,
    StatementPreview,
    Target,
    import_statements,
    ledger_change,
    preview_statement,
)
from core.ledger.joining import keep_both
from core.ledger.judging import JudgedRow
from core.ledger.records import (
    LIABILITIES,
    AccountRecord,
    AccountType,
    DailyBalance,
    Progress,
    StatementRecord,
    SyncUpdate,
    TransactionRecord,
)
from core.ledger.transactions import (
    CategoryEntry,
    HistoryEntry,
    TransactionDetail,
    edit_transaction,
    list_categories,
    transaction_detail,
)
from core.ledger.undoing import undo_import
from core.ledger.updates import UpdateCounts, apply_update, kept_key, kept_name, write_accounts

__all__ = [
    "LIABILITIES",
    "AccountEntry",
    "AccountRecord",
    "AccountType",
    "BatchEntry",
    "CategoryEntry",
    "DailyBalance",
    "HistoryEntry",
    "ImportResult",
    "JudgedRow",
    "NewAccount",
    "Progress",
    "SourceFile",
    "StatementPreview",
    "StatementRecord",
    "SyncUpdate",
    "Target",
    "TransactionDetail",
    "TransactionRecord",
    "UpdateCounts",
    "apply_update",
    "category_ids",
    "category_of",
    "checked_account",
    "create_account",
    "edit_transaction",
    "ensure_categories",
    "find_account",
    "hide_account",
    "import_statements",
    "keep_both",
    "kept_key",
    "kept_name",
    "ledger_change",
    "list_accounts",
    "list_categories",
    "list_imports",
    "preview_statement",
    "rename_account",
    "set_balance",
    "transaction_detail",
    "undo_import",
    "write_accounts",
]
