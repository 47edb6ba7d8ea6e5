"""How money, dates and words from elsewhere are written on every screen.

Money carries its sign as a character; colour only repeats it. Money in is green, money out is plain.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time, format_timedelta
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent, get_currency_symbol

from core import clock
from core.identity import Profile

MINUS: Final = "−"
NONE: Final = "–"
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
"""The first and the last day that can be chosen: a date field offers ten years unless told."""
"""Stands where there is no figure."""

CURRENCIES: Final = ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "DKK", "SEK", "NOK", "PLN", "CZK", "JPY")
"""Those offered first where one is to be chosen; any other can be typed."""

LONGEST_FIGURE: Final = 11

SPACE: Final = "\xa0"
"""A space where no line breaks."""

BREAK: Final = "\u2060"
"""A word joiner: it is not seen, and stops a pattern from being read as markup."""

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$^=&])")
_PATTERNS: Final = re.compile(r":(?=\S)|(?<=w)\.|@|(?<=[-<])-|-(?=>)|(?<=[<>!])=|(?i:(?<=htt)p|(?<=ww)w)")
_LETTERS_TOUCH: Final = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
"""Where a currency's letters touch the digits: CLDR wants a space there, and Babel writes none."""
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_TAG: Final = re.compile(r"<[^>]*>?")
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")


