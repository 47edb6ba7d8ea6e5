"""What lies around a point: coasts, lakes, borders, state lines and towns, flat, as a map of it is drawn.

The map is flattened by the azimuthal equidistant projection with the point in its middle: distance and direction from
there are true, at the poles and where the days meet as anywhere. J. P. Snyder, Map Projections: A Working Manual (USGS
Professional Paper 1395, 1987), pages 191 to 202, for a sphere.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import asin, cos, degrees, hypot, radians, sin
from typing import Final

import numpy as np
import numpy.typing as npt

from core.geography.point import FURTHEST_EAST, FURTHEST_NORTH, Point
from core.geography.shipped import LAYERS, Degrees, Layer, Shapes, WorldMap

EARTH: Final = 6371.0088
"""Its mean radius in km (IUGG, R1)."""
WIDE: Final = 540.0
TALL: Final = 300.0
"""What is shown, in km: so much that a coast, a border or a known town is mostly on it."""
REACH: Final = hypot(WIDE, TALL) / 2
LONGEST: Final = 0.5
"""Degrees: longer straight pieces of a line get points in between, for flat they are bent."""
MOST_POINTS: Final = 6000
"""A coast of a thousand islands is drawn more coarsely, so that no map is long in coming."""
FINEST: Final = 0.5
"""Km: the step in which points are told."""

Kilometres = npt.NDArray[np.float64]
"""Points, a row for each: km east and km south of the middle."""
Box = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""


@dataclass(frozen=True, slots=True)
class NearTown:
    """A town on the map: its name, and km east and south of the middle."""

    name: str
    east: float
    south: float


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is within `WIDE` by `TALL` km around a point, and a little beyond; towns the best known first."""

    lines: dict[Layer, tuple[Kilometres, ...]]
    """Land and water as rings, of which those within others are holes; borders and state lines as lines."""
    towns: tuple[NearTown, ...]


def surroundings(world: WorldMap, middle: Point) -> Surroundings:
    """Return what is on the map around a point."""
    boxes = tuple(_boxes(middle))
    flat: dict[Layer, list[Kilometres]] = {}
    for layer in LAYERS:
        closed = layer in {"land", "water"}
        near = [line for box in boxes for line in (_rings if closed else _runs)(world.layers[layer], box)]
        flat[layer] = _flat_lines(near, middle)
    return Surroundings(_coarse(flat), tuple(_towns(world, middle)))


def flattened(points: Degrees, middle: Point) -> Kilometres:
    """Return where points lie on the map, by Snyder's formulas 22-4, 22-5, 25-2 and 5-3 with `EARTH` as the radius.

    The exact other side of the Earth would lie in every direction, and lies in the middle.
    """
    longitude, latitude = np.radians(points[:, 0] - middle.longitude), np.radians(points[:, 1])
    here = radians(middle.latitude)
    across = np.cos(latitude) * np.sin(longitude)
    up = cos(here) * np.sin(latitude) - sin(here) * np.cos(latitude) * np.cos(longitude)
    # The angle from the middle by its sine and cosine: by the cosine alone (5-3) it is not exact near the middle.
    sine = np.hypot(across, up)
    angle = np.arctan2(sine, sin(here) * np.sin(latitude) + cos(here) * np.cos(latitude) * np.cos(longitude))
    scale = EARTH * np.divide(angle, sine, out=np.ones_like(sine), where=sine > 1e-12)
    return np.column_stack([scale * across, -scale * up])


def _boxes(middle: Point) -> Iterator[Box]:
    """Yield the degrees that the map may show: two boxes where it crosses the meridian of 180 degrees."""
    reach = degrees(REACH / EARTH) + 0.1
    south, north = middle.latitude - reach, middle.latitude + reach
    if south <= -FURTHEST_NORTH or north >= FURTHEST_NORTH:
        yield (-FURTHEST_EAST, max(south, -FURTHEST_NORTH), FURTHEST_EAST, min(north, FURTHEST_NORTH))
        return
    # How far east a circle around the middle goes, on a sphere.
    aside = degrees(asin(min(1.0, sin(radians(reach)) / cos(radians(middle.latitude)))))
    for turn in (-360.0, 0.0, 360.0):
        west = max(middle.longitude - aside + turn, -FURTHEST_EAST)
        east = min(middle.longitude + aside + turn, FURTHEST_EAST)
        if west < east:
            yield (west, south, east, north)


def _near(shapes: Shapes, box: Box) -> npt.NDArray[np.intp]:
    west, south, east, north = box
    low, high = shapes.low, shapes.high
    return np.flatnonzero((low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south))


