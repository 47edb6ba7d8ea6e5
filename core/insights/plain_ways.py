"""Amounts and days in a person's locale as plain text: for letters and the command line."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent


@dataclass(frozen=True, slots=True)
class PlainWays:
    """The ways of a locale such as "de_DE"; of one that nobody knows, those of "en_US"."""

    locale: str

    @property
    def _known(self) -> Locale:
        try:
            return Locale.parse(self.locale.replace("-", "_"))
        except (ValueError, UnknownLocaleError):
            return Locale.parse("en_US")

    def money(self, amount: Decimal | None, currency: str, *, signed: bool = False, whole: bool = False) -> str:
        """Return an amount with its currency."""
        if amount is None:
            return "–"
        amount = amount.quantize(Decimal(1)) if whole else amount
        sign = "-" if amount < 0 else "+" if signed and amount > 0 else ""
        return f"{sign}{format_currency(abs(amount), currency, locale=self._known)}"

    def day(self, day: date | None) -> str:
        """Return a date with its year."""
        return format_date(day, "medium", locale=self._known) if day else "–"

    def short_day(self, day: date) -> str:
        """Return a date without its year."""
        return format_skeleton("MMMd", day, locale=self._known)

    def percent(self, share: Decimal | float | None, *, signed: bool = False) -> str:
        """Return a share of 1 as a percentage."""
        if share is None:
            return "–"
        return f"{'+' if signed and share > 0 else ''}{format_percent(share, locale=self._known)}"

    def number(self, number: int) -> str:
        """Return a count with its thousands grouped."""
        return str(format_decimal(number, locale=self._known))
