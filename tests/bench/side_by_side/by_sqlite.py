"""The questions asked of SQLite: one table, indexes that hold all that a question reads, memory for all of it."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from core.analytics import Span, TransactionFilter
from tests.bench.side_by_side.plain import NAMED, Plain
from tests.bench.side_by_side.questions import PAGE, Bought, History, Listed

TABLE: Final = """
    CREATE TABLE rows (
        id INTEGER PRIMARY KEY, date TEXT, account INTEGER, category INTEGER, kind TEXT, amount INTEGER, name TEXT,
        search TEXT, pending INTEGER
    )
"""
INDEXES: Final = (
    "CREATE INDEX by_date ON rows (date, id, kind, category, amount)",
    "CREATE INDEX by_kind ON rows (kind, date, category, amount, name)",
    "CREATE INDEX by_name ON rows (name, kind, date, amount)",
    "CREATE INDEX by_account ON rows (account, date, pending, amount)",
    "CREATE INDEX uncategorised ON rows (kind) WHERE category = 0",
    "CREATE INDEX by_words ON rows (date, search, amount)",
)
MEMORY: Final = ("PRAGMA cache_size = -1000000", "PRAGMA mmap_size = 8000000000", "PRAGMA temp_store = MEMORY")
FACTS: Final = """
    SELECT (SELECT count(*) FROM rows), (SELECT min(date) FROM rows),
        (SELECT count(*) FROM rows WHERE category = 0 AND kind IN ('income', 'spending'))
"""
SUMS: Final = """
    SELECT coalesce(sum(amount) FILTER (WHERE kind = 'income' AND date >= :since), 0),
        coalesce(sum(amount) FILTER (WHERE kind = 'spending' AND date >= :since), 0),
        coalesce(sum(amount) FILTER (WHERE kind = 'income' AND date <= :before_until), 0),
        coalesce(sum(amount) FILTER (WHERE kind = 'spending' AND date <= :before_until), 0)
    FROM rows WHERE kind IN ('income', 'spending')
        AND (date BETWEEN :since AND :until OR date BETWEEN :before_since AND :before_until)
"""
MONTHS: Final = """
    SELECT substr(date, 1, 7) || '-01', coalesce(sum(amount) FILTER (WHERE kind = 'income'), 0),
        coalesce(sum(amount) FILTER (WHERE kind = 'spending'), 0)
    FROM rows WHERE kind IN ('income', 'spending') AND date BETWEEN ? AND ? GROUP BY 1
"""
DAYS: Final = """
    SELECT date, -sum(amount), count(*) FROM rows WHERE kind = 'spending' AND date BETWEEN ? AND ? GROUP BY date
"""
CATEGORIES: Final = """
    SELECT kind, category, coalesce(sum(amount) FILTER (WHERE date >= :since), 0),
        coalesce(sum(amount) FILTER (WHERE date <= :before_until), 0), count(*) FILTER (WHERE date >= :since)
    FROM rows WHERE kind IN ('income', 'spending')
        AND (date BETWEEN :since AND :until OR date BETWEEN :before_since AND :before_until)
    GROUP BY kind, category
"""
MERCHANTS: Final = """
    WITH spent AS (
        SELECT name, coalesce(-sum(amount) FILTER (WHERE date >= :since), 0) AS now,
            coalesce(-sum(amount) FILTER (WHERE date <= :before_until), 0) AS before,
            count(*) FILTER (WHERE date >= :since) AS rows, count(*) FILTER (WHERE date <= :before_until) AS rows_before
        FROM rows WHERE kind = 'spending'
            AND (date BETWEEN :since AND :until OR date BETWEEN :before_since AND :before_until)
        GROUP BY name HAVING count(*) FILTER (WHERE date >= :since) > 0
    )
    SELECT *, count(*) OVER () FROM spent ORDER BY now DESC, name LIMIT :count
"""
HISTORIES: Final = """
    SELECT name, substr(date, 1, 7) || '-01', -sum(amount), min(date), max(date)
    FROM rows WHERE kind = 'spending' AND date <= ? AND name IN ({}) GROUP BY 1, 2 ORDER BY 1, 2
"""
LARGEST: Final = """
    SELECT id FROM (
        SELECT id, date, amount, row_number() OVER (PARTITION BY name ORDER BY amount, date DESC, id DESC) AS place
        FROM rows WHERE kind = 'spending' AND amount < 0 AND date BETWEEN ? AND ?
    ) WHERE place = 1 ORDER BY amount, date DESC, id DESC LIMIT ?
"""
KNOWN: Final = (
    "SELECT day, balance FROM balances WHERE account = :account AND day <= :day ORDER BY day DESC LIMIT 1",
    "SELECT day, balance FROM balances WHERE account = :account ORDER BY day LIMIT 1",
)
MOVED: Final = """
    SELECT coalesce(sum(amount), 0) FROM rows WHERE account = ? AND pending = 0 AND date BETWEEN ? AND ?
"""
PLANNED: Final = """
    SELECT substr(date, 1, 7) || '-01', category, -sum(amount) FROM rows
    WHERE kind = 'spending' AND date BETWEEN ? AND ? GROUP BY 1, 2
