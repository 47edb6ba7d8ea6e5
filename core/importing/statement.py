"""What reading a bank file gives, whatever its format."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

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


def merged(parts: Iterable[StatementRecord], problems: list[str]) -> tuple[StatementRecord, ...]:
    """Join the parts of one account and currency, as a file of daily statements has them.

    The latest closing and the earliest opening balance count. Where one statement does not begin with what the one
    before ended with, `problems` tells of it.
    """
    joined: dict[tuple[str, str], list[StatementRecord]] = {}
    for part in parts:
        joined.setdefault((part.account.key, part.account.currency), []).append(part)
    return tuple(_joined(several, problems) for several in joined.values())


def _joined(parts: list[StatementRecord], problems: list[str]) -> StatementRecord:
    dated = [part for part in parts if part.ledger_balance is not None]
    if len(dated) > 1 and _day(dated[0]) > _day(dated[-1]):
        dated.reverse()
    dated.sort(key=_day)
    for before, after in pairwise(dated):
        if after.opening_balance is not None and after.opening_balance != before.ledger_balance:
            problems.append(
                f"A statement begins with {after.opening_balance} and the one before ended with "
                f"{before.ledger_balance} on {_day(before)}: one between them may be missing."
            )
    opening = dated[0].opening_balance if dated else parts[0].opening_balance
    last = dated[-1] if dated else parts[0]
    return replace(
        parts[0],
        transactions=tuple(record for part in parts for record in part.transactions),
        ledger_balance=last.ledger_balance,
        ledger_balance_date=last.ledger_balance_date,
        opening_balance=opening,
    )


def _day(part: StatementRecord) -> date:
    return part.ledger_balance_date or date.min
