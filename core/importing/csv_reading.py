"""Reading a CSV file's rows by its layout: all of them, or an error that names the line."""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeVar

import msgspec

from core.errors import ImportFileError
from core.importing.amounts import currency_in, currency_of_heading, has_sign, kept, read_amount
from core.importing.csv_detection import detect, header_and_rows
from core.importing.csv_layout import CsvLayout
from core.importing.csv_table import Row
from core.importing.csv_vocabulary import BALANCE, IGNORED_STATES, IN_WORDS, OUT_WORDS, PENDING_WORDS, SHARES, TOTAL
from core.importing.dates import looks_like_date, read_date
from core.importing.statement import Statement
from core.ledger import AccountRecord, Progress, StatementRecord, TransactionRecord
from core.money import LIMIT, PLACES

T = TypeVar("T")

EVERY: Final = 5000
"""After how many rows progress is told."""
_HALF: Final = LIMIT / 2

Balances = list[tuple[TransactionRecord, Decimal | None]]
"""Rows with the balance that stands beside each; some banks write it in the last row of a day only."""


def read_csv(text: str, *, layout: CsvLayout | None, currency: str, progress: Progress | None = None) -> Statement:
    """Read a CSV file; with `layout` in that way when the file is of that make, else as its cells tell.

    `progress` is told how many rows were read. A file in several currencies gives one part for each.

    Raises:
        ImportFileError: it has no transactions, or a row can't be read, with its line.
    """
    notes: list[str] = []
    rows: list[Row] = []
    if layout is not None:
        header, rows = header_and_rows(text, layout)
        if not layout.fits(header, max((len(row.cells) for row in rows), default=0)):
            layout = None
    if layout is None:
        layout, rows, notes = detect(text, currency=currency)
    else:
        layout = _with_order_of(rows, layout, notes)
    reader = _Reader(layout)
    named = reader.currencies(rows)
    # Where only some rows name a currency, and all of these the same, it is that of the others too.
    told = next(iter(named)) if len(named) == 1 else _heading_currency(layout)
    records: dict[str, list[TransactionRecord]] = defaultdict(list)
    balances: dict[str, Balances] = defaultdict(list)
    for number, row in enumerate(rows):
        if progress is not None and number % EVERY == 0:
            progress("Reading the file", number, len(rows))
        record = reader.record(row, currency if reader.is_unclear(row) else told or currency)
        if isinstance(record, str):
            notes.append(record)
        elif record is not None:
            records[record.currency].append(record)
            balances[record.currency].append((record, reader.balance(row)))
    if not records:
        raise ImportFileError("There are no transactions in this file.", "Choose a period with transactions.")
    several = len(records) > 1
    parts = [_part(code if several else "", code, records[code], balances[code], notes) for code in sorted(records)]
    return Statement("csv", tuple(parts), tuple(notes), layout, not named and not told)


def _with_order_of(rows: Sequence[Row], layout: CsvLayout, notes: list[str]) -> CsvLayout:
    """Return `layout` with the order of day and month that these rows prove, where it is the other one."""
    written = [text for text in dict.fromkeys(row.cell(layout.date) for row in rows) if looks_like_date(text)]
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


