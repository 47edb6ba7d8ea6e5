"""Telling whether two descriptions mean the same movement of money.

In tiers: the same key in the same account is the same transaction; the same date, amount and text
is the same, counted (two coffees stay two); across sources (a file and a bank connection tell of
one account in different words) the same amount within a few days is likely the same when the texts
agree or the date is exact. Each stored row answers for one incoming row only.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.ledger.records import TransactionRecord
from core.ledger.rows import KnownRow, rows_between
from core.store import ImportBatch, ImportTelling, Transaction

NEAR: Final = timedelta(days=3)
"""How far apart a file and a connection may date one movement: over a weekend."""

SIMILAR: Final = 0.4
"""From which share of common words on two texts speak of the same thing."""

Content = tuple[date, Decimal, str, str]

_WORDS: Final = re.compile(r"[^\W\d_]{3,}")


def words(text: str) -> frozenset[str]:
    """Return the words of at least three letters in `text`, case-folded."""
    return frozenset(_WORDS.findall(text.casefold()))


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two texts share enough of the shorter one's words."""
    shorter = min(len(one), len(other))
    return shorter > 0 and len(one & other) / shorter >= SIMILAR


def _words_of(said: KnownRow | TransactionRecord) -> frozenset[str]:
    return words(f"{said.name} {said.merchant_name} {said.original_text}")


def content(said: KnownRow | TransactionRecord) -> Content:
    """Return what makes two rows of one source the same: date, amount, name and text, spacing and case aside."""
    text = said.original_text
    return said.date, said.amount, _plain(said.name), _plain(text) if text else ""


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


class StoredRows:
    """The living rows of one account around some incoming ones; each can be claimed once."""

    def __init__(self, session: Session, account: int, days: Collection[date], make: str = "") -> None:
        """Read the rows of `account` from a few days before the first of `days` to a few after the last.

        `make` is the format of the file that rows are sought for: what files of that make told is not guessed at.
        """
        rows = rows_between(session, account, min(days) - NEAR, max(days) + NEAR) if days else []
        self._by_content: dict[Content, list[KnownRow]] = defaultdict(list)
        self._by_day: dict[tuple[Decimal, date], list[KnownRow]] = defaultdict(list)
        for row in rows:
            self._by_content[content(row)].append(row)
            self._by_day[row.amount, row.date].append(row)
            if row.authorized_date not in {None, row.date}:
                self._by_day[row.amount, row.authorized_date].append(row)
        self._claimed: set[int] = set()
        self._session, self._account, self._make = session, account, make

    @property
    def some(self) -> bool:
        """Tell whether there are rows at all."""
        return bool(self._by_content)

    def claim(self, row: KnownRow) -> KnownRow:
        """Take `row` out of what can still be matched, and return it."""
        self._claimed.add(row.id)
        return row

    def same_content(self, record: TransactionRecord) -> KnownRow | None:
        """Claim a row of the same date, amount and text; None when none is left."""
        return self._first(self._by_content.get(content(record), ()))

    def told_by_connection(self, record: TransactionRecord, key: str, *, same_day: bool) -> KnownRow | None:
        """Claim the row by which a bank connection told of the movement that a file now tells of under `key`.

        With `same_day` day and words must agree; without, either. A row that a file of the same kind told of under
        another key is another movement.
        """
        kind = key.partition(":")[0]
        return self._first(
            row
            for distance, row in self._nearest(record, 0 if same_day else NEAR.days)
            if row.provider_key is not None
            and (row.file_key is None or row.file_key.partition(":")[0] != kind)
            and ((distance == 0 and not same_day) or alike(_words_of(record), _words_of(row)))
        )

    def told_by_file(self, record: TransactionRecord, *, same_day: bool) -> KnownRow | None:
        """Claim the row by which a file told of the movement; the texts must agree.

        With `same_day`, for one file after another, neighbouring days don't count, and neither do rows that a file
        of the same make told of: it would use the same words again.
        """
        return self._first(
            row
            for _, row in self._nearest(record, 0 if same_day else NEAR.days)
            if row.provider_key is None
            and not row.pending
            and alike(_words_of(record), _words_of(row))
            and not (same_day and row.id in self._of_make)
        )

    def left_pending(self, record: TransactionRecord) -> KnownRow | None:
        """Claim the pending row that an earlier connection left behind, which `record` tells of or replaces."""
        return self._first(
            row for _, row in self._nearest(record, NEAR.days) if row.waits and alike(_words_of(record), _words_of(row))
        )

    @cached_property
    def _of_make(self) -> frozenset[int]:
        """The rows that files of this make told of."""
        question = (
            select(ImportTelling.transaction_id)
            .join(ImportBatch, ImportBatch.id == ImportTelling.batch_id)
            .where(ImportBatch.account_id == self._account, ImportBatch.undone_at.is_(None))
            .where(ImportBatch.format == self._make)
        )
        return frozenset(self._session.scalars(question)) if self._make else frozenset()

    def _nearest(self, record: TransactionRecord, days: int) -> Iterator[tuple[int, KnownRow]]:
        """Yield the unclaimed rows of the same amount within some days, the nearest first."""
        for distance in range(days + 1):
            for day in dict.fromkeys((record.date - timedelta(distance), record.date + timedelta(distance))):
                for row in self._by_day.get((record.amount, day), ()):
                    if row.id not in self._claimed:
                        yield distance, row

    def _first(self, rows: Iterable[KnownRow]) -> KnownRow | None:
        return next((self.claim(row) for row in rows if row.id not in self._claimed), None)


def adopt(
    session: Session, incoming: Sequence[tuple[int, TransactionRecord]]
) -> tuple[list[tuple[KnownRow, TransactionRecord]], list[tuple[int, TransactionRecord]]]:
    """Split a connection's new rows into those that a file told of before, with the file's row, and the really new.

    Only accounts that have file rows are looked at, so that a plain first sync pays nothing.
    """
    filed = _with_files(session, {account for account, _ in incoming})
    if not filed:
        return [], list(incoming)
    days: dict[int, list[date]] = defaultdict(list)
    for account, record in incoming:
        days[account].append(record.date)
    told = {account: StoredRows(session, account, days[account]) for account in filed}
    adopted: list[tuple[KnownRow, TransactionRecord]] = []
    new: list[tuple[int, TransactionRecord]] = []
    for account, record in incoming:
        rows = told.get(account)
        row = rows.told_by_file(record, same_day=False) if rows and not record.pending else None
        row = row or (rows.left_pending(record) if rows else None)
        if row is None:
            new.append((account, record))
        else:
            adopted.append((row, record))
    return adopted, new


def _with_files(session: Session, accounts: Iterable[int]) -> list[int]:
    """Return the accounts with rows that no connection tells of now: from files, or from one that was removed."""
    question = select(Transaction.account_id).where(
        Transaction.account_id.in_(list(accounts)), Transaction.provider_key.is_(None), Transaction.removed_at.is_(None)
    )
    return list(session.scalars(question.distinct()))
