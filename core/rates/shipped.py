"""The reference rates that come with FinTrack: one file, a line for each currency, parsed only when it is asked for.

The first line says whose facts these are, the second lists the days, and each of the others begins with its currency
and has a rate for each of those days, empty where there is none. Made by `scripts/ship_rates.py`.
"""

import gzip
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from core.config import REFERENCE
from core.rates.units import to_rate_units, written

SHIPPED: Final = REFERENCE / "exchange_rates.csv.gz"
MADE_BY: Final = (SHIPPED, *sorted(Path(__file__).parent.glob("*.py")))
"""The files that decide what a conversion gives: caches made by others are void."""
_SOURCE: Final = (
    "# Euro foreign exchange reference rates of the European Central Bank (ecb.europa.eu), up to {last}:"
    " units of each currency for one euro. Free to be reused when the source is named.\n"
)

Series = Mapping[date, int]
"""The rates of one currency in units of 10⁻⁸ for one euro, by day, oldest first."""


class Shipped:
    """The rates of one file."""

    def __init__(self, packed: bytes) -> None:
        """Unpack a file; its currencies are parsed when they are asked for."""
        _, days, *lines = gzip.decompress(packed).decode("ascii").splitlines()
        self._days = [date.fromisoformat(one) for one in days.split(",")[1:]]
        self._lines = {line[:3]: line[4:] for line in lines}
        self._known: dict[str, Series] = {}

    @property
    def currencies(self) -> tuple[str, ...]:
        """Return the codes of all currencies but the euro, in their order."""
        return tuple(sorted(self._lines))

    @property
    def last(self) -> date:
        """Return the last day that is in it."""
        return self._days[-1]

    def series(self, currency: str) -> Series:
        """Return the rates of a currency; none when it is unknown."""
        if currency not in self._known:
            cells = self._lines.get(currency, "").split(",")
            self._known[currency] = {
                day: units for day, cell in zip(self._days, cells, strict=False) if (units := to_rate_units(cell))
            }
        return self._known[currency]


@cache
def shipped_rates() -> Shipped:
    """Return the rates that come with this version."""
    return Shipped(SHIPPED.read_bytes())


def packed(rates: Mapping[str, Series]) -> bytes:
    """Return rates as such a file, the same bytes each time."""
    days = sorted({day for series in rates.values() for day in series})
    lines = [_SOURCE.format(last=days[-1].isoformat()), ",".join(["day", *(day.isoformat() for day in days)]) + "\n"]
    for currency, series in sorted(rates.items()):
        cells = [written(series[day]) if day in series else "" for day in days]
        lines.append(",".join([currency, *cells]).rstrip(",") + "\n")
    return gzip.compress("".join(lines).encode("ascii"), 9, mtime=0)
