"""A small map of where something was paid, with nothing fetched from anywhere: coasts, borders and towns come with us.

What is one colour is one mask, for the theme's colours to come through, as in `pages.shared.charts.spark`; Streamlit
lets no drawing of SVG into a page as it is. Names are text of the page, so that they stay as large on a phone. All
words are escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import hypot
from typing import Final, Literal, get_args
from urllib.parse import quote

import numpy as np
import streamlit as st

from core.geography import TALL, WIDE, Kilometres, NearTown, Point, Surroundings, shipped_map, surroundings
from pages.shared.charts.tokens import tokens
from pages.shared.formats import clean

STEPS: Final = 2
"""Units of the drawing for a kilometre: what lies around is told in half ones, so all are whole."""
BAR: Final = 100
"""Km that the scale bar is long."""
MILE: Final = 1.609344
"""Km, by the international agreement of 1959."""
NARROW: Final = 300.0
"""Pixels that a map on a phone is wide."""
ROOMY: Final = 560.0
FEW_TOWNS: Final = 5
MOST_TOWNS: Final = 10
NAMED: Final = 3
"""So many towns are read out."""
LETTER: Final = 6.4
"""Pixels that a letter of a name is wide, more than most are."""
LINE: Final = 15.0
PIN: Final = 18.0
"""Pixels from the middle to the name of the town that the point is in."""
HERE: Final = 20.0
"""Km: a town that is not further from the point is named at it."""
ASIDE: Final = 6.0
"""Pixels between a town and its name."""

STYLE: Final = f"""
<style>
.place {{ container-type: inline-size; max-width: 44rem; font-size: 0.78rem; line-height: 1.2;
  --sea: color-mix(in srgb, var(--c5) 20%, var(--paper)); --ground: color-mix(in srgb, var(--soft) 55%, var(--paper));
  --shore: color-mix(in srgb, var(--c5) 55%, var(--paper)); }}
.place .sheet {{ position: relative; aspect-ratio: {WIDE:.0f} / {TALL:.0f}; overflow: hidden; border-radius: 6px;
  background: var(--sea); forced-color-adjust: none; }}
.place .sheet::after {{ content: ""; position: absolute; inset: 0; border: 1px solid var(--line); border-radius: 6px; }}
.place .sheet i, .place .shore {{ position: absolute; inset: 0; }}
.place .shore {{ filter: drop-shadow(0 0 0.6px var(--shore)) drop-shadow(0 0 0.6px var(--shore)); }}
.place i {{ -webkit-mask: var(--drawn) 0 0/100% 100%; mask: var(--drawn) 0 0/100% 100%; }}
.place .land {{ background: var(--ground); }}
.place .state {{ background: var(--quiet); opacity: 0.45; }}
.place .border {{ background: var(--quiet); }}
.place b, .place .town {{ position: absolute; }}
.place b {{ width: 5px; height: 5px; margin: -2.5px; border-radius: 50%; background: var(--quiet); }}
.place .town {{ white-space: nowrap; transform: translateY(-50%);
  text-shadow: 0 0 2px var(--ground), 0 0 2px var(--ground), 0 0 3px var(--ground), 0 0 4px var(--ground); }}
.place .town.right {{ padding-left: {ASIDE:.0f}px; }}
.place .town.left {{ transform: translate(-100%, -50%); padding-right: {ASIDE:.0f}px; }}
.place b.here {{ display: none; }}
.place .town.right.here {{ padding-left: {PIN:.0f}px; }}
.place .town.left.here {{ padding-right: {PIN:.0f}px; }}
.place .town.here {{ font-weight: 600; }}
.place .pin {{ position: absolute; left: 50%; top: 50%; width: 14px; height: 14px; margin: -7px; border-radius: 50%;
  box-sizing: border-box; background: var(--mark); border: 2px solid #fff;
  box-shadow: 0 0 0 7px color-mix(in srgb, var(--mark) 22%, transparent), 0 1px 3px rgb(0 0 0 / 0.4); }}
.place .scale {{ position: absolute; left: 10px; bottom: 8px; width: {100 * BAR / WIDE:.2f}%;
  border: solid var(--quiet); border-width: 0 1px 1.5px; height: 5px; }}
.place .scale span {{ position: absolute; left: 0; bottom: 6px; white-space: nowrap; font-size: 0.72rem; }}
.place .under {{ color: var(--quiet); display: flex; justify-content: space-between; gap: 1rem; margin-top: 0.4rem; }}
@container (max-width: {ROOMY - 1:.0f}px) {{ .place .roomy {{ display: none; }} }}
</style>
"""


Side = Literal["right", "left"]
SIDES: Final[tuple[Side, ...]] = get_args(Side)
Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels from the middle."""
_PIN: Final[Box] = (-9.0, -9.0, 9.0, 9.0)


@dataclass(frozen=True, slots=True)
class Named:
    """A town that is named on the map: on which side of it, and whether only where there is room."""

    town: NearTown
    side: Side
    roomy: bool


def place_map(point: Point, words: str) -> None:
    """Draw the map around a point; `words` are what the bank calls the place, "" for nothing."""
    st.html(f"{STYLE}{picture(point, words)}")


