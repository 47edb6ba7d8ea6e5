"""How a CSV file is to be read: found by itself, shown to the person, kept with the account."""

from typing import Literal

import msgspec

from core.errors import ImportFileError

Sign = Literal["as written", "inverted", "columns", "direction"]
"""Where the sign comes from: the amount, its opposite (a card that writes spending as positive), two columns for money
out and in, or a column of words such as debit and credit."""


class CsvLayout(msgspec.Struct, frozen=True, kw_only=True):
    """The reading of a CSV file. Columns are counted from 0; None means that there is no such column."""

    delimiter: str
    header: tuple[str, ...] = ()
    """The cells of the header line, empty where the file has none. A file with another header is read anew."""
    width: int = 0
    """How many columns the widest row has."""
    date: int
    day_first: bool = False
    """For dates such as 03/04/2026: whether the day comes first."""
    decimal_mark: Literal[".", ","] = "."
    sign: Sign = "as written"
    amount: int | None = None
    outflow: int | None = None
    inflow: int | None = None
    minus: tuple[int, ...] = ()
    """Which of the two columns for money out and in are usually written with a minus; the other sign is a reversal."""
    direction: int | None = None
    balance: int | None = None
    currency: int | None = None
    name: int | None = None
    texts: tuple[int, ...] = ()
    """Further columns of words, kept as the original text."""
    key: int | None = None
    """A column with the bank's own id of each transaction."""
    status: int | None = None

    def to_json(self) -> str:
        """Return the layout as JSON."""
        return msgspec.json.encode(self).decode()

    @staticmethod
    def from_json(text: str) -> "CsvLayout":
        """Return the layout that `to_json` wrote.

        Raises:
            ImportFileError: it is not one.
        """
        try:
            return msgspec.json.decode(text, type=CsvLayout)
        except msgspec.MsgspecError as cause:
            raise ImportFileError("The kept reading of this account's files is damaged.") from cause

    def fits(self, header: tuple[str, ...], width: int) -> bool:
        """Tell whether a file with this header (or, without one, this many columns) is of the same make."""
        return self.header == header and (bool(header) or self.width == width)
