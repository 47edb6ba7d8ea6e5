"""Services of which two of a kind are paid for, where one is mostly enough."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.planning.series import Series
from core.planning.vocabulary import SAME_NEED

CATEGORIES: Final = {
    "ENTERTAINMENT_MUSIC_AND_AUDIO": "music",
    "ENTERTAINMENT_TV_AND_MOVIES": "video",
    "ENTERTAINMENT_VIDEO_GAMES": "games",
    "GENERAL_MERCHANDISE_BOOKSTORES_AND_NEWSSTANDS": "news",
    "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS": "fitness",
    "RENT_AND_UTILITIES_INTERNET_AND_CABLE": "internet",
}
"""Categories that tell of a need, for services whose name does not."""
FACTOR: Final = 4
"""The dearest costs at most so many times the cheapest: a household pays for both of like ones only by mistake."""


@dataclass(frozen=True, slots=True)
class SameKind:
    """Services of one kind, the dearest first."""

    kind: str
    series: tuple[Series, ...]


def doubles(found: Iterable[Series]) -> tuple[SameKind, ...]:
    """Return the kinds of which several are being paid for now, by kind."""
    kinds: defaultdict[tuple[str, str], list[Series]] = defaultdict(list)
    for one in found:
        kind = one.kind if one.kind in SAME_NEED else CATEGORIES.get(one.category, "")
        if kind and one.direction == "out" and one.state in {"new", "active"}:
            kinds[kind, one.currency].append(one)
    return tuple(
        SameKind(kind, tuple(alike))
        for (kind, _), several in sorted(kinds.items())
        if len(alike := _alike(sorted(several, key=lambda one: (one.yearly, one.payee)))) > 1
    )


def _alike(dearest_first: list[Series]) -> list[Series]:
    return [one for one in dearest_first if one.yearly * FACTOR <= dearest_first[0].yearly]
