"""How money, numbers and dates are written in a person's own way: on screens, in reports, letters and the terminal.

Money carries its sign as a character.
"""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import (
    format_compact_currency,
    format_currency,
    format_decimal,
    format_percent,
    get_currency_precision,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
)

MINUS: Final = "−"
NONE: Final = "–"
"""Stands where there is no figure."""

LONGEST_FIGURE: Final = 11

SPACE: Final = "\xa0"
"""A space where no line breaks."""

_LETTERS_TOUCH: Final = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
"""Where a currency's letters touch the digits: CLDR wants a space there, and Babel writes none."""


def encodable(text: str) -> str:
    """Return words from elsewhere with "?" for lone surrogates, halves of letters that no file and no store takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def printable(text: str) -> str:
    """Return words from elsewhere without signs that are not seen, turn the direction or could steer a terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def one_line(text: str, most: int | None = None) -> str:
    """Return words from elsewhere printable and on one line; cut short where they are longer than `most` letters."""
    line = " ".join(printable(text).split())
    return line if most is None or len(line) <= most else f"{line[: most - 1].rstrip()}…"


def unlike(titles: Sequence[str]) -> list[str]:
    """Return titles of which no two are the same: the second of two columns that are called alike has (2) behind it."""
    found: list[str] = []
    for title in titles:
        named, number = title, 1
        while named in found:
            number += 1
            named = f"{title} ({number})"
        found.append(named)
    return found


def ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Return three to six round values for an axis, that `low` to `high` lies within."""
    if low == high:
        return [low]
    raw = (high - low) / 4
    unit = Decimal(10) ** raw.adjusted()
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= raw)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    return [step * (first + at) for at in range(int(last - first) + 1)]


@lru_cache(maxsize=64)
def known_locale(name: str) -> Locale:
    """Return Babel's locale of a name such as "de_DE"; of one that nobody knows, American English."""
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en_US")


@dataclass(frozen=True, slots=True)
class PlainFormats:
    """The ways of one person, as plain text: `locale` as in "de_DE"."""

    locale: str = "en_US"

    def money(self, amount: Decimal | None, currency: str, *, signed: bool = False, whole: bool = False) -> str:
        """Return an amount with its currency; `signed` writes the plus too, `whole` leaves the cents out."""
        if amount is None:
            return NONE
        if whole:
            amount = amount.quantize(Decimal(1))
        way = _money_way(self.locale, currency, whole=whole)
        text = way.written(abs(amount)) if way is not None else _money(abs(amount), currency, self.locale, whole=whole)
        return f"{self._sign(amount, signed=signed)}{text}"

    def price(self, price: Decimal | None, currency: str) -> str:
        """Return the price of one of something: with every decimal that it has ("$140.5403")."""
        if price is None:
            return NONE
        text = format_currency(abs(price), currency, locale=known_locale(self.locale), decimal_quantization=False)
        return f"{self._sign(price, signed=False)}{_LETTERS_TOUCH.sub(SPACE, text)}"

    def figure(self, amount: Decimal, currency: str) -> str:
        """Return an amount for a narrow card: without its cents when it would not fit otherwise."""
        text = self.money(amount, currency)
        return text if len(text) <= LONGEST_FIGURE else self.money(amount, currency, whole=True)

    def short_money(self, amount: Decimal, currency: str) -> str:
        """Return an amount for narrow places such as an axis ("$1.2K")."""
        text = format_compact_currency(abs(amount), currency, locale=known_locale(self.locale), fraction_digits=1)
        return f"{self._sign(amount, signed=False)}{text}"

    def number(self, number: int) -> str:
        """Return a count with its thousands grouped."""
        return format_decimal(number, locale=known_locale(self.locale))

    def percent(self, share: Decimal | float | None, *, signed: bool = False) -> str:
        """Return a share such as 0.123 as a percentage of no decimals ("12%")."""
        if share is None:
            return NONE
        exact = Decimal(str(share))
        text = format_percent(abs(exact), format=_percent_pattern(self.locale), locale=known_locale(self.locale))
        return f"{self._sign(exact, signed=signed)}{text}"

    def rate(self, percentage: Decimal | None, *, signed: bool = False) -> str:
        """Return a rate given in per cent, such as 21.49, with the decimals that it has, three at most ("21.49%")."""
        if percentage is None:
            return NONE
        pattern = _percent_pattern(self.locale).replace("0", "0.###", 1)
        text = format_percent(abs(percentage) / 100, format=pattern, locale=known_locale(self.locale))
        return f"{self._sign(percentage, signed=signed)}{text}"

    def quantity(self, quantity: Decimal) -> str:
        """Return how much there is of something, with every decimal that it has ("1,515.54")."""
        text = format_decimal(abs(quantity), locale=known_locale(self.locale), decimal_quantization=False)
        return f"{self._sign(quantity, signed=False)}{text}"

    def day(self, day: dt.date | None) -> str:
        """Return a date such as "14 Mar 2026" in the person's order."""
        return _dated(day, "medium", self.locale) if day else NONE

    def short_day(self, day: dt.date) -> str:
        """Return a date without its year ("Mar 14")."""
        return _put_together(day, "MMMd", self.locale)

    def weekday(self, day: dt.date) -> str:
        """Return the name of a day of the week, short ("Mon")."""
        return _dated(day, "EEE", self.locale)

    def weekday_name(self, day: dt.date) -> str:
        """Return the name of a day of the week ("Monday"); within English sentences, so in English."""
        return _dated(day, "EEEE", "en")

    def month(self, day: dt.date) -> str:
        """Return the month of a date with its year ("March 2026")."""
        return _put_together(day, "yMMMM", self.locale)

    def short_month(self, day: dt.date) -> str:
        """Return the month of a date alone, short ("Mar")."""
        return _dated(day, "LLL", self.locale)

    def month_name(self, day: dt.date) -> str:
        """Return the name of a month ("March"); within English sentences, so in English."""
        return _dated(day, "MMMM", "en")

    def symbol(self, currency: str) -> str:
        """Return the sign of a currency ("$"), else its code."""
        return get_currency_symbol(currency, locale=known_locale(self.locale))

    @staticmethod
    def _sign(amount: Decimal, *, signed: bool) -> str:
        if amount < 0:
            return MINUS
        return "+" if signed and amount > 0 else ""


