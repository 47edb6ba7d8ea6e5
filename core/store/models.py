"""The tables of money: the truth that everything else is made from. Those of people are in `people.py`.

Amounts: negative is money out or owed. Every row of a user's money carries `user_id`, so that
each question can be scoped, and `change`, the number of the write that last touched it, so that
the cache can ask for what is new. Rows of money are never deleted by a write: `removed_at` marks
them, so that a removal reaches the cache and can be undone.
"""

import datetime as dt
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from core.store.base import Base

FIRST_OWN_CATEGORY = 1000
"""Category ids below this are built in and the same everywhere; a person's own start here."""


class Item(Base):
    """One login at one institution. `provider` is "plaid" or "demo"."""

    __tablename__ = "items"
    __table_args__ = (UniqueConstraint("user_id", "provider", "provider_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    provider: Mapped[str] = mapped_column(String(16))
    provider_key: Mapped[str] = mapped_column(String(128))
    institution_key: Mapped[str] = mapped_column(default="")
    institution_name: Mapped[str] = mapped_column(default="")
    institution_color: Mapped[str] = mapped_column(default="")
    sealed_token: Mapped[str] = mapped_column(default="")
    """The access token, sealed by the vault."""
    cursor: Mapped[str] = mapped_column(default="")
    error_code: Mapped[str] = mapped_column(default="")
    error_sentence: Mapped[str] = mapped_column(default="")
    last_synced_at: Mapped[dt.datetime | None]
    last_tried_at: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime]
    removed_at: Mapped[dt.datetime | None]
    institution_logo: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """A PNG in base64, or ""."""
    products: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """What the provider tells of this item besides transactions, with commas."""
    consent_expires_at: Mapped[dt.datetime | None]
    new_accounts: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The bank has accounts that the person has not shared yet."""
    failures: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    """How many syncs failed in a row."""
    retry_at: Mapped[dt.datetime | None]
    """Not before then does the schedule try again."""
    lease_owner: Mapped[str] = mapped_column(String(64), default="", server_default=text("''"))
    """Which process syncs it right now; over at `lease_until` whatever became of that process."""
    lease_until: Mapped[dt.datetime | None]
    told_of: Mapped[str] = mapped_column(String(16), default="", server_default=text("''"))
    """Of which kind of trouble a letter told last: bank, sync or ""."""
    told_at: Mapped[dt.datetime | None]


class LinkSession(Base):
    """One visit to a bank's hosted sign-in screen: begun, waited for, and how it ended."""

    __tablename__ = "link_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    """The item to be mended or given more accounts; None for a new one."""
    provider: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(String(16))
    """new, mend or accounts."""
    sealed_token: Mapped[str]
    sealed_url: Mapped[str]
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    """waiting, working, done, left, failed or expired."""
    sentence: Mapped[str] = mapped_column(default="")
    taken: Mapped[str] = mapped_column(default="")
    """Digests of the public tokens that were exchanged or refused, with commas: none is taken twice."""
    created_at: Mapped[dt.datetime]
    expires_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class SyncRun(Base):
    """One sync of an item: who asked for it, what came, or why it failed."""

    __tablename__ = "sync_runs"
    __table_args__ = (Index(None, "item_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    trigger: Mapped[str] = mapped_column(String(16))
    """person, schedule, webhook, command or link."""
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime]
    added: Mapped[int] = mapped_column(default=0)
    modified: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    posted: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str] = mapped_column(default="")
    error_sentence: Mapped[str] = mapped_column(default="")


class Account(Base):
    """One account: in an item, or kept by hand or by file import (`item_id` empty).

    `current` is its share of net worth: owned positive, owed negative.
    """

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("item_id", "provider_key"), Index(None, "user_id", "change"))

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))
    provider_key: Mapped[str | None] = mapped_column(String(128))
    """The provider's id of it, or for a file account what the file calls it ("bank id/account id")."""
    name: Mapped[str]
    official_name: Mapped[str] = mapped_column(default="")
    nickname: Mapped[str] = mapped_column(default="")
    mask: Mapped[str] = mapped_column(String(16), default="")
    type: Mapped[str] = mapped_column(String(16))
    subtype: Mapped[str] = mapped_column(String(64), default="")
    currency: Mapped[str] = mapped_column(String(3))
    current: Mapped[Decimal | None]
    available: Mapped[Decimal | None]
    limit: Mapped[Decimal | None]
    balance_at: Mapped[dt.datetime | None]
    hidden: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[dt.datetime | None]
    csv_layout: Mapped[str] = mapped_column(default="")
    """How this account's CSV files are read, as JSON; "" until one was imported."""
    schedule: Mapped[str] = mapped_column(String(8), default="daily", server_default=text("'daily'"))
    """How often it is synced by itself: off, hourly, 6h or daily."""
    created_at: Mapped[dt.datetime]
    change: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[dt.datetime | None]


class Balance(Base):
    """What an account held at the end of a day."""

    __tablename__ = "balances"
    __table_args__ = (Index(None, "user_id", "change"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    current: Mapped[Decimal]
    change: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[dt.datetime | None]


class Category(Base):
    """What money was for. Built-in ones have no `user_id` and an id below `FIRST_OWN_CATEGORY`."""

    __tablename__ = "categories"
    __table_args__ = (UniqueConstraint("user_id", "code"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(96))
    group: Mapped[str] = mapped_column("group_code", String(96))
    """The code of the primary category that it belongs to."""
    title: Mapped[str]
    icon: Mapped[str] = mapped_column(default="")
    kind: Mapped[str] = mapped_column(String(16))
    """income, spending or transfer."""
    need: Mapped[str] = mapped_column(String(16), default="")
    """need, want, saving or ""."""


class ImportBatch(Base):
    """One file taken into one account, so that it can be told of and undone."""

    __tablename__ = "import_batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    format: Mapped[str] = mapped_column(String(16))
    filename: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    rows: Mapped[int]
    new: Mapped[int]
    duplicates: Mapped[int]
    created_at: Mapped[dt.datetime]
    undone_at: Mapped[dt.datetime | None]
    stated_balance: Mapped[Decimal | None]
    """The closing balance that the file stated and the account took over; None when it did not."""
    stated_day: Mapped[dt.date | None]
    current_before: Mapped[Decimal | None]
    """The account's balance before this batch, for undoing it."""
    balance_at_before: Mapped[dt.datetime | None]


class ImportTelling(Base):
    """That a file told of a transaction, whether it brought it or it was there already."""

    __tablename__ = "import_tellings"

    batch_id: Mapped[int] = mapped_column(ForeignKey("import_batches.id", ondelete="CASCADE"), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(
        ForeignKey("transactions.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class Reconciliation(Base):
    """That an account's rows up to a day were found to agree with what a statement says.

    `stated` is the statement's closing balance, signed as `Account.current`.
    """

    __tablename__ = "reconciliations"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
    day: Mapped[dt.date]
    stated: Mapped[Decimal]
    opening: Mapped[Decimal]
    opening_day: Mapped[dt.date | None]
    """From where the rows were added up: the balance at the end of that day; None for the beginning of the account."""
    source: Mapped[str] = mapped_column(String(16))
    """person, file or bank."""
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("transactions.id", ondelete="SET NULL"))
    """The transaction that makes up for a difference, when there was one."""
    rows: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime]
    reopened_at: Mapped[dt.datetime | None]


class Holding(Base):
    """What an investment account holds of one security."""

    __tablename__ = "holdings"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    """The provider's id of the security."""
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    ticker: Mapped[str] = mapped_column(String(32), default="")
    kind: Mapped[str] = mapped_column(String(32), default="")
    quantity: Mapped[str] = mapped_column(String(64))
    """An exact decimal number: shares come in finer parts than money."""
    price: Mapped[str] = mapped_column(String(64), default="")
    """Per share, an exact decimal number; "" when unknown."""
    value: Mapped[Decimal | None]
    cost_basis: Mapped[Decimal | None]
    currency: Mapped[str] = mapped_column(String(3))
    price_day: Mapped[dt.date | None]
    updated_at: Mapped[dt.datetime]


class Debt(Base):
    """The terms of a card, mortgage or loan. Amounts are what is owed or paid, positive."""

    __tablename__ = "debts"

    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    """credit, mortgage or student."""
    aprs: Mapped[str] = mapped_column(default="")
    """JSON: a list of objects with `type`, `percentage` (text) and `balance` (text or null)."""
    interest_rate: Mapped[str] = mapped_column(String(32), default="")
    """Per cent a year, an exact decimal number."""
    minimum_payment: Mapped[Decimal | None]
    due_day: Mapped[dt.date | None]
    last_payment: Mapped[Decimal | None]
    last_payment_day: Mapped[dt.date | None]
    statement_balance: Mapped[Decimal | None]
    statement_day: Mapped[dt.date | None]
    overdue: Mapped[bool | None]
    maturity_day: Mapped[dt.date | None]
    details: Mapped[str] = mapped_column(default="")
    """The rest as a JSON object."""
    updated_at: Mapped[dt.datetime]


class WebhookDelivery(Base):
    """A webhook that was taken once, so that the same bytes are not taken again."""

    __tablename__ = "webhook_deliveries"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[dt.datetime]


class Transaction(Base):
    """One movement of money on one account. Negative is out.

    What the bank says and what the person says stand side by side (`name` and `own_name`,
    `category_id` and `own_category_id`), so that a sync never overwrites the person's work.
    """

    __tablename__ = "transactions"
    __table_args__ = (
        UniqueConstraint("account_id", "provider_key"),
        Index(
            "uq_transactions_account_id_file_key",
            "account_id",
            "file_key",
            unique=True,
            sqlite_where=text("file_key IS NOT NULL"),
            postgresql_where=text("file_key IS NOT NULL"),
        ),
        Index(None, "user_id", "change"),
        Index(None, "account_id", "date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("import_batches.id", ondelete="SET NULL"), index=True)
    provider_key: Mapped[str | None] = mapped_column(String(255))
    """The bank connection's id of it, unique in its account."""
    file_key: Mapped[str | None] = mapped_column(String(255))
    """What a bank file calls it, or a digest of its content; kept when a connection tells of it too."""
    pending_key: Mapped[str | None] = mapped_column(String(255))
    """For a posted one, the key of the pending one that it replaced."""
    date: Mapped[dt.date]
    authorized_date: Mapped[dt.date | None]
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(String(3))
    name: Mapped[str]
    merchant_name: Mapped[str] = mapped_column(default="")
    original_text: Mapped[str] = mapped_column(default="")
    pending: Mapped[bool] = mapped_column(default=False)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    payment_channel: Mapped[str] = mapped_column(String(32), default="")
    check_number: Mapped[str] = mapped_column(String(64), default="")
    details: Mapped[str] = mapped_column(default="")
    own_name: Mapped[str] = mapped_column(default="", server_default=text("''"))
    own_category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    note: Mapped[str] = mapped_column(default="", server_default=text("''"))
    own_tags: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """A line each, sorted."""
    own_hidden: Mapped[bool | None]
    """Whether budgets leave it out; None for what a rule says."""
    # No foreign keys from here on: SQLite can't add one that it would tell of without making the filled table anew.
    reconciliation_id: Mapped[int | None]
    """The statement with which it was found to agree; it is locked for the person until that is reopened."""
    pair_id: Mapped[int | None]
    """The living pair that it is part of, see `Pair`."""
    rule_id: Mapped[int | None]
    """The person's rule that fits it, and below what that rule says of it."""
    rule_category_id: Mapped[int | None]
    rule_name: Mapped[str] = mapped_column(default="", server_default=text("''"))
    rule_tags: Mapped[str] = mapped_column(default="", server_default=text("''"))
    rule_hidden: Mapped[bool] = mapped_column(default=False, server_default=false())
    learned_category_id: Mapped[int | None]
    """What the model takes it for, and how sure it is, of a thousand."""
    learned_permille: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    learned_sets: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether that is sure enough to count; else it is only proposed."""
    merchant_category_id: Mapped[int | None]
    """What its merchant is known for, where nobody else tells."""
    created_at: Mapped[dt.datetime]
    change: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[dt.datetime | None]


class TransactionEvent(Base):
    """One thing that happened to a transaction after it came: an edit, a change by the bank."""

    __tablename__ = "transaction_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    transaction_id: Mapped[int] = mapped_column(ForeignKey("transactions.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime]
    source: Mapped[str] = mapped_column(String(16))
    """person, bank or import."""
    field: Mapped[str] = mapped_column(String(32))
    before: Mapped[str] = mapped_column(default="")
    after: Mapped[str] = mapped_column(default="")
    edit_id: Mapped[int | None] = mapped_column(index=True)
    """The person's deed that it was part of; no foreign key, as above."""
    value_before: Mapped[str] = mapped_column(default="", server_default=text("''"))
    """The very value as JSON, where `before` says it in words; for taking the edit back."""
    value_after: Mapped[str] = mapped_column(default="", server_default=text("''"))
