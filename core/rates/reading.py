"""The files that the ECB offers for download, told apart by what is in them.

eurofxref-hist.zip and eurofxref.zip (a CSV in a ZIP), eurofxref-hist.csv and eurofxref.csv (days down, currencies
across), eurofxref-daily.xml, eurofxref-hist-90d.xml and eurofxref-hist.xml (`Cube` elements).
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final
from xml.parsers import expat

from core import clock
from core.errors import RatesFileError
from core.money import is_currency_code
from core.rates.units import EURO, to_rate_units

LARGEST: Final = 20 * 2**20
"""Bytes of a file; the largest that the ECB offers has eight million."""
UNPACKED: Final = 32 * 2**20
MOST: Final = 2_000_000
"""Rates in a file; all currencies since 1999 are 280,000."""
MOST_IN_A_ZIP: Final = 16
PACKINGS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""How the ECB packs its files. Of any other, `zipfile` unpacks all at once, whatever size was asked for."""
WHERE: Final = "Download eurofxref-hist.zip from the ECB's page on euro foreign exchange reference rates."
_MONTHS: Final = (
    "january february march april may june july august september october november december"
).split()  # fmt: skip
_SPOKEN: Final = re.compile(r"(\d{1,2}) ([A-Za-z]+) (\d{4})")
_ABSENT: Final = frozenset({"", "N/A", "-"})

Read = dict[str, dict[date, int]]
"""Rates in units of 10⁻⁸ for one euro, by currency and day."""


def read_rates(data: bytes) -> Read:
    """Return the rates in a file of the ECB.

    Raises:
        RatesFileError: it is too large, broken, no such file, or holds a rate or a day that can't be.
    """
    if len(data) > LARGEST:
        raise RatesFileError(f"The file has more than {LARGEST // 2**20} MB.", WHERE)
    if data.startswith(b"PK\x03\x04"):
        data = _unzipped(data)
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    found = _Found()
    if start.startswith(b"<"):
        _read_xml(data, found)
    else:
        _read_csv(data, found)
    if not found.count:
        raise RatesFileError("There are no rates of exchange in this file.", WHERE)
    return found.rates


class _Found:
    """The rates found so far."""

    def __init__(self) -> None:
        self.rates: Read = {}
        self.count = 0
        self._latest = clock.now().date() + timedelta(days=1)

    def add(self, currency: str, day: date, written: str, line: int) -> None:
        """Keep a rate.

        Raises:
            RatesFileError: it is none, is of the euro or a day to come, or another was told for that day.
        """
        if currency == EURO:
            raise RatesFileError("A rate of the euro against itself is none of the ECB's.", WHERE, line)
        units = to_rate_units(written)
        if units is None:
            raise RatesFileError(f"{written[:40]!r} is no rate of exchange.", WHERE, line)
        if day > self._latest:
            raise RatesFileError(f"{day} is still to come.", WHERE, line)
        told = self.rates.setdefault(currency, {}).setdefault(day, units)
        if told != units:
            raise RatesFileError(f"There are two rates of {currency} for {day}.", WHERE, line)
        self.count += 1
        if self.count > MOST:
            raise RatesFileError(f"There are more than {MOST:,} rates in this file.", WHERE)


def _unzipped(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()[:MOST_IN_A_ZIP]
            entry = next((one for one in entries if one.filename.lower().endswith((".csv", ".xml"))), None)
            if entry is None:
                raise RatesFileError("There is no CSV and no XML file in this ZIP.", WHERE)
            if entry.compress_type not in PACKINGS:
                raise RatesFileError("This ZIP file is packed in another way than the ECB's.", WHERE)
            with archive.open(entry) as packed:
                unpacked = packed.read(UNPACKED + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        raise RatesFileError("The ZIP file is broken.", WHERE) from None
    if len(unpacked) > UNPACKED:
        raise RatesFileError(f"What is in the ZIP has more than {UNPACKED // 2**20} MB.", WHERE)
    return unpacked


def _read_csv(data: bytes, found: _Found) -> None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RatesFileError("This is not a file of the ECB's rates.", WHERE) from None
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        currencies = _heading(next(rows, []))
        for row in rows:
            _read_row(row, currencies, found, rows.line_num)
    except csv.Error:
        raise RatesFileError("This is not a table.", WHERE, rows.line_num) from None


def _heading(row: list[str]) -> list[str]:
    names = [cell.strip() for cell in row]
    while names and not names[-1]:
        names.pop()
    if len(names) < 2 or names[0].lower() != "date" or not all(is_currency_code(name) for name in names[1:]):
        raise RatesFileError("This is not a file of the ECB's rates: it begins with no Date and currencies.", WHERE)
    if len(set(names)) < len(names):
        raise RatesFileError("A currency stands twice in the heading.", WHERE, 1)
    return names[1:]


def _read_row(row: list[str], currencies: Iterable[str], found: _Found, line: int) -> None:
    if not any(cell.strip() for cell in row):
        return
    day = _day(row[0].strip())
    if day is None:
        raise RatesFileError(f"{row[0][:40]!r} is not a day.", WHERE, line)
    for currency, cell in zip(currencies, row[1:], strict=False):
        if (written := cell.strip()) not in _ABSENT:
            found.add(currency, day, written, line)


def _day(written: str) -> date | None:
    """Return a day written 2025-07-28 or 28 July 2025."""
    try:
        if spoken := _SPOKEN.fullmatch(written):
            day, month, year = spoken.groups()
            return date(int(year), _MONTHS.index(month.lower()) + 1, int(day))
        return date.fromisoformat(written) if len(written) == 10 else None
    except ValueError:
        return None


def _read_xml(data: bytes, found: _Found) -> None:
    # Nothing is built and nothing is looked up: a DOCTYPE, where entities are declared, ends it.
    parser = expat.ParserCreate()
    day: date | None = None

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal day
        if name.rpartition(":")[2] != "Cube":
            return
        line = parser.CurrentLineNumber
        if "time" in attributes:
            day = _day(attributes["time"])
            if day is None:
                raise RatesFileError(f"{attributes['time'][:40]!r} is not a day.", WHERE, line)
        if "currency" in attributes:
            currency = attributes["currency"]
            if day is None or not is_currency_code(currency):
                raise RatesFileError("A rate has no day or no currency.", WHERE, line)
            found.add(currency, day, attributes.get("rate", ""), line)

    def refuse(*_declaration: object) -> None:
        raise RatesFileError("The file declares a DOCTYPE, which the ECB's do not.", WHERE, parser.CurrentLineNumber)

    parser.StartElementHandler, parser.StartDoctypeDeclHandler = start, refuse
    try:
        parser.Parse(data, True)  # noqa: FBT003 - expat's own: this is all of it
    except expat.ExpatError as failure:
        raise RatesFileError("The XML file is broken.", WHERE, failure.lineno) from None
    except (ValueError, LookupError):
        raise RatesFileError("The XML file is in an unknown encoding.", WHERE) from None
