"""Finding out how a CSV file is to be read: its header, its columns and where the sign comes from.

Headings count where there are some; what they leave open, the cells tell. A running balance, where
there is one, proves which column is the amount and which sign it has.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from core.errors import ImportFileError
from core.importing.amounts import Mark, decide_mark, has_cents, read_amount
from core.importing.csv_layout import CsvLayout, Sign
from core.importing.csv_table import Row, find_delimiter, is_data, read_rows
from core.importing.csv_vocabulary import IN_WORDS, OUT_WORDS, Role, roles_of
from core.importing.dates import decide_order, looks_like_date, read_date

MOSTLY: Final = 0.8
CODE: Final = re.compile(r"[A-Z]{3}")
_PAYMENT: Final = re.compile(
    r"payment|autopay|thank you|zahlung|lastschrift|paiement|pago|refund|credit|gutschrift", re.IGNORECASE
)
_NO_DATA: Final = "There are no transactions in this file: no row has both a date and an amount."


def detect(text: str, *, currency: str, day_first: bool | None = None) -> tuple[CsvLayout, list[Row], list[str]]:
    """Return the layout of a CSV file, its rows below the header, and what was unsure about it, in words.

    `currency` hints at the order of day and month where the dates leave it open: month first for dollars.

    Raises:
        ImportFileError: no row has both a date and an amount, or no column is an amount.
    """
    delimiter = find_delimiter(text)
    rows = read_rows(text, delimiter)
    first = next((place for place, row in enumerate(rows) if is_data(row)), None)
    if first is None:
        raise ImportFileError(_NO_DATA, "Choose a period with transactions, or another file.")
    header = _header(rows[:first])
    below = rows[first:]
    if not header:
        _refuse_late_header(rows[: first + 30], rows[first])
    data = [row for row in below if is_data(row)]
    columns = _Columns(header, data)
    notes: list[str] = []
    date_column = columns.date()
    texts = [row.cell(date_column) for row in data]
    hint = not (currency == "USD" and all("/" in one for one in texts))
    order, sure = decide_order(texts, hint=hint)
    if day_first is not None:
        order = day_first
    elif not sure:
        example = next(one for one in texts if one)
        read = read_date(example, day_first=order)
        notes.append(f"Dates can be read in two ways: {example} was taken as {read:%d %B %Y}.")
    layout = _money(columns, data, notes)
    return (
        CsvLayout(
            delimiter=delimiter,
            header=header,
            width=max(len(row.cells) for row in below),
            date=date_column,
            day_first=order,
            currency=columns.currency(),
            key=columns.key(),
            status=columns.named("status"),
            **layout,
            **columns.words(layout),
        ),
        below,
        notes,
    )


def header_and_rows(text: str, delimiter: str) -> tuple[tuple[str, ...], list[Row]]:
    """Return the header of a file and the rows below it, for reading it by a known layout."""
    rows = read_rows(text, delimiter)
    first = next((place for place, row in enumerate(rows) if is_data(row)), None)
    return ((), []) if first is None else (_header(rows[:first]), rows[first:])


def _header(before: Sequence[Row]) -> tuple[str, ...]:
    """Return the headings: the last row above the data in which at least two cells are called like columns."""
    for row in reversed(before):
        if sum(bool(roles_of(cell)) for cell in row.cells) >= 2:
            return row.cells
    return ()


def _refuse_late_header(rows: Sequence[Row], first: Row) -> None:
    """Refuse a file whose header comes below a row that could be a transaction: one of the two misleads."""
    late = next((row for row in rows if len({role for cell in row.cells for role in roles_of(cell)[:1]}) >= 3), None)
    if late is not None and late.line > first.line:
        raise ImportFileError(
            f"The header stands on line {late.line}, below a row that looks like a transaction on line {first.line}.",
            "Remove the lines above the header and import the file again.",
        )


class _Columns:
    """The columns of a file, by what they are called and what is in them."""

    def __init__(self, header: tuple[str, ...], data: Sequence[Row]) -> None:
        self.data = data
        self.width = max(len(row.cells) for row in data)
        self.roles: list[list[Role]] = [
            roles_of(header[place]) if place < len(header) else [] for place in range(self.width)
        ]
        self.headings = [*header, *([""] * self.width)]
        self.headed = bool(header)

    def cells(self, column: int) -> list[str]:
        """Return the cells of a column that are not empty."""
        return [cell for row in self.data if (cell := row.cell(column))]

    def share(self, column: int, cells: Iterable[bool]) -> float:
        """Return for how many of all rows the test of a column's cells holds."""
        return sum(cells) / len(self.data)

    def named(self, role: Role) -> int | None:
        """Return the first column that can only or first of all be called so."""
        return next((place for place, roles in enumerate(self.roles) if roles and roles[0] == role), None)

    def date(self) -> int:
        """Return the column of the booking date."""
        dated = [
            place for place in range(self.width) if self.share(place, map(looks_like_date, self.cells(place))) >= MOSTLY
        ]
        if not dated:
            raise ImportFileError(_NO_DATA, "Choose a period with transactions, or another file.")
        called = [place for place in dated if "date" in self.roles[place]]
        return (called or [place for place in dated if "other date" not in self.roles[place]] or dated)[0]

    def currency(self) -> int | None:
        """Return the column that holds a currency code in each row."""
        for place in range(self.width):
            cells = self.cells(place)
            called = "currency" in self.roles[place] or not self.headed
            if called and cells and len(cells) == len(self.data) and all(map(CODE.fullmatch, cells)):
                return place
        return None

    def key(self) -> int | None:
        """Return the column of the bank's own ids, when each is there and none is twice."""
        place = self.named("key")
        if place is None:
            return None
        cells = self.cells(place)
        return place if len(cells) == len(self.data) == len(set(cells)) else None

    def money(self) -> list[int]:
        """Return the columns whose cells are all amounts, and written like money somewhere."""
        found = []
        for place in range(self.width):
            cells = self.cells(place)
            mark = decide_mark(cells)
            roles = self.roles[place]
            called = bool({"amount", "outflow", "inflow", "balance"} & set(roles))
            if not cells or any(looks_like_date(cell) and not has_cents(cell) for cell in cells):
                continue
            if self.headed and roles and not called:
                continue
            readable = sum(read_amount(cell, mark) is not None for cell in cells)
            # With a heading that says so, one broken cell must be told of, not make the column vanish.
            if (readable == len(cells) or (called and readable >= MOSTLY * len(cells))) and (
                called or any(map(has_cents, cells))
            ):
                found.append(place)
        return found

    def one_way(self, role: Role, money: Sequence[int]) -> int | None:
        """Return the column of money out, or in; an empty one too: in that period, all money went the other way."""
        filled = next((place for place in money if role in self.roles[place]), None)
        if filled is not None:
            return filled
        return next((place for place in range(self.width) if role in self.roles[place] and not self.cells(place)), None)

    def words(self, money: dict[str, Any]) -> dict[str, Any]:
        """Return the column of the name and those of further text."""
        taken = {value for value in money.values() if isinstance(value, int) and not isinstance(value, bool)}
        wordy = {
            place: sum(sum(map(str.isalpha, cell)) for cell in self.cells(place)) / len(self.data)
            for place in range(self.width)
            if place not in taken
            and not any(role in {"currency", "status", "key", "direction"} for role in self.roles[place][:1])
        }
        wordy = {place: letters for place, letters in wordy.items() if letters >= 1 and not self._dated(place)}
        called = [
            place
            for place in wordy
            if "name" in self.roles[place] and self.share(place, map(bool, self.cells(place))) > 0.5
        ]
        longest = max(wordy.values(), default=0)
        likely = [
            place for place, letters in wordy.items() if letters >= 0.5 * longest and len(set(self.cells(place))) > 1
        ]
        name = next(iter(called or likely or sorted(wordy, key=lambda place: -wordy[place])), None)
        return {"name": name, "texts": tuple(place for place in wordy if place != name)}

    def _dated(self, place: int) -> bool:
        cells = self.cells(place)
        return bool(cells) and all(map(looks_like_date, cells))