"""


class BySqlite:
    """One SQLite file."""

    def __init__(self, plain: Plain, path: Path) -> None:
        """Fill a new file at `path`."""
        self._connection = sqlite3.connect(path)
        for sql in MEMORY:
            self._connection.execute(sql)
        self._connection.execute(TABLE)
        marks = ", ".join("?" * len(NAMED))
        for batch in plain.rows.to_batches():
            columns = [column.to_pylist() for column in batch.columns]
            columns[NAMED.index("date")] = [day.isoformat() for day in columns[NAMED.index("date")]]
            self._connection.executemany(f"INSERT INTO rows VALUES ({marks})", zip(*columns, strict=True))
        self._connection.execute(
            "CREATE TABLE balances (account INTEGER, day TEXT, balance INTEGER, PRIMARY KEY (account, day))"
            " WITHOUT ROWID"
        )
        self._connection.executemany(
            "INSERT INTO balances VALUES (?, ?, ?)",
            (
                (account, day.isoformat(), balance)
                for account, told in plain.balances.items()
                for day, balance in zip(*told, strict=True)
            ),
        )
        for sql in (*INDEXES, "ANALYZE"):
            self._connection.execute(sql)
        self._connection.commit()

    def close(self) -> None:
        self._connection.close()

    def _ask(self, sql: str, parameters: Any = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, parameters).fetchall()

    def facts(self) -> tuple[int, date, int]:
        ((rows, first, uncategorised),) = self._ask(FACTS)
        return rows, date.fromisoformat(first), uncategorised

    def sums(self, span: Span) -> tuple[int, int, int, int]:
        ((income, spent, income_before, spent_before),) = self._ask(SUMS, _parameters(span))
        return income, spent, income_before, spent_before

    def months(self, since: date, until: date) -> Mapping[date, tuple[int, int]]:
        rows = self._ask(MONTHS, (since.isoformat(), until.isoformat()))
        return {date.fromisoformat(month): (income, spent) for month, income, spent in rows}

    def days(self, since: date, until: date) -> Mapping[date, tuple[int, int]]:
        rows = self._ask(DAYS, (since.isoformat(), until.isoformat()))
        return {date.fromisoformat(day): (spent, count) for day, spent, count in rows}

    def categories(self, span: Span) -> Mapping[tuple[str, int], tuple[int, int, int]]:
        rows = self._ask(CATEGORIES, _parameters(span))
        return {(kind, category): (now, before, count) for kind, category, now, before, count in rows}

    def merchants(self, span: Span, count: int) -> tuple[Sequence[Bought], int]:
        rows = self._ask(MERCHANTS, _parameters(span) | {"count": count})
        return [row[:5] for row in rows], rows[0][5] if rows else 0

    def histories(self, names: Sequence[str], until: date) -> Mapping[str, History]:
        found: dict[str, dict[date, int]] = {}
        seen: dict[str, tuple[str, str]] = {}
        sql = HISTORIES.format(", ".join("?" * len(names)))
        for name, month, spent, first, last in self._ask(sql, (until.isoformat(), *names)):
            found.setdefault(name, {})[date.fromisoformat(month)] = spent
            seen[name] = (seen.get(name, (first, ""))[0], last)
        return {
            name: History(months, date.fromisoformat(seen[name][0]), date.fromisoformat(seen[name][1]))
            for name, months in found.items()
        }

    def largest(self, since: date, until: date, count: int) -> Sequence[int]:
        return [row[0] for row in self._ask(LARGEST, (since.isoformat(), until.isoformat(), count))]

    def known(self, account: int, day: date) -> tuple[date, int]:
        for sql in KNOWN:
            for told, balance in self._ask(sql, {"account": account, "day": day.isoformat()}):
                return date.fromisoformat(told), balance
        raise LookupError(account)

    def moved(self, account: int, since: date, until: date) -> int:
        ((units,),) = self._ask(MOVED, (account, since.isoformat(), until.isoformat()))
        return int(units)

    def recent(self, count: int) -> Sequence[int]:
        return [row[0] for row in self._ask("SELECT id FROM rows ORDER BY date DESC, id DESC LIMIT ?", (count,))]

    def page(self, wanted: TransactionFilter, page: int) -> Listed:
        conditions: list[tuple[str, Any]] = []
        if wanted.text:
            conditions.append(("instr(search, ?) > 0", wanted.text.lower()))
        if wanted.account_ids:
            conditions.append(("account = ?", wanted.account_ids[0]))
        if wanted.since:
            conditions.append(("date >= ?", wanted.since.isoformat()))
        if wanted.kind:
            conditions.append(("kind = ?", wanted.kind))
        if wanted.least is not None and wanted.most is not None:
            bounds = (int(wanted.least * 10_000), int(wanted.most * 10_000))
            conditions += [("abs(amount) >= ?", bounds[0]), ("abs(amount) <= ?", bounds[1])]
        where = " AND ".join(sql for sql, _ in conditions) or "true"
        given = [value for _, value in conditions]
        ((count, inflow, outflow),) = self._ask(
            "SELECT count(*), coalesce(sum(amount) FILTER (WHERE amount > 0), 0),"
            f" coalesce(sum(amount) FILTER (WHERE amount < 0), 0) FROM rows WHERE {where}",
            given,
        )
        page = min(page, max(1, -(-count // PAGE)))
        ids = self._ask(
            f"SELECT id FROM rows WHERE {where} ORDER BY date DESC, id DESC LIMIT {PAGE} OFFSET {(page - 1) * PAGE}",
            given,
        )
        return Listed([row[0] for row in ids], count, inflow, outflow)

    def planned(self, since: date, until: date) -> Mapping[tuple[date, int], int]:
        rows = self._ask(PLANNED, (since.isoformat(), until.isoformat()))
        return {(date.fromisoformat(month), category): spent for month, category, spent in rows}


def _parameters(span: Span) -> dict[str, str]:
    return {name: day.isoformat() for name, day in span.parameters().items()}