def picture(point: Point, words: str) -> str:
    """Return the map as HTML."""
    around = surroundings(shipped_map(), point)
    layers = drawings(around)
    shown = "".join(
        f'<i class="{name}" style="--drawn:url(\'{_address(layers[name])}\')"></i>'
        for name in ("state", "border")
        if around.lines[name]
    )
    land = f'<div class="shore"><i class="land" style="--drawn:url(\'{_address(layers["land"])}\')"></i></div>'
    towns = "".join(map(_town, placed(around.towns)))
    told = escape(_told(point, words, around))
    return (
        f'<div class="place" style="{tokens()}"><div class="sheet" role="img" aria-label="{told}">'
        f'{land}{shown}{towns}<span class="pin"></span>'
        f'<span class="scale"><span>{BAR} km · {BAR / MILE:.0f} mi</span></span></div>'
        f'<div class="under"><span>{point}</span><span>Map: Natural Earth</span></div></div>'
    )


def drawings(around: Surroundings) -> dict[str, str]:
    """Return the pictures of land, state lines and borders as SVG, of which only how opaque it is counts."""
    wide, tall = f"{WIDE * STEPS:.0f}", f"{TALL * STEPS:.0f}"
    paths = {name: _path(lines, closed=name in {"land", "water"}) for name, lines in around.lines.items()}
    land = f'<path fill-rule="evenodd" mask="url(#dry)" d="{paths["land"]}"/>'
    lakes = f'<path fill-rule="evenodd" d="{paths["water"]}"/>'
    dry = f'<mask id="dry" maskUnits="userSpaceOnUse" x="0" y="0" width="{wide}" height="{tall}">'
    stroke = 'fill="none" stroke="#000" stroke-linejoin="round" vector-effect="non-scaling-stroke"'
    inside = {
        "land": f'{dry}<path fill="#fff" d="M0 0h{wide}v{tall}h-{wide}z"/>{lakes}</mask>{land}',
        "state": f'<path stroke-width="1" stroke-dasharray="4 2" d="{paths["state"]}" {stroke}/>',
        "border": f'<path stroke-width="1.25" d="{paths["border"]}" {stroke}/>',
    }
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}" preserveAspectRatio="none">'
    return {name: f"{frame}{drawn}</svg>" for name, drawn in inside.items()}


def placed(towns: Sequence[NearTown]) -> list[Named]:
    """Return the towns that there is room to name, the best known first, those that only a wide map names at the end.

    What is apart on a narrow map is so on a wide one: all lies further from each other, and names stay as long.
    """
    chosen: dict[NearTown, Named] = {}
    for width, most in ((NARROW, FEW_TOWNS), (ROOMY, MOST_TOWNS)):
        scale = width / WIDE
        taken = [_PIN, (-width / 2, TALL * scale / 2 - 2 * LINE, 130 - width / 2, TALL * scale / 2)]
        taken += [_room(one, scale) for one in chosen.values()]
        for town in towns:
            if len(chosen) == most:
                break
            # One name stands at the point itself: that of the best known of those which it may be in.
            if town in chosen or (_here(town) and any(map(_here, chosen))):
                continue
            ways = [Named(town, side, roomy=width == ROOMY) for side in SIDES]
            fitting = next((one for one in ways if _fits(_room(one, scale), taken, width)), None)
            if fitting:
                chosen[town] = fitting
                taken.append(_room(fitting, scale))
    return list(chosen.values())


def _here(town: NearTown) -> bool:
    """Return whether the point is in a town or at its edge: the two would cover each other."""
    return hypot(town.east, town.south) <= HERE


def _room(one: Named, scale: float) -> Box:
    """Return what a town and its name take, in pixels from the middle."""
    x, y, aside = (0.0, 0.0, PIN) if _here(one.town) else (one.town.east * scale, one.town.south * scale, ASIDE)
    long = aside + LETTER * len(one.town.name)
    near = PIN + 1 if _here(one.town) else -ASIDE / 2
    across = (x + near, x + long) if one.side == "right" else (x - long, x - near)
    return (across[0], y - LINE / 2, across[1], y + LINE / 2)


def _fits(room: Box, taken: Sequence[Box], width: float) -> bool:
    west, north, east, south = room
    across, down = width / 2 - 2, width * TALL / WIDE / 2 - 2
    return (
        -across < west
        and east < across
        and -down < north
        and south < down
        and not any(west < right and left < east and north < low and high < south for left, high, right, low in taken)
    )


def _town(one: Named) -> str:
    left, top = (0.0, 0.0) if _here(one.town) else (one.town.east, one.town.south)
    at = f'style="left:{50 + 100 * left / WIDE:.2f}%;top:{50 + 100 * top / TALL:.2f}%"'
    kind = f"{one.side}{' here' if _here(one.town) else ''}{' roomy' if one.roomy else ''}"
    return f'<b class="{kind}" {at}></b><span class="town {kind}" {at}>{escape(clean(one.town.name))}</span>'


def _told(point: Point, words: str, around: Surroundings) -> str:
    where = f"{clean(words)}, {point}" if clean(words) else f"{point}"
    near = ", ".join(clean(town.name) for town in around.towns[:NAMED])
    return f"Map: where it was, {where}{f'; around it {near}' if near else ''}"


def _path(lines: Sequence[Kilometres], *, closed: bool) -> str:
    """Return lines as the data of a path: where each begins, and its steps."""
    written = []
    for line in lines:
        points = np.rint((line + np.array([WIDE / 2, TALL / 2])) * STEPS).astype(int)
        (x, y), steps = points[0].tolist(), np.diff(points, axis=0).ravel().tolist()
        written.append(f"M{x} {y}l{' '.join(map(str, steps))}{'z' if closed else ''}")
    return "".join(written).replace(" -", "-")


def _address(svg: str) -> str:
    """Return a picture as a data address that can stand in quotes in a style."""
    return f"data:image/svg+xml,{quote(svg, safe=' /:=,;()-.').replace(' ', '%20')}"
