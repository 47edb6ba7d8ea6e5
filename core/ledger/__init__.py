"""Accounts and transactions: what banks and files say, what the person says, and never a row twice."""

from core.ledger.accounts import (
    AccountEntry,
    BatchEntry,
    checked_account,
    close_account,
    create_account,
    find_account,
    hide_account,
    list_accounts,
    list_imports,
    rename_account,
    set_balance,
)
from core.ledger.categories import category_ids, category_of, ensure_categories
from core.ledger.debts import Apr, DebtEntry, DebtKind, DebtRecord, list_debts, replace_debts
from core.ledger.duplicates import alike, words
from core.ledger.holdings import (
    AccountValue,
    HoldingEntry,
    HoldingKind,
    HoldingRecord,
    list_holdings,
    replace_holdings,
    value_history,
)
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
from core.ledger.locks import REMOVED
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
from core.ledger.rows import KEPT_KEYS
from core.ledger.stated_balances import settle
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
    "KEPT_KEYS",
    "LIABILITIES",
    "REMOVED",
    "AccountEntry",
    "AccountRecord",
    "AccountType",
    "AccountValue",
    "Apr",
    "BatchEntry",
    "CategoryEntry",
    "DailyBalance",
    "DebtEntry",
    "DebtKind",
    "DebtRecord",
    "HistoryEntry",
    "HoldingEntry",
    "HoldingKind",
    "HoldingRecord",
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
    "alike",
    "apply_update",
    "category_ids",
    "category_of",
    "checked_account",
    "close_account",
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
    "list_debts",
    "list_holdings",
    "list_imports",
    "preview_statement",
    "rename_account",
    "replace_debts",
    "replace_holdings",
    "set_balance",
    "settle",
    "transaction_detail",
    "undo_import",
    "value_history",
    "words",
    "write_accounts",
]
