"""What a browser tells of its person's ways: currency, locale and time zone, as first guesses that Settings change."""

from dataclasses import dataclass, replace
from typing import Final
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies


@dataclass(frozen=True, slots=True)
class Ways:
    """How newcomers write money and dates, and when their day begins."""

    currency: str = "USD"
    locale: str = "en_US"
    time_zone: str = "UTC"


USUAL: Final = Ways()
"""Where nothing is told."""


def guessed(language: str | None, time_zone: str | None) -> Ways:
    """Return the ways that a browser's language tag ("de-CH") and time zone suggest; the defaults where it tells none.

    A language without a country stands for the likeliest one, and the currency is what is tender there today (both
    from CLDR's supplemental data, through Babel).
    """
    ways = USUAL
    if time_zone in available_timezones():
        ways = replace(ways, time_zone=time_zone)
    try:
        locale = Locale.parse((language or "").replace("-", "_"))
        if not locale.territory:
            locale = Locale.parse(get_global("likely_subtags").get(locale.language, locale.language))
    except (ValueError, UnknownLocaleError):
        return ways
    if not locale.territory:
        return ways
    tender = get_territory_currencies(locale.territory) or [ways.currency]
    return replace(ways, currency=tender[0], locale=f"{locale.language}_{locale.territory}")
