"""The map in a transaction's detail: drawn where the bank tells a point, of nothing that it tells but that."""

import json
from itertools import combinations
from math import hypot
from re import findall
from typing import Final
from urllib.parse import unquote
from xml.etree import ElementTree as ET

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from core.analytics import TransactionFilter, list_transactions
from core.geography import TALL, WIDE, NearTown, Point
from core.runtime import Runtime
from core.store import Transaction, UserId
from pages.listing.place import FEW_TOWNS, HERE, MOST_TOWNS, Named, picture, placed
from tests.pages.conftest import Open

HOSTILE: Final = "<img src=x onerror=alert(1)>\"'); background: url(//evil.example) </span><b>x"
MOST_BYTES: Final = 60_000

texts = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=60)
towns = st.builds(NearTown, st.text("Aeiöst ", max_size=30), st.floats(-270, 270), st.floats(-150, 150))


def sheet(drawn: str) -> ET.Element:
    """Return the map as it is read: it has to be well-formed, so that nothing closes what it doesn't open."""
    page = ET.fromstring(drawn)  # noqa: S314 - our own
    (found,) = page.findall("div[@class='sheet']")
    return found


@settings(max_examples=40)
@given(st.builds(Point, st.floats(-90, 90), st.floats(-180, 180)), texts)
@example(Point(62.24, 25.7), "Jyväskylä")
@example(Point(-16.85, 180), "")
@example(Point(90, 0), HOSTILE)
def test_the_map_of_any_point_is_small_and_well_formed(point: Point, where: str) -> None:
    drawn = picture(point, where)
    assert len(drawn.encode()) < MOST_BYTES
    pictures = findall(r"--drawn:url\('data:image/svg\+xml,([^']*)'\)", drawn)
    assert pictures
    for one in pictures:
        svg = ET.fromstring(unquote(one))  # noqa: S314 - our own
        assert svg.get("viewBox") == "0 0 1080 600"
        for path in svg.iter("{http://www.w3.org/2000/svg}path"):
            assert findall(r"[^MlhvzZ\d .-]", path.get("d") or "") == []
    seen = sheet(drawn)
    assert seen.get("role") == "img"
    assert (seen.get("aria-label") or "").startswith("Map: where it was, ")
    assert str(point) in (seen.get("aria-label") or "")
    assert len([one for one in seen if one.get("class") == "pin"]) == 1


def taken(one: Named, width: float) -> tuple[float, float, float, float]:
    """Return what a name takes on a map of so many pixels: letters of 5 by 11, beside its dot or beside the point."""
    at_the_point = hypot(one.town.east, one.town.south) <= HERE
    x, y = (0.0, 0.0) if at_the_point else (one.town.east * width / WIDE, one.town.south * width / WIDE)
    near, far = (18, 18 + 5 * len(one.town.name)) if at_the_point else (-2, 6 + 5 * len(one.town.name))
    across = (x + near, x + far) if one.side == "right" else (x - far, x - near)
    return (across[0], y - 5.5, across[1], y + 5.5)


@settings(max_examples=60)
@given(st.lists(towns, max_size=12), st.floats(560, 640))
def test_no_name_covers_another_or_the_point_or_leaves_the_map(near: list[NearTown], wide: float) -> None:
    named = placed(near)
    assert len({one.town for one in named}) == len(named) <= MOST_TOWNS
    narrow = [one for one in named if not one.roomy]
    assert len(narrow) <= FEW_TOWNS
    for width, shown in ((300.0, narrow), (wide, named)):
        boxes = [(-7.0, -7.0, 7.0, 7.0), *(taken(one, width) for one in shown)]
        for (left, top, right, bottom), (west, north, east, south) in combinations(boxes, 2):
            assert left >= east or west >= right or top >= south or north >= bottom
        assert all(abs(x) <= width / 2 for box in boxes for x in box[::2])
        assert all(abs(y) <= width * TALL / WIDE / 2 for box in boxes for y in box[1::2])


def test_of_two_towns_at_the_point_the_better_known_is_named() -> None:
    near = [NearTown("New York", 1, 2), NearTown("Newark", -12, 3), NearTown("Trenton", -70, 60)]
    assert [one.town.name for one in placed(near)] == ["New York", "Trenton"]
    drawn = picture(Point(40.75, -73.98), "New York, NY, US")
    assert "Newark" not in "".join(sheet(drawn).itertext())


def test_the_map_around_madison_names_what_is_there() -> None:
    seen = sheet(picture(Point(43.03, -89.46), "Madison, WI, US"))
    assert seen.get("aria-label") == (
        "Map: where it was, Madison, WI, US, 43.0° N, 89.5° W; around it Chicago, Milwaukee, Madison"
    )
    told = "".join(seen.itertext())
    assert "Milwaukee" in told
    assert "100 km · 62 mi" in told
    # State lines run here, and no border does.
    assert [one.get("class") for one in seen if one.tag == "i"] == ["state"]


def test_a_transaction_shows_its_place_on_a_map_where_the_bank_knows_it(
    open_screen: Open, house: Runtime, own_demo_person: UserId
) -> None:
    wanted = TransactionFilter(text="greenleaf", kind="spending")
    (row, *_) = list_transactions(house.caches.of(own_demo_person), wanted).rows
    app = open_screen("transactions", own_demo_person, tx=str(row.id))
    (drawn,) = (one.proto.body for one in app.get("html") if 'class="place"' in one.proto.body)
    assert 'aria-label="Map: where it was, Madison, WI, US, 43.0° N, 89.5° W' in drawn
    assert any("Madison, WI, US" in str(one.proto) for one in app.main if one.type != "html")

    def told(location: object) -> list[str]:
        with house.store.write() as session:
            changed = json.dumps({"location": location})
            session.execute(update(Transaction).where(Transaction.id == row.id).values(details=changed))
        app.run()
        assert not app.exception
        # All that is under the map is there too.
        assert "Note" in {one.label for one in app.text_area}
        return [one.proto.body for one in app.get("html") if 'class="place"' in one.proto.body]

    (drawn,) = told({"lat": 47.6, "lon": -122.3, "city": HOSTILE, "address": "1 Pine"})
    assert "<img" not in drawn
    assert (
        sheet(drawn.partition("</style>")[2]).get("aria-label", "").startswith(f"Map: where it was, 1 Pine, {HOSTILE}")
    )
    for nonsense in ({"lat": 999, "lon": 1}, {"lat": "47.6", "lon": "-122"}, {"lat": 0, "lon": 0}, {"lat": 5}, [], "x"):
        assert told(nonsense) == []
