"""Reading a bank's file in a test, and its rows as a person reads them."""

from typing import Any

from core.importing.reading import read_statement
from core.importing.statement import Statement
from core.ledger import StatementRecord

Row = tuple[str, str, str]
"""Date, amount, name."""


def rows(part: StatementRecord) -> list[Row]:
    """Return the rows of one account's part of a file."""
    return [(row.date.isoformat(), f"{row.amount:.2f}", row.name) for row in part.transactions]


def read(text: str, **more: Any) -> Statement:
    """Read a file by what is in it, as `read_statement` does."""
    return read_statement(text.encode(), "file", **more)
