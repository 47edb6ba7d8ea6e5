"""Dates as banks write them. The order of day and month is decided by all dates of a file together."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
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

LONGEST: Final = 40
"""Characters; no cell beyond this is a date."""

_PACKED: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{2,6}(?:\.\d*)?)?(?:\s*\[.*\]|[T ,].*)?")
_PACKED_LAST: Final = re.compile(r"(\d{2})(\d{2})(\d{4})")
_YEAR_FIRST: Final = re.compile(r"(\d{4})[-/. ] ?(\d{1,2})[-/. ] ?(\d{1,2})\.?(?:[T ,].*)?")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})[-/. ] ?(\d{1,2})[-/. ] ?(\d{4}|\d{2})\.?(?:[T ,].*)?")
_DAY_NAME: Final = re.compile(
    r"(?:[^\W\d_]{2,9}\.?,?\s+)?(\d{1,2})[-/. ]*([^\W\d_]{3,10})[-/., ]*(\d{4}|\d{2}|\d$)(?:[T ,].*)?"
)
_NAME_DAY: Final = re.compile(r"([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?:[T ,].*)?")


# What every date begins like: most cells are none, and this tells so at once.
_MAYBE: Final = re.compile(r"\d{8}|\d{1,4}[-/. ] ?\d{1,2}[-/. ] ?\d|\d{1,2}[-/. ]*[^\W\d_]{3}|[^\W\d_]{2,10}\.?,?\s+\d")


def read_date(text: str, *, day_first: bool) -> date | None:
    """Return the date that `text` means, None when it is none. A time of day after it does not matter."""
    text = text.strip()
    return _read(text, day_first) if 6 <= len(text) <= LONGEST and _MAYBE.match(text) else None


@lru_cache(maxsize=65536)
def _read(text: str, day_first: bool) -> date | None:  # noqa: FBT001 - by name it takes the cache twice as long
    if (day := _year_first(text)) is not None:
        return day
    if parts := _year_last(text):
        first, second, year = parts
        return _date(year, second, first) if day_first else _date(year, first, second)
    if found := _DAY_NAME.fullmatch(text):
        number, name, year = found.groups()
        return _named(year, name, number)
    if found := _NAME_DAY.fullmatch(text):
        name, number, year = found.groups()
        return _named(year, name, number)
    return None


def read_year_first(text: str) -> date | None:
    """Return the date in `text` where its year stands first, with four digits, as OFX has it; else None."""
    text = text.strip()
    return _year_first(text) if len(text) <= LONGEST else None


def _year_first(text: str) -> date | None:
    found = _PACKED.fullmatch(text) or _YEAR_FIRST.fullmatch(text)
    return _date(*found.groups()) if found else None


@lru_cache(maxsize=65536)
def _year_last(text: str) -> tuple[str, str, str] | None:
    """Return first, second and year of a date whose day and month can stand in either order."""
    found = _YEAR_LAST.fullmatch(text) or (None if _year_first(text) else _PACKED_LAST.fullmatch(text))
    if found is None:
        return None
    first, second, year = found.groups()
    return first, second, year


def looks_like_date(text: str) -> bool:
    """Tell whether `text` is a date in one order or the other."""
    text = text.strip()
    return (
        6 <= len(text) <= LONGEST
        and _MAYBE.match(text) is not None
        and (_read(text, True) is not None or _read(text, False) is not None)  # noqa: FBT003 - see there
    )


def _named(year: str, name: str, day: str) -> date | None:
    name = name.casefold()
    month = next((MONTHS[name[:length]] for length in (4, 3) if name[:length] in MONTHS), None)
    return None if month is None else _date(year, str(month), day)


def _date(year: str, month: str, day: str) -> date | None:
    number = int(year)
    if len(year) <= 2:
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
    unclear = [text for text in map(str.strip, texts) if len(text) <= LONGEST and _year_last(text)]
    if not unclear:
        return hint, True
    days, months = _in_both_orders(unclear)
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


def _in_both_orders(texts: Sequence[str]) -> tuple[list[date | None], list[date | None]]:
    """Return these dates with the day first, and with the month first; each different one is read once."""
    days, months = ({text: read_date(text, day_first=first) for text in set(texts)} for first in (True, False))
    return [days[text] for text in texts], [months[text] for text in texts]


def order_matters(texts: Iterable[str]) -> bool:
    """Tell whether any of these dates means another day when day and month change places."""
    return any(read_date(text, day_first=True) != read_date(text, day_first=False) for text in texts)


def told_order(texts: Iterable[str], *, day_first: bool) -> str:
    """Return a sentence on how unsure dates were read, with one of them as the example; "" where none shows it."""
    for text in texts:
        day = read_date(text, day_first=day_first)
        if day is not None and order_matters([text]):
            return f"Dates can be read in two ways: {text} was taken as {day:%d %B %Y}."
    return ""


def year_may_lead(texts: Iterable[str]) -> bool:
    """Tell whether dates such as 24-01-02 make much more sense with the year first: one year, not many."""
    written = [text.strip() for text in texts if text]
    # With points between, the day comes first.
    if all("." in text for text in written):
        return False
    parts = [_year_last(text) for text in written]
    if len(parts) < 2 or not all(part and len(part[2]) == 2 and len(part[0]) == 2 for part in parts):
        return False
    known = [part for part in parts if part]
    leading = [_date(first, month, day) for first, month, day in known]
    trailing = [_date(year, month, day) or _date(year, day, month) for day, month, year in known]
    led, trailed = ([day for day in days if day] for days in (leading, trailing))
    if len(led) < len(known) or len(trailed) < len(known):
        return False
    return 4 * (max(led) - min(led)) < max(trailed) - min(trailed) and max(trailed) - min(trailed) > timedelta(days=730)


def _in_sequence(dates: Sequence[date | None]) -> bool:
    known = [one for one in dates if one is not None]
    return len(set(known)) > 1 and known in (sorted(known), sorted(known, reverse=True))
