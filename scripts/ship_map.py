"""Make the shipped map of the world from Natural Earth's files in one folder: `python -m scripts.ship_map FOLDER`.

They are those of naturalearthdata.com as GeoJSON, each called as there (`ne_10m_land.json`). Which lines and towns are
kept is said below; how they are written, in `core/geography/shipped.py`.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from math import cos, radians
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.formats import one_line
from core.geography.shipped import SHIPPED, UNIT, Layer, packed

FILES: Final[dict[Layer, tuple[str, ...]]] = {
    "land": ("ne_10m_land", "ne_10m_minor_islands"),
    "water": ("ne_10m_lakes",),
    "border": ("ne_10m_admin_0_boundary_lines_land",),
    "state": ("ne_50m_admin_1_states_provinces_lines",),
}
TOWNS: Final = "ne_10m_populated_places_simple"
CALLED: Final = {"Kiev": "Kyiv", "Nandi": "Nadi"}
"""Towns that are called otherwise now, or were written wrongly."""
NO_BORDERS: Final = ("Overlay limit", "Lease limit")
TOLERANCE: Final = 0.01
"""How far a point may lie from the line that leaves it out, in degrees of latitude."""
SMALLEST: Final = {"land": 0.0, "water": 0.002}
"""Rings that enclose less are left out, in square degrees; every island stays: somebody may have paid there."""


def features(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    """Yield what is in one file."""
    yield from json.loads((folder / f"{name}.json").read_text("utf-8"))["features"]


def lines_of(geometry: dict[str, Any]) -> Iterator[np.ndarray]:
    """Yield the lines or rings of a geometry, longitude and latitude in degrees."""
    depth = {"LineString": 0, "MultiLineString": 1, "Polygon": 1, "MultiPolygon": 2}[geometry["type"]]
    found = [geometry["coordinates"]]
    for _ in range(depth):
        found = [part for one in found for part in one]
    if geometry["type"] == "MultiLineString":
        found = joined(found)
    yield from (np.array(one, dtype=float)[:, :2] for one in found)


def joined(pieces: Sequence[list[Any]]) -> list[list[Any]]:
    """Return pieces of lines with each that begins where one ends put behind it: borders come in thousands of them."""
    follows = {tuple(piece[0]): piece for piece in pieces}
    later = {tuple(piece[-1]) for piece in pieces}
    # Those that nothing leads to come first; of a border that is closed in itself any may be the first.
    whole: list[list[Any]] = []
    taken: set[int] = set()
    for first in sorted(pieces, key=lambda piece: tuple(piece[0]) in later):
        if id(first) in taken:
            continue
        line: list[Any] = list(first)
        taken.add(id(first))
        while (piece := follows.get(tuple(line[-1]))) is not None and id(piece) not in taken:
            taken.add(id(piece))
            line += piece[1:]
        whole.append(line)
    return whole


def simplified(points: np.ndarray) -> np.ndarray:
    """Return a line with the points that matter.

    Douglas and Peucker, Cartographica 10 (1973) 112-122; a degree of longitude counts as long as it is there.
    """
    flat = points * (cos(radians(min(float(np.abs(points[:, 1]).mean()), 80.0))), 1.0)
    kept = np.zeros(len(points), dtype=bool)
    kept[[0, -1]] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        between = flat[first + 1 : last] - flat[first]
        along = flat[last] - flat[first]
        length = float(along @ along)
        part = np.clip(between @ along / length, 0, 1) if length else np.zeros(len(between))
        off = np.hypot(*(between - part[:, None] * along).T)
        if off.max() > TOLERANCE:
            middle = first + 1 + int(off.argmax())
            kept[middle] = True
            waiting += [(first, middle), (middle, last)]
    return points[kept]


def in_units(points: np.ndarray) -> list[tuple[int, int]]:
    """Return a line in units of the file, without points that fall together."""
    rounded = np.rint(points / UNIT).astype(int)
    stays = np.concatenate([[True], (rounded[1:] != rounded[:-1]).any(axis=1)])
    return [(int(longitude), int(latitude)) for longitude, latitude in rounded[stays]]


def area(ring: np.ndarray) -> float:
    """Return what a ring encloses, in square degrees."""
    longitude, latitude = ring.T
    return abs(float(longitude[:-1] @ latitude[1:] - longitude[1:] @ latitude[:-1])) / 2


def kept(folder: Path, layer: Layer, names: Sequence[str]) -> Iterator[list[tuple[int, int]]]:
    """Yield the lines of one layer."""
    least = 4 if layer in SMALLEST else 2  # a ring's last point is its first
    for name in names:
        for feature in features(folder, name):
            if feature["properties"].get("featurecla") in NO_BORDERS:
                continue
            for line in lines_of(feature["geometry"]):
                if layer in SMALLEST and area(line) < SMALLEST[layer]:
                    continue
                written = in_units(simplified(line))
                if len(written) >= least:
                    yield written


def towns(folder: Path) -> list[tuple[int, int, str]]:
    """Return the towns, the best known first."""
    found = []
    for feature in features(folder, TOWNS):
        facts = feature["properties"]
        place = (round(facts["longitude"] / UNIT), round(facts["latitude"] / UNIT))
        found.append((facts["scalerank"], -facts["pop_max"], CALLED.get(facts["name"], one_line(facts["name"])), place))
    return [(*place, name) for _, _, name, place in sorted(found)]


if __name__ == "__main__":
    where = Path(sys.argv[1])
    lines = {layer: list(kept(where, layer, names)) for layer, names in FILES.items()}
    SHIPPED.write_bytes(packed(lines, towns(where)))
    for layer, found in lines.items():
        print(f"{layer}: {len(found)} lines, {sum(map(len, found))} points")
    print(f"{SHIPPED.stat().st_size} bytes in {SHIPPED}")
