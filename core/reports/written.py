"""How figures and dates are written in a report: in the person's own way, as on the screens."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent

MINUS: Final = "−"
NONE: Final = "–"
SPACE: Final = "\xa0"
LONGEST: Final = 60
"""Letters of a name that a line has room for."""
_LETTERS_TOUCH: Final = re.compile(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]+")


def one_line(text: str, most: int = LONGEST) -> str:
    """Return words from elsewhere on one line, without signs that are not seen or turn the direction, cut short."""
    clean = " ".join(_UNSEEN.sub(" ", text).split())
    return clean if len(clean) <= most else f"{clean[: most - 1].rstrip()}…"


@dataclass(frozen=True, slots=True)
class Written:
    """The ways of one person: `locale` as in "de_DE"; an unknown one is American English."""

    name: str = "en_US"

    @property
    def locale(self) -> Locale:
        """Return Babel's locale."""
        try:
            return Locale.parse(self.name.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            return Locale.parse("en_US")

    def money(self, amount: Decimal | None, currency: str, *, signed: bool = False) -> str:
        """Return an amount with its currency; `signed` writes the plus too."""
        if amount is None:
            return NONE
        text = format_currency(abs(amount), currency, locale=self.locale)
        sign = MINUS if amount < 0 else "+" if signed and amount > 0 else ""
        return f"{sign}{_LETTERS_TOUCH.sub(SPACE, text)}"

    def short_money(self, amount: Decimal, currency: str) -> str:
        """Return an amount for an axis ("$1.2K")."""
        text = format_compact_currency(abs(amount), currency, locale=self.locale, fraction_digits=1)
        return f"{MINUS if amount < 0 else ''}{text}"

    def percent(self, share: Decimal | None, *, signed: bool = False) -> str:
        """Return a share as a percentage of no decimals."""
        if share is None:
            return NONE
        sign = MINUS if share < 0 else "+" if signed and share > 0 else ""
        return f"{sign}{format_percent(abs(share), locale=self.locale)}"

    def number(self, number: int) -> str:
        """Return a count with its thousands grouped."""
        return format_decimal(number, locale=self.locale)

    def day(self, day: dt.date) -> str:
        """Return a date such as "14 Mar 2026"."""
        return format_date(day, "medium", locale=self.locale)

    def month(self, day: dt.date) -> str:
        """Return a month with its year."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def short_month(self, day: dt.date) -> str:
        """Return a month alone, short."""
        return format_date(day, "LLL", locale=self.locale)
