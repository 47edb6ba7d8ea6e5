"""Dates as banks write them. The order of day and month is decided by all dates of a file together."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

# The first letters of the months in English, German, French, Spanish, Italian, Dutch, Portuguese and Danish.
MONTHS: Final[dict[str, int]] = {
    name: number
    for number, names in enumerate(
        (
            "jan janv ene gen",
            "feb feve fevr fév févr fev",
            "mar mär mrz mrt mars marz maer",
            "apr avr abr",
            "may mai mag mei maj maio",
            "jun juin giu juni",
            "jul juil lug juli",
            "aug aou août aout ago",
            "sep set sept",
            "oct okt ott out",
            "nov",
            "dec dez déc dic des",
        ),
        start=1,
    )
    for name in names.split()
}

_PACKED: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{2,6}(?:\.\d*)?)?(?:\s*\[.*\])?")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})(?:[T ,].*)?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ,].*)?")
_DAY_NAME: Final = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,?\s+)?(\d{1,2})[-/. ]*([^\W\d_]{3,10})[-/., ]*(\d{4}|\d{2})(?:[T ,].*)?"
)
_NAME_DAY: Final = re.compile(r"([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[T ,].*)?")


@lru_cache(maxsize=65536)
def read_date(text: str, *, day_first: bool) -> date | None:
    """Return the date that `text` means, None when it is none. A time of day after it does not matter."""
    text = text.strip()
    if not 6 <= len(text) <= 40 or not any(map(str.isdigit, text)):
        return None
    if found := _PACKED.fullmatch(text):
        year, month, day = found.groups()
        return _date(year, month, day) or (_date(text[4:8], text[2:4], text[:2]) if len(text) == 8 else None)
    if found := _YEAR_FIRST.fullmatch(text):
        return _date(*found.groups())
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = found.groups()
        return _date(year, second, first) if day_first else _date(year, first, second)
    if found := _DAY_NAME.fullmatch(text):
        day, name, year = found.groups()
        return _named(year, name, day)
    if found := _NAME_DAY.fullmatch(text):
        name, day, year = found.groups()
        return _named(year, name, day)
    return None


def looks_like_date(text: str) -> bool:
    """Tell whether `text` is a date in one order or the other."""
    return read_date(text, day_first=True) is not None or read_date(text, day_first=False) is not None


def _named(year: str, name: str, day: str) -> date | None:
    name = name.casefold()
    month = next((MONTHS[name[:length]] for length in (4, 3) if name[:length] in MONTHS), None)
    return None if month is None else _date(year, str(month), day)


def _date(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 70 else 1900
    if not 1950 <= number <= 2100:
        return None
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def decide_order(texts: Iterable[str], *, hint: bool) -> tuple[bool, bool]:
    """Return whether the day comes first in these dates, and whether that is sure.

    Sure is: only one order reads them all, or there is nothing to decide (named months, year first,
    points between). Otherwise the one that puts them in sequence is likely, else `hint` decides.
    """
    dates = [text.strip() for text in texts]
    unclear = [text for text in dates if _YEAR_LAST.fullmatch(text)]
    if not unclear:
        return hint, True
    days = [read_date(text, day_first=True) for text in unclear]
    months = [read_date(text, day_first=False) for text in unclear]
    if days == months:
        return hint, True
    readable = (sum(one is not None for one in days), sum(one is not None for one in months))
    if readable[0] != readable[1]:
        return readable[0] > readable[1], True
    if all("." in text for text in unclear):
        return True, True
    sequences = (_in_sequence(days), _in_sequence(months))
    if sequences[0] != sequences[1]:
        return sequences[0], False
    return hint, False


def _in_sequence(dates: Sequence[date | None]) -> bool:
    known = [one for one in dates if one is not None]
    return len(set(known)) > 1 and known in (sorted(known), sorted(known, reverse=True))
