"""The map of the world: what a bank's word for a place is worth, and what lies around a point, anywhere."""

from math import asin, cos, hypot, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from core.geography import TALL, WIDE, Point, point_told, shipped_map, surroundings
from core.geography.shipped import SHIPPED, packed, unpacked
from core.geography.surroundings import EARTH, MOST_POINTS, Kilometres, flattened

latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)
points = st.builds(Point, latitudes, longitudes)


def apart(one: Point, other: Point) -> float:
    """Return the distance in km by the haversine formula (Sinnott, Sky and Telescope 68 (1984) 159)."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    half = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def encloses(rings: tuple[Kilometres, ...], east: float = 0.1, south: float = 0.1) -> bool:
    """Return whether a place is in an odd number of rings: counted along a straight line to the east."""
    crossings = 0
    for ring in rings:
        closed = np.concatenate([ring, ring[:1]])
        here, there = closed[:-1], closed[1:]
        over = (here[:, 1] > south) != (there[:, 1] > south)
        share = (south - here[over, 1]) / (there[over, 1] - here[over, 1])
        crossings += int((here[over, 0] + share * (there[over, 0] - here[over, 0]) > east).sum())
    return crossings % 2 == 1


@pytest.mark.parametrize(
    ("location", "point"),
    [
        ({"lat": 43.03, "lon": -89.46}, Point(43.03, -89.46)),
        ({"lat": -90, "lon": 180}, Point(-90, 180)),
        ({"lat": 0, "lon": 32.6}, Point(0, 32.6)),
        ({"lat": 0, "lon": 0.0}, None),
        ({"lat": 999, "lon": 5}, None),
        ({"lat": 47.6, "lon": -180.1}, None),
        ({"lat": "47.6", "lon": "-122.3"}, None),
        ({"lat": float("nan"), "lon": 5}, None),
        ({"lat": 5, "lon": float("inf")}, None),
        ({"lat": 47.6}, None),
        ({"lat": 47.6, "lon": None}, None),
        ({"lat": True, "lon": 5}, None),
        ({"lat": 10**400, "lon": 5}, None),
        ({"city": "Seattle"}, None),
    ],
)
def test_only_a_point_on_the_earth_is_believed(location: dict[str, object], point: Point | None) -> None:
    assert point_told(location) == point


def test_a_point_is_written_as_people_write_it() -> None:
    assert str(Point(47.61, -122.33)) == "47.6° N, 122.3° W"
    assert str(Point(-33.87, 151.2)) == "33.9° S, 151.2° E"


@given(points, points)
@example(Point(90, 0), Point(89, 33))
@example(Point(10, 179.9), Point(10, -179.9))
@example(Point(43, -89), Point(43, -89))
def test_distances_from_the_middle_are_true(middle: Point, other: Point) -> None:
    # The other side of the Earth lies in every direction.
    assume(apart(middle, other) < 20_000)
    ((east, south),) = flattened(np.array([[other.longitude, other.latitude]]), middle)
    assert hypot(east, south) == pytest.approx(apart(middle, other), abs=0.01)


@given(st.floats(-85, 85), longitudes)
def test_north_is_up_and_east_is_right(latitude: float, longitude: float) -> None:
    (up, right) = flattened(
        np.array([[longitude, latitude + 1], [longitude + 0.1, latitude]]), Point(latitude, longitude)
    )
    assert up == pytest.approx((0, -EARTH * radians(1)), abs=1e-6)
    assert right[0] > 0
    assert abs(right[1]) < 0.02


@pytest.mark.parametrize(
    ("name", "point", "land", "water"),
    [
        ("Madison", Point(43.03, -89.46), True, False),
        ("in Lake Michigan", Point(43.2, -87.1), True, True),
        ("Seattle", Point(47.61, -122.33), True, False),
        ("the middle of the Atlantic", Point(30, -45), False, False),
        ("Kinshasa, whose other side is in the Pacific", Point(-4.33, 15.31), True, False),
        ("the Pacific, whose other side is in Africa", Point(4.33, -164.69), False, False),
        ("Spain, whose other side is in New Zealand", Point(40.4, -3.7), True, False),
        ("Taveuni, east of 180 degrees", Point(-16.85, -179.97), True, False),
        ("Taveuni, west of 180 degrees", Point(-16.85, 179.97), True, False),
        ("Chukotka, at 180 degrees", Point(67.5, 180), True, False),
        ("Chukotka, at -180 degrees", Point(67.5, -180), True, False),
        ("the South Pole", Point(-90, 0), True, False),
        ("the North Pole", Point(90, 0), False, False),
        ("near the North Pole", Point(88.5, 100), False, False),
        ("Antarctica, at 180 degrees", Point(-85, 180), True, False),
        ("the Caspian Sea", Point(41, 51), False, False),
    ],
)
def test_land_is_where_it_is(name: str, point: Point, land: bool, water: bool) -> None:  # noqa: FBT001
    lines = surroundings(shipped_map(), point).lines
    assert (encloses(lines["land"]), encloses(lines["water"])) == (land, water), name


def test_the_towns_around_are_where_they_are_the_best_known_first() -> None:
    near = surroundings(shipped_map(), Point(43.03, -89.46)).towns
    assert near[0].name == "Chicago"
    milwaukee = next(town for town in near if town.name == "Milwaukee")
    assert (milwaukee.east, milwaukee.south) == pytest.approx((126, -3), abs=3)


def test_what_lies_on_the_other_side_of_the_earth_is_not_here() -> None:
    world = shipped_map()
    longitude, latitude = world.town_places[world.towns.index("Tokyo")]
    here = Point(float(latitude), float(longitude))
    assert "Tokyo" in {town.name for town in surroundings(world, here).towns}
    there = Point(-here.latitude, here.longitude - 180)
    assert "Tokyo" not in {town.name for town in surroundings(world, there).towns}


def test_a_border_along_a_circle_of_latitude_is_bent_as_the_circle_is() -> None:
    # From the Lake of the Woods to the Pacific the border of the United States and Canada is the 49th parallel.
    border = surroundings(shipped_map(), Point(48.5, -110)).lines["border"]
    circle = flattened(np.array([[longitude, 49.0] for longitude in np.arange(-115, -105, 0.05)]), Point(48.5, -110))
    for line in border:
        shown = line[np.abs(line[:, 0]) < WIDE / 2]
        assert np.interp(shown[:, 0], circle[:, 0], circle[:, 1]) == pytest.approx(shown[:, 1], abs=2)
        assert np.diff(line[:, 0]).max(initial=0) < 60
    assert border


def test_the_map_goes_on_where_the_days_meet() -> None:
    one, other = (surroundings(shipped_map(), Point(-17, side)) for side in (180, -180))
    assert [town.name for town in one.towns] == [town.name for town in other.towns]
    for layer, lines in one.lines.items():
        assert [line.tolist() for line in lines] == [line.tolist() for line in other.lines[layer]]
    sides = {bool(line[:, 0].mean() < 0) for line in one.lines["land"]}
    assert sides == {True, False}


@settings(max_examples=60)
@given(points)
@example(Point(62.24, 25.7))
@example(Point(90, 180))
@example(Point(-90, -180))
@example(Point(66, 179.99))
def test_anywhere_all_is_finite_and_not_too_much(middle: Point) -> None:
    around = surroundings(shipped_map(), middle)
    lines = [line for layer in around.lines.values() for line in layer]
    assert sum(map(len, lines)) <= MOST_POINTS
    assert all(np.isfinite(line).all() for line in lines)
    assert all(abs(town.east) <= WIDE / 2 and abs(town.south) <= TALL / 2 for town in around.towns)


def test_far_north_the_map_is_as_wide_as_elsewhere() -> None:
    longyearbyen, on_edge_island = Point(78.2, 15.6), np.array([[22.5, 77.8]])
    ((east, south),) = flattened(on_edge_island, longyearbyen)
    assert 150 < east < WIDE / 2
    assert encloses(surroundings(shipped_map(), longyearbyen).lines["land"], east, south)


def test_a_coast_of_very_many_points_is_drawn_more_coarsely() -> None:
    comb = [(step // 2, 40 * (step % 4 in {1, 2})) for step in range(20_000)]
    ring = [*comb[:800], (400, -400), (0, -400), (0, 0)]
    fine = [[(x + 10 * row, y + 41 * row) for x, y in ring] for row in range(12)]
    world = unpacked(packed({"land": fine, "water": [ring], "border": [ring], "state": [ring]}, [(0, 0, "A")]))
    around = surroundings(world, Point(1, 1))
    assert 0 < sum(len(line) for lines in around.lines.values() for line in lines) <= MOST_POINTS


def test_what_is_written_is_read_again() -> None:
    ring = [(0, 0), (200, 0), (200, -100), (0, 0)]
    border = [(-36000, 10), (-35990, 10)]
    read = unpacked(packed({"land": [ring, ring[::-1]], "water": [ring], "border": [border], "state": [border]},
                           [(25, -50, "Sankt Übel (Old Town)")]))  # fmt: skip
    assert read.layers["land"].points[4:8] == pytest.approx(np.array(ring[::-1]) * 0.005)
    assert read.layers["border"].low.tolist() == [[-180, 0.05]]
    assert (read.towns, read.town_places.tolist()) == (("Sankt Übel (Old Town)",), [[0.125, -0.25]])


def test_the_shipped_map_is_small_and_says_whose_it_is() -> None:
    assert SHIPPED.stat().st_size < 1_000_000
    assert "Natural Earth" in (SHIPPED.parent / "SOURCES.md").read_text("utf-8")
    assert all(name == " ".join(name.split()) and name.isprintable() for name in shipped_map().towns)
