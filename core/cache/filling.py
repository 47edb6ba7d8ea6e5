"""Filling a cache from the store: the whole of it, or what changed since.

Everything here runs inside one DuckDB transaction that ends with the new change number, so a kill
leaves the cache as it was.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

from core.cache.homing import add_rates, held, home_currency
from core.cache.reading import (
    ACCOUNTS,
    BALANCES,
    CATEGORIES,
    ITEMS,
    TRANSACTIONS,
    Snapshot,
    Standing,
)
from core.rates import MADE_BY

STEPS: Final = Path(__file__).parent / "steps"
SCHEMA: Final = Path(__file__).parent / "schema.sql"
MUCH: Final = 20_000
"""From so many changed rows on (or a third of all) a rebuild is quicker and leaves the rows sorted."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """What a cache says of itself: how it was made, whose rows it holds up to which change number, and its own name.

    `home` is the currency of totals, `rates` what tells the person's own rates from others.
    """

    schema: str
    owner: str
    change: int
    name: str
    home: str
    rates: str


@cache
def fingerprint() -> str:
    """Return what tells caches made by this code from those made by another version of it."""
    made_by = [Path(__file__), SCHEMA, *sorted(STEPS.glob("*.sql")), *MADE_BY]
    return hashlib.sha256(b"".join(file.read_bytes() for file in made_by)).hexdigest()


def read_lineage(connection: duckdb.DuckDBPyConnection) -> Lineage:
    """Return what the database says of itself.

    Raises:
        duckdb.Error: it is damaged or no cache.
    """
    row = connection.execute("SELECT schema, owner, change, name, home, rates FROM lineage").fetchone()
    return Lineage(*row) if row else Lineage("", "", -1, "", "", "")


@cache
def step(name: str) -> str:
    """Return the SQL of one step of filling."""
    return (STEPS / f"{name}.sql").read_text("utf-8")


def build(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, standing: Standing, name: str) -> None:
    """Fill an empty database with everything of the snapshot, and call it `name`."""
    connection.execute("BEGIN")
    connection.execute(SCHEMA.read_text("utf-8"))
    _write_small(connection, snapshot)
    _add_balances(connection, snapshot.whole(BALANCES))
    home = home_currency(connection, standing.currency, snapshot.rates)
    add_rates(connection, held(connection), home, snapshot)
    filled = False
    for batch in snapshot.batches(TRANSACTIONS):
        _add_rows(connection, "transactions", pa.Table.from_batches([batch]), home, snapshot)
        filled = True
    if filled:
        connection.execute(step("roll_up_months"))
        connection.execute(step("roll_up_days"))
    connection.execute(
        "INSERT INTO lineage VALUES (?, ?, ?, ?, ?, ?)",
        [fingerprint(), standing.owner, standing.change, name, home, snapshot.rates.fingerprint()],
    )
    connection.execute("COMMIT")


def catch_up(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, standing: Standing, since: int) -> bool:
    """Bring a cache from change number `since` to the snapshot's; False when a rebuild is called for.

    A rebuild is called for when much changed, or when a category or account changed in a way that
    decides the kind of rows that did not change themselves, or the currency of totals.
    """
    rows = snapshot.whole(TRANSACTIONS, since)
    count = _one(connection, "SELECT count(*) FROM transactions")
    if rows.num_rows and (not count or rows.num_rows > min(MUCH, max(500, count // 3))):
        return False
    connection.execute("BEGIN")
    before = connection.execute(step("decisive")).fetchall()
    _write_small(connection, snapshot)
    home = read_lineage(connection).home
    if (
        before != connection.execute(step("decisive")).fetchall()
        or home_currency(connection, standing.currency, snapshot.rates) != home
    ):
        connection.execute("ROLLBACK")
        return False
    add_rates(connection, held(connection), home, snapshot)
    balances = snapshot.whole(BALANCES, since)
    if balances.num_rows:
        connection.register("incoming_balances", balances)
        connection.execute(
            "DELETE FROM balances USING incoming_balances i"
            " WHERE balances.account_id = i.account_id AND balances.day = CAST(i.day AS DATE)"
        )
        connection.unregister("incoming_balances")
        _add_balances(connection, balances)
    if rows.num_rows:
        _replace_transactions(connection, rows, home, snapshot)
    connection.execute("UPDATE lineage SET change = ?", [standing.change])
    connection.execute("COMMIT")
    return True


def _write_small(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot) -> None:
    """Write the small tables anew: cheaper than finding out what changed in them."""
    for table in ("categories", "items", "accounts"):
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed text
    _insert(
        connection,
        snapshot.whole(CATEGORIES),
        "INSERT INTO categories SELECT i.id, i.code, i.group_code, coalesce(g.title, i.title), i.title, i.icon,"
        " i.kind::money_kind, i.need, i.hidden, i.merged_into"
        " FROM incoming i LEFT JOIN incoming g ON g.code = i.group_code"
        " ORDER BY i.id",
    )
    _insert(
        connection,
        snapshot.whole(ITEMS),
        "INSERT INTO items SELECT * REPLACE (CAST(last_synced_at AS TIMESTAMP) AS last_synced_at) FROM incoming",
    )
    money = ", ".join(f"money({name}) AS {name}" for name in ("current", "available", "credit_limit"))
    _insert(
        connection,
        snapshot.whole(ACCOUNTS),
        f"INSERT INTO accounts SELECT * REPLACE ({money}, CAST(balance_at AS TIMESTAMP) AS balance_at) FROM incoming",  # noqa: S608 - fixed text
    )


def _add_balances(connection: duckdb.DuckDBPyConnection, balances: pa.Table) -> None:
    _insert(
        connection,
        balances,
        "INSERT INTO balances SELECT account_id, CAST(day AS DATE), money(current) FROM incoming"
        " WHERE NOT removed ORDER BY account_id, day",
    )


def _insert(connection: duckdb.DuckDBPyConnection, incoming: pa.Table, statement: str) -> None:
    """Have `statement` read `incoming`, unless there is nothing in it: planning a statement takes milliseconds."""
    if incoming.num_rows:
        connection.register("incoming", incoming)
        connection.execute(statement)
        connection.unregister("incoming")


def _add_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table, home: str, snapshot: Snapshot) -> None:
    """Add rows of the store to `table`, which has the columns of `transactions`."""
    connection.register("incoming", rows)
    add_rates(connection, rows.column("currency").unique().to_pylist(), home, snapshot)
    connection.execute(step("read_wordings"))
    connection.unregister("incoming")
    connection.execute(step("add_wordings"))
    connection.execute(f"INSERT INTO {table} {step('kept_rows')}", {"home": home})
    connection.execute("DROP TABLE arriving")


def _replace_transactions(connection: duckdb.DuckDBPyConnection, rows: pa.Table, home: str, snapshot: Snapshot) -> None:
    connection.register("incoming", rows.select(["id"]))
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE leaving AS"
        " SELECT id, date, account_id, currency, category_id, kind, hidden, pending, amount, home FROM transactions"
        " WHERE id IN (SELECT id FROM incoming)"
    )
    connection.unregister("incoming")
    (bounds,) = connection.execute("SELECT min(date), max(date) FROM leaving").fetchall()
    if bounds[0] is not None:
        # Bounded by date the delete reads some blocks; by id alone it would read all.
        connection.execute(
            "DELETE FROM transactions WHERE date BETWEEN ? AND ? AND id IN (SELECT id FROM leaving)", list(bounds)
        )
    connection.execute("CREATE OR REPLACE TEMP TABLE arrived AS FROM transactions LIMIT 0")
    _add_rows(connection, "arrived", rows, home, snapshot)
    connection.execute("INSERT INTO transactions FROM arrived")
    connection.execute(step("roll_months_on"))
    connection.execute(step("roll_days_on"))
    connection.execute("DROP TABLE leaving")
    connection.execute("DROP TABLE arrived")


def digest(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int, str]:
    """Return what `Snapshot.digest` returns, of the cache's rows."""
    row = connection.execute(step("digest")).fetchone() or (0, 0, 0, "")
    return int(row[0]), int(row[1]), int(row[2]), str(row[3])


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    ((value,),) = connection.execute(sql).fetchall()
    return int(value)