@dataclass(frozen=True, slots=True)
class _MoneyWay:
    """How amounts of one currency are written in one locale, where thousands are grouped: what stands around digits."""

    before: str
    behind: str
    places: int
    marks: Mapping[int, str]
    """By which of Python's own marks what stands instead of it."""

    def written(self, amount: Decimal) -> str:
        return f"{self.before}{f'{amount:,.{self.places}f}'.translate(self.marks)}{self.behind}"


@lru_cache(maxsize=256)
def _money_way(locale: str, currency: str, *, whole: bool) -> _MoneyWay | None:
    """Return the way, read from how Babel writes nothing; None where only Babel can write amounts.

    Babel takes 50 microseconds for an amount, and a screen writes hundreds.
    """
    known = known_locale(locale)
    places = 0 if whole else get_currency_precision(currency)
    point = get_decimal_symbol(known)
    before, nothing, behind = _money(Decimal(0), currency, locale, whole=whole).partition(
        f"0{point}{'0' * places}" if places else "0"
    )
    if not nothing or any(map(str.isdigit, before + behind)) or known.currency_formats["standard"].grouping != (3, 3):
        return None
    return _MoneyWay(before, behind, places, {ord(","): get_group_symbol(known), ord("."): point})


def _money(amount: Decimal, currency: str, locale: str, *, whole: bool) -> str:
    text = format_currency(
        amount,
        currency,
        locale=known_locale(locale),
        format=_whole_pattern(locale) if whole else None,
        currency_digits=not whole,
    )
    return _LETTERS_TOUCH.sub(SPACE, text)


@lru_cache(maxsize=4096)
def _dated(day: dt.date, form: str, locale: str) -> str:
    return format_date(day, form, locale=known_locale(locale))


@lru_cache(maxsize=4096)
def _put_together(day: dt.date, parts: str, locale: str) -> str:
    """Return those parts of a date in the order of the locale."""
    return format_skeleton(parts, day, locale=known_locale(locale))


@lru_cache(maxsize=64)
def _whole_pattern(locale: str) -> str:
    return re.sub(r"0\.0+", "0", known_locale(locale).currency_formats["standard"].pattern)


@lru_cache(maxsize=64)
def _percent_pattern(locale: str) -> str:
    return str(known_locale(locale).percent_formats[None].pattern)
