"""How moments and words from elsewhere are written on every screen, beside what every face writes alike.

Of money colour only repeats the sign. Money in is green, money out is plain.
"""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_time, format_timedelta

from core import clock
from core.formats import MINUS, NONE, PlainFormats, known_locale
from core.identity import Profile

CURRENCIES: Final = ("USD", "EUR", "GBP", "CHF", "CAD", "AUD", "NZD", "DKK", "SEK", "NOK", "PLN", "CZK", "JPY")
"""Those offered first where one is to be chosen; any other can be typed."""

BREAK: Final = "\u2060"
"""A word joiner: it is not seen, and stops a pattern from being read as markup."""

_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$^=&])")
_PATTERNS: Final = re.compile(r":(?=\S)|(?<=w)\.|@|(?<=[-<])-|-(?=>)|(?<=[<>!])=|(?i:(?<=htt)p|(?<=ww)w)")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]+")
_LESS: Final = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
"""Stands for the sign that could begin a tag."""
_ENTITY: Final = re.compile(r"&(?=#?\w+;)")


def clean(text: str) -> str:
    """Return `text` on one line, without control characters or ones that turn the writing direction."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def plain_text(text: str) -> str:
    """Return words from a bank or a person so that no Markdown, colour, icon, link or formula is read into them."""
    text = _PATTERNS.sub(lambda found: f"{found[0]}{BREAK}", clean(text)).replace(MINUS, f"{MINUS}{BREAK}")
    return _MARKDOWN.sub(r"\\\1", text)


def hover_text(text: str) -> str:
    """Return words from elsewhere for a chart, whose hovers read a few HTML tags and entities: none can begin."""
    return _ENTITY.sub("+", clean(text).replace("<", _LESS))


@dataclass(frozen=True, slots=True)
class Formats(PlainFormats):
    """The ways of one person on the screens: `zone` an IANA time zone."""

    zone: str = "UTC"

    def coloured_money(self, amount: Decimal | None, currency: str) -> str:
        """Return an amount as Markdown: money in green and with its plus, money out plain with its minus."""
        text = plain_text(self.money(amount, currency, signed=True))
        return f":green[{text}]" if amount is not None and amount > 0 else text

    def moment(self, at: dt.datetime | None) -> str:
        """Return an instant in the person's time zone, to the minute."""
        if at is None:
            return NONE
        there = at.astimezone(ZoneInfo(self.zone))
        time = format_time(there, "short", tzinfo=there.tzinfo, locale=known_locale(self.locale))
        return f"{self.day(there.date())}, {time}"

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

    @property
    def date_order(self) -> str:
        """Return the order of a date input: one of the three that Streamlit knows."""
        pattern = known_locale(self.locale).date_formats["short"].pattern.lower()
        first = min("dmy", key=pattern.index)
        return {"d": "DD/MM/YYYY", "m": "MM/DD/YYYY", "y": "YYYY/MM/DD"}[first]


def formats_of(profile: Profile) -> Formats:
    """Return the ways of the person whose profile this is."""
    return Formats(profile.locale, profile.time_zone)
