"""Taking a bank file's statement into an account: look first, then write, and undo if it was wrong.

A preview and the writing itself decide by the same function, so what was shown is what happens.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from core import clock
from core.errors import ImportFileError, NotFoundError
from core.ledger.duplicates import NEAR, StoredRows, content
from core.ledger.records import AccountType, StatementRecord, TransactionRecord
from core.ledger.rows import (
    KnownRow,
    NewRow,
    insert_rows,
    name_file_keys,
    overwrite_rows,
    remove_rows,
    rows_with_file_keys,
)
from core.store import (
    Account,
    Balance,
    ImportBatch,
    Store,
    Transaction,
    UserId,
    next_change,
)

Verdict = Literal["new", "duplicate"]


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One row of a file and what becomes of it; `twin` is the id of the stored row it repeats."""

    record: TransactionRecord
    file_key: str
    verdict: Verdict
    twin: int | None = None


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

    @property
    def new(self) -> int:
        """Return how many rows would be added."""
        return sum(row.verdict == "new" for row in self.rows)

    @property
    def duplicates(self) -> int:
        """Return how many rows are there already."""
        return len(self.rows) - self.new


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


def preview_statement(store: Store, user: UserId, statement: StatementRecord, target: Target) -> StatementPreview:
    """Judge every row of `statement` against those of its account; nothing is written.

    Raises:
        NotFoundError: the account is not there or not this user's.
        ImportFileError: the file's currency is not the account's.
    """
    with store.read() as session:
        account = _account(session, user, statement, target) if isinstance(target, int) else None
        judged = _judge(session, account.id if account else None, statement.transactions)
    dates = [record.date for record in statement.transactions]
    return StatementPreview(
        account=(account.nickname or account.name) if account else _new(target).name,
        account_id=account.id if account else None,
        currency=account.currency if account else _new(target).currency,
        rows=tuple(row for row, _ in judged),
        first_date=min(dates, default=None),
        last_date=max(dates, default=None),
        total=sum((record.amount for record in statement.transactions), Decimal(0)),
        ledger_balance=statement.ledger_balance,
    )


def import_statements(
    store: Store,
    user: UserId,
    statements: Sequence[tuple[StatementRecord, Target]],
    source: SourceFile,
    keep: frozenset[str] = frozenset(),
) -> tuple[ImportResult, ...]:
    """Write the new rows of a file's statements, each into its target, all in one database transaction.

    `keep` names file keys that the person wants added although they look like duplicates.

    Raises:
        NotFoundError: an account is not there or not this user's.
        ImportFileError: a statement's currency is not its account's.
    """
    with store.write() as session:
        change = next_change(session, user)
        return tuple(
            _import(session, user, change, statement, target, source, keep) for statement, target in statements
        )


def _import(
    session: Session,
    user: UserId,
    change: int,
    statement: StatementRecord,
    target: Target,
    source: SourceFile,
    keep: frozenset[str],
) -> ImportResult:
    at = clock.now()
    account = (
        _account(session, user, statement, target)
        if isinstance(target, int)
        else add_account(session, user, change, target, at)
    )
    judged = _judge(session, account.id, statement.transactions, keep)
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
        current_before=account.current,
        balance_at_before=account.balance_at,
    )
    session.add(batch)
    session.flush()
    # A row that an undone import left behind comes back as itself, with all the person wrote on it.
    overwrite_rows(session, change, [(known.id, row.record) for row, known in added if known], batch.id)
    insert_rows(
        session,
        user,
        change,
        at,
        [NewRow(account.id, row.record, row.file_key, batch.id) for row, known in added if known is None],
    )
    _remember(session, [(row, known) for row, known in judged if row.verdict == "duplicate"])
    if source.csv_layout:
        account.csv_layout = source.csv_layout
    _move_balance(session, user, account, batch, statement, [row.record for row, _ in added], change)
    return ImportResult(batch.id, account.id, batch.new, batch.duplicates)


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


def undo_import(store: Store, user: UserId, batch_id: int) -> int:
    """Take back what an import added; return how many transactions left. Undoing twice changes nothing.

    Raises:
        NotFoundError: there is no such import of this user.
    """
    with store.write() as session:
        change = next_change(session, user)
        batch = session.scalar(select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.user_id == user))
        if batch is None:
            raise NotFoundError("This import is not there.", "Reload the page.")
        if batch.undone_at is not None:
            return 0
        at = clock.now()
        rows = session.execute(
            select(Transaction.id, Transaction.date, Transaction.amount).where(
                Transaction.batch_id == batch.id,
                Transaction.removed_at.is_(None),
                Transaction.provider_key.is_(None),
            )
        ).all()
        remove_rows(session, change, at, [row.id for row in rows])
        batch.undone_at = at
        _move_balance_back(session, batch, [(row.date, row.amount) for row in rows], change)
        return len(rows)


