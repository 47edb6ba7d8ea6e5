"""The locked engine: a DuckDB in memory that reaches nothing outside itself, filled once and then only read."""

import contextlib
import datetime as dt
import json
import math
import re
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from core.cache.querying.gate import checked, refusal
from core.cache.querying.meaning import column_units
from core.errors import QueryError

VIEWS: Final = Path(__file__).parent / "views"
KEPT: Final = frozenset({"transactions", "months"})
"""What is sent without the names of accounts and categories, and put together in a view."""
LARGEST: Final = 24_000_000
"""Bytes that an answer may have."""
SCALE: Final = 6
"""Decimals of a number up to which it is never written with an exponent."""
BATCH: Final = 1_000
TOO_LARGE: Final = "The answer is too large to be shown."

_SETTINGS: Final = (
    # In this order: each shuts a door that the next could open again.
    "SET enable_external_access = false",
    "SET disabled_filesystems = 'LocalFileSystem'",
    "SET python_enable_replacements = false",
    "SET python_scan_all_frames = false",
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET allow_community_extensions = false",
    "SET errors_as_json = true",
    "SET TimeZone = 'UTC'",
)


def opened(seconds: float, memory: str) -> duckdb.DuckDBPyConnection:
    """Return an engine that is locked but for filling it; queries get so many seconds and so much memory."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": 2,
            "temp_directory": "",
            "max_temp_directory_size": "0B",
            "allow_unsigned_extensions": False,
        },
    )
    for setting in _SETTINGS:
        connection.execute(setting)
    connection.execute(f"SET memory_limit = '{memory}'")
    connection.execute(f"SET max_execution_time = {int(seconds * 1000)}")
    connection.execute("SET lock_configuration = true")
    return connection


def fill(connection: duckdb.DuckDBPyConnection, tables: Mapping[str, pa.Table]) -> None:
    """Put the snapshot into an engine: its tables, and the views that are offered over them."""
    connection.execute("CREATE SCHEMA kept")
    for name, table in tables.items():
        target = f"kept.{name}" if name in KEPT else name
        connection.register("incoming", table)
        connection.execute(f"CREATE TABLE {target} AS SELECT * FROM incoming")  # noqa: S608 - one of our own names
        connection.unregister("incoming")
    for view in sorted(VIEWS.glob("*.sql")):
        connection.execute(view.read_text("utf-8"))


def set_today(connection: duckdb.DuckDBPyConnection, today: dt.date) -> None:
    """Have `today()` and `current_date` tell the day where the person is."""
    for name in ("today", "current_date"):
        connection.execute(f"CREATE OR REPLACE MACRO {name}() AS DATE '{today:%Y-%m-%d}'")


def answer(connection: duckdb.DuckDBPyConnection, sql: str, most: int) -> dict[str, Any]:
    """Return what a query answers, as JSON has it: columns, rows, whether there are more than `most`, the seconds.

    Raises:
        QueryError: it is refused, wrong, or was stopped; with a sentence, and the place where it is known.
    """
    start = time.perf_counter()
    try:
        statement, tree = checked(connection, sql)
        connection.execute("BEGIN TRANSACTION READ ONLY")
        with contextlib.closing(_bound(connection, statement).to_arrow_reader(BATCH)) as reader:
            schema = reader.schema
            rows, truncated = _read(reader, most)
    except duckdb.Error as failure:
        raise told(failure, sql) from None
    except RecursionError:
        raise QueryError("This query is nested too deeply.") from None
    except (MemoryError, pa.ArrowMemoryError):
        raise _too_much() from None
    finally:
        with contextlib.suppress(duckdb.Error):
            connection.execute("ROLLBACK")
    names = list(schema.names)
    columns = [
        {"name": name, "kind": kind_of(field.type), "unit": unit}
        for name, field, unit in zip(names, schema, column_units(tree, names), strict=True)
    ]
    return {"columns": columns, "rows": rows, "truncated": truncated, "seconds": time.perf_counter() - start}


def _bound(connection: duckdb.DuckDBPyConnection, statement: duckdb.Statement) -> duckdb.DuckDBPyRelation:
    """Return what gives rows as they come: `execute` would first make all of them, however many there are."""
    try:
        return connection.sql(statement)
    except duckdb.Error:
        # Only this tells where the mistake is. It fails in the same way, before it runs anything.
        connection.execute(statement)
        raise


def _read(reader: pa.RecordBatchReader, most: int) -> tuple[list[list[Any]], bool]:
    rows: list[list[Any]] = []
    size = 0
    for batch in reader:
        size += batch.nbytes
        if size > LARGEST:
            if not rows:
                raise QueryError(TOO_LARGE, "Choose fewer columns, or shorten texts with left(…).")
            return rows, True
        columns = [_values(column) for column in batch.columns]
        rows.extend(map(list, zip(*columns, strict=True)))
        if len(rows) > most:
            return rows[:most], True
    return rows, False


def _values(column: pa.Array) -> list[Any]:
    """Return a column's values as JSON has them; the plain kinds all at once, for most answers are made of them."""
    kind = column.type
    if pa.types.is_date(kind) or (pa.types.is_decimal(kind) and 0 < kind.scale <= SCALE):
        return list(column.cast(pa.string()).to_pylist())
    if pa.types.is_integer(kind) or pa.types.is_string(kind) or pa.types.is_boolean(kind):
        return list(column.to_pylist())
    return [json_ready(value) for value in column.to_pylist()]


