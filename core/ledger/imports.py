"""Taking a bank file's statement into an account: look first, then write. `core.ledger.undoing` takes it back.

A preview and the writing itself decide by the same function, so what was shown is what happens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.errors import ImportFileError, NotFoundError
from core.ledger.following import follow_bank
from core.ledger.joining import join_rows
from core.ledger.judging import JudgedRow, judge
from core.ledger.records import AccountType, Progress, StatementRecord
from core.ledger.rows import NewRow, insert_rows, overwrite_rows
from core.ledger.ruling import rule_what_came
from core.ledger.stated_balances import settle, take_stated
from core.ledger.tellings import left_by_undo, note_tellings
from core.store import Account, ImportBatch, Store, UserId, last_change, next_change


@dataclass(frozen=True, slots=True)
class StatementPreview:
    """What importing one statement into one account would do. Sums in the account's currency, our sign."""

    account: str
    account_id: int | None
    currency: str
    rows: tuple[JudgedRow, ...]
    first_date: date | None
    last_date: date | None
    total: Decimal
    ledger_balance: Decimal | None
    opening_balance: Decimal | None = None

    @property
    def new(self) -> int:
        """Return how many rows would be added."""
        return sum(row.verdict == "new" for row in self.rows)

    @property
    def duplicates(self) -> int:
        """Return how many rows are there already, surely or likely."""
        return len(self.rows) - self.new

    @property
    def likely(self) -> int:
        """Return how many rows are likely what the bank connection told of: the person decides on these."""
        return sum(row.verdict == "likely" for row in self.rows)


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made for a statement; `provider_key` is what the file calls it."""

    name: str
    type: AccountType = "checking"
    currency: str = "USD"
    provider_key: str | None = None
    mask: str = ""


Target = int | NewAccount
"""Where a statement goes: the id of an account, or one to be made."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The file that statements came from, as the list of imports shows it."""

    format: str
    name: str
    sha256: str
    csv_layout: str = ""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What importing one statement did; `batch_id` is what `undo_import` takes."""

    batch_id: int
    account_id: int
    new: int
    duplicates: int


def ledger_change(store: Store, user: UserId) -> int:
    """Return a number that grows with every change of a person's accounts and transactions."""
    with store.read() as session:
        return last_change(session, user)


def preview_statement(
    store: Store, user: UserId, statement: StatementRecord, target: Target, source: SourceFile | None = None
) -> StatementPreview:
    """Judge every row of `statement` against those of its account; nothing is written.

    `source` tells of what make the file is, as for `import_statements`.

    Raises:
        NotFoundError: the account is not there or not this user's.
        ImportFileError: the file's currency is not the account's.
    """
    with store.read() as session:
        account = _account(session, user, statement, target) if isinstance(target, int) else None
        account = account or _left_behind(session, user, _new(target))
        make = _make(account, source) if account and source else ""
        judged = judge(session, account.id if account else None, statement.transactions, make=make)
    dates = [record.date for record in statement.transactions]
    return StatementPreview(
        account=(account.nickname or account.name) if account else _new(target).name,
        account_id=account.id if account and account.removed_at is None else None,
        currency=account.currency if account else _new(target).currency,
        rows=tuple(row for row, _ in judged),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
        total=sum((record.amount for record in statement.transactions), Decimal(0)),
        ledger_balance=statement.ledger_balance,
        opening_balance=statement.opening_balance,
    )