def clean(text: str) -> str:
    """Return `text` on one line, without control characters or ones that turn the writing direction."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def plain_text(text: str) -> str:
    """Return words from a bank or a person so that no Markdown, colour, icon, link or formula is read into them."""
    text = _PATTERNS.sub(lambda found: f"{found[0]}{BREAK}", clean(text)).replace(MINUS, f"{MINUS}{BREAK}")
    return _MARKDOWN.sub(r"\\\1", text)


def hover_text(text: str) -> str:
    """Return words from elsewhere for a chart, whose hovers read a few HTML tags and entities."""
    return _ENTITY.sub("+", _TAG.sub("", clean(text)))


@lru_cache(maxsize=64)
def _locale(name: str) -> Locale:
    try:
        return Locale.parse(name.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale.parse("en_US")


@dataclass(frozen=True, slots=True)
class Formats:
    """The ways of one person: `locale` as in "de_DE", `zone` an IANA time zone."""

    locale: str = "en_US"
    zone: str = "UTC"

    def money(self, amount: Decimal | None, currency: str, *, signed: bool = False, whole: bool = False) -> str:
        """Return an amount with its currency; `signed` writes the plus too, `whole` leaves the cents out."""
        if amount is None:
            return NONE
        if whole:
            amount = amount.quantize(Decimal(1))
        text = format_currency(
            abs(amount),
            currency,
            locale=_locale(self.locale),
            format=_whole_pattern(self.locale) if whole else None,
            currency_digits=not whole,
        )
        return f"{self._sign(amount, signed=signed)}{_LETTERS_TOUCH.sub(SPACE, text)}"

    def price(self, price: Decimal | None, currency: str) -> str:
        """Return the price of one of something: with every decimal that it has ("$140.5403")."""
        if price is None:
            return NONE
        text = format_currency(abs(price), currency, locale=_locale(self.locale), decimal_quantization=False)
        return f"{self._sign(price, signed=False)}{_LETTERS_TOUCH.sub(SPACE, text)}"

    def figure(self, amount: Decimal, currency: str) -> str:
        """Return an amount for a narrow card: without its cents when it would not fit otherwise."""
        text = self.money(amount, currency)
        return text if len(text) <= LONGEST_FIGURE else self.money(amount, currency, whole=True)

    def short_money(self, amount: Decimal, currency: str) -> str:
        """Return an amount for narrow places such as an axis ("$1.2K")."""
        text = format_compact_currency(abs(amount), currency, locale=_locale(self.locale), fraction_digits=1)
        return f"{self._sign(amount, signed=False)}{text}"

    def coloured_money(self, amount: Decimal | None, currency: str) -> str:
        """Return an amount as Markdown: money in green and with its plus, money out plain with its minus."""
        text = plain_text(self.money(amount, currency, signed=True))
        return f":green[{text}]" if amount is not None and amount > 0 else text

    def number(self, number: int) -> str:
        """Return a count with its thousands grouped."""
        return format_decimal(number, locale=_locale(self.locale))

    def percent(self, share: Decimal | float | None, *, signed: bool = False) -> str:
        """Return a share such as 0.123 as a percentage of no decimals ("12%")."""
        if share is None:
            return NONE
        exact = Decimal(str(share))
        text = format_percent(abs(exact), format=_percent_pattern(self.locale), locale=_locale(self.locale))
        return f"{self._sign(exact, signed=signed)}{text}"

    def rate(self, percentage: Decimal | None, *, signed: bool = False) -> str:
        """Return a rate given in per cent, such as 21.49, with the decimals that it has, three at most ("21.49%")."""
        if percentage is None:
            return NONE
        pattern = _percent_pattern(self.locale).replace("0", "0.###", 1)
        text = format_percent(abs(percentage) / 100, format=pattern, locale=_locale(self.locale))
        return f"{self._sign(percentage, signed=signed)}{text}"

    def quantity(self, quantity: Decimal) -> str:
        """Return how much there is of something, with every decimal that it has ("1,515.54")."""
        text = format_decimal(abs(quantity), locale=_locale(self.locale), decimal_quantization=False)
        return f"{self._sign(quantity, signed=False)}{text}"

    def day(self, day: dt.date | None) -> str:
        """Return a date such as "14 Mar 2026" in the person's order."""
        return format_date(day, "medium", locale=_locale(self.locale)) if day else NONE

    def short_day(self, day: dt.date) -> str:
        """Return a date without its year ("Mar 14")."""
        return format_skeleton("MMMd", day, locale=_locale(self.locale))

    def weekday(self, day: dt.date) -> str:
        """Return the name of a day of the week, short ("Mon")."""
        return format_date(day, "EEE", locale=_locale(self.locale))

    def weekday_name(self, day: dt.date) -> str:
        """Return the name of a day of the week ("Monday"); within English sentences, so in English."""
        return format_date(day, "EEEE", locale="en")

    def month(self, day: dt.date) -> str:
        """Return the month of a date with its year ("March 2026")."""
        return format_skeleton("yMMMM", day, locale=_locale(self.locale))

    def short_month(self, day: dt.date) -> str:
        """Return the month of a date alone, short ("Mar")."""
        return format_date(day, "LLL", locale=_locale(self.locale))

    def month_name(self, day: dt.date) -> str:
        """Return the name of a month ("March"); within English sentences, so in English."""
        return format_date(day, "MMMM", locale="en")

    def moment(self, at: dt.datetime | None) -> str:
        """Return an instant in the person's time zone, to the minute."""
        if at is None:
            return NONE
        there = at.astimezone(ZoneInfo(self.zone))
        return (
            f"{self.day(there.date())}, {format_time(there, 'short', tzinfo=there.tzinfo, locale=_locale(self.locale))}"
        )

    def ago(self, at: dt.datetime | None) -> str:
        """Return how long ago an instant was, in words ("5 minutes ago"); "never" for none."""
        if at is None:
            return "never"
        gone = clock.now() - at
        if gone < dt.timedelta(minutes=1):
            return "just now"
        # The rest of the sentence is English, so this is too.
        return format_timedelta(-gone, granularity="minute", add_direction=True, locale="en_US")

    def ahead(self, at: dt.datetime) -> str:
        """Return how far ahead an instant is, in words ("in 5 minutes")."""
        left = at - clock.now()
        if left < dt.timedelta(minutes=1):
            return "any minute"
        return format_timedelta(left, granularity="minute", add_direction=True, locale="en_US")

    def symbol(self, currency: str) -> str:
        """Return the sign of a currency ("$"), else its code."""
        return get_currency_symbol(currency, locale=_locale(self.locale))

    @property
    def date_order(self) -> str:
        """Return the order of a date input: one of the three that Streamlit knows."""
        pattern = _locale(self.locale).date_formats["short"].pattern.lower()
        first = min("dmy", key=pattern.index)
        return {"d": "DD/MM/YYYY", "m": "MM/DD/YYYY", "y": "YYYY/MM/DD"}[first]

    @staticmethod
    def _sign(amount: Decimal, *, signed: bool) -> str:
        if amount < 0:
            return MINUS
        return "+" if signed and amount > 0 else ""


def formats_of(profile: Profile) -> Formats:
    """Return the ways of the person whose profile this is."""
    return Formats(profile.locale, profile.time_zone)


@lru_cache(maxsize=64)
def _whole_pattern(locale: str) -> str:
    return re.sub(r"0\.0+", "0", _locale(locale).currency_formats["standard"].pattern)


@lru_cache(maxsize=64)
def _percent_pattern(locale: str) -> str:
    return str(_locale(locale).percent_formats[None].pattern)
