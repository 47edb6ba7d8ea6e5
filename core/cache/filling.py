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

from core.cache.homing import add_rates, home_currency
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
SMALL: Final = {"categories": CATEGORIES, "items": ITEMS, "accounts": ACCOUNTS}
"""The tables that are written as a whole."""
DECISIVE: Final = {"categories": ["id", "kind", "merged_into"], "accounts": ["id", "type"]}
"""What of them decides the kind of rows that did not change themselves. See steps/decisive.sql."""
Small = dict[str, pa.Table]
"""Small tables as they were read from the store, by name."""
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
    # To the end, as DuckDB does nothing else on a connection before.
    rows = connection.execute("SELECT schema, owner, change, name, home, rates FROM lineage").fetchall()
    return Lineage(*rows[0]) if rows else Lineage("", "", -1, "", "", "")


@cache
def step(name: str) -> str:
    """Return the SQL of one step of filling."""
    return (STEPS / f"{name}.sql").read_text("utf-8")


def build(connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, standing: Standing, name: str) -> None:
    """Fill an empty database with everything of the snapshot, and call it `name`."""
    connection.execute("BEGIN")
    connection.execute(SCHEMA.read_text("utf-8"))
    small = _read_small(snapshot)
    for table in SMALL:
        _write_small(connection, table, small[table])
    _add_balances(connection, snapshot.whole(BALANCES))
    home = home_currency(connection, standing.currency, snapshot.rates)
    add_rates(connection, _currencies(small["accounts"]), home, snapshot)
    filled = False
    for batch in snapshot.batches_ahead(TRANSACTIONS):
        _add_rows(connection, "transactions", batch, home, snapshot)
        filled = True
    if filled:
        connection.execute(step("roll_up_months"))
        connection.execute(step("roll_up_days"))
    connection.execute(
        "INSERT INTO lineage VALUES (?, ?, ?, ?, ?, ?)",
        [fingerprint(), standing.owner, standing.change, name, home, snapshot.rates.fingerprint()],
    )
    connection.execute("COMMIT")


def catch_up(
    connection: duckdb.DuckDBPyConnection, snapshot: Snapshot, standing: Standing, since: int, known: Small
) -> bool:
    """Bring a cache from change number `since` to the snapshot's; False when a rebuild is called for.

    A rebuild is called for when much changed, or when a category or account changed in a way that
    decides the kind of rows that did not change themselves, or the currency of totals.

    `known` is what the small tables are known to hold, and is brought up with them; what is missing there is written.
    """
    rows = snapshot.whole(TRANSACTIONS, since)
    count = _one(connection, "SELECT count(*) FROM transactions")
    if rows.num_rows and (not count or rows.num_rows > min(MUCH, max(500, count // 3))):
        return False
    small = _read_small(snapshot)
    connection.execute("BEGIN")
    home = read_lineage(connection).home
    if (
        not _small_caught_up(connection, small, known)
        or home_currency(connection, standing.currency, snapshot.rates) != home
    ):
        connection.execute("ROLLBACK")
        return False
    add_rates(connection, _currencies(small["accounts"]), home, snapshot)
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
    known.update(small)
    return True


def _read_small(snapshot: Snapshot) -> Small:
    return {name: snapshot.whole(source) for name, source in SMALL.items()}


def _currencies(accounts: pa.Table) -> list[str]:
    return list(accounts.column("currency").unique().to_pylist())


def _small_caught_up(connection: duckdb.DuckDBPyConnection, small: Small, known: Small) -> bool:
    """Write those small tables anew that are not as they are known to be; False where that decides more than them.

    That is cheaper than finding out what changed in them, and each statement takes milliseconds to plan.
    """
    other = [name for name in SMALL if name not in known or not small[name].equals(known[name])]
    decides = any(
        name in other and (name not in known or not small[name].select(columns).equals(known[name].select(columns)))
        for name, columns in DECISIVE.items()
    )
    before = connection.execute(step("decisive")).fetchall() if decides else None
    for name in other:
        known.pop(name, None)
        connection.execute(f"DELETE FROM {name}")  # noqa: S608 - fixed text
        _write_small(connection, name, small[name])
    return before is None or before == connection.execute(step("decisive")).fetchall()


def _write_small(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    money = ", ".join(f"money({column}) AS {column}" for column in ("current", "available", "credit_limit"))
    columns = {
        "categories": "i.id, i.code, i.group_code, coalesce(g.title, i.title), i.title, i.icon, i.kind::money_kind,"
        " i.need, i.hidden, i.merged_into FROM incoming i LEFT JOIN incoming g ON g.code = i.group_code ORDER BY i.id",
        "items": "* REPLACE (CAST(last_synced_at AS TIMESTAMP) AS last_synced_at) FROM incoming",
        "accounts": f"* REPLACE ({money}, CAST(balance_at AS TIMESTAMP) AS balance_at) FROM incoming",
    }
    _insert(connection, rows, f"INSERT INTO {name} SELECT {columns[name]}")


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
    currencies = rows.column("currency").unique().to_pylist()
    add_rates(connection, currencies, home, snapshot)
    connection.execute(step("read_wordings"))
    connection.unregister("incoming")
    connection.execute(step("add_wordings"))
    if currencies != [home]:
        # Most households have one currency, and planning the search for a day's rate takes as long as the insert.
        connection.execute(step("rate_arriving"), {"home": home})
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
    for unit in ("months", "days"):
        ((changed,),) = connection.execute(step(f"delta_of_{unit}")).fetchall()
        if changed:
            connection.execute(step(f"roll_{unit}_on"))
        connection.execute("DROP TABLE delta")
    connection.execute("DROP TABLE leaving")
    connection.execute("DROP TABLE arrived")


def digest(connection: duckdb.DuckDBPyConnection) -> tuple[int, int, int, str]:
    """Return what `Snapshot.digest` returns, of the cache's rows."""
    (row,) = connection.execute(step("digest")).fetchall() or [(0, 0, 0, "")]
    return int(row[0]), int(row[1]), int(row[2]), str(row[3])


def _one(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    ((value,),) = connection.execute(sql).fetchall()
    return int(value)