def _rings(shapes: Shapes, box: Box) -> Iterator[Degrees]:
    """Yield the rings that touch a box, cut to it."""
    west, south, east, north = box
    for at in _near(shapes, box):
        ring = shapes.points[shapes.starts[at] : shapes.ends[at]]
        (left, low), (right, high) = shapes.low[at], shapes.high[at]
        for axis, edge, side, over in (
            (0, west, 1, left < west),
            (0, east, -1, right > east),
            (1, south, 1, low < south),
            (1, north, -1, high > north),
        ):
            if over:
                ring = _cut(ring, axis, edge, side)
        if len(ring) > 2:
            yield ring


def _cut(ring: Degrees, axis: int, edge: float, side: int) -> Degrees:
    """Return a closed ring without what lies beyond one edge of a box, closed again along the edge.

    I. E. Sutherland and G. W. Hodgman, Reentrant polygon clipping, CACM 17 (1974) 32-42, for all points at once.
    """
    if not len(ring):
        return ring
    beyond = side * (ring[:, axis] - edge)
    inside = beyond >= 0
    crosses = np.flatnonzero(inside[:-1] != inside[1:])
    share = beyond[crosses] / (beyond[crosses] - beyond[crosses + 1])
    met = ring[crosses] + share[:, None] * (ring[crosses + 1] - ring[crosses])
    met[:, axis] = edge
    kept = np.flatnonzero(inside)
    order = np.concatenate([kept.astype(float), crosses + 0.5]).argsort(kind="stable")
    cut = np.concatenate([ring[kept], met])[order]
    return np.concatenate([cut, cut[:1]])


def _runs(shapes: Shapes, box: Box) -> Iterator[Degrees]:
    """Yield what of lines touches a box."""
    west, south, east, north = box
    for at in _near(shapes, box):
        line = shapes.points[shapes.starts[at] : shapes.ends[at]]
        low, high = np.minimum(line[:-1], line[1:]), np.maximum(line[:-1], line[1:])
        touches = (low[:, 0] <= east) & (high[:, 0] >= west) & (low[:, 1] <= north) & (high[:, 1] >= south)
        turns = np.flatnonzero(np.diff(np.concatenate([[False], touches, [False]]).astype(np.int8)))
        for first, last in turns.reshape(-1, 2):
            yield line[first : last + 1]


def _flat_lines(lines: list[Degrees], middle: Point) -> list[Kilometres]:
    """Return lines as they lie on the map, all flattened in one go."""
    if not lines:
        return []
    full = [_with_points_between(line) for line in lines]
    ends = np.cumsum([len(line) for line in full])
    return np.split(flattened(np.concatenate(full), middle), ends[:-1])


def _with_points_between(line: Degrees) -> Degrees:
    pieces = np.ceil(np.abs(np.diff(line, axis=0)).max(axis=1) / LONGEST).astype(int).clip(1)
    if (pieces == 1).all():
        return line
    at = np.concatenate([[0], pieces.cumsum()])
    along = np.arange(at[-1] + 1)
    return np.column_stack([np.interp(along, at, line[:, 0]), np.interp(along, at, line[:, 1])])


def _coarse(flat: dict[Layer, list[Kilometres]]) -> dict[Layer, tuple[Kilometres, ...]]:
    """Return lines in steps so coarse that there are not too many points, without what is smaller than a step."""
    step = FINEST
    while True:
        rounded = {layer: tuple(_stepped(lines, step)) for layer, lines in flat.items()}
        if sum(len(line) for lines in rounded.values() for line in lines) <= MOST_POINTS:
            return rounded
        step *= 2


def _stepped(lines: list[Kilometres], step: float) -> Iterator[Kilometres]:
    for line in lines:
        points = np.rint(line / step) * step
        stays = np.concatenate([[True], (points[1:] != points[:-1]).any(axis=1)])
        if stays.sum() > 1:
            yield points[stays]


def _towns(world: WorldMap, middle: Point) -> Iterator[NearTown]:
    places = flattened(world.town_places, middle)
    longitude, latitude = np.radians(world.town_places - (middle.longitude, 0)).T
    here = radians(middle.latitude)
    # The other side of the Earth lies in the middle too.
    near = np.sin(latitude) * sin(here) + np.cos(latitude) * cos(here) * np.cos(longitude) > 0
    shown = near & (np.abs(places) <= (WIDE / 2, TALL / 2)).all(axis=1)
    for at in np.flatnonzero(shown):
        yield NearTown(world.towns[at], float(places[at, 0]), float(places[at, 1]))
