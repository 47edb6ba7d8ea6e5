"""The map of the world that comes with FinTrack, read when first asked for: coasts, lakes, borders, state lines, towns.

The first line says whose facts these are. Each of the others begins with what it is. Land and water are closed rings,
borders and state lines open ones: longitude and latitude of their first point and the steps to each next one, in
units of 0.005 degrees. A town has its place in the same units and its name, the best known first. Made by
`scripts/ship_map.py`.
"""

import gzip
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, Literal, cast, get_args

import numpy as np
import numpy.typing as npt

from core.config import REFERENCE

SHIPPED: Final = REFERENCE / "world_map.txt.gz"
UNIT: Final = 0.005
"""Degrees: half a kilometre, less than one step of what is drawn of it."""
SOURCE: Final = (
    "# Made with Natural Earth (naturalearthdata.com), which is in the public domain; simplified. In units of 0.005"
    " degrees.\n"
)

Layer = Literal["land", "water", "border", "state"]
LAYERS: Final[tuple[Layer, ...]] = get_args(Layer)

Degrees = npt.NDArray[np.float64]
"""Points, a row for each: longitude and latitude."""
Units = Sequence[tuple[int, int]]
"""Points of the file: longitude and latitude in its units."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """The lines of one layer, one after the other in `points`; the one at place n begins at `starts[n]`."""

    points: Degrees
    starts: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    low: Degrees
    """The least longitude and latitude of each line."""
    high: Degrees


@dataclass(frozen=True, slots=True)
class WorldMap:
    """All that is on the map."""

    layers: dict[Layer, Shapes]
    towns: tuple[str, ...]
    """Their names, the best known first."""
    town_places: Degrees


@cache
def shipped_map() -> WorldMap:
    """Return the map that comes with this version."""
    return unpacked(SHIPPED.read_bytes())


def unpacked(packed_map: bytes) -> WorldMap:
    """Return the map of such a file."""
    lines: dict[Layer, list[str]] = {layer: [] for layer in LAYERS}
    towns, places = [], []
    for line in gzip.decompress(packed_map).decode("utf-8").splitlines()[1:]:
        kind, _, rest = line.partition(" ")
        if kind == "town":
            longitude, latitude, name = rest.split(" ", 2)
            towns.append(name)
            places.append((int(longitude) * UNIT, int(latitude) * UNIT))
        else:
            lines[cast("Layer", kind)].append(rest)
    return WorldMap({layer: _shapes(found) for layer, found in lines.items()}, tuple(towns), np.array(places))


def packed(layers: dict[Layer, Iterable[Units]], towns: Iterable[tuple[int, int, str]]) -> bytes:
    """Return lines and towns (longitude, latitude, name) as such a file, the same bytes each time."""
    written = [SOURCE]
    for layer, found in layers.items():
        for line in found:
            steps = [line[0], *((there[0] - here[0], there[1] - here[1]) for here, there in pairwise(line))]
            written.append(f"{layer} {' '.join(f'{east} {north}' for east, north in steps)}\n")
    written += [f"town {longitude} {latitude} {name}\n" for longitude, latitude, name in towns]
    return gzip.compress("".join(written).encode("utf-8"), 9, mtime=0)


def _shapes(lines: Sequence[str]) -> Shapes:
    ends = np.array([line.count(" ") + 1 for line in lines], dtype=np.intp).cumsum() // 2
    starts = np.concatenate([[0], ends[:-1]]).astype(np.intp)
    # All at once: a line at a time takes three times as long. Then each line's steps go on from its own first point.
    steps = np.fromstring(" ".join(lines), dtype=np.int64, sep=" ").reshape(-1, 2).cumsum(axis=0)
    before = np.repeat(np.concatenate([[(0, 0)], steps[ends[:-1] - 1]]), ends - starts, axis=0)
    points = (steps - before) * UNIT
    return Shapes(points, starts, ends, np.minimum.reduceat(points, starts), np.maximum.reduceat(points, starts))
