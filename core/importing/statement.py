"""What reading a bank file gives, whatever its format."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from core.importing.csv_layout import CsvLayout
from core.ledger import StatementRecord


@dataclass(frozen=True, slots=True)
class Statement:
    """A file's content: one part per account, and what was noticed that does not stop the import."""

    format: str
    parts: tuple[StatementRecord, ...]
    problems: tuple[str, ...] = ()
    layout: CsvLayout | None = None
    """How a CSV file was read, for showing, correcting and keeping with the account."""
    currency_open: bool = False
    """Whether the file names no currency: the one that was asked for was taken."""


def merged(parts: Iterable[StatementRecord]) -> tuple[StatementRecord, ...]:
    """Join the parts of one account and currency, as a file of daily statements has them; the latest balance counts."""
    joined: dict[tuple[str, str], StatementRecord] = {}
    for part in parts:
        key = (part.account.key, part.account.currency)
        first = joined.setdefault(key, replace(part, transactions=()))
        later = (part.ledger_balance_date or date.min) >= (first.ledger_balance_date or date.min)
        balance = part if later and part.ledger_balance is not None else first
        joined[key] = replace(
            first,
            transactions=first.transactions + part.transactions,
            ledger_balance=balance.ledger_balance,
            ledger_balance_date=balance.ledger_balance_date,
        )
    return tuple(joined.values())
