"""Reading a CSV file's rows by its layout: all of them, or an error that names the line."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from core.errors import ImportFileError
from core.importing.amounts import currency_in, kept, read_amount
from core.importing.csv_detection import detect, header_and_rows
from core.importing.csv_layout import CsvLayout
from core.importing.csv_table import Row
from core.importing.csv_vocabulary import IGNORED_STATES, IN_WORDS, OUT_WORDS, PENDING_WORDS, TOTAL
from core.importing.dates import read_date
from core.importing.statement import Statement
from core.ledger import AccountRecord, StatementRecord, TransactionRecord


def read_csv(text: str, *, layout: CsvLayout | None, currency: str) -> Statement:
    """Read a CSV file; with `layout` in that way when the file is of that make, else as its cells tell.

    A file in several currencies gives one part for each.

    Raises:
        ImportFileError: it has no transactions, or a row can't be read, with its line.
    """
    notes: list[str] = []
    rows: list[Row] = []
    if layout is not None:
        header, rows = header_and_rows(text, layout.delimiter)
        if not layout.fits(header, max((len(row.cells) for row in rows), default=0)):
            layout = None
    if layout is None:
        layout, rows, notes = detect(text, currency=currency)
    records: dict[str, list[TransactionRecord]] = defaultdict(list)
    balances: dict[str, list[tuple[TransactionRecord, Decimal]]] = defaultdict(list)
    for row in rows:
        record = _record(row, layout, currency)
        if isinstance(record, str):
            notes.append(record)
        elif record is not None:
            records[record.currency].append(record)
            balance = read_amount(row.cell(layout.balance), layout.decimal_mark)
            if balance is not None:
                balances[record.currency].append((record, kept(balance, row.line)))
    if not records:
        raise ImportFileError("There are no transactions in this file.", "Choose a period with transactions.")
    several = len(records) > 1
    parts = [_part(code if several else "", code, records[code], balances[code], notes) for code in sorted(records)]
    currency_open = not any(_currency(row, layout) for row in rows)
    return Statement("csv", tuple(parts), tuple(notes), layout, currency_open)


def _record(row: Row, layout: CsvLayout, currency: str) -> TransactionRecord | str | None:
    """Return the transaction of a row, a note on a row left out, or None for one that holds nothing.

    Raises:
        ImportFileError: it has a date without an amount, or an amount without a date.
    """
    written = row.cell(layout.date)
    day = read_date(written, day_first=layout.day_first)
    amount = _amount(row, layout)
    if any(TOTAL.fullmatch(cell) for cell in row.cells if cell) and (
        day is None or amount is None or not _named(row, layout)
    ):
        return None
    if day is None and amount is None:
        return None
    if day is None:
        if not written:
            raise ImportFileError("This row has an amount but no date.", "Mend or remove it in the file.", row.line)
        raise ImportFileError(
            f"{written!r} is not a date that can be read here.", "Mend the row in the file.", row.line
        )
    if amount is None:
        raise ImportFileError(
            "This row has a date but no amount that can be read.", "Mend the row in the file.", row.line
        )
    amount = kept(amount, row.line)
    state = row.cell(layout.status).casefold()
    if state in IGNORED_STATES:
        return f"Line {row.line} was left out: the bank says {row.cell(layout.status)}."
    texts = [row.cell(place) for place in layout.texts]
    original = " · ".join(dict.fromkeys(" ".join(text.split()) for text in texts if text))
    name = " ".join(_named(row, layout).split()) or original or "Unnamed"
    return TransactionRecord(
        account_key="",
        date=day,
        amount=amount,
        name=name[:500],
        currency=_currency(row, layout) or currency,
        key=row.cell(layout.key) or None,
        original_text=original[:2000],
        pending=state in PENDING_WORDS,
    )


def _named(row: Row, layout: CsvLayout) -> str:
    return row.cell(layout.name)


def _amount(row: Row, layout: CsvLayout) -> Decimal | None:
    mark = layout.decimal_mark
    if layout.sign == "columns":
        out, received = (read_amount(row.cell(place), mark) for place in (layout.outflow, layout.inflow))
        if out is None and received is None:
            return None
        # Some banks write what went out with a minus, some without; a reversal carries the other sign.
        return (received or Decimal(0)) - abs(out or Decimal(0))
    amount = read_amount(row.cell(layout.amount), mark)
    if amount is None:
        return None
    if layout.sign == "inverted":
        return -amount
    if layout.sign == "direction":
        word = row.cell(layout.direction).casefold()
        if word in OUT_WORDS:
            return -amount
        return amount if word in IN_WORDS else None
    return amount


def _currency(row: Row, layout: CsvLayout) -> str:
    if layout.currency is not None:
        return row.cell(layout.currency).upper()
    return next(
        (
            code
            for place in (layout.amount, layout.outflow, layout.inflow)
            if place is not None and (code := currency_in(row.cell(place)))
        ),
        "",
    )


def _part(
    key: str,
    currency: str,
    records: Sequence[TransactionRecord],
    balances: Sequence[tuple[TransactionRecord, Decimal]],
    notes: list[str],
) -> StatementRecord:
    ledger_balance, day = None, None
    if balances:
        newest_first = records[0].date > records[-1].date or (
            records[0].date == records[-1].date and _runs_backwards(balances)
        )
        last, ledger_balance = balances[0] if newest_first else balances[-1]
        day = last.date
        wrong = _breaks(balances, newest_first=newest_first)
        if wrong:
            notes.append(f"The balance column does not follow the amounts in {wrong} of {len(balances) - 1} rows.")
    return StatementRecord(
        AccountRecord(key, "Imported account", "checking", currency=currency), tuple(records), ledger_balance, day
    )


def _steps(balances: Sequence[tuple[TransactionRecord, Decimal]]) -> list[tuple[Decimal, Decimal, Decimal]]:
    return [(later - earlier, one.amount, other.amount) for (one, earlier), (other, later) in pairwise(balances)]


def _runs_backwards(balances: Sequence[tuple[TransactionRecord, Decimal]]) -> bool:
    steps = _steps(balances)
    return sum(-move == first for move, first, _ in steps) > sum(move == second for move, _, second in steps)


def _breaks(balances: Sequence[tuple[TransactionRecord, Decimal]], *, newest_first: bool) -> int:
    return sum(-move != first if newest_first else move != second for move, first, second in _steps(balances))