def kind_of(kind: pa.DataType) -> str:
    """Return what an answer's column is made of: number, whole, text, day, moment, flag or list."""
    types = pa.types
    if types.is_integer(kind) or (types.is_decimal(kind) and kind.scale == 0):
        return "whole"
    if types.is_decimal(kind):
        return "decimal"
    if types.is_floating(kind):
        return "number"
    if types.is_boolean(kind):
        return "flag"
    if types.is_date(kind):
        return "day"
    if types.is_timestamp(kind):
        return "moment"
    return "list" if types.is_nested(kind) else "text"


def json_ready(value: Any) -> Any:  # noqa: ANN401 - whatever an answer holds
    """Return a value as JSON has it: exact numbers, days and instants as text."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, pa.MonthDayNano):
        months, days, rest = value
        return f"{months} months, {days} days, {rest // 1_000_000_000} seconds"
    if isinstance(value, list | tuple):
        return [json_ready(one) for one in value]
    if isinstance(value, dict):
        return {str(name): json_ready(one) for name, one in value.items()}
    return value.hex() if isinstance(value, bytes) else str(value)


def told(failure: duckdb.Error, sql: str) -> QueryError:
    """Return DuckDB's failure as a sentence, with its place in the query."""
    if isinstance(failure, duckdb.InterruptException) or "execution time" in str(failure).lower():
        return QueryError("The query took too long and was stopped.", "Ask for a shorter span, or for fewer rows.")
    if isinstance(failure, duckdb.OutOfMemoryException):
        return _too_much()
    try:
        facts = json.loads(str(failure).partition(" Error: ")[2] or str(failure))
    except ValueError:
        facts = {"exception_message": str(failure).partition(" Error: ")[2] or str(failure)}
    message = str(facts.get("exception_message", ""))
    position = str(facts.get("position", ""))
    return refusal(_sentence(message), sql, int(position) if position.isdigit() else None)


def _too_much() -> QueryError:
    return QueryError("This query needs more memory than one may take.", "Ask for a shorter span, or for fewer rows.")


def _sentence(message: str) -> str:
    """Return the first lines of DuckDB's words as one sentence, without how it draws the place."""
    words = re.split(r"\n\s*LINE \d+:", message)[0]
    words = " ".join(words.split())
    if found := re.match(r'Referenced column "(.*?)" not found in FROM clause', words):
        near = re.search(r"Candidate bindings: (.*)", words)
        return f"There is no column “{found[1]}” here.{f' Near to it: {near[1]}.' if near else ''}"
    if "lambda arrow" in words:
        return "Write it as lambda x: x + 1, without an arrow."
    # What DuckDB would propose instead is mostly what is not offered here.
    for proposal in (" You might need ", " Candidate ", " Did you mean "):
        words = words.partition(proposal)[0]
    return f"{words[:400].rstrip('.! ')}." if words else "The query can't be answered."