def _money(columns: _Columns, data: Sequence[Row], notes: list[str]) -> dict[str, Any]:
    money = columns.money()
    if not money:
        raise ImportFileError("No column of this file holds amounts.", "Check that it is the list of transactions.")
    mark = decide_mark(cell for place in money for cell in columns.cells(place))
    amounts = {place: [read_amount(row.cell(place), mark) for row in data] for place in money}
    balance = next((place for place in money if columns.roles[place][:1] == ["balance"]), None)
    outflow, inflow = (columns.one_way(role, money) for role in ("outflow", "inflow"))
    called = [place for place in money if "amount" in columns.roles[place] and place != balance]
    if (outflow is not None and inflow is not None) or (not called and (outflow, inflow) != (None, None)):
        return _settings(mark, "columns", outflow=outflow, inflow=inflow, balance=balance)
    net = [place for place in called if columns.headings[place].casefold() in {"net", "netto"}]
    candidates = net or called or [place for place in money if place != balance]
    if not called:
        candidates, balance, pair = _without_headings(candidates, balance, amounts)
        if pair is not None:
            return _settings(mark, "columns", outflow=pair[0], inflow=pair[1], balance=balance)
    if not candidates:
        raise ImportFileError("No column of this file holds amounts.", "Check that it is the list of transactions.")
    amount = candidates[0]
    direction = _direction(columns, data, amounts[amount])
    if direction is not None:
        return _settings(mark, "direction", amount=amount, direction=direction, balance=balance)
    sign: Sign = "as written"
    if balance is not None and _proof(amounts[amount], amounts[balance], -1) > _proof(
        amounts[amount], amounts[balance], 1
    ):
        sign = "inverted"
    elif balance is None and _spending_is_positive(data, amounts[amount]):
        sign = "inverted"
        notes.append("Amounts were read as a card's: positive is spending, negative a payment or refund.")
    return _settings(mark, sign, amount=amount, balance=balance)


