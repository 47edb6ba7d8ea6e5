"""Where something is on the Earth, as far as a bank's word for it can be believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeGuard

FURTHEST_NORTH: Final = 90.0
FURTHEST_EAST: Final = 180.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees: latitude from −90 to 90, north positive; longitude from −180 to 180, east positive."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        """Return it as people write it, to a tenth of a degree, about 10 km: "47.6° N, 122.3° W"."""
        north, east = "S" if self.latitude < 0 else "N", "W" if self.longitude < 0 else "E"
        return f"{abs(self.latitude):.1f}° {north}, {abs(self.longitude):.1f}° {east}"


def point_told(location: Mapping[str, object]) -> Point | None:
    """Return the point that a bank's `lat` and `lon` tell, None where they are missing or can't be one.

    0° N, 0° E lies in the sea and is what programs write for "not known": it is none either.
    """
    latitude, longitude = location.get("lat"), location.get("lon")
    if not _within(latitude, FURTHEST_NORTH) or not _within(longitude, FURTHEST_EAST):
        return None
    point = Point(float(latitude), float(longitude))
    return point if point.latitude or point.longitude else None


def _within(told: object, most: float) -> TypeGuard[float]:
    # A truth value counts as a number in Python, and is no place; what is no number at all (NaN) is within nothing.
    return isinstance(told, int | float) and not isinstance(told, bool) and abs(told) <= most