class _Known(dict[str, T]):
    """What cells were read as: each different one is read once."""

    def __init__(self, read: Callable[[str], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, text: str) -> T:
        value = self[text] = self._read(text)
        return value


class _Reader:
    """Reads the rows of one file by its layout."""

    def __init__(self, layout: CsvLayout) -> None:
        self._layout = layout
        self._days: _Known[date | None] = _Known(lambda text: read_date(text, day_first=layout.day_first))
        self._amounts: _Known[Decimal | None] = _Known(self._read_amount)
        self._large = False
        self._words: _Known[str] = _Known(lambda text: " ".join(text.split()))
        self._states_balance: _Known[bool] = _Known(lambda text: BALANCE.fullmatch(text) is not None)
        self._codes: _Known[str] = _Known(currency_in)
        places = (layout.amount, layout.outflow, layout.inflow)
        self._money = tuple(place for place in places if place is not None)
        self._some_named = True
        self._some_unclear = False

    def _read_amount(self, text: str) -> Decimal | None:
        amount = read_amount(text, self._layout.decimal_mark)
        # Two amounts of half the limit are still within it when they are added up.
        if amount is not None and (not -_HALF < amount < _HALF or int(amount.as_tuple().exponent) < -PLACES):
            self._large = True
        return amount

    def currencies(self, rows: Sequence[Row]) -> set[str]:
        """Return the currency codes that these rows name."""
        if self._layout.currency is not None:
            return {code.upper() for code in {row.cell(self._layout.currency) for row in rows} if code}
        written = {row.cell(place) for place in self._money for row in rows}
        self._some_named = any(map(currency_in, written))
        self._some_unclear = self._some_named and any(has_sign(text) and not currency_in(text) for text in written)
        return {code for row in rows if (code := self._currency(row))} if self._some_named else set()

    def _currency(self, row: Row) -> str:
        if self._layout.currency is not None:
            return row.cell(self._layout.currency).upper()
        if not self._some_named:
            return ""
        return next((code for place in self._money if (code := self._codes[row.cell(place)])), "")

    def is_unclear(self, row: Row) -> bool:
        """Tell whether a row's amounts have a sign that several currencies share, where other rows name one."""
        return (
            self._some_unclear and not self._currency(row) and any(has_sign(row.cell(place)) for place in self._money)
        )

    def balance(self, row: Row) -> Decimal | None:
        """Return the balance that stands beside a row, None when there is none."""
        written = row.cell(self._layout.balance)
        amount = self._amounts[written] if written else None
        return kept(amount, row.line) if amount is not None and self._large else amount

    def record(self, row: Row, currency: str) -> TransactionRecord | str | None:
        """Return the transaction of a row, a note on a row left out, or None for one that holds nothing.

        Raises:
            ImportFileError: it has a date without an amount, or an amount without a date.
        """
        layout = self._layout
        written = row.cell(layout.date)
        day = self._days[written]
        amount = self._amount(row)
        name = row.cell(layout.name)
        if self._states_balance[name] or (
            (day is None or amount is None) and any(BALANCE.fullmatch(cell) for cell in row.cells)
        ):
            told = amount is not None and day is not None
            return f"Line {row.line} was left out: it states a balance." if told else None
        if day is None or amount is None:
            return _left_out(row, layout, day, amount)
        if layout.header and len(row.cells) > len(layout.header):
            _refuse_extra(row, layout)
        if self._large:
            kept(amount, row.line)
        state = row.cell(layout.status).casefold() if layout.status is not None else ""
        if state in IGNORED_STATES:
            return f"Line {row.line} was left out: the bank says {row.cell(layout.status)}."
        texts = [self._words[text] for place in layout.texts if (text := row.cell(place))]
        original = " · ".join(dict.fromkeys(texts)) if texts else ""
        called = self._words[name] or max(texts, key=_letters, default="")
        return TransactionRecord(
            account_key="",
            date=day,
            amount=amount,
            name=(called or "Unnamed")[:500],
            currency=self._currency(row) or currency,
            key=row.cell(layout.key) or None,
            original_text=original[:2000],
            pending=state in PENDING_WORDS,
        )

    def _amount(self, row: Row) -> Decimal | None:
        layout = self._layout
        if layout.sign == "columns":
            return self._of_columns(row)
        amount = self._amounts[row.cell(layout.amount)]
        if amount is None or layout.sign == "as written":
            return amount
        if layout.sign == "inverted":
            return -amount
        word = row.cell(layout.direction).casefold()
        if word in OUT_WORDS:
            return -amount
        return amount if word in IN_WORDS else None

    def _of_columns(self, row: Row) -> Decimal | None:
        layout = self._layout
        out, received = self._amounts[row.cell(layout.outflow)], self._amounts[row.cell(layout.inflow)]
        for place, value in ((layout.outflow, out), (layout.inflow, received)):
            if value is None and row.cell(place).strip("-–— "):
                return None
        if out is None and received is None:
            return None
        # Some banks write one of the columns with a minus, some without; a reversal carries the other sign.
        gone = -(out or Decimal(0)) if layout.outflow in layout.minus else out or Decimal(0)
        come = -(received or Decimal(0)) if layout.inflow in layout.minus else received or Decimal(0)
        return come - gone


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _left_out(row: Row, layout: CsvLayout, day: date | None, amount: Decimal | None) -> str | None:
    """Return a note on a row without a date or without an amount, None when it says nothing.

    Raises:
        ImportFileError: it is a transaction that lacks one of the two.
    """
    if day is None and (total := next((cell for cell in row.cells if TOTAL.fullmatch(cell)), "")):
        plain_total = not re.search(r"\s", total)
        return None if plain_total or amount is None else f"Line {row.line} was left out: it is a sum ({total[:40]})."
    if day is None and amount is None:
        _refuse_unreadable(row, layout)
        told = sum(map(bool, row.cells)) > 1 and any(map(str.isdigit, "".join(row.cells)))
        return f"Line {row.line} was left out: it has neither a date nor an amount." if told else None
    _refuse_extra(row, layout)
    written = row.cell(layout.date)
    if day is None and written.casefold() in PENDING_WORDS:
        return f"Line {row.line} was left out: it is pending and has no date yet."
    if day is None:
        if not written:
            raise ImportFileError("This row has an amount but no date.", "Mend or remove it in the file.", row.line)
        raise ImportFileError(
            f"{written[:40]!r} is not a date that can be read here.", "Mend the row in the file.", row.line
        )
    if _moves_shares(row, layout):
        return f"Line {row.line} was left out: it moves shares and no cash."
    raise ImportFileError("This row has a date but no amount that can be read.", "Mend the row in the file.", row.line)


def _moves_shares(row: Row, layout: CsvLayout) -> bool:
    """Tell whether a row states a number of shares and no money."""
    money = any(row.cell(place) for place in (layout.amount, layout.outflow, layout.inflow))
    return not money and any(row.cell(at) for at, name in enumerate(layout.header) if SHARES.fullmatch(name))


def _refuse_extra(row: Row, layout: CsvLayout) -> None:
    extra = "" if not layout.header else next(filter(None, row.cells[len(layout.header) :]), "")
    if extra:
        raise ImportFileError(
            f"This row has more cells than the header has names ({extra[:40]!r} is beyond the last).",
            "Nothing was imported. A cell with the separator in it needs quotes.",
            row.line,
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
    told = [balance for _, balance in balances if balance is not None]
    if told:
        ordered, wrong = _oldest_first(balances)
        last = max(place for place, (_, balance) in enumerate(ordered) if balance is not None)
        ledger_balance, day = ordered[last][1], max(record.date for record, _ in ordered[: last + 1])
        if wrong:
            notes.append(f"The balance column does not follow the amounts in {wrong} of {len(told) - 1} rows.")
    return StatementRecord(
        AccountRecord(key, "Imported account", "checking", currency=currency), tuple(records), ledger_balance, day
    )


def _oldest_first(balances: Balances) -> tuple[Balances, int]:
    """Return rows and their balances in the order in which they happened, and after how many the balance is not right.

    Banks list the oldest or the newest first, and within a day the other way round or not: the balances show it.
    """
    backwards = balances[::-1]
    likely = [backwards, balances] if balances[0][0].date > balances[-1][0].date else [balances, backwards]
    orders = [*likely, *(sorted(rows, key=lambda row: row[0].date) for rows in (balances, backwards))]
    best, fewest = orders[0], len(balances)
    for order in orders:
        wrong = _breaks(order)
        if wrong < fewest:
            best, fewest = order, wrong
        if not wrong:
            break
    return best, fewest


def _breaks(balances: Balances) -> int:
    """Return how many balances, oldest first, have not moved by the amounts since the one before."""
    wrong, before, moved = 0, None, Decimal(0)
    for row, balance in balances:
        moved += row.amount
        if balance is not None:
            wrong += before is not None and balance - before != moved
            before, moved = balance, Decimal(0)
    return wrong
