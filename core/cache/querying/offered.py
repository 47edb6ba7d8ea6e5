"""What can be asked in SQL: the views, and what each of their columns means.

The schema browser, docs/sql.md and the formatting of answers are made from this one list. A column's name means the
same in every view.
"""

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["", "own", "home", "transaction"]
"""What a figure counts: money in the row's own currency or in that of totals, or which transaction it is."""


@dataclass(frozen=True, slots=True)
class OfferedColumn:
    """One column: its name, its type in SQL, what it means, and its unit."""

    name: str
    type: str
    meaning: str
    unit: Unit = ""


@dataclass(frozen=True, slots=True)
class OfferedView:
    """One view: what a row of it is, and its columns in order."""

    name: str
    meaning: str
    columns: tuple[OfferedColumn, ...]


_CURRENCY: Final = OfferedColumn("currency", "VARCHAR", "The currency, as three letters.")
_AMOUNT: Final = OfferedColumn("amount", "DECIMAL", "In its own currency; negative is money out.", "own")
_HOME_AMOUNT: Final = OfferedColumn(
    "home_amount",
    "DECIMAL",
    "In the currency of your totals, at the day's rate; negative is money out, NULL where there is no rate.",
    "home",
)
_KIND: Final = OfferedColumn(
    "kind", "VARCHAR", "income, spending or transfer. Refunds are spending with a positive amount."
)
_CATEGORY_ID: Final = OfferedColumn("category_id", "INTEGER", "The number of the category; NULL for none.")
_CATEGORY: Final = OfferedColumn("category", "VARCHAR", "The category's name; Uncategorised for none.")
_GROUP: Final = OfferedColumn("category_group", "VARCHAR", "The group that the category belongs to.")
_ACCOUNT_ID: Final = OfferedColumn("account_id", "INTEGER", "The number of the account.")
_ACCOUNT: Final = OfferedColumn("account", "VARCHAR", "The account's name.")
_ACCOUNT_TYPE: Final = OfferedColumn("account_type", "VARCHAR", "checking, savings, credit card, loan and so on.")
_ACCOUNT_HIDDEN: Final = OfferedColumn(
    "account_hidden", "BOOLEAN", "Whether the account is hidden: totals on other pages leave it out."
)
_LEFT_OUT: Final = OfferedColumn("left_out", "BOOLEAN", "Whether budgets leave it out.")
_INSTITUTION: Final = OfferedColumn("institution", "VARCHAR", "The bank's name; empty where no bank is linked.")
_MONTH: Final = OfferedColumn("month", "DATE", "The first day of the month.")
_BALANCE: Final = OfferedColumn(
    "balance", "DECIMAL", "What the account holds, in its own currency; negative is owed.", "own"
)
_HOME_BALANCE: Final = OfferedColumn(
    "home_balance", "DECIMAL", "The balance in the currency of your totals; NULL where there is no rate.", "home"
)

VIEWS: Final = (
    OfferedView(
        "transactions",
        "Every transaction; a split one is a row for each part.",
        (
            OfferedColumn("id", "INTEGER", "The transaction's number; results that have it lead to it.", "transaction"),
            OfferedColumn("part", "TINYINT", "Which part of a split one, from 1; 0 is a whole one."),
            OfferedColumn("date", "DATE", "The day."),
            _MONTH,
            OfferedColumn("name", "VARCHAR", "The name as lists show it."),
            OfferedColumn("note", "VARCHAR", "Your note; empty for none."),
            _AMOUNT,
            _CURRENCY,
            _HOME_AMOUNT,
            _KIND,
            _CATEGORY_ID,
            _CATEGORY,
            _GROUP,
            _ACCOUNT_ID,
            _ACCOUNT,
            _ACCOUNT_TYPE,
            _ACCOUNT_HIDDEN,
            _INSTITUTION,
            OfferedColumn("pending", "BOOLEAN", "Whether the bank may still change it."),
            _LEFT_OUT,
            OfferedColumn("tags", "VARCHAR[]", "Your tags, a list: list_contains(tags, 'holiday')."),
            OfferedColumn("paired", "VARCHAR", "transfer or refund where it belongs to another one; else empty."),
        ),
    ),
    OfferedView(
        "months",
        "What each month added up to, by category, account and kind: quick for long spans.",
        (
            _MONTH,
            _CATEGORY_ID,
            _CATEGORY,
            _GROUP,
            _KIND,
            _ACCOUNT_ID,
            _ACCOUNT,
            _ACCOUNT_TYPE,
            _ACCOUNT_HIDDEN,
            _LEFT_OUT,
            _CURRENCY,
            OfferedColumn("transactions", "BIGINT", "How many transactions that are."),
            _AMOUNT,
            _HOME_AMOUNT,
        ),
    ),
    OfferedView(
        "accounts",
        "Your accounts as they stand now.",
        (
            _ACCOUNT_ID,
            _ACCOUNT,
            _ACCOUNT_TYPE,
            OfferedColumn("subtype", "VARCHAR", "What the bank calls its kind; empty where it tells none."),
            _INSTITUTION,
            _CURRENCY,
            _BALANCE,
            _HOME_BALANCE,
            OfferedColumn("available", "DECIMAL", "What can be spent, as the bank tells; NULL for unknown.", "own"),
            OfferedColumn("credit_limit", "DECIMAL", "How much may be owed; NULL for none.", "own"),
            OfferedColumn("balance_at", "TIMESTAMP", "When the bank told the balance (UTC)."),
            _ACCOUNT_HIDDEN,
            OfferedColumn("transactions", "BIGINT", "How many transactions that are."),
            OfferedColumn("first_date", "DATE", "The day of the first transaction."),
            OfferedColumn("last_date", "DATE", "The day of the last transaction."),
        ),
    ),
    OfferedView(
        "balances",
        "What accounts held at the end of days for which it was told.",
        (
            _ACCOUNT_ID,
            _ACCOUNT,
            _ACCOUNT_TYPE,
            _ACCOUNT_HIDDEN,
            OfferedColumn("date", "DATE", "The day."),
            _BALANCE,
            _CURRENCY,
            _HOME_BALANCE,
        ),
    ),
    OfferedView(
        "categories",
        "The categories as you named them.",
        (
            _CATEGORY_ID,
            _CATEGORY,
            _GROUP,
            _KIND,
            OfferedColumn("need", "VARCHAR", "need, want or saving; empty where nothing is said."),
            OfferedColumn("category_hidden", "BOOLEAN", "Whether it is no longer offered."),
        ),
    ),
    OfferedView(
        "rates",
        "How other currencies went into that of your totals.",
        (
            _CURRENCY,
            OfferedColumn("date", "DATE", "The first day for which the rate holds."),
            OfferedColumn("rate_date", "DATE", "The day that the rate is of."),
            OfferedColumn("rate", "DOUBLE", "What one unit was worth in the currency of your totals."),
        ),
    ),
)

UNITS: Final[dict[str, Unit]] = {column.name: column.unit for view in VIEWS for column in view.columns}
"""The unit of every column, by its name."""
