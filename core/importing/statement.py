"""What reading a bank file gives, whatever its format."""

from dataclasses import dataclass

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
