"""What a series is called for good, so that what a person says of it holds when more payments have come.

Nothing in a key changes when a payment is added: not the amount of today, which rises, nor the number of payments.
It is made of the direction, the currency, the first word of the payee (later ones may turn out to be places), about
how often it comes, and, for all but the oldest of several that share these, of the amount that was paid first.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Final

from core.money import plain
from core.planning.cadence import CadenceName
from core.planning.series import Series

LENGTH: Final = 32
PACE: Final[Mapping[CadenceName, str]] = {
    "weekly": "short",
    "every two weeks": "short",
    "twice a month": "short",
    "four-weekly": "month",
    "monthly": "month",
    "every two months": "two months",
    "quarterly": "quarter",
    "half-yearly": "half",
    "yearly": "year",
}
"""Cadences that a few more payments may tell apart count as one."""


def keys_of(found: Sequence[Series], first_amounts: Sequence[Decimal]) -> tuple[str, ...]:
    """Return a key for each series; `first_amounts` are those of their first payments. No two are the same."""
    alike: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(found):
        head = one.payee.split()[0].casefold() if one.payee else ""
        alike[one.direction, one.currency, head, PACE[one.cadence]].append(place)
    keys = [""] * len(found)
    for shared, places in alike.items():
        places.sort(key=lambda place: (found[place].first_date, first_amounts[place], found[place].last_date))
        keys[places[0]] = _digest(*shared)
        twins: Counter[str] = Counter()
        for place in places[1:]:
            first = plain(abs(first_amounts[place]))
            twins[first] += 1
            keys[place] = _digest(*shared, first, str(twins[first]))
    return tuple(keys)


def _digest(*parts: str) -> str:
    return sha256("\n".join(parts).encode()).hexdigest()[:LENGTH]
