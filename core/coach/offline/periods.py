"""Days in plain words: "in March", "last 30 days", "from 3 to 9 May", "since January", "the month before last".

Works on a text that `words.plain` made; what was read is replaced by a mark, so that nothing is read twice.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from core import clock
from core.analytics import Preset
from core.clock import EARLIEST
from core.coach.offline.dates import (
    MONTH,
    MONTH_NUMBERS,
    MONTH_SAID,
    NUMBER,
    NUMBERS,
    POINT,
    WEEKDAYS,
    YEAR,
    Calendar,
    UnreadableDateError,
    When,
    a_date,
    point,
)

PERIOD_MARK: Final = "xper"
_ORDINALS: Final = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_NAMED_PRESETS: Final[tuple[tuple[str, Preset], ...]] = (
    (r"(?:this|the current|current) month(?: so far| to date)?|month to date|mtd|so far this month", "month"),
    (r"(?:the )?(?:last|previous|prior) month", "last_month"),
    (r"(?:this|the current|current) year(?: so far| to date)?|year to date|ytd|so far this year", "year"),
    (r"(?:the )?(?:last|previous|prior) year", "last_year"),
    (r"(?:the )?past year|(?:the )?(?:last|past) twelve months", "12m"),
    (r"(?:the )?past month", "30d"),
    (r"all time|of all time|ever|overall|all together|since the beginning|since ever|from the beginning", "all"),
)
_BY_LENGTH: Final[dict[int, Preset]] = {3: "3m", 6: "6m", 12: "12m", 24: "24m"}


Meaning = Callable[[re.Match[str], Calendar], When]


def _count(text: str) -> int:
    return int(text) if text.isdecimal() else NUMBERS.get(text, 2 if "couple" in text else 3)


def _last_n(found: re.Match[str], calendar: Calendar) -> When:
    count, unit, today = _count(found[1]), found[2], calendar.today
    if not count:
        raise UnreadableDateError("That period has no days.")
    if unit.startswith(("day", "week")):
        days = count * (7 if unit.startswith("week") else 1)
        return (
            When("30d" if days == 30 else "90d")
            if days in {30, 90}
            else When("own", today - timedelta(days - 1), today)
        )
    months = count * (12 if unit.startswith("year") else 3 if unit.startswith("quarter") else 1)
    if months in _BY_LENGTH:
        return When(_BY_LENGTH[months])
    return When("own", max(EARLIEST, clock.add_months(clock.month_start(today), 1 - months)), today)


def _weekday(found: re.Match[str], calendar: Calendar) -> When:
    back = (calendar.today.weekday() - WEEKDAYS.index(found[2])) % 7
    day = calendar.today - timedelta(days=back or (7 if found[1] in {"last", "past"} else 0))
    return When("own", day, day)


def _since(found: re.Match[str], calendar: Calendar) -> When:
    words = found[1]
    if words in WEEKDAYS:
        day = calendar.today - timedelta(days=(calendar.today.weekday() - WEEKDAYS.index(words)) % 7)
    elif words in {"last month", "last year", "last week"}:
        day = {
            "last month": clock.add_months(clock.month_start(calendar.today), -1),
            "last year": date(calendar.today.year - 1, 1, 1),
            "last week": calendar.week(1)[0],
        }[words]
    elif re.fullmatch(YEAR, words):
        day = a_date(int(words), 1, 1)
    else:
        day = point(words, calendar)[0]
    return calendar.own(day, calendar.today)


def _between(found: re.Match[str], calendar: Calendar) -> When:
    first, last = found[1], found[2]
    if not re.search(YEAR, first) and (year := re.search(rf"\b{YEAR}$", last)) and re.search(MONTH, first):
        first = f"{first} {year[0]}"
    starts, ends = point(first, calendar), point(last, calendar)
    if starts[0] > ends[1] and not re.search(YEAR, first):
        starts = point(f"{first} {ends[1].year}", calendar)
        if starts[0] > ends[1]:
            starts = point(f"{first} {ends[1].year - 1}", calendar)
    return calendar.own(starts[0], ends[1])


def _days_of_month(found: re.Match[str], calendar: Calendar) -> When:
    groups = found.groupdict()
    year = f" {groups['year']}" if groups["year"] else ""
    last = point(f"{groups['last']} {groups['month']}{year}", calendar)[0]
    first = a_date(last.year, last.month, int(groups["first"]))
    return calendar.own(first, last)


def _one_point(found: re.Match[str], calendar: Calendar) -> When:
    first, last = point(found["at"], calendar)
    return calendar.own(first, last)


def _named_month(found: re.Match[str], calendar: Calendar) -> When:
    number = MONTH_NUMBERS[found["month"]]
    said, year = found["said"], calendar.today.year
    if said and said.isdecimal():
        return calendar.own(*calendar.month(number, int(said)))
    if said:
        return calendar.own(*calendar.month(number, year - (said.split()[-2:] == ["last", "year"])))
    if found["last"]:
        before = year - (number >= calendar.today.month)
        return calendar.own(*calendar.month(number, before))
    return calendar.own(*calendar.month(number, None), bare_month=number)


def _year_of(said: str | None, calendar: Calendar) -> int:
    """Return the year that was said beside a quarter or a half of it: this one where none was."""
    if said == "last year":
        return calendar.today.year - 1
    return int(said) if said and said.isdecimal() else calendar.today.year


def _quarter(found: re.Match[str], calendar: Calendar) -> When:
    number = _ORDINALS[found["word"]] if found["word"] else int(found["number"])
    said = found["said"]
    year = _year_of(said, calendar)
    first = a_date(year, 3 * number - 2, 1)
    if first > calendar.today and not said:
        first = a_date(year - 1, 3 * number - 2, 1)
    return calendar.own(first, clock.month_end(clock.add_months(first, 2)))


def _half(found: re.Match[str], calendar: Calendar) -> When:
    year = _year_of(found["said"], calendar)
    first = a_date(year, 1 if found["word"] in {"first", "1st"} else 7, 1)
    return calendar.own(first, clock.month_end(clock.add_months(first, 5)))


def _weekend(found: re.Match[str], calendar: Calendar) -> When:
    saturday = calendar.today - timedelta(days=(calendar.today.weekday() - 5) % 7)
    if found[1] in {"last", "past"} and calendar.today.weekday() >= 5:
        saturday -= timedelta(days=7)
    if found[1] == "this" and calendar.today.weekday() < 5:
        raise UnreadableDateError("This weekend lies ahead.")
    return calendar.own(saturday, saturday + timedelta(days=1))


def _stretch(found: re.Match[str], calendar: Calendar) -> When:
    back = 0 if found[1] in {"this", "current"} else 1
    days = calendar.week(back) if found[2] == "week" else calendar.quarter(back)
    return calendar.own(*days)


def _before_last(found: re.Match[str], calendar: Calendar) -> When:
    if found[1] in {"week", "quarter"}:
        return calendar.own(*(calendar.week(2) if found[1] == "week" else calendar.quarter(2)))
    if found[1] == "year":
        return calendar.own(date(calendar.today.year - 2, 1, 1), date(calendar.today.year - 2, 12, 31))
    first = clock.add_months(clock.month_start(calendar.today), -2)
    return calendar.own(first, clock.month_end(first))


def _preset(preset: Preset) -> Callable[[re.Match[str], Calendar], When]:
    return lambda _found, _calendar: When(preset)


def _year(found: re.Match[str], calendar: Calendar) -> When:
    year = int(found["year"])
    return calendar.own(a_date(year, 1, 1), a_date(year, 12, 31))


def _numbered_month(found: re.Match[str], calendar: Calendar) -> When:
    return calendar.own(*calendar.month(int(found["number"]), int(found["year"])))


_IN: Final = r"(?:(?:in|on|during|over|for|within|of|from|throughout|at|through|across) )?(?:the )?"
_TO: Final = r"(?:to|until|till|through|and|-)"
_NTH: Final = r"(?:st|nd|rd|th)?"
_OF_YEAR: Final = r"(?:(?: of| in)? (?P<said>(?:19|20)\d\d|last year|this year))"
_END: Final = rf"({POINT}|{MONTH_SAID})"
_NO_MONEY: Final = r"(?! (?:dollars?|euros?|eur|usd|pounds?|gbp|bucks|[€$£]))"
_NOT_AFTER: Final = (
    "".join(
        rf"(?<!{word} )"
        for word in "over above under below than least most spend afford pay have between and exceeding exactly".split()
    )
    + r"(?<![€$£] )"
)
_FOUR: Final = r"(?P<word>first|second|third|fourth|1st|2nd|3rd|4th)"
_PATTERNS: Final[tuple[tuple[str, Meaning], ...]] = (
    (
        (
            rf"(?:from |between )?(?:the )?(?P<first>\d{{1,2}}){_NTH} ?{_TO} (?:the )?(?P<last>\d{{1,2}}{_NTH})"
            rf"(?: of)? (?P<month>{MONTH})\b(?: (?P<year>{YEAR})\b)?"
        ),
        _days_of_month,
    ),
    (
        (
            rf"(?:from |between )?(?P<month>{MONTH}) (?P<first>\d{{1,2}}){_NTH} ?{_TO} (?P<last>\d{{1,2}}{_NTH})\b(?!/)"
            rf"(?: (?P<year>{YEAR})\b)?"
        ),
        _days_of_month,
    ),
    (rf"(?:from|between) {_END} (?:{_TO}|up to) {_END}(?!\w)", _between),
    (rf"{_END} ?(?:to|until|till|through|-) ?{_END}(?!\w)", _between),
    (
        (
            rf"(?:ever )?since (?:the )?({POINT}|{MONTH_SAID}|{'|'.join(WEEKDAYS)}|last (?:month|year|week)|{YEAR})"
            r"(?!\w)(?: until now| so far)?"
        ),
        _since,
    ),
    (rf"{_IN}(?P<at>{POINT})(?!\w)", _one_point),
    (rf"{_IN}(?:last|past|previous) {NUMBER} (days?|weeks?|months?|years?|quarters?)\b", _last_n),
    (rf"{_IN}{NUMBER} (?:last|past|previous) (days|weeks|months|years)\b", _last_n),
    (rf"{_IN}(month|week|year|quarter) before last\b", _before_last),
    (r"(?:over |in |during |for )?(?:the )?(last|past|this) weekend\b", _weekend),
    (rf"{_IN}(?P<last>last |this )?(?P<month>{MONTH})\b{_OF_YEAR}?\b", _named_month),
    (rf"{_IN}(?:q(?P<number>[1-4])|{_FOUR} quarter){_OF_YEAR}?\b", _quarter),
    (rf"{_IN}(?P<word>first|second|1st|2nd) half(?: of (?P<said>{YEAR}|last year|this year|the year))\b", _half),
    (rf"{_IN}(this|current|last|previous|past) (week|quarter)(?: so far)?\b", _stretch),
    *((rf"{_IN}(?:{words})\b", _preset(preset)) for words, preset in _NAMED_PRESETS),
    (rf"(?:on )?(?:(last|past) )?({'|'.join(WEEKDAYS)})\b", _weekday),
    (r"(?P<year>20\d\d)-(?P<number>\d\d)\b", _numbered_month),
    (rf"(?:in|during|of|for|throughout|all of) (?P<year>{YEAR})\b(?![-/.,]\d){_NO_MONEY}", _year),
    (rf"{_NOT_AFTER}(?P<year>20[1-9]\d)\b(?![-/.,]\d){_NO_MONEY}", _year),
)
_RULES: Final = tuple((re.compile(rf"\b{pattern}"), meaning) for pattern, meaning in _PATTERNS)
_SO_FAR: Final = re.compile(r"\b(?:so far|up to now|until now|to date|till now)\b")


def read_days(text: str, calendar: Calendar) -> tuple[str, tuple[When, ...]]:
    """Return the text with every period replaced by a mark, and the periods in the order they stand there.

    Raises:
        UnreadableDateError: something looks like a day and is none.
    """
    places: list[tuple[int, When]] = []
    for pattern, meaning in _RULES:
        while found := pattern.search(text):
            if _is_verb(found):
                break
            when = meaning(found, calendar)
            start, end = found.span()
            mark = f" {PERIOD_MARK} "
            places = [(at if at < start else at - (end - start) + len(mark), one) for at, one in places]
            places.append((start, when))
            text = f"{text[:start]}{mark}{text[end:]}"
    places.sort(key=lambda place: place[0])
    whens = tuple(one for _, one in places)
    if whens:
        text = _SO_FAR.sub(" ", text)
    elif _SO_FAR.search(text):
        whens = (When("month"),)
        text = _SO_FAR.sub(f" {PERIOD_MARK} ", text)
    return " ".join(text.split()), whens


def _is_verb(found: re.Match[str]) -> bool:
    """Tell whether "may" stands there as in "may I"."""
    return found.group().strip() == "may" and found.string.split().count("may") > 0 and found.string.strip() != "may"
