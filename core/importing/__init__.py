"""Files to ledger: OFX, QFX, QIF, CAMT, MT940 and CSV, read whole or refused with the line and the reason."""

from core.importing.csv_correction import first_rows, guessed_layout, relaid
from core.importing.csv_layout import CsvLayout
from core.importing.intake import FileIntake, look_at_file, report_of, take_in
from core.importing.reading import read_statement
from core.importing.statement import Statement

__all__ = [
    "CsvLayout",
    "FileIntake",
    "Statement",
    "first_rows",
    "guessed_layout",
    "look_at_file",
    "read_statement",
    "relaid",
    "report_of",
    "take_in",
]
