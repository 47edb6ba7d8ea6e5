"""A row in every table for a person, each text of it a word that is found nowhere else."""

import datetime as dt
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Boolean, Column, Date, Integer, String, Table, Text, insert

from core.reports.scope import exported_tables
from core.store import Base, Store, UserId
from core.store.types import Instant, Money
from tests.core.ledger.household import add_person

AMOUNT: Final = Decimal("-1234.5678")
AT: Final = dt.datetime(2026, 3, 1, 7, tzinfo=dt.UTC)
PLAIN: Final = {
    "currency": "USD",
    "locale": "en_GB",
    "time_zone": "UTC",
    "kind": "spending",
    "type": "checking",
    "provider": "plaid",
    "group_code": "GENERAL",
}
"""What other parts of the house read and would stumble over."""


def fill(store: Store, name: str) -> UserId:
    """Add a person of that name with a row in every table; return their id."""
    person = add_person(store, f"{name}@example.org")
    ids: dict[str, int] = {"users": person}
    with store.write() as session:
        for table in Base.metadata.sorted_tables:
            if table.name == "users" or table not in exported_tables():
                continue
            values = {column.name: _value(table, column, name, ids) for column in table.columns}
            key = session.execute(
                insert(table).values({at: value for at, value in values.items() if value is not None})
            ).inserted_primary_key
            ids[table.name] = key[0] if key else 0
    return person


def canary(name: str, table: str, column: str) -> str:
    """Return the word that stands in a column of that person's row."""
    return f"{name}-canary-{table}-{column}"


def _value(table: Table, column: Column[Any], name: str, ids: dict[str, int]) -> Any:
    for link in column.foreign_keys:
        return ids[link.column.table.name]
    if column.name in PLAIN:
        return PLAIN[column.name]
    kind = column.type
    if isinstance(kind, Money):
        return AMOUNT
    if isinstance(kind, Instant):
        # What was removed is not shown: these rows are.
        return None if column.name in {"removed_at", "lease_until"} else AT
    if isinstance(kind, Date):
        return AT.date()
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, String | Text):
        return canary(name, table.name, column.name)[: kind.length]
    if isinstance(kind, Integer):
        # The database numbers rows itself, unless a row is told by more than its number.
        numbered = column.primary_key and len(table.primary_key.columns) == 1
        return None if numbered or column.name == "reconciliation_id" else 7
    raise AssertionError(f"nothing is known to fill {table.name}.{column.name} with")
