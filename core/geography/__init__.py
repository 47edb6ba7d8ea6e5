"""Where places are: a map of the world that needs no network, and what of it lies around a point."""

from core.geography.point import Point, point_told
from core.geography.shipped import shipped_map
from core.geography.surroundings import TALL, WIDE, Kilometres, NearTown, Surroundings, surroundings

__all__ = [
    "TALL",
    "WIDE",
    "Kilometres",
    "NearTown",
    "Point",
    "Surroundings",
    "point_told",
    "shipped_map",
    "surroundings",
]