def _account(session: Session, user: UserId, statement: StatementRecord, account_id: int) -> Account:
    account = session.scalar(
        select(Account).where(Account.id == account_id, Account.user_id == user, Account.removed_at.is_(None))
    )
    if account is None:
        raise NotFoundError("This account is not there.", "Choose another account.")
    if statement.account.currency != account.currency:
        raise ImportFileError(
            f"The file is in {statement.account.currency}, the account {account.name} in {account.currency}.",
            "Choose another account, or make a new one for this file.",
        )
    return account


def file_keys(records: Sequence[TransactionRecord]) -> list[str]:
    """Return a key for each row of a file: the bank's own, else a digest of its content and its count.

    The same file gives the same keys; the second of two equal coffees is `…#2`.
    """
    seen: Counter[str] = Counter()
    keys = []
    for record in records:
        base = record.key or hashlib.sha256(repr(content(record)).encode()).hexdigest()[:32]
        base = f"{'id' if record.key else 'text'}:{base}"[:240]
        seen[base] += 1
        keys.append(base if seen[base] == 1 else f"{base}#{seen[base]}")
    return keys


def _judge(
    session: Session, account: int | None, records: Sequence[TransactionRecord], keep: frozenset[str] = frozenset()
) -> list[tuple[JudgedRow, KnownRow | None]]:
    """Decide on each row; beside it stands the stored row that it repeats (duplicate) or revives (new)."""
    keys = file_keys(records)
    if account is None or not records:
        return [(JudgedRow(record, key, "new"), None) for record, key in zip(records, keys, strict=True)]
    known = rows_with_file_keys(session, account, keys)
    # A bank that uses an id again for another movement must not make the second one vanish.
    keys = [
        f"{key}@{record.date}:{record.amount}" if key in known and not _can_be(known[key], record) else key
        for record, key in zip(records, keys, strict=True)
    ]
    known |= rows_with_file_keys(session, account, set(keys) - set(known))
    stored = StoredRows(session, account, [record.date for record in records])
    for key in keys:
        if key in known:
            stored.claim(known[key])
    judged: list[tuple[JudgedRow, KnownRow | None]] = []
    for record, key in zip(records, keys, strict=True):
        twin = known.get(key)
        if twin is None and key not in keep:
            twin = (
                stored.same_content(record)
                or stored.told_by_connection(record)
                or stored.told_by_file(record, same_day=True)
            )
        if twin is None or twin.removed_at is not None:
            judged.append((JudgedRow(record, key, "new"), twin))
        else:
            judged.append((JudgedRow(record, key, "duplicate", twin.id), twin))
    return judged


def _can_be(row: KnownRow, record: TransactionRecord) -> bool:
    """Tell whether a stored row can be the one that a file now tells of under the same id."""
    return row.amount == record.amount and abs(row.date - record.date) <= NEAR


def _remember(session: Session, duplicates: Iterable[tuple[JudgedRow, KnownRow | None]]) -> None:
    """Note on rows that a connection told of what the file calls them, so that the file is known next time."""
    name_file_keys(
        session, [(known.id, row.file_key) for row, known in duplicates if known is not None and known.file_key is None]
    )


def _move_balance(
    session: Session,
    user: UserId,
    account: Account,
    batch: ImportBatch,
    statement: StatementRecord,
    added: Sequence[TransactionRecord],
    change: int,
) -> None:
    """Bring the balance of an account that no connection keeps up to date to what is now known.

    A stated closing balance counts when it is not older than the one known; otherwise a known
    balance moves by the new rows dated after it. An account that never had one stays without.
    """
    if account.item_id is not None:
        return
    account.change = change
    known_until = account.balance_at.date() if account.balance_at else None
    stated, day = statement.ledger_balance, statement.ledger_balance_date
    if stated is not None and day is not None and (known_until is None or day >= known_until):
        account.current, account.balance_at = stated, _end_of(day)
        batch.stated_balance, batch.stated_day = stated, day
        session.merge(
            Balance(account_id=account.id, day=day, user_id=user, current=stated, change=change, removed_at=None)
        )
    elif account.current is not None:
        account.current += sum(
            (one.amount for one in added if known_until is None or one.date > known_until), Decimal(0)
        )


def _move_balance_back(session: Session, batch: ImportBatch, rows: Iterable[tuple[date, Decimal]], change: int) -> None:
    account = session.get_one(Account, batch.account_id)
    if account.item_id is not None:
        return
    account.change = change
    if batch.stated_day is not None:
        stated = session.get(Balance, (account.id, batch.stated_day))
        if stated is not None and stated.current == batch.stated_balance:
            before = batch.balance_at_before
            if before is not None and batch.current_before is not None and before.date() == batch.stated_day:
                stated.current, stated.change = batch.current_before, change
            else:
                stated.removed_at, stated.change = clock.now(), change
        if account.balance_at == _end_of(batch.stated_day):
            account.current, account.balance_at = batch.current_before, batch.balance_at_before
    elif account.current is not None:
        known_until = account.balance_at.date() if account.balance_at else None
        account.current -= sum((amount for day, amount in rows if known_until is None or day > known_until), Decimal(0))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), UTC)
