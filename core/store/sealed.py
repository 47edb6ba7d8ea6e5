"""Which columns the vault has sealed, and sealing them all anew.

A column is sealed when its name is `sealed` or begins with `sealed_`: none can be forgotten here.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, inspect, select, update

from core.store.base import Base
from core.store.engine import Store


def sealed_columns() -> list[Column[Any]]:
    """Return every sealed column of every table."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name == "sealed" or column.name.startswith("sealed_")
    ]


def seal_all_anew(store: Store, anew: Callable[[str], str]) -> int:
    """Have `anew` seal everything again, in one transaction; return how many values that were.

    A store of an earlier revision lacks some of the columns; those are passed over.

    Raises:
        StoreError: the store can't be written; nothing was changed.
    """
    count = 0
    with store.write() as session:
        there = inspect(session.connection())
        tables = set(there.get_table_names())
        for column in sealed_columns():
            table = column.table
            if table.name not in tables or column.name not in {one["name"] for one in there.get_columns(table.name)}:
                continue
            (number,) = table.primary_key.columns
            for row, sealed in session.execute(select(number, column).where(column != "")).all():
                fresh = update(table).where(number == row, column == sealed).values({column.name: anew(sealed)})
                session.execute(fresh)
                count += 1
    return count
