"""Days, months, quarters and years in a text, however they are written: ISO, in figures, with names, as ranges."""

# ruff: noqa: RUF001 - dates are read as they are written

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.dates import get_date_format, get_month_names

from core.coach.numerals import COUNTED, CURRENCY_SIGNS, MONEY_WORDS
from core.formats import known_locale


@dataclass(frozen=True, slots=True)
class Said:
    """A day, a month or a year that a folded text names; what it leaves out is 0, as in "14 March"."""

    start: int
    end: int
    year: int = 0
    month: int = 0
    day: int = 0
    others: tuple[tuple[int, int, int], ...] = ()
    """Other ways to read it: year, month, day."""
    quarter: int = 0

    @property
    def ways(self) -> tuple[tuple[int, int, int], ...]:
        """Return every way to read it."""
        return ((self.year, self.month, self.day), *self.others)


_ORDINAL: Final = r"(?:st|nd|rd|th|º|ª|er|\.)?"
_TO: Final = r" ?(?:-|–|to|until|till|through|and|bis|au|al|a|und|et|y) ?"
_YEAR: Final = r"(?:\d{4}|'\d{2})"
_IN: Final = (
    r"in|of|for|since|until|till|from|to|by|before|after|during|through|throughout|between|and|year|end|start|"
    r"beginning|early|late|mid|all|whole|spring|summer|autumn|fall|winter|this|last|next|vs\.?|versus|than|im|jahr|"
    r"seit|bis|en|de|del|depuis|année|año|anno|del|nel"
)
_NO_DAY: Final = rf"| ?(?:[{CURRENCY_SIGNS}]|%|k\b|{MONEY_WORDS}\b|thousand|million)| (?:[a-z]+ )?(?:{COUNTED})\b"
"""After what might be a day or a year, this makes it an amount or a count."""
_ISO: Final = re.compile(r"(?<![\d.,/-])(\d{4})(?:([-/.]) ?(\d{1,2})\2 ?(\d{1,2})|[-/](\d{1,2}))(?![\d/-]|[.,]\d)")
_FIGURES: Final = re.compile(
    r"(?<![\d.,/-])(\d{1,2})\.? ?([-/.]) ?(\d{1,2})(?:\.? ?\2 ?(\d{4}|\d{2}))(?![\d/-]|[.,]\d)"
)
_SHORT: Final = re.compile(r"(?<![\d.,/-])(\d{1,2})/(\d{1,4})(?![\d/-]|[.,]\d)")
_HAN: Final = re.compile(
    r"(?:(\d{4}) ?[年년] ?)(?:(\d{1,2}) ?[月월] ?(?:(\d{1,2}) ?[日일])?)?|(\d{1,2}) ?[月월] ?(?:(\d{1,2}) ?[日일])?"
)
_QUARTER: Final = re.compile(rf"\b(?:Q([1-4])|([1-4])Q)(?:[ /-]?({_YEAR}))?\b|\b(\d{{4}})[ -]?Q([1-4])\b")
_LONE_YEAR: Final = re.compile(
    rf"(?:\b(?:{_IN}|the|your|my|our) (?:the year )?|(?:^|\n|\|) *|(?:19|20)\d\d ?[-–/] ?|\(|[‘'])"
    rf"((?:19|20)\d\d)(?![\d%]|[.,]\d{_NO_DAY})",
    re.IGNORECASE,
)
_WORDS: Final = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        1,
    )
} | {"thirtieth": 30, "thirty-first": 31} | {
    f"twenty-{word}": 20 + value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth".split(), 1)
}  # fmt: skip


def days_said(text: str, locale: str, *, leniently: bool = False) -> Iterator[Said]:
    """Find every day, month, quarter and year of a folded text; a stretch is found once.

    A name of a month counts with a capital, or with a figure beside it; `leniently` in any way, as people type.
    """
    taken = bytearray(len(text))
    for said in _all(text, locale, leniently=leniently):
        if not any(taken[said.start : said.end]):
            taken[said.start : said.end] = b"\1" * (said.end - said.start)
            yield said


def _all(text: str, locale: str, *, leniently: bool) -> Iterator[Said]:
    names = _names(locale)
    yield from _named_days(text, names, leniently=leniently)
    for found in names.month_year.finditer(text):
        yield Said(found.start(), found.end(), _year(found["year"]), names.month(found["month"]))
    yield from _in_figures(text, day_first=_day_first(locale))
    for found in _QUARTER.finditer(text):
        quarter = int(found[1] or found[2] or found[5])
        yield Said(found.start(), found.end(), _year(found[3] or found[4]), quarter=quarter)
    for found in _LONE_YEAR.finditer(text):
        yield Said(found.start(1), found.end(1), int(found[1]))
    for found in names.lone.finditer(text):
        word = found[0]
        before = text[max(0, found.start() - 12) : found.start()]
        led = re.search(rf"\b(?:{_IN}|{_TO.strip(' ?')})[ ]$", before, re.IGNORECASE)
        if leniently or (word[0].isupper() and (word not in {"May", "March", "Mar", "Sun"} or led)):
            yield Said(found.start(), found.end(), month=names.month(word))


