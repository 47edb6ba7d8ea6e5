"""Reading a CSV file's rows by its layout: all of them, or an error that names the line."""

import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec

from core.errors import ImportFileError
from core.importing.amounts import currency_in, currency_of_heading, kept, read_amount
from core.importing.csv_detection import detect, header_and_rows
from core.importing.csv_layout import CsvLayout
from core.importing.csv_table import Row
from core.importing.csv_vocabulary import BALANCE, IGNORED_STATES, IN_WORDS, OUT_WORDS, PENDING_WORDS, TOTAL
from core.importing.dates import looks_like_date, read_date
from core.importing.statement import Statement
from core.ledger import AccountRecord, StatementRecord, TransactionRecord

Balances = list[tuple[TransactionRecord, Decimal]]
"""Rows with the balance that stands beside each."""


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
    else:
        layout = _with_order_of(rows, layout, notes)
    named = {code for row in rows if (code := _currency(row, layout))}
    # Where only some rows name a currency, and all of these the same, it is that of the others too.
    told = next(iter(named)) if len(named) == 1 else _heading_currency(layout)
    records: dict[str, list[TransactionRecord]] = defaultdict(list)
    balances: dict[str, Balances] = defaultdict(list)
    for row in rows:
        record = _record(row, layout, told or currency)
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
    return Statement("csv", tuple(parts), tuple(notes), layout, not named and not told)


def _with_order_of(rows: Sequence[Row], layout: CsvLayout, notes: list[str]) -> CsvLayout:
    """Return `layout` with the order of day and month that these rows prove, where it is the other one."""
    written = [text for row in rows if looks_like_date(text := row.cell(layout.date))]
    kept_order, other = (
        [read_date(text, day_first=order) for text in written] for order in (layout.day_first, not layout.day_first)
    )
    if None not in kept_order or None in other:
        return layout
    place = kept_order.index(None)
    first = "day" if not layout.day_first else "month"
    notes.append(
        f"In these dates the {first} comes first, as {written[place]} shows; earlier files were read otherwise."
    )
    return msgspec.structs.replace(layout, day_first=not layout.day_first)


def _record(row: Row, layout: CsvLayout, currency: str) -> TransactionRecord | str | None:
    """Return the transaction of a row, a note on a row left out, or None for one that holds nothing.

    Raises:
        ImportFileError: it has a date without an amount, or an amount without a date.
    """
    written = row.cell(layout.date)
    day = read_date(written, day_first=layout.day_first)
    amount = _amount(row, layout)
    if BALANCE.fullmatch(_named(row, layout)) or (
        (day is None or amount is None) and any(BALANCE.fullmatch(cell) for cell in row.cells)
    ):
        return f"Line {row.line} was left out: it states a balance." if amount is not None and day is not None else None
    if day is None and (total := next((cell for cell in row.cells if TOTAL.fullmatch(cell)), "")):
        plain_total = not re.search(r"\s", total)
        return None if plain_total or amount is None else f"Line {row.line} was left out: it is a sum ({total[:40]})."
    if day is None and amount is None:
        _refuse_unreadable(row, layout)
        told = sum(map(bool, row.cells)) > 1 and any(map(str.isdigit, "".join(row.cells)))
        return f"Line {row.line} was left out: it has neither a date nor an amount." if told else None
    extra = "" if not layout.header else next(filter(None, row.cells[len(layout.header) :]), "")
    if extra:
        raise ImportFileError(
            f"This row has more cells than the header has names ({extra[:40]!r} is beyond the last).",
            "Nothing was imported. A cell with the separator in it needs quotes.",
            row.line,
        )
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


def _refuse_unreadable(row: Row, layout: CsvLayout) -> None:
    """Refuse a row whose date and amount are both there and both can't be read: it is no footer, it is damaged."""
    places = (layout.date, *(place for place in (layout.amount, layout.outflow, layout.inflow) if place is not None))
    day, *money = (row.cell(place) for place in places)
    if any(map(str.isdigit, day)) and any(any(map(str.isdigit, one)) for one in money):
        raise ImportFileError(
            f"Neither the date {day[:40]!r} nor the amount can be read.",
            "Mend or remove the row in the file.",
            row.line,
        )


def _named(row: Row, layout: CsvLayout) -> str:
    return row.cell(layout.name)


def _amount(row: Row, layout: CsvLayout) -> Decimal | None:
    mark = layout.decimal_mark
    if layout.sign == "columns":
        out, received = (read_amount(row.cell(place), mark) for place in (layout.outflow, layout.inflow))
        for place, value in ((layout.outflow, out), (layout.inflow, received)):
            if value is None and row.cell(place).strip("-–— "):
                return None
        if out is None and received is None:
            return None
        # Some banks write one of the columns with a minus, some without; a reversal carries the other sign.
        gone = -(out or Decimal(0)) if layout.outflow in layout.minus else out or Decimal(0)
        come = -(received or Decimal(0)) if layout.inflow in layout.minus else received or Decimal(0)
        return come - gone
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


def _heading_currency(layout: CsvLayout) -> str:
    """Return the currency that the heading of the amounts names, as in "Amount (EUR)", else ""."""
    headings = [
        layout.header[place]
        for place in (layout.amount, layout.outflow, layout.inflow)
        if place is not None and place < len(layout.header)
    ]
    return next(filter(None, map(currency_of_heading, headings)), "")


def _part(
    key: str,
    currency: str,
    records: Sequence[TransactionRecord],
    balances: Balances,
    notes: list[str],
) -> StatementRecord:
    ledger_balance, day = None, None
    if balances:
        ordered = _oldest_first(balances)
        ledger_balance, day = ordered[-1][1], max(record.date for record, _ in balances)
        wrong = _breaks(ordered)
        if wrong:
            notes.append(f"The balance column does not follow the amounts in {wrong} of {len(balances) - 1} rows.")
    return StatementRecord(
        AccountRecord(key, "Imported account", "checking", currency=currency), tuple(records), ledger_balance, day
    )


def _oldest_first(balances: Balances) -> Balances:
    """Return rows and their balances in the order in which they happened, as far as the balances show it.

    Banks list the oldest or the newest first, and within a day the other way round or not.
    """
    backwards = balances[::-1]
    by_day = [sorted(rows, key=lambda row: row[0].date) for rows in (balances, backwards)]
    likely = [backwards, balances] if balances[0][0].date > balances[-1][0].date else [balances, backwards]
    return min((*likely, *by_day), key=_breaks)


def _breaks(balances: Balances) -> int:
    """Return after how many rows, oldest first, the balance has not moved by the amount."""
    return sum(after - before != row.amount for (_, before), (row, after) in pairwise(balances))
