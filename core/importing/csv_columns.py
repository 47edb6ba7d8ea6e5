"""The columns of a CSV file: which is the date, which are amounts, which are words, by heading and by content."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

from core.errors import ImportFileError
from core.importing.amounts import MarkVotes, has_cents, read_amounts
from core.importing.csv_table import Row, column_of
from core.importing.csv_vocabulary import IN_WORDS, OUT_WORDS, Role, roles_of
from core.importing.dates import looks_like_date

MOSTLY: Final = 0.8
CODE: Final = re.compile(r"[A-Z]{3}")
IBAN: Final = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9 ]{8,30}")
NO_DATA: Final = "There are no transactions in this file: no row has both a date and an amount."


def _is_code(cell: str) -> bool:
    return CODE.fullmatch(cell.upper()) is not None


class Columns:
    """The columns of a file, by what they are called and what is in them."""

    def __init__(self, header: tuple[str, ...], data: Sequence[Row]) -> None:
        self.data = data
        self.width = max(len(row.cells) for row in data)
        self.roles: list[list[Role]] = [
            roles_of(header[place]) if place < len(header) else [] for place in range(self.width)
        ]
        self.headings = [*header, *([""] * self.width)]
        self.headed = bool(header)
        self._cells: dict[int, list[str]] = {}
        self._different: dict[int, Counter[str]] = {}

    def cells(self, column: int) -> list[str]:
        """Return the cells of a column that are not empty."""
        if column not in self._cells:
            self._cells[column] = list(filter(None, column_of(self.data, column)))
        return self._cells[column]

    def different(self, column: int) -> Counter[str]:
        """Return the different cells of a column that are not empty, each with how many there are of it."""
        if column not in self._different:
            self._different[column] = Counter(self.cells(column))
        return self._different[column]

    def share(self, column: int, test: Callable[[str], object]) -> float:
        """Return for how many of all rows a test of the column's cell holds."""
        return sum(times for cell, times in self.different(column).items() if test(cell)) / len(self.data)

    def mostly(self, column: int, test: Callable[[str], object], least: float = MOSTLY) -> bool:
        """Tell whether a test of the column's cell holds for at least that share of all rows."""
        cells = self.different(column)
        most = cells.total()
        for cell, times in cells.items():
            if not test(cell):
                most -= times
                if most / len(self.data) < least:
                    return False
        return most / len(self.data) >= least

    def named(self, role: Role) -> int | None:
        """Return the first column that can only or first of all be called so, None without any."""
        return next((place for place, roles in enumerate(self.roles) if roles and roles[0] == role), None)

    def dates(self) -> list[int]:
        """Return the columns of dates."""
        return [place for place in range(self.width) if self.mostly(place, looks_like_date)]

    def date(self) -> int:
        """Return the column of the booking date.

        Raises:
            ImportFileError: there is none.
        """
        dated = self.dates()
        if not dated:
            raise ImportFileError(NO_DATA, "Choose a period with transactions, or another file.")
        called = [place for place in dated if "date" in self.roles[place]]
        return (called or [place for place in dated if "other date" not in self.roles[place]] or dated)[0]

    def currency(self) -> int | None:
        """Return the column that holds a currency code in each row, None without any."""
        for place in range(self.width):
            cells = self.different(place)
            called = "currency" in self.roles[place]
            # Without a heading that says so, three capitals must stand in every row; with it, a few may lack them.
            least = MOSTLY if called else 1.0
            is_code = _is_code if called else CODE.fullmatch
            if cells and (called or not self.headed) and self.mostly(place, is_code, least):
                return place
        return None

    def key(self) -> int | None:
        """Return the column of the bank's own ids, None unless each row has its own and they number no rows."""
        place = self.named("key")
        if place is None:
            return None
        cells = self.different(place)
        counted = all(cell.isdigit() and len(cell) < 6 for cell in cells)
        return place if len(cells) == len(self.data) == cells.total() and not counted else None

    def money(self) -> list[int]:
        """Return the columns whose cells are all amounts, and written like money somewhere."""
        found = []
        for place in range(self.width):
            cells = self.different(place)
            roles = self.roles[place]
            called = bool({"amount", "outflow", "inflow", "balance"} & set(roles))
            if not cells or (self.headed and roles and not called):
                continue
            if any(not has_cents(cell) and looks_like_date(cell) for cell in cells):
                continue
            read = read_amounts(list(cells), MarkVotes(cells).mark)
            readable = sum(times for times, amount in zip(cells.values(), read, strict=True) if amount is not None)
            # With a heading that says so, one broken cell must be told of, not make the column vanish.
            if (readable == cells.total() or (called and readable >= MOSTLY * cells.total())) and (
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
            place: sum(times * sum(map(str.isalpha, cell)) for cell, times in self.different(place).items())
            / len(self.data)
            for place in range(self.width)
            if place not in taken
            and not any(role in {"currency", "status", "key", "direction"} for role in self.roles[place][:1])
            and not self._of_directions(place)
        }
        wordy = {place: letters for place, letters in wordy.items() if letters >= 1 and not self._dated(place)}
        called = [
            place
            for role in ("payee", "name")
            for place in wordy
            if role in self.roles[place] and self.share(place, bool) > 0.5
        ]
        called = [place for place in called if not self._of_accounts(place)] or called
        # A description that is the same in each row is that of the account.
        telling = [place for place in called if "payee" in self.roles[place] or len(self.different(place)) > 1]
        called = telling if len(self.data) > 2 and telling else called
        # Of payer and payee, one is always the account's holder.
        called.sort(key=lambda place: -len(self.different(place)) if "payee" in self.roles[place] else 0)
        longest = max(wordy.values(), default=0)
        likely = [
            place for place, letters in wordy.items() if letters >= 0.5 * longest and len(self.different(place)) > 1
        ]
        name = next(iter(called or likely or sorted(wordy, key=lambda place: -wordy[place])), None)
        return {"name": name, "texts": tuple(place for place in wordy if place != name)}

    def _of_accounts(self, place: int) -> bool:
        """Tell whether a column holds account numbers (IBANs) rather than names."""
        cells = self.different(place)
        return sum(times for cell, times in cells.items() if IBAN.fullmatch(cell)) >= MOSTLY * cells.total()

    def _of_directions(self, place: int) -> bool:
        """Tell whether a column says no more than debit or credit."""
        return all(cell.casefold() in OUT_WORDS | IN_WORDS for cell in self.different(place))

    def _dated(self, place: int) -> bool:
        cells = self.different(place)
        return bool(cells) and all(map(looks_like_date, cells))