def import_statements(
    store: Store,
    user: UserId,
    statements: Sequence[tuple[StatementRecord, Target]],
    source: SourceFile,
    keep: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> tuple[ImportResult, ...]:
    """Write the new rows of a file's statements, each into its target, all in one database transaction.

    `keep` names file keys that the person wants added although they look like duplicates; `progress` is told how
    many transactions were written.

    Raises:
        NotFoundError: an account is not there or not this user's.
        ImportFileError: a statement's currency is not its account's.
    """
    with store.write() as session:
        change = next_change(session, user)
        results = tuple(
            _import(session, user, change, statement, target, source, keep, progress)
            for statement, target in statements
        )
        rule_what_came(session, user, change)
        return results


def _import(
    session: Session,
    user: UserId,
    change: int,
    statement: StatementRecord,
    target: Target,
    source: SourceFile,
    keep: frozenset[str],
    progress: Progress | None,
) -> ImportResult:
    at = clock.now()
    if progress is not None:
        progress("Comparing with what is here", 0, len(statement.transactions))
    account = (
        _account(session, user, statement, target)
        if isinstance(target, int)
        else _left_behind(session, user, target) or add_account(session, user, change, target, at)
    )
    account.removed_at, account.change = None, change
    judged = judge(session, account.id, statement.transactions, keep, _make(account, source))
    added = [(row, known) for row, known in judged if row.verdict == "new"]
    batch = ImportBatch(
        user_id=user,
        account_id=account.id,
        format=source.format,
        filename=source.name,
        sha256=source.sha256,
        rows=len(judged),
        new=len(added),
        duplicates=len(judged) - len(added),
        created_at=at,
    )
    session.add(batch)
    session.flush()
    goal, own = account.id, batch.id
    # A row that an undone import left behind comes back as itself, with all the person wrote on it.
    back = [(known.id, row.record) for row, known in added if known]
    overwrite_rows(session, change, back, batch.id)
    follow_bank(session, user, change, [number for number, _ in back], "import")
    insert_rows(
        session,
        user,
        change,
        at,
        (NewRow(goal, row.record, row.file_key, own) for row, known in added if known is None),
        partial(_written, progress, len(added)),
    )
    told = [(row, known) for row, known in judged if known is not None and row.verdict != "new"]
    note_tellings(session, batch.id, [known.id for _, known in told])
    join_rows(session, user, at, batch, [(row, known) for row, known in told if known.file_key is None])
    if source.csv_layout:
        account.csv_layout = source.csv_layout
    if statement.ledger_balance is not None and statement.ledger_balance_date is not None:
        take_stated(session, account, batch, statement.ledger_balance, statement.ledger_balance_date)
    settle(session, account, change)
    return ImportResult(batch.id, account.id, batch.new, batch.duplicates)


def _written(progress: Progress | None, total: int, count: int) -> None:
    if progress is not None:
        progress("Writing transactions", count, total)


def add_account(session: Session, user: UserId, change: int, new: NewAccount, at: datetime) -> Account:
    """Add an account that no bank connection feeds, in the caller's transaction."""
    account = Account(
        user_id=user,
        name=new.name,
        type=new.type,
        currency=new.currency,
        provider_key=new.provider_key,
        mask=new.mask[-16:],
        created_at=at,
        change=change,
    )
    session.add(account)
    session.flush()
    return account


def _new(target: Target) -> NewAccount:
    if isinstance(target, int):
        raise TypeError("an account that exists is not new")
    return target


def _account(session: Session, user: UserId, statement: StatementRecord, account_id: int) -> Account:
    account = session.scalar(select(Account).where(Account.id == account_id, Account.user_id == user))
    if account is None or (account.removed_at is not None and not left_by_undo(session, account)):
        raise NotFoundError("This account is not there.", "Choose another account.")
    if statement.account.currency != account.currency:
        raise ImportFileError(
            f"The file is in {statement.account.currency}, the account {account.name} in {account.currency}.",
            "Choose another account, or make a new one for this file.",
        )
    return account


def _make(account: Account, source: SourceFile) -> str:
    """Return the format of a file where it is of the same make as those of that format before, else ""."""
    same = not account.csv_layout or not source.csv_layout or _header(account.csv_layout) == _header(source.csv_layout)
    return source.format if same else ""


def _header(csv_layout: str) -> object:
    return msgspec.json.decode(csv_layout, type=dict[str, object]).get("header")


def _left_behind(session: Session, user: UserId, new: NewAccount) -> Account | None:
    """Return the account that an import of such a file made before, where it went with the undo of that import."""
    alike = select(Account).where(
        Account.user_id == user,
        Account.item_id.is_(None),
        Account.removed_at.is_not(None),
        Account.currency == new.currency,
        Account.provider_key == new.provider_key if new.provider_key else Account.name == new.name,
    )
    found = session.scalars(alike.order_by(Account.id.desc()))
    return next((account for account in found if left_by_undo(session, account)), None)