def _named_days(text: str, names: "_Names", *, leniently: bool) -> Iterator[Said]:
    for found in names.day_month.finditer(text):
        month = names.month(found["month"])
        if not names.is_name(found["month"], leniently=leniently):
            continue
        year = _year(found["year"])
        if found["from"]:
            yield Said(*found.span("from"), year, month, int(found["from"]))
        start = found.start("day")
        yield Said(start, found.end(), year, month, _day(found["day"]))
    for found in names.month_day.finditer(text):
        month = names.month(found["month"])
        if not names.is_name(found["month"], leniently=leniently):
            continue
        year = _year(found["year"])
        if found["until"]:
            yield Said(*found.span("until"), year, month, int(found["until"]))
            yield Said(found.start(), found.end("day"), year, month, _day(found["day"]))
            if found["year"]:
                yield Said(*found.span("year"), year)
        else:
            yield Said(found.start(), found.end(), year, month, _day(found["day"]))


def _in_figures(text: str, *, day_first: bool | None) -> Iterator[Said]:
    for found in _ISO.finditer(text):
        yield Said(found.start(), found.end(), int(found[1]), int(found[3] or found[5]), int(found[4] or 0))
    for found in _FIGURES.finditer(text):
        one, two, year = int(found[1]), int(found[3]), int(found[4])
        year += 2000 if year < 100 else 0
        ways = [(year, two, one), (year, one, two)]
        if found[2] == "." or day_first:
            ways = ways[:1]
        elif day_first is False:
            ways = ways[1:]
        if len(found[4]) == 2:
            ways.append((2000 + one, two, int(found[4])))
        yield Said(found.start(), found.end(), *ways[0], tuple(ways[1:]))
    for found in _SHORT.finditer(text):
        one, two = int(found[1]), int(found[2])
        if two > 1900:
            yield Said(found.start(), found.end(), two, one)
        elif 1 <= one <= 31 and 1 <= two <= 31:
            ways = [(0, two, one), (0, one, two)]
            ways = ways[:1] if day_first else ways[1:] if day_first is False else ways
            yield Said(found.start(), found.end(), *ways[0], tuple(ways[1:]))
    for found in _HAN.finditer(text):
        yield Said(
            found.start(),
            found.end(),
            int(found[1] or 0),
            int(found[2] or found[4] or 0),
            int(found[3] or found[5] or 0),
        )


def _year(written: str | None) -> int:
    if not written:
        return 0
    return int(written) if len(written) == 4 else 2000 + int(written[1:])


def _day(written: str) -> int:
    return int(written) if written.isdecimal() else _WORDS[written.casefold()]


@dataclass(frozen=True)
class _Names:
    """The names of months in the person's language and in English, and what is found with them."""

    months: dict[str, int]
    own: frozenset[str]
    """Those of the person's language, unless that is English."""
    day_month: re.Pattern[str]
    month_day: re.Pattern[str]
    month_year: re.Pattern[str]
    lone: re.Pattern[str]

    def month(self, word: str) -> int:
        return self.months[word.lower().rstrip(".")]

    def is_name(self, word: str, *, leniently: bool) -> bool:
        """Tell whether a word is a month, and not "may" or "march" in the middle of a sentence."""
        bare = word.lower().rstrip(".")
        return leniently or word[0].isupper() or bare not in {"may", "march", "mar"} or bare in self.own


@lru_cache(maxsize=32)
def _names(locale: str) -> _Names:
    from core.coach.folding import fold

    months: dict[str, int] = {"sept": 9}
    for one in (known_locale(locale), Locale.parse("en")):
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for month, name in get_month_names(width, context, one).items():
                    word = fold(name).text.lower().rstrip(".")
                    if not word[:1].isdigit() and len(word) > 1:
                        months.setdefault(word, month)
    language = known_locale(locale).language
    own = (
        frozenset()
        if language == "en"
        else frozenset(
            fold(name).text.lower().rstrip(".")
            for width in ("wide", "abbreviated")
            for name in get_month_names(width, "format", known_locale(locale)).values()
        )
    )
    name = "|".join(re.escape(word) for word in sorted(months, key=len, reverse=True))
    month = rf"(?P<month>(?<!\w)(?:{name})(?!\w)\.?)"
    words = "|".join(sorted(_WORDS, key=len, reverse=True))
    day = rf"(?P<day>(?:(?<![\d.,])\d{{1,2}}(?!\d)|\b(?:{words})\b)){_ORDINAL}"
    year = rf"(?P<year>{_YEAR})(?!\d|[.,]\d)"
    of = r"[ .,/-]*(?:(?:of|de|del|d') ?)?"
    return _Names(
        months,
        own,
        re.compile(
            rf"(?:(?<![\d.,])(?P<from>\d{{1,2}}){_ORDINAL}{_TO})?{day}{of}{month}(?:,? ?(?:de|del)? ?{year})?",
            re.IGNORECASE,
        ),
        re.compile(
            rf"{month}[ ,]*(?:the )?{day}(?!\d|[.,]\d|%{_NO_DAY})(?:{_TO}(?P<until>\d{{1,2}}){_ORDINAL}(?![\d.,]\d))?"
            rf"(?:(?:,| of)? ?{year})?",
            re.IGNORECASE,
        ),
        re.compile(rf"{month}[ ,./-]*(?:(?:of|de|del) )?{year}", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{name})(?!\w)", re.IGNORECASE),
    )


@lru_cache(maxsize=32)
def _day_first(locale: str) -> bool | None:
    """Tell which of day and month a person writes first; None where the year comes first of all."""
    pattern = get_date_format("short", known_locale(locale)).pattern
    places = {letter: pattern.casefold().find(letter) for letter in "dmy"}
    return None if places["y"] == 0 else places["d"] < places["m"]
