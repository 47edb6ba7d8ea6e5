"""Everything of a person in one ZIP: every table as CSV and JSON, and what people read of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from core import clock
from core.errors import NotFoundError
from core.identity import Asker, demand, note
from core.reports.archive import Archive, whole_or_nothing
from core.reports.reading import (
    READING,
    TRANSACTIONS,
    Contents,
    Question,
    accounts_of,
    transactions_of,
    write_index,
    write_readme,
)
from core.reports.scope import exported_columns, exported_tables, rows_of
from core.reports.tables import Row
from core.store import Store, User, UserId

_BATCH: Final = 1000
"""Rows that are held at a time."""

ExportProgress = Callable[[float, str], None]
"""Is told the share that is done, 0 to 1, and what is being written."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export holds: rows of the store, files, and its size in bytes."""

    path: Path
    rows: int
    files: int
    size: int


def export_everything(
    store: Store, asker: Asker, target: Path, progress: ExportProgress = lambda _share, _what: None
) -> Exported:
    """Write everything of a person, as one state of the store, to the ZIP `target`; memory stays bounded.

    An older file of that name is replaced; after a failure it is as it was.

    Raises:
        StepUpNeededError: a fresh check is needed.
        ExportError: the file can't be written.
        NotFoundError: the user is gone.
    """
    user = demand(store, asker)
    made = clock.now()
    with whole_or_nothing(target) as (file, settle):
        with Archive(file, made) as archive, store.read() as session:
            contents = _write(session, user, made, archive, progress)
        with store.write() as session:
            note(session, user, "data exported", rows=contents.rows)
        size = file.tell()
        settle()
    progress(1.0, "Done")
    return Exported(target, contents.rows, len(archive.names), size)


class _Meter:
    """Tells how far an export is, as its rows go by."""

    def __init__(self, total: int, progress: ExportProgress) -> None:
        self._total, self._progress, self._done = max(total, 1), progress, 0

    def passing(self, rows: Iterable[Row], what: str) -> Iterator[Row]:
        """Hand rows on, and tell of every batch of them."""
        self._tell(what)
        for row in rows:
            yield row
            self._done += 1
            if self._done % _BATCH == 0:
                self._tell(what)

    def _tell(self, what: str) -> None:
        self._progress(min(self._done / self._total, 1.0), what)


def _write(session: Session, user: UserId, made: datetime, archive: Archive, progress: ExportProgress) -> Contents:
    person = session.get(User, user)
    if person is None:
        raise NotFoundError("This user no longer exists.")
    counts = {table.name: _count(session, table, user) for table in exported_tables()}
    meter = _Meter(2 * sum(counts.values()) + counts[TRANSACTIONS], progress)
    contents = Contents(f"{person.first_name} {person.last_name}".strip() or person.email, made, counts)
    listed = meter.passing(_rows(session, transactions_of(user)), "Transactions, to be read")
    contents.listed = archive.csv(READING, contents.heading, listed, mark=True)
    for table in exported_tables():
        if not counts[table.name]:
            continue
        columns = exported_columns(table)
        heading = [column.name for column in columns]
        question = select(*columns).where(rows_of(table, user)).order_by(*table.primary_key.columns)
        what = table.name.replace("_", " ").capitalize()
        archive.csv(f"tables/{table.name}.csv", heading, meter.passing(_rows(session, question), what))
        archive.json(f"tables/{table.name}.json", heading, meter.passing(_rows(session, question), what))
    accounts = list(_rows(session, accounts_of(user)))
    newest = _rows(session, transactions_of(user, newest_first=True).limit(contents.shown))
    with archive.text("index.html") as out:
        write_index(out, contents, accounts, newest)
    with archive.text("README.txt") as out:
        write_readme(out, contents)
    return contents


def _count(session: Session, table: Table, user: UserId) -> int:
    return session.scalar(select(func.count()).select_from(table).where(rows_of(table, user))) or 0


def _rows(session: Session, question: Question) -> Iterator[Row]:
    yield from session.execute(question.execution_options(yield_per=_BATCH))
