"""Reading a CSV file's rows by its layout: all of them, or an error that names the line."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from itertools import repeat
from typing import Final, TypeVar

import msgspec

from core.errors import ImportFileError
from core.importing.amounts import currency_in, currency_of_heading, has_sign, kept, read_amounts
from core.importing.csv_balances import Balances, oldest_first
from core.importing.csv_detection import detect, header_and_rows
from core.importing.csv_layout import CsvLayout
from core.importing.csv_table import MOST_CELLS, Row, column_of
from core.importing.csv_vocabulary import (
    BALANCE,
    IGNORED_STATES,
    IN_WORDS,
    OUT_WORDS,
    PENDING_WORDS,
    SHARES,
    TOTAL,
    may_state_balance,
)
from core.importing.dates import looks_like_date, read_date
from core.importing.statement import Statement
from core.ledger import AccountRecord, Progress, StatementRecord, TransactionRecord
from core.money import LIMIT, PLACES

K = TypeVar("K")
T = TypeVar("T")

EVERY: Final = 5000
"""After how many rows progress is told."""
_HALF: Final = LIMIT / 2
_SHORT: Final = 12
"""Digits; no number of so few is as large as `_HALF`."""
_FINE: Final = {mark: re.compile(rf"[{mark}]\d{{{PLACES + 1}}}") for mark in ".,"}
"""More digits behind the mark than are kept."""
_DASHES: Final = "-–— "
"""What some banks write where nothing is; to them it means no amount."""


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
    reader = _Reader(layout, rows)
    named = set(reader.codes) - {""}
    # Where only some rows name a currency, and all of these the same, it is that of the others too.
    told = next(iter(named)) if len(named) == 1 else _heading_currency(layout)
    records: dict[str, list[TransactionRecord]] = defaultdict(list)
    balances: dict[str, Balances] = defaultdict(list)
    for number, (record, balance) in enumerate(reader.records(told or currency, currency)):
        if progress is not None and number % EVERY == 0:
            progress("Reading the file", number, len(rows))
        if isinstance(record, TransactionRecord):
            records[record.currency].append(record)
            if layout.balance is not None:
                balances[record.currency].append((record, balance))
        elif record is not None:
            notes.append(record)
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


class _Known(dict[K, T]):
    """What was read already: each different cell, or column, is read once."""

    def __init__(self, read: Callable[[K], T]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, key: K) -> T:
        value = self[key] = self._read(key)
        return value


class _Reader:
    """Reads the rows of one file by its layout: its columns first, then what is said of each row.

    Most rows have a date and an amount and are nothing else than a transaction; only the others are thought about.
    """

    def __init__(self, layout: CsvLayout, rows: Sequence[Row]) -> None:
        self._layout = layout
        self._rows = rows
        self._large = False
        """Whether any amount may be more than the store can keep, so that each has to be looked at."""
        places = (layout.amount, layout.outflow, layout.inflow)
        self._money = tuple(place for place in places if place is not None)
        self._cells = _Known(partial(column_of, rows)).__getitem__

    def _read(self, place: int | None) -> list[Decimal | None]:
        mark = self._layout.decimal_mark
        cells = self._cells(place)
        amounts = read_amounts(cells, mark)
        # Short texts with few digits behind their mark are within the limits anyway.
        if max(map(len, cells), default=0) > _SHORT or _FINE[mark].search("\n".join(cells)):
            for amount in amounts:
                # Two amounts of half the limit are still within it when they are added up.
                self._large |= amount is not None and (
                    not -_HALF < amount < _HALF or int(amount.as_tuple().exponent) < -PLACES
                )
        return amounts

    @cached_property
    def codes(self) -> list[str]:
        """The code of the currency that each row names, "" where it names none."""
        if self._layout.currency is not None:
            return [code.upper() for code in self._cells(self._layout.currency)]
        money = [self._cells(place) for place in self._money]
        if not any(has_sign("\n".join(cells)) for cells in money):
            return [""] * len(self._rows)
        known = _Known(currency_in)
        return [next(filter(None, map(known.__getitem__, cells)), "") for cells in zip(*money, strict=True)]

    def _currencies(self, usual: str, unclear: str) -> list[str]:
        """Return the currency of each row: what it names, else `usual`, or `unclear` for a sign of several ones."""
        if self._layout.currency is not None or not any(self.codes):
            return [code or usual for code in self.codes]
        money = [self._cells(place) for place in self._money]
        return [
            code or (unclear if any(map(has_sign, cells)) else usual)
            for code, *cells in zip(self.codes, *money, strict=True)
        ]

    def records(self, usual: str, unclear: str) -> Iterator[tuple[TransactionRecord | str | None, Decimal | None]]:
        """Yield for each row its transaction, a note on a row left out, or None for one that holds nothing.

        Beside it stands the balance after it, None when there is none. The currency is what the row names, else
        `usual`; `unclear` where its sign is one that several currencies share.

        Raises:
            ImportFileError: a row has a date without an amount, or an amount without a date.
        """
        layout = self._layout
        days = _Known(partial(read_date, day_first=layout.day_first))
        names = self._cells(layout.name)
        amounts = self._amounts()
        balances = self._read(layout.balance)
        widest = len(layout.header) or MOST_CELLS
        uneven = not all(map(_is_even, map(self._cells, (layout.name, *layout.texts))))
        for row, day, amount, balance, name, states, texts, state, key, currency in zip(
            self._rows,
            [days[text] for text in self._cells(layout.date)],
            amounts,
            balances,
            names,
            map(BALANCE.fullmatch, names) if may_state_balance("\n".join(names)) else repeat(None, len(names)),
            zip(*map(self._cells, layout.texts), strict=True) if layout.texts else [()] * len(self._rows),
            map(str.casefold, self._cells(layout.status)),
            self._cells(layout.key),
            self._currencies(usual, unclear),
            strict=True,
        ):
            if day is None or amount is None or states:
                yield self._note(row, day, amount, states=bool(states)), None
                continue
            if len(row.cells) > widest:
                _refuse_extra(row, layout)
            if self._large:
                kept(amount, row.line)
            if state in IGNORED_STATES:
                yield f"Line {row.line} was left out: the bank says {row.cell(layout.status)}.", None
                continue
            if self._large and balance is not None:
                kept(balance, row.line)
            called, said = name, texts
            if uneven:
                called, said = _evened(name), tuple(_evened(text) for text in texts if text)
            elif "" in texts:
                said = tuple(filter(None, texts))
            called = called or max(said, key=_letters, default="") or "Unnamed"
            yield (
                TransactionRecord(
                    account_key="",
                    date=day,
                    amount=amount,
                    name=called[:500],
                    currency=currency,
                    key=key or None,
                    original_text=" · ".join(said if len({*said}) == len(said) else dict.fromkeys(said))[:2000],
                    pending=state in PENDING_WORDS,
                ),
                balance,
            )

    def _note(self, row: Row, day: date | None, amount: Decimal | None, *, states: bool) -> str | None:
        """Return a note on a row that is no transaction, None when it says nothing."""
        if states or any(BALANCE.fullmatch(cell) for cell in row.cells):
            told = amount is not None and day is not None
            return f"Line {row.line} was left out: it states a balance." if told else None
        return _left_out(row, self._layout, day, amount)

    def _amounts(self) -> list[Decimal | None]:
        """Return what each row moves, in our sign; None where that can't be read."""
        layout = self._layout
        if layout.sign == "columns":
            return self._of_columns()
        amounts = self._read(layout.amount)
        if layout.sign == "as written":
            return amounts
        if layout.sign == "inverted":
            return [None if amount is None else -amount for amount in amounts]
        turned = _Known(_in_words)
        turns = [turned[word] for word in self._cells(layout.direction)]
        return [
            None if amount is None or not turn else amount if turn > 0 else -amount
            for amount, turn in zip(amounts, turns, strict=True)
        ]

    def _of_columns(self) -> list[Decimal | None]:
        layout = self._layout
        none = Decimal(0)
        net: list[Decimal | None] = []
        written = [self._cells(layout.outflow), self._cells(layout.inflow)]
        read = [self._read(layout.outflow), self._read(layout.inflow)]
        for gone, come, out, received in zip(*written, *read, strict=True):
            unreadable = (out is None and gone.strip(_DASHES)) or (received is None and come.strip(_DASHES))
            if unreadable or (out is None and received is None):
                net.append(None)
                continue
            # Some banks write one of the columns with a minus, some without; a reversal carries the other sign.
            less = -(out or none) if layout.outflow in layout.minus else out or none
            more = -(received or none) if layout.inflow in layout.minus else received or none
            net.append(more - less)
        return net


def _in_words(word: str) -> int:
    """Return the sign that a word for out or in gives an amount, 0 for another word."""
    word = word.casefold()
    return -1 if word in OUT_WORDS else int(word in IN_WORDS)


def _is_even(cells: Sequence[str]) -> bool:
    """Tell whether no cell has white space other than single spaces between words, all of them looked at together."""
    text = f"¦{'¦'.join(cells)}¦"
    # Of all white space only the space is printable.
    return text.isprintable() and not any(uneven in text for uneven in ("  ", "¦ ", " ¦"))


def _evened(text: str) -> str:
    return " ".join(text.split())


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
        ordered, wrong = oldest_first(balances)
        last = max(place for place, (_, balance) in enumerate(ordered) if balance is not None)
        ledger_balance, day = ordered[last][1], max(record.date for record, _ in ordered[: last + 1])
        if wrong:
            notes.append(f"The balance column does not follow the amounts in {wrong} of {len(told) - 1} rows.")
    return StatementRecord(
        AccountRecord(key, "Imported account", "checking", currency=currency), tuple(records), ledger_balance, day
    )
