"""What is inside a backup: a line of JSON that tells about it, then every row of every table, a line each, compressed.

It describes its own columns, so that a later FinTrack reads it without knowing the tables of its time, and a value is
written as what it means and not as one database keeps it: SQLite reads what PostgreSQL wrote, and the reverse.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    select,
    text,
)
from sqlalchemy.orm import Session

from core.backup.envelope import DAMAGED
from core.errors import BackupError
from core.store import Base, Instant, Money, is_known, newest_revision, revision_of, tables_at

Kind = Literal["integer", "boolean", "text", "date", "instant"]
Row = list[Any]
BATCH: Final = 1000
_TYPES: Final[dict[Kind, Any]] = {
    "integer": BigInteger,
    "boolean": Boolean,
    "text": Text,
    "date": Date,
    "instant": DateTime,
}
_READ: Final[dict[Kind, Callable[[str], Any]]] = {"date": date.fromisoformat, "instant": datetime.fromisoformat}
_END: Final = b'"end"'


class TableTold(BaseModel):
    """One table: its columns in the order of the values in a row, and how many rows follow."""

    model_config = ConfigDict(frozen=True)

    name: str
    columns: tuple[tuple[str, Kind], ...]
    rows: int
    last_id: int = 0
    """The largest id that was ever given, where the database keeps count; 0 where it does not."""

    def plain(self) -> Table:
        """Return the table with values as a database takes them: amounts in units, instants in UTC without a zone."""
        return Table(self.name, MetaData(), *(Column(name, _TYPES[kind]) for name, kind in self.columns))


class Manifest(BaseModel):
    """The first line of a backup."""

    model_config = ConfigDict(frozen=True)

    fintrack: str
    """The version that wrote it."""
    revision: str
    made_at: datetime
    keys: SecretStr
    """The installation's keys, as `Keys.written` writes them."""
    tables: tuple[TableTold, ...]

    def line(self) -> bytes:
        """Return it as it is written."""
        told = self.model_dump(mode="json") | {"keys": self.keys.get_secret_value()}
        return json.dumps(told).encode()


def describe(session: Session) -> tuple[TableTold, ...]:
    """Return every table, those first that others point to, as the transaction of `session` sees them."""
    tables = _tables(session.connection())
    counted = _last_ids(session, tables)
    return tuple(
        TableTold(
            name=table.name,
            columns=tuple((column.name, kind_of(column)) for column in table.columns),
            rows=session.scalar(select(func.count()).select_from(table)) or 0,
            last_id=counted.get(table.name, 0),
        )
        for table in tables
    )


def _tables(connection: Connection) -> Sequence[Table]:
    """Return our tables: as the models tell, or, of an earlier revision, as they are found in the database."""
    revision = revision_of(connection)
    if revision is None or revision == newest_revision() or not is_known(revision):
        return Base.metadata.sorted_tables
    found = MetaData()
    found.reflect(connection, only=tables_at(revision))
    return found.sorted_tables


def kind_of(column: Column[Any]) -> Kind:
    """Return how the values of a column are written.

    Raises:
        TypeError: there is no way for its type yet.
    """
    if isinstance(column.type, Money | Integer):
        return "integer"
    if isinstance(column.type, Instant | DateTime):
        return "instant"
    if isinstance(column.type, Boolean):
        return "boolean"
    if isinstance(column.type, Date):
        return "date"
    if isinstance(column.type, String):
        return "text"
    raise TypeError(f"no way to back up {column}, which is of the type {column.type!r}")


def written(session: Session, manifest: Manifest, passing: Callable[[], None] = lambda: None) -> Iterator[bytes]:
    """Give the whole payload in small pieces, compressed; `passing` is called for each row."""
    press = zlib.compressobj()
    for line in _lines(session, manifest, passing):
        if pressed := press.compress(line + b"\n"):
            yield pressed
    yield press.flush()


def _lines(session: Session, manifest: Manifest, passing: Callable[[], None]) -> Iterator[bytes]:
    write = json.JSONEncoder(separators=(",", ":"), default=lambda value: value.isoformat()).encode
    yield manifest.line()
    for told in manifest.tables:
        rows = session.execute(select(told.plain()), execution_options={"yield_per": BATCH})
        for row in rows:
            yield write(list(row)).encode()
            passing()
    yield _END


@dataclass(frozen=True, slots=True)
class Payload:
    """A payload as it is read: what it tells of itself, and its rows."""

    manifest: Manifest
    _rest: Iterator[bytes]

    @classmethod
    def read(cls, chunks: Iterable[bytes]) -> "Payload":
        """Read the first line.

        Raises:
            BackupError: it is none, or `chunks` raises it.
        """
        lines = _lines_of(chunks)
        try:
            return cls(Manifest.model_validate_json(next(lines, b"")), lines)
        except ValidationError:
            # What pydantic says would show the keys.
            raise BackupError(*DAMAGED) from None

    def tables(self) -> Iterator[tuple[TableTold, Iterator[Row]]]:
        """Give each table with its rows, which have to be taken before the next; checks that nothing is missing.

        Raises:
            BackupError: rows are missing or too many.
        """
        for told in self.manifest.tables:
            yield told, self._rows(told)
        if next(self._rest, b"") != _END or next(self._rest, None) is not None:
            raise BackupError(*DAMAGED)

    def _rows(self, told: TableTold) -> Iterator[Row]:
        readers = [(place, _READ[kind]) for place, (_, kind) in enumerate(told.columns) if kind in _READ]
        for _ in range(told.rows):
            try:
                row = json.loads(next(self._rest, b""))
                if len(row) != len(told.columns):
                    raise ValueError("a row of another length")  # noqa: TRY301 - told as the others below
                for place, read in readers:
                    if row[place] is not None:
                        row[place] = read(row[place])
            except (ValueError, TypeError):
                raise BackupError(*DAMAGED) from None
            yield row


def _lines_of(chunks: Iterable[bytes]) -> Iterator[bytes]:
    press = zlib.decompressobj()
    waiting = b""
    try:
        for chunk in chunks:
            *lines, waiting = (waiting + press.decompress(chunk)).split(b"\n")
            yield from lines
    except zlib.error as cause:
        raise BackupError(*DAMAGED) from cause
    if waiting or not press.eof or press.unused_data:
        raise BackupError(*DAMAGED)


def _last_ids(session: Session, tables: Sequence[Table]) -> dict[str, int]:
    """Return the largest id that was ever given, of the tables where the database counts: none is given twice."""
    if session.get_bind().dialect.name == "sqlite":
        return {row.name: row.seq for row in session.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    names = {table.name for table in tables if "id" in table.columns}
    sequences = {
        name: session.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": name}) for name in names
    }
    ask = "SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM "
    return {name: session.scalar(text(ask + one)) or 0 for name, one in sequences.items() if one}
