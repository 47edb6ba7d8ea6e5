"""What is sent to a query process: the tables behind the views that are offered, all of one state of the cache."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow as pa

SENT: Final = Path(__file__).parent / "sent"


@dataclass(frozen=True, slots=True)
class QuerySnapshot:
    """The tables by name, and the state that they are of."""

    state: str
    """As `UserCache.mark` tells it."""
    home: str
    """The currency of totals."""
    only_home: bool
    """Whether every amount and balance is in it."""
    tables: Mapping[str, pa.Table]


def snapshot_of(connection: duckdb.DuckDBPyConnection) -> QuerySnapshot:
    """Return what is offered of a cache; the connection sees one state."""
    rows = connection.execute(
        "SELECT owner, change, home, NOT EXISTS (SELECT 1 FROM accounts WHERE currency <> home)"
        " AND NOT EXISTS (SELECT 1 FROM days WHERE currency <> home) FROM lineage"
    ).fetchall()
    owner, change, home, only_home = rows[0] if rows else ("", -1, "", False)
    tables = {
        path.stem: connection.sql(path.read_text("utf-8")).to_arrow_table() for path in sorted(SENT.glob("*.sql"))
    }
    return QuerySnapshot(f"{owner} at {change}", home, only_home, tables)
