"""How a value is written in an export: exact, the same everywhere, and never run by a spreadsheet."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from core.money import plain

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""With these a spreadsheet begins a formula; the last four are the wide signs of East Asian keyboards."""
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def json_value(value: object) -> object:
    """Return a value as JSON has it: amounts as text, for they are exact, dates and instants (UTC) as ISO 8601."""
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    return value


def csv_cell(value: object) -> object:
    """Return a value as a CSV cell: nothing for none, `true` and `false`, text defused, all else as in JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return defused(value) if isinstance(value, str) else json_value(value)


def defused(text: str) -> str:
    """Return text with an apostrophe before it where a spreadsheet would take it for a formula; numbers stay."""
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text
