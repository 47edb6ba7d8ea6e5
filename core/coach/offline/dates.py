"""Periods as they are said, and whose calendar tells what is meant: "3 May", "03/04/2026" as the person writes it."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from core import clock
from core.analytics import Comparing, Preset, span_of
from core.clock import EARLIEST

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_SHORT: Final = {name[:3]: at for at, name in enumerate(MONTHS, 1)} | {"sept": 9}
MONTH_NUMBERS: Final = {name: at for at, name in enumerate(MONTHS, 1)} | _SHORT
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NUMBERS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
NUMBER: Final = rf"(\d{{1,3}}|{'|'.join(NUMBERS)}|couple of|a couple of|few)"
MONTH: Final = rf"(?:{'|'.join(sorted(MONTH_NUMBERS, key=len, reverse=True))})"
YEAR: Final = r"(?:(?:19|20)\d\d)"


@dataclass(frozen=True, slots=True)
class When:
    """A period as it was said: a preset, or its own first and last day."""

    preset: Preset
    first: date | None = None
    last: date | None = None
    bare_month: int = 0
    """The month, where it was named without a year: a bill is due in the next one, spending was in the last."""

    def arguments(self, against: Comparing = "none") -> dict[str, str]:
        """Return the period as a tool takes it."""
        given: dict[str, str] = {"preset": self.preset}
        if self.first is not None and self.last is not None:
            given |= {"first": self.first.isoformat(), "last": self.last.isoformat()}
        return given | ({"against": against} if against != "none" else {})

    def days(self, today: date) -> tuple[date, date]:
        """Return its first and last day as they stand today; all time begins with the earliest day there is."""
        own = None if self.first is None or self.last is None else (self.first, self.last)
        span = span_of(self.preset, "none", today, first=EARLIEST, own=own)
        return span.since, span.until


class UnreadableDateError(ValueError):
    """Something looks like a day and is none, or lies ahead where only what was can be asked; the words say which."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose calendar it is: today, how dates are written, when a week begins (0 is Monday)."""

    today: date
    month_first: bool
    week_start: int

    def own(self, first: date, last: date, bare_month: int = 0) -> When:
        """Return days as a period, under the preset that means the same days where there is one.

        Raises:
            UnreadableDateError: they lie ahead or end before they begin.
        """
        if last < first:
            raise UnreadableDateError("The period ends before it begins.")
        if first > self.today:
            raise UnreadableDateError("That lies ahead: nothing has been spent then yet.")
        last = min(last, self.today)
        presets: tuple[Preset, ...] = ("month", "last_month", "year", "last_year")
        for preset in presets:
            span = span_of(preset, "none", self.today)
            if (span.since, span.until) == (first, last) and (preset != "year" or first != clock.month_start(last)):
                return When(preset, bare_month=bare_month)
        return When("own", first, last, bare_month)

    def month(self, number: int, year: int | None) -> tuple[date, date]:
        """Return a month's days; without a year the last one that has begun."""
        if year is None:
            year = self.today.year - (number > self.today.month)
        first = a_date(year, number, 1)
        return first, clock.month_end(first)

    def week(self, back: int) -> tuple[date, date]:
        """Return the days of this week or one before it."""
        start = self.today - timedelta(days=(self.today.weekday() - self.week_start) % 7 + 7 * back)
        return start, start + timedelta(days=6)

    def quarter(self, back: int) -> tuple[date, date]:
        """Return the days of this quarter of the year or one before it."""
        start = clock.add_months(date(self.today.year, (self.today.month - 1) // 3 * 3 + 1, 1), -3 * back)
        return start, clock.month_end(clock.add_months(start, 2))


def a_date(year: int, month: int, day: int) -> date:
    """Return a day; raises UnreadableDateError where there is none, or it is too long ago."""
    try:
        found = date(year, month, day)
    except ValueError:
        raise UnreadableDateError("There is no such day.") from None
    if found < EARLIEST:
        raise UnreadableDateError("That day is too long ago.")
    return found


POINT: Final = (
    rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{4}}|\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2}}"
    rf"|(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}\b(?: {YEAR}\b)?"
    rf"|{MONTH} (?:the )?\d{{1,2}}(?:st|nd|rd|th)?\b(?: {YEAR}\b)?"
    r"|today|yesterday|(?:the )?day before yesterday)"
)
MONTH_SAID: Final = rf"(?:{MONTH}\b(?: {YEAR}\b)?)"


def point(text: str, calendar: Calendar) -> tuple[date, date]:
    """Return the day that a text as `POINT` matches means, or the month of one such as "march 2025"; first and last.

    Raises:
        UnreadableDateError: there is no such day.
    """
    today = calendar.today
    if text in {"today", "yesterday"}:
        day = today - timedelta(days=text == "yesterday")
        return day, day
    if text.endswith("day before yesterday"):
        return today - timedelta(days=2), today - timedelta(days=2)
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        day = a_date(*map(int, found.groups()))
        return day, day
    if found := re.fullmatch(r"(\d{1,2})([/.])(\d{1,2})[/.](\d{2}|\d{4})", text):
        one, two, year = int(found[1]), int(found[3]), int(found[4])
        month, day_number = (one, two) if calendar.month_first and found[2] == "/" else (two, one)
        day = a_date(year + 2000 * (year < 100), month, day_number)
        return day, day
    return _named_point(text, calendar)


def _named_point(text: str, calendar: Calendar) -> tuple[date, date]:
    year_found = re.search(rf"\b{YEAR}$", text)
    year = int(year_found[0]) if year_found else None
    rest = text[: year_found.start()] if year_found else text
    month_found = re.search(rf"\b{MONTH}\b", rest)
    if month_found is None:
        raise UnreadableDateError("There is no such day.")
    number = MONTH_NUMBERS[month_found[0]]
    day_found = re.search(r"\d{1,2}", rest)
    if day_found is None:
        return calendar.month(number, year)
    if year is not None:
        day = a_date(year, number, int(day_found[0]))
    else:
        day = a_date(calendar.today.year, number, int(day_found[0]))
        if day > calendar.today:
            day = a_date(calendar.today.year - 1, number, int(day_found[0]))
    return day, day