def _settings(mark: Mark, sign: Sign, **columns: int | None) -> dict[str, Any]:
    return {"decimal_mark": mark, "sign": sign, **columns}


def _without_headings(
    candidates: list[int], balance: int | None, amounts: dict[int, list[Decimal | None]]
) -> tuple[list[int], int | None, tuple[int, int] | None]:
    """Tell amount, balance and a pair of columns for out and in apart by their cells alone."""
    for place in range(len(candidates) - 1):
        one, other = candidates[place], candidates[place + 1]
        both = list(zip(amounts[one], amounts[other], strict=True))
        if all(bool(left) != bool(right) for left, right in both):
            rest = [column for column in candidates if column not in {one, other}]
            known = balance if balance is not None else (rest[0] if rest else None)
            return rest, known, _pair(one, other, amounts, known)
    if balance is None and len(candidates) > 1:
        proofs = {
            (amount, total): max(_proof(amounts[amount], amounts[total], sign) for sign in (1, -1))
            for amount in candidates
            for total in candidates
            if amount != total
        }
        (amount, total), best = max(proofs.items(), key=lambda pair: pair[1])
        if best >= 0.5:
            return [amount], total, None
        filled = [column for column in candidates if all(value is not None for value in amounts[column])]
        return (filled or candidates)[:1], (filled[1] if len(filled) > 1 else None), None
    return candidates, balance, None


def _pair(one: int, other: int, amounts: dict[int, list[Decimal | None]], balance: int | None) -> tuple[int, int]:
    """Return which of two complementary columns is money out and which money in."""
    if any(value and value < 0 for value in amounts[other]) and not any(value and value < 0 for value in amounts[one]):
        return other, one
    if balance is None:
        return one, other

    def net(outflow: int, inflow: int) -> list[Decimal | None]:
        return [
            abs(right or Decimal(0)) - abs(left or Decimal(0))
            for left, right in zip(amounts[outflow], amounts[inflow], strict=True)
        ]

    straight, crossed = (_proof(net(*pair), amounts[balance], 1) for pair in ((one, other), (other, one)))
    return (other, one) if crossed > straight else (one, other)


def _proof(amounts: Sequence[Decimal | None], balances: Sequence[Decimal | None], sign: int) -> float:
    """Return for which share of neighbouring rows the balance moves by the amount, oldest or newest first."""
    steps = [
        (balances[place - 1], balances[place], amounts[place - 1], amounts[place]) for place in range(1, len(amounts))
    ]
    whole = [step for step in steps if None not in step]
    if not whole:
        return 0.0
    forward = sum(after - before == sign * now for before, after, _, now in whole)  # type: ignore[operator]
    backward = sum(newer - older == sign * then for newer, older, then, _ in whole)  # type: ignore[operator]
    return max(forward, backward) / len(whole)


def _direction(columns: _Columns, data: Sequence[Row], amounts: Sequence[Decimal | None]) -> int | None:
    """Return the column of words for out and in, where the amounts themselves carry no sign."""
    if any(value is not None and value < 0 for value in amounts):
        return None
    known = OUT_WORDS | IN_WORDS
    for place in range(columns.width):
        cells = [cell.casefold() for cell in columns.cells(place)]
        fits = sum(cell in known for cell in cells)
        if fits and fits == len(data) and (set(cells) & OUT_WORDS or "direction" in columns.roles[place]):
            return place
    return None


def _spending_is_positive(data: Sequence[Row], amounts: Sequence[Decimal | None]) -> bool:
    """Tell whether a card's list writes spending as positive: most is, and what is not are payments."""
    below = [row for row, value in zip(data, amounts, strict=True) if value is not None and value < 0]
    if not below or len(below) * 3 > len(data):
        return False
    return all(_PAYMENT.search(" ".join(row.cells)) for row in below)
