"""Plans that follow from the past: what comes again, and when."""

from core.planning.doubles import SameKind, doubles
from core.planning.movements import Movement
from core.planning.recurring import find_recurring
from core.planning.series import PriceChange, Series

__all__ = [
    "Movement",
    "PriceChange",
    "SameKind",
    "Series",
    "doubles",
    "find_recurring",
]
